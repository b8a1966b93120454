import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.discovery.metadata import binary_name, read_definition
from workbench.model.json import dumps

SEEN_ON_3 = {
    "canonicalName": "com.x.Facade",
    "codeSource": "x.jar",
    "methods": [
        {"name": "pay", "parameterTypes": ["java.util.List<com.x.Req.Item>", "int"], "returnType": "com.x.Result"},
        {"name": "stop", "parameterTypes": [], "returnType": "void"},
    ],
    "types": [
        {"type": "com.x.Req.Item", "properties": {"amount": "java.math.BigDecimal", "next": "com.x.Req.Item"}},
        {"type": "com.x.State", "enums": ["NEW", "PAID"], "items": [], "properties": {}},
        {"type": "java.util.List<com.x.Req.Item>", "items": ["com.x.Req.Item"], "properties": {}},
        {"type": "java.time.LocalDate", "properties": {"year": "int"}},
        {"type": "int", "properties": {}},
    ],
}
SEEN_ON_27 = {
    "canonicalName": "com.x.Facade",
    "methods": [{"name": "pay", "parameterTypes": ["com.x.Req"], "returnType": "com.x.State"}],
    "types": [
        {
            "type": "com.x.Req",
            "properties": {
                "state": {"type": "com.x.State", "enum": ["NEW"]},
                "items": {
                    "type": "java.util.List<com.x.Item>",
                    "items": [{"type": "com.x.Item", "properties": {"id": {"type": "long"}}}],
                },
                "self": {"$ref": "com.x.Req"},
            },
        }
    ],
}


def test_dubbo_3() -> None:
    name, methods, types = read_definition(dumps(SEEN_ON_3))
    assert name == "com.x.Facade"
    assert [method.signature for method in methods] == ["pay(java.util.List,int)", "stop()"]
    assert methods[0].parameters[0].type == "java.util.List<com.x.Req$Item>"
    assert methods[0].returns == "com.x.Result"
    assert sorted(types) == ["com.x.Req$Item", "com.x.State"]
    assert {field.name: field.type for field in types["com.x.Req$Item"].fields}["next"] == "com.x.Req$Item"
    assert types["com.x.State"].constants == ("NEW", "PAID")
    assert all(definition.partial for definition in types.values())


def test_the_owner_of_an_inner_class_is_no_field() -> None:
    inner = {"type": "com.x.Outer.Inner", "properties": {"label": "java.lang.String", "this$0": "com.x.Outer"}}
    _, _, types = read_definition(dumps({"canonicalName": "com.x.Facade", "types": [inner]}))
    assert [field.name for field in types["com.x.Outer$Inner"].fields] == ["label"]


def test_dubbo_2_7_nests() -> None:
    _, _, types = read_definition(dumps(SEEN_ON_27))
    assert sorted(types) == ["com.x.Item", "com.x.Req", "com.x.State"]
    assert {field.name: field.type for field in types["com.x.Req"].fields}["self"] == "com.x.Req"


def test_dubbo_2_7_writes_an_object_once_and_then_its_path() -> None:
    """As fastjson does it; what cannot be found takes anything."""
    fields = {"a": {"$ref": "$.types[0]"}, "b": {"$ref": "$.types[1].properties.own"}, "c": {"$ref": "$.types[9]"}}
    own = {"type": "com.x.Own", "properties": {"n": {"type": "int"}}}
    types = [
        {"type": "com.x.State", "enum": ["NEW"]},
        {"type": "com.x.Req", "properties": {"own": own, **fields, "up": {"$ref": ".."}}},
        {"type": "java.util.List<com.x.State>", "items": [{"$ref": "$.types[0]"}]},
    ]
    _, _, read = read_definition(dumps({"canonicalName": "a.B", "types": types}))
    assert {field.name: field.type for field in read["com.x.Req"].fields} == {
        "own": "com.x.Own",
        "a": "com.x.State",
        "b": "com.x.Own",
        "c": "java.lang.Object",
        "up": "java.lang.Object",
    }


def test_a_type_nested_without_end_is_cut() -> None:
    inner: dict = {"type": "com.x.T0", "properties": {"a": "int"}}
    for level in range(1, 200):
        inner = {"type": f"com.x.T{level}", "properties": {"next": inner}}
    _, _, types = read_definition(dumps({"canonicalName": "a.B", "types": [inner]}))
    assert 10 < len(types) < 100


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"canonicalName": 3}'])
def test_what_is_no_definition(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_definition(text)


_junk = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "type", "properties", "items", "enums", "parameterTypes", "$ref"]), inner
        )
    ),
    max_leaves=15,
)


@given(_junk, _junk)
def test_odd_metadata_is_never_fatal(methods: object, types: object) -> None:
    name, _, _ = read_definition(dumps({"canonicalName": "a.B", "methods": methods, "types": types}))
    assert name == "a.B"


@pytest.mark.parametrize(
    ("canonical", "binary"),
    [
        ("com.x.Order", "com.x.Order"),
        ("com.x.Order.Item.Part[]", "com.x.Order$Item$Part[]"),
        ("java.util.Map<java.lang.String,com.x.A.B>", "java.util.Map<java.lang.String,com.x.A$B>"),
        ("int", "int"),
        ("Plain.Inner", "Plain$Inner"),
    ],
)
def test_binary_names(canonical: str, binary: str) -> None:
    assert binary_name(canonical) == binary
