from workbench.model.contract import Method, Parameter, TypeDef
from workbench.model.streams import request_types

OBSERVER = "org.apache.dubbo.common.stream.StreamObserver"
TYPES = {
    "x.Letter": TypeDef("class", super="com.google.protobuf.GeneratedMessageV3"),
    "x.Bean": TypeDef("class", super="java.lang.Object"),
}


def of(*types: str, returns: str = "void") -> list[str] | None:
    parameters = tuple(Parameter(f"arg{index}", type_) for index, type_ in enumerate(types))
    return request_types(Method("m", parameters, returns=returns), TYPES)


def test_plain_methods_list_their_arguments() -> None:
    assert of("x.Bean", "java.util.List<x.Bean>") == ["x.Bean", "java.util.List<x.Bean>"]
    assert of() == []


def test_the_observer_of_a_provider_s_stream_is_no_argument() -> None:
    assert of("int", f"{OBSERVER}<x.Bean>") == ["int"]


def test_what_a_caller_streams_is_checked_by_the_bridge() -> None:
    assert of(f"{OBSERVER}<x.Bean>", returns=f"{OBSERVER}<java.lang.String>") is None


def test_messages_are_checked_by_the_bridge() -> None:
    assert of("x.Letter") is None
    assert of("java.util.Map<java.lang.String, x.Letter>") is None
    assert of("x.Letter", f"{OBSERVER}<x.Letter>") is None
