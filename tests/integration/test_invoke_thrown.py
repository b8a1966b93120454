"""How a call can end: answers of every kind, and each exception with all that a consumer can know of it."""

import json

import pytest
from bridge_calls import TEXT, cause, ok
from calls_world import PARCEL, Calls

from workbench.model.result import Cause, RemoteException
from workbench.plugin_api import Answer

pytestmark = pytest.mark.xdist_group("calls")
WRONG = '[{"receiver": " ", "weight": 0.001, "note": "12345678901"}]'


def thrown(answer: Answer, class_name: str) -> RemoteException:
    assert cause(answer) is Cause.PROVIDER_EXCEPTION, answer.failure
    assert answer.exception is not None
    assert answer.exception.class_name == class_name
    assert answer.provider
    return answer.exception


def chain(exception: RemoteException) -> list[tuple[str, str | None]]:
    return [(each.class_name, each.message) for each in exception.causes]


def test_attachments_reach_the_provider(calls: Calls) -> None:
    seen = json.loads(ok(calls("attachments", attachments={"traceId": "t-1", "empty": ""})))
    assert (seen["traceId"], seen["empty"]) == ("t-1", "")
    assert seen["remote.application"] == "dubbo-workbench"


def test_attachments_of_the_answer(calls: Calls) -> None:
    answer = calls("attach", ("java.util.Map",), '[{"a": "x", "n": 5, "d": 1.50, "l": [1, "b"]}]')
    assert dict(answer.attachments) == {"a": "x", "n": "5", "d": "1.50", "l": '[1,"b"]'}


def test_attachments_over_tri(calls: Calls) -> None:
    """They are headers of HTTP there."""
    sent = {"traceId": "t-1", "empty": "", "Upper-Case": "caf\u00e9", "quote": 'a"b'}
    answer = calls("attachments", group="many", protocol="tri", attachments=sent)
    assert json.loads(ok(answer)).items() >= sent.items()
    assert answer.warnings == ()
    answer = calls("attach", ("java.util.Map",), '[{"a": "x", "n": 5, "d": 1.50}]', group="many", protocol="tri")
    assert dict(answer.attachments) == {"a": "x", "n": "5", "d": "1.50"}
    changed = calls("attachments", group="many", protocol="tri", attachments={"name": "\u674e", "a": "x"})
    assert json.loads(ok(changed))["name"] == "?"
    (warning,) = changed.warnings
    assert warning.startswith("attachment name: tri carries Latin-1 only")
    assert calls("attachments", group="many", protocol="dubbo", attachments={"name": "\u674e"}).warnings == ()


@pytest.mark.parametrize(("method", "arguments"), [("later", '["hi", 20]'), ("laterRefused", '["C-17"]')])
def test_methods_that_answer_later_over_tri(calls: Calls, method: str, arguments: str) -> None:
    types = ("java.lang.String", "long") if method == "later" else TEXT
    answer = calls(method, types, arguments, group="many", protocol="tri")
    if method == "later":
        assert ok(answer) == '"hi"'
        return
    exception = thrown(answer, "com.example.calls.RefusedException")
    assert exception.message == "refused: C-17"
    if calls.mode == "typed":
        assert exception.fields == '{"code":"C-17","limit":41.50,"details":["first","second"]}'
        assert len(exception.causes) == 2


@pytest.mark.parametrize("method", ["later", "switched"])
def test_methods_that_answer_from_another_thread(calls: Calls, method: str) -> None:
    types = ("java.lang.String", "long")
    assert ok(calls(method, types, '["hi", 20]')) == '"hi"'
    late = calls(method, types, '["hi", 9000]', timeout_ms=200)
    assert cause(late) is Cause.TIMEOUT
    assert late.failure is not None
    assert "200 ms" in late.failure.message
    assert late.provider == calls.world.at("plain")


