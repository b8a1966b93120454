"""Requests that do not fit: refused before sending, every error at its path, or sent on purpose and seen to arrive."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from wrong_requests import WRONG_TIMES, unsaid

from workbench import cli
from workbench.usecases.samples import SampleProcess

Invoke = Callable[..., tuple[int, str, str]]


@pytest.fixture
def invoke(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], zoo: SampleProcess, artifact: Callable[[str], Path]
) -> Invoke:
    """`workbench invoke` of a facade of the zoo: exit code, stdout, stderr."""
    jar = str(artifact("zoo-api-1.0.0.jar"))

    def run(method: str, data: str, *more: str) -> tuple[int, str, str]:
        options = ["--url", zoo.address, "--artifact", jar, "--timeout", "60s", "--data", data, *more]
        code = cli.execute(["--data-dir", str(tmp_path / "data"), "invoke", f"com.example.zoo.{method}", *options])
        return code, *capsys.readouterr()

    return run


WRONG = """{"nme": "Li", "age": "x", "active": 1, "staffNo": 9223372036854775808, "boss": {"age": 1.5},
 "team": [{"name": 5}, {"$class": "com.example.zoo.Money"}]}"""


def test_all_errors_of_a_request_at_once_each_with_its_path(invoke: Invoke) -> None:
    code, out, err = invoke("ObjectFacade#employee", WRONG)
    assert code != 0
    assert out == ""
    for said in (
        "$[0].nme: com.example.zoo.Employee has no field 'nme'",
        "did you mean name?",
        '$[0].age: expected int, found the text "x"',
        "$[0].active: expected true or false, found the number 1",
        "$[0].staffNo: 9223372036854775808 is out of range for long",
        "$[0].boss.age: 1.5 would lose its fraction as int",
        "$[0].team[0].name: expected a text (java.lang.String), found the number 5",
        '$[0].team[1]["$class"]: com.example.zoo.Money is not a com.example.zoo.Person',
    ):
        assert said in err, err


@pytest.mark.parametrize(
    ("method", "data", "said"),
    [
        ("OverloadFacade#pick", "[5]", "pick(java.lang.Integer)"),
        ("OverloadFacade#pick(int,java.lang.String)", "[5]", "1 argument given, 2 wanted"),
        ("NumberFacade#floatOf", "16777217", "would lose digits as float"),
        ("OverloadFacade#pick()", "[5]", "0 wanted"),
        ("GenericFacade#bounded", '"x"', "expected java.lang.Number"),
        ("GenericFacade#twice", '[[{"$class": "com.example.zoo.Animal$Dog"}]]', "is not a java.lang.Comparable"),
        ("GenericFacade#moneyBoxes", '[[{"value": {"amount": "1.50"}}]]', "$[0][0].value.amount: expected java.math"),
        ("NumberFacade#byteBox", "128", "out of range for byte"),
        ("NumberFacade#intOf", "1e400", "1E+400 is out of range for int"),
        ("ObjectFacade#color", '"PURPLE"', "RED, GREEN, BLUE"),
        ("TimeFacade#instant", '"yesterday"', "2026-01-31 12:00:00"),
        ("ObjectFacade#shape", '{"corners": 5}', "com.example.zoo.Shape$Polygon"),
        ("TextFacade#text", '"\\ud83d"', "surrogate"),
    ],
)
def test_what_the_error_says(invoke: Invoke, method: str, data: str, said: str) -> None:
    code, _, err = invoke(method, data)
    assert code != 0
    assert said in err


def test_the_right_form_of_every_type_of_time(invoke: Invoke) -> None:
    code, _, err = invoke("TimeFacade#all", WRONG_TIMES)
    assert code != 0
    assert unsaid(err) == [], err


def test_an_unchecked_request_arrives_as_it_is_written(invoke: Invoke) -> None:
    """Dubbo's own conversion then does what it does, which is what such a test wants to see."""
    code, out, err = invoke("NumberFacade#intOf", "2147483648", "--unchecked", "--json")
    assert code == 0, err
    assert json.loads(out)["mode"] == "generic"
    assert json.loads(out)["response"] == -2147483648
    code, out, err = invoke("ObjectFacade#person", '{"nme": "Li", "age": 7}', "--unchecked", "--json")
    assert json.loads(out)["response"] == {"name": None, "age": 7, "active": True}, err
    code, out, err = invoke("ObjectFacade#color", '"PURPLE"', "--unchecked")
    assert code != 0
    assert "PURPLE" in err
    code, out, err = invoke("NumberFacade#intOf", "[1, 2]", "--unchecked")
    assert code != 0
    assert "args.length != types.length" in err, "the provider's own words"
