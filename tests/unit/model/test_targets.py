import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.model.contract import Contract, Interface, Method
from workbench.model.targets import MethodTarget, find_method, parse_target, parse_tool_target

QUERY = [Method("query", erased=(type_,)) for type_ in ("java.lang.String", "long", "com.x.PayQuery")]
PAY = Method("payOrder", erased=("com.x.Req",))
CONTRACT = Contract((Interface("com.x.Facade", (*QUERY, PAY)), Interface("com.y.Facade"), Interface("com.x.Only")))
_names = st.from_regex(r"[a-z]{1,5}(\.[A-Z][a-zA-Z$0-9]{0,5}){0,3}", fullmatch=True)


@given(_names, st.from_regex(r"[a-z]\w{0,5}", fullmatch=True), st.none() | st.lists(_names).map(tuple))
def test_what_is_written_is_read_again(interface: str, method: str, erased: tuple[str, ...] | None) -> None:
    target = MethodTarget(interface, method, erased)
    assert parse_target(str(target)) == target


@pytest.mark.parametrize(
    ("text", "erased"),
    [
        ("a.B#c", None),
        ("a.B#c()", ()),
        (" a.B#c( int , long[][] ) ", ("int", "long[][]")),
        ("a.B#c(java.util.Map<a.K, java.util.List<a.V>>,int)", ("java.util.Map", "int")),
        ("a.B#c(java.lang.String...)", ("java.lang.String[]",)),
        ("a.B$Inner#c(a.B$In)", ("a.B$In",)),
        ("测试.接口#方法(a.B)", ("a.B",)),
    ],
)
def test_types(text: str, erased: tuple[str, ...] | None) -> None:
    assert parse_target(text).erased == erased


@pytest.mark.parametrize("text", ["", "a.B", "a.B#", "#c", "a.B#c(", "a.B#c(List<)", "a.B#c(a>b<)", "a.B#c(,)", "1#c"])
def test_what_names_no_method_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_target(text)


def test_tool_target() -> None:
    target = parse_tool_target("tool-util com.x.SignUtil#sign(java.lang.String)")
    assert (target.library, target.class_name, target.method) == ("tool-util", "com.x.SignUtil", "sign")
    assert str(target) == "tool-util com.x.SignUtil#sign(java.lang.String)"
    with pytest.raises(UsageError, match="names no tool library"):
        parse_tool_target("com.x.SignUtil#sign")


def test_find_method() -> None:
    assert find_method(CONTRACT, parse_target("com.x.Facade#payOrder")) is PAY
    assert find_method(CONTRACT, parse_target("com.x.Facade#payOrder(Req)")) is PAY
    assert find_method(CONTRACT, parse_target("com.x.Facade#query(long)")) is QUERY[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "com.x.Facade#query",
            "com.x.Facade#query(java.lang.String), com.x.Facade#query(long), com.x.Facade#query(com.x.PayQuery)",
        ),
        ("com.x.Facade#payOrdr", "did you mean payOrder?"),
        ("com.x.Facade#payOrder(int)", "there is com.x.Facade#payOrder(com.x.Req)"),
        ("com.x.Facede#payOrder", "did you mean com.x.Facade"),
        ("Facade#payOrder", "write one of com.x.Facade, com.y.Facade"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(text: str, said: str) -> None:
    with pytest.raises(UsageError) as error:
        find_method(CONTRACT, parse_target(text))
    assert said in str(error.value)