def test_void(calls: Calls) -> None:
    assert ok(calls("note", TEXT, f'["void {calls.mode}"]')) == "null"
    assert f"void {calls.mode}" in json.loads(ok(calls("notes")))


def test_a_declared_exception(calls: Calls) -> None:
    for answer in (calls("refuse", TEXT, '["checked"]'), calls("laterRefused", TEXT, '["C-17"]')):
        exception = thrown(answer, "com.example.calls.RefusedException")
        assert exception.message == "refused: C-17"
        if calls.mode == "generic":  # the provider sends class and message, nothing more
            assert (exception.code, exception.fields, exception.causes) == (None, "{}", ())
            continue
        assert exception.code == '"C-17"'
        assert exception.fields == '{"code":"C-17","limit":41.50,"details":["first","second"]}'
        assert chain(exception) == [
            ("java.lang.IllegalStateException", "over the limit"),
            ("java.lang.IllegalArgumentException", "42 is too much"),
        ]


def test_exceptions_that_nobody_declared(calls: Calls) -> None:
    busy = thrown(calls("refuse", TEXT, '["unchecked"]', group="open"), "com.example.calls.BusyException")
    assert busy.message == "busy"
    disk = thrown(calls("refuse", TEXT, '["undeclared"]', group="open"), "java.io.UncheckedIOException")
    assert disk.message == "disk"
    wrong = thrown(calls("refuse", TEXT, '["error"]', group="open"), "java.lang.AssertionError")
    assert wrong.message == "impossible"
    if calls.mode == "typed":
        assert (busy.code, busy.fields) == ("429", '{"code":429}')
        assert chain(busy) == [("java.lang.IllegalStateException", "queue is full")]
        assert chain(disk) == [("java.io.IOException", "no space")]


def test_an_exception_whose_class_only_the_provider_has(calls: Calls) -> None:
    exception = thrown(calls("refuse", TEXT, '["unknown"]'), "com.example.calls.provider.DoorShutException")
    assert exception.message == "inside"
    if calls.mode == "typed":
        assert chain(exception) == [("java.lang.IllegalArgumentException", "wrong key")]


@pytest.mark.parametrize("method", ["send", "inspect"])
def test_a_constraint_violation(calls: Calls, method: str) -> None:
    """Of Dubbo's validation filter, and of the bean itself. The API jar has no class of Bean Validation."""
    answer = calls(method, PARCEL, WRONG, group="open")
    exception = thrown(answer, "jakarta.validation.ConstraintViolationException")
    assert exception.message is not None
    assert "weight must be at least 0.01" in exception.message
    if calls.mode == "typed":
        violations = json.loads(exception.fields)["constraintViolations"]
        told = {each["interpolatedMessage"] for each in violations}
        assert told == {"receiver must be given", "weight must be at least 0.01", "note has at most 10 characters"}
    assert ok(calls(method, PARCEL, '[{"receiver": "Ann", "weight": 1.50}]', group="open"))


@pytest.mark.parametrize(
    ("door", "class_name", "message"),
    [
        ("shut", "com.example.calls.provider.DoorShutException", "no entry for"),
        ("limit", "org.apache.dubbo.rpc.RpcException", "too many requests"),
    ],
)
def test_an_exception_of_a_filter(calls: Calls, door: str, class_name: str, message: str) -> None:
    answer = calls("where", attachments={"door": door})
    exception = thrown(answer, class_name)
    assert message in (exception.message or "")
    assert "\n" not in (exception.message or "")
    assert answer.failure is not None
    assert "filter" in answer.failure.hint
    if door == "shut":
        assert chain(exception) == [("java.lang.IllegalStateException", "the key is lost")]


def test_a_call_that_waits_for_no_answer(calls: Calls) -> None:
    """Without `oneway` this one throws, as a test above shows."""
    answer = calls("refuse", TEXT, '["checked"]', oneway=True)
    assert (ok(answer), answer.mode) == ("null", f"{calls.mode} one-way")
