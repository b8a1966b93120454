from workbench.catalog.messages import message_fields
from workbench.catalog.template import build_template
from workbench.model.contract import Contract, Field, Method, Parameter, TypeDef
from workbench.model.json import Json, loads

OBSERVER = "org.apache.dubbo.common.stream.StreamObserver"
MESSAGE = "com.google.protobuf.GeneratedMessage"
LETTER = TypeDef(
    "class",
    super=MESSAGE,
    fields=(
        Field("bitField0_", "int"),
        Field("kindCase_", "int"),
        Field("kind_", "java.lang.Object"),
        Field("text_", "java.lang.Object"),
        Field("big_", "long"),
        Field("labels_", "com.google.protobuf.LazyStringArrayList"),
        Field("counts_", "com.google.protobuf.MapField<java.lang.String, java.lang.Long>"),
        Field("more_", "com.google.protobuf.Any"),
        Field("sent_", "com.google.protobuf.Timestamp"),
        Field("inner_", "x.Inner"),
        Field("memoizedIsInitialized", "byte"),
    ),
)
CONTRACT = Contract(
    types={"x.Letter": LETTER, "x.Inner": TypeDef("class", super=MESSAGE, fields=(Field("a_", "int"),))}
)
WRITTEN = (
    '{"text":"text","big":"1","labels":["text"],"counts":{},"sent":"2026-01-02T03:04:05Z","inner":{"a":1}}'  # its JSON
)


def _template(*types: str, returns: str = "void") -> tuple[list[Json], Json]:
    parameters = tuple(Parameter(f"arg{index}", type_) for index, type_ in enumerate(types))
    made = build_template(CONTRACT, "x.Letters", Method("m", parameters, returns=returns))
    return list(made.request), made.response


def test_a_message_has_its_json_fields_only() -> None:
    fields, left_out = message_fields(LETTER)
    assert list(fields) == ["text", "big", "labels", "counts", "sent", "inner"]
    assert left_out == ["kind", "more"]
    assert _template("x.Letter", returns="x.Letter") == ([loads(WRITTEN)], loads(WRITTEN))


def test_the_observer_of_a_stream_is_no_argument_and_its_messages_are_the_answer() -> None:
    assert _template("int", f"{OBSERVER}<x.Inner>") == ([1], [{"a": 1}])


def test_what_a_caller_streams_is_a_list_of_its_messages() -> None:
    assert _template(f"{OBSERVER}<java.lang.String>", returns=f"{OBSERVER}<x.Inner>") == ([{"a": 1}], ["text"])
