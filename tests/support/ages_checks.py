"""What a call of each kind must give on every release, and where a release or a way to call cannot: the limits.

A check raises AssertionError when it does not hold. A limit takes the place of checks: it says why, and proves that
the workbench shows it as it is said; one that is gone fails too, for then the check holds.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from ages import FACADE
from bridge_calls import Caller, cause, ok
from msgspec.structs import replace

from workbench.model.json import Json, dumps, loads
from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer

PARCEL = ("com.example.ages.Parcel",)
TEXT = ("java.lang.String",)
OBSERVER = "org.apache.dubbo.common.stream.StreamObserver"
STREAMS = "com.example.letters.ParcelStreams"
LETTERS = "com.example.letters.Letters"
LETTER = ("com.example.letters.Letter",)
NUMBER = "com.example.letters.Number"
MESSAGE = (
    '{"text":"h\u00e9","whole":-5,"big":"9007199254740995","unsignedWhole":4294967295,'
    '"unsignedBig":"18446744073709551615","ratio":0.1,"smallRatio":0.1,"fragile":true,"seal":"AAH/","size":"LARGE",'
    '"labels":["a","b"],"counts":{"x":"9223372036854775807"},"enclosed":{"-1":{"text":"in"}},"inner":{"number":"7"},'
    '"notes":[{"text":"n"}],"number":"12","rank":0,"sent":"2026-01-02T03:04:05.678Z","valid":"-1.500s","note":"no",'
    '"weight":"5","extra":{"a":[1.0,null,{"b":true}]},"any":{"@type":"type.googleapis.com/example.letters.Text",'
    '"text":"x"},"mask":"aB,c.dE","sizes":["SMALL","LARGE"]}'
)
UNSET = (
    '{"text":"","whole":0,"big":"0","unsignedWhole":0,"unsignedBig":"0","ratio":0.0,"smallRatio":0.0,"fragile":false,'
    '"seal":"","size":"UNKNOWN","labels":[],"counts":{},"enclosed":{},"notes":[],"sizes":[]}'
)
EMPTY = (
    '{"text":null,"whole":0,"big":0,"ratio":0.0,"fragile":false,"price":null,"sent":null,"size":null,"seal":null,'
    '"labels":null,"counts":null,"inner":null}'
)
FULL = (
    '{"text":"h\\u00e9 \\ud83d\\ude00\\u0000","whole":-2147483648,"big":9007199254740995,"ratio":0.1,"fragile":true,'
    '"price":12.340,"sent":"2026-01-02 03:04:05","size":"LARGE","seal":SEAL,"labels":["a",""],'
    '"counts":{"x":9223372036854775807},"inner":INNER}'
)


class Row(NamedTuple):
    """A line of the matrix: one provider."""

    protocol: str
    serialization: str
    release: str
    level: str


class Peer(NamedTuple):
    """A running provider of a row, and one way to call it."""

    row: Row
    mode: str  # typed or generic
    caller: Caller
    target: Target
    address: str

    def __call__(
        self, method: str, erased: tuple[str, ...], arguments: str, *, interface: str = FACADE, **more: Any
    ) -> Answer:
        return self.caller(self.target, interface, method, erased, arguments, mode=self.mode, **more)


class Check(NamedTuple):
    name: str
    says: str
    holds: Callable[[Peer], None]
    kind: str = "java"  # java: plain types, stream: streams of them, idl: a service by protobuf's IDL


class Limit(NamedTuple):
    """`on`: names of the checks that do not hold `where` it says; `shown` proves what happens instead."""

    on: str
    where: Callable[[Row, str], bool]
    says: str
    shown: Callable[[Peer], None]


def same(text: str, wanted: str) -> None:
    """Equal as JSON, each number digit by digit."""
    assert _sorted(loads(text)) == _sorted(loads(wanted))


def _sorted(value: Json) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{dumps(key)}:{_sorted(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_sorted, value)) + "]"
    return dumps(value)


def _parcel(peer: Peer) -> tuple[str, str]:
    """As it is sent and as it comes back; generic calls write bytes in beans as numbers (see the limit)."""
    back = FULL.replace("SEAL", '"AAH/"').replace("INNER", EMPTY)
    return (back if peer.mode == "typed" else back.replace('"AAH/"', "[0,1,-1]")), back


def _values(peer: Peer) -> None:
    sent, back = _parcel(peer)
    same(ok(peer("echo", PARCEL, f"[{sent}]")), back)
    same(ok(peer("echo", PARCEL, "[null]")), "null")


def _nulls(peer: Peer) -> None:
    same(ok(peer("echo", PARCEL, '[{"labels":["a",null]}]')), EMPTY.replace('"labels":null', '"labels":["a",null]'))


def _nulls_refused(peer: Peer) -> None:
    assert cause(peer("echo", PARCEL, '[{"labels":["a",null]}]')) is Cause.SERIALIZATION


def _bytes(peer: Peer) -> None:
    same(ok(peer("echo", PARCEL, '[{"seal":"AAH/"}]')), EMPTY.replace('"seal":null', '"seal":"AAH/"'))


def _bytes_refused(peer: Peer) -> None:
    answer = peer("echo", PARCEL, '[{"seal":"AAH/"}]')
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    assert "seal" in answer.failure.message


def _lists(peer: Peer) -> None:
    sent, back = _parcel(peer)
    same(ok(peer("reversed", ("java.util.List",), f"[[{sent},{EMPTY}]]")), f"[{EMPTY},{back}]")
    same(ok(peer("lengths", ("java.lang.String[]",), '[["a","bb"]]')), '{"a":1,"bb":2}')


def _overloads(peer: Peer) -> None:
    assert ok(peer("add", ("long", "long"), "[9007199254740993,2]")) == "9007199254740995"
    decimals = ("java.math.BigDecimal", "java.math.BigDecimal")
    assert ok(peer("add", decimals, "[1.10,90071992547409930.200]")) == "90071992547409931.300"


def _void(peer: Peer) -> None:
    assert ok(peer("forget", TEXT, '["x"]')) == "null"


def _refused(peer: Peer) -> tuple[str, str | None, str]:
    answer = peer("refuse", TEXT, '["E1"]')
    assert cause(answer) is Cause.PROVIDER_EXCEPTION
    assert answer.exception is not None
    return answer.exception.class_name, answer.exception.message, answer.exception.fields


def _exceptions(peer: Peer) -> None:
    assert _refused(peer) == ("com.example.ages.RefusedException", "refused: E1", '{"code":"E1"}')


def _exceptions_without_fields(peer: Peer) -> None:
    assert _refused(peer) == ("com.example.ages.RefusedException", "refused: E1", "{}")


def _exceptions_without_message(peer: Peer) -> None:
    assert _refused(peer) == ("com.example.ages.RefusedException", None, '{"code":"E1"}')


def _attachments(peer: Peer) -> None:
    answer = peer("attachment", TEXT, '["trace"]', attachments={"trace": "t-1"})
    assert ok(answer) == '"t-1"'
    assert answer.attachments.get("answer-trace") == "t-1"


def _timeouts(peer: Peer) -> None:
    assert cause(peer("sleep", ("long",), "[1500]", timeout_ms=300)) is Cause.TIMEOUT


def _unknown_methods(peer: Peer) -> None:
    assert cause(peer("gone", TEXT, '["a"]')) is Cause.NO_METHOD


def _address(peer: Peer) -> None:
    """Also says who answered."""
    direct = peer._replace(target=Target(url=peer.address, artifacts=peer.target.artifacts))
    for each in (peer, direct):
        answer = each("forget", TEXT, '["x"]')
        assert (ok(answer), answer.mode) == ("null", peer.mode)
        assert answer.provider == peer.address.partition("://")[2], answer


def _paths(peer: Peer) -> None:
    elsewhere = peer._replace(target=replace(peer.target, group="elsewhere"))
    assert ok(elsewhere("add", ("long", "long"), "[1,2]")) == "3"


def _paths_refused(peer: Peer) -> None:
    elsewhere = peer._replace(target=replace(peer.target, group="elsewhere"))
    answer = elsewhere("add", ("long", "long"), "[1,2]")
    assert cause(answer) is Cause.VERSION_MISMATCH
    assert answer.failure is not None
    assert "over tri" in answer.failure.hint


def _stream_error(answer: Answer, text: str) -> None:
    assert cause(answer) is Cause.PROVIDER_EXCEPTION, answer
    assert answer.exception is not None
    assert text in (answer.exception.message or "")


def _streams(peer: Peer) -> None:
    """Server, client, both ways; an error in the middle."""
    parcels = [EMPTY.replace('"whole":0', f'"whole":{number}') for number in (1, 2, 3)]
    same(ok(peer("copies", ("int", OBSERVER), "[3]", interface=STREAMS)), f"[{','.join(parcels)}]")
    whole = EMPTY.replace('"text":null,"whole":0', '"text":"ab","whole":2')
    same(ok(peer("collect", (OBSERVER,), '["a","b"]', interface=STREAMS)), f"[{whole}]")
    assert ok(peer("talk", (OBSERVER,), '["a","b"]', interface=STREAMS)) == '["a","a","b","b"]'
    _stream_error(peer("talk", (OBSERVER,), '["a","stop"]', interface=STREAMS), "stopped")


def _streams_refused(peer: Peer) -> None:
    answer = peer("copies", ("int", OBSERVER), "[3]", interface=STREAMS)
    assert cause(answer) is Cause.CONFIG
    assert answer.failure is not None
    assert "add the API artifact" in answer.failure.hint


def _messages(peer: Peer) -> None:
    """There and back, and as protobuf's own library writes what arrived."""
    same(ok(peer("echo", LETTER, f"[{MESSAGE}]", interface=LETTERS)), MESSAGE)
    described = loads(ok(peer("describe", LETTER, f"[{MESSAGE}]", interface=LETTERS)))
    assert isinstance(described, dict)
    same(str(described["text"]), MESSAGE)


def _unset_fields(peer: Peer) -> None:
    same(ok(peer("echo", LETTER, "[{}]", interface=LETTERS, timeout_ms=5_000)), UNSET)


def _wrong_messages(peer: Peer) -> None:
    answer = peer("echo", LETTER, '[{"txt":"x","whole":2147483648,"size":"HUGE","sent":"soon"}]', interface=LETTERS)
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    lines = answer.failure.message.splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        f"request[0].{name}" for name in ("txt", "whole", "size", "sent")
    ]


def _message_streams(peer: Peer) -> None:
    texts = '[{"text":"a"},{"text":"b"}]'
    letters = [UNSET.replace('"whole":0', f'"whole":{number}') for number in (1, 2)]
    same(ok(peer("copies", (NUMBER, OBSERVER), '[{"number":2}]', interface=LETTERS)), f"[{','.join(letters)}]")
    whole = UNSET.replace('"text":""', '"text":"ab"').replace('"whole":0', '"whole":2')
    same(ok(peer("collect", (OBSERVER,), texts, interface=LETTERS)), f"[{whole}]")
    talk = ok(peer("talk", (OBSERVER,), texts, interface=LETTERS))
    same(talk, '[{"text":"a"},{"text":"a"},{"text":"b"},{"text":"b"}]')
    _stream_error(peer("talk", (OBSERVER,), '[{"text":"a"},{"text":"stop"}]', interface=LETTERS), "stopped")


def _stream_limits(peer: Peer) -> None:
    long = peer("copies", (NUMBER, OBSERVER), '[{"number":10001}]', interface=LETTERS)
    assert cause(long) is Cause.SERIALIZATION
    assert long.failure is not None
    assert "more than 10000 messages" in long.failure.message
    assert cause(peer("collect", (OBSERVER,), "[]", interface=LETTERS)) is Cause.SERIALIZATION


def _statuses(peer: Peer) -> None:
    _stream_error(peer("refuse", ("com.example.letters.Text",), '[{"text":"why"}]', interface=LETTERS), "refused: why")
    late = peer("sleep", (NUMBER,), '[{"number":1500}]', interface=LETTERS, timeout_ms=300)
    assert cause(late) is Cause.TIMEOUT


def _empty_ignored(peer: Peer) -> None:
    assert cause(peer("echo", LETTER, "[{}]", interface=LETTERS, timeout_ms=500)) is Cause.TIMEOUT


def _idl_refused(peer: Peer) -> None:
    answer = peer("echo", LETTER, f"[{MESSAGE}]", interface=LETTERS)
    assert cause(answer) is (Cause.VERSION_MISMATCH if peer.row.release == "python" else Cause.NO_METHOD)
    assert answer.failure is not None
    assert "add the API artifact" in answer.failure.hint


CHECKS = (
    Check("values", "a bean with a field for each kind of value, digit by digit; null", _values),
    Check("nulls in lists", "a list with null in it, inside of a bean", _nulls),
    Check("bytes", "`byte[]` inside of a bean, as base64", _bytes),
    Check("lists", "lists of beans, arrays, maps", _lists),
    Check("overloads", "the overload that was named, with `long` and `BigDecimal`", _overloads),
    Check("void", "a method without an answer", _void),
    Check("exceptions", "class, message and fields of a checked exception", _exceptions),
    Check("attachments", "attachments with the call, and with the answer", _attachments),
    Check("timeouts", "a call that takes too long is TIMEOUT", _timeouts),
    Check("unknown methods", "a method that is not there is NO_METHOD", _unknown_methods),
    Check("paths", "a service with a path of its own, in a group", _paths),
    Check("streams", "of the provider, of the caller and both ways; an error in the middle", _streams, "stream"),
    Check("messages", "a message with a field of each kind, as protobuf's own JSON", _messages, "idl"),
    Check("unset fields", "fields that are not set", _unset_fields, "idl"),
    Check(
        "wrong messages",
        "all that is wrong, each with its path, before it is sent",
        _wrong_messages,
        "idl",
    ),
    Check("streams of messages", "streams of each kind; an error in the middle", _message_streams, "idl"),
    Check("limits of streams", "10,000 messages, and at least one of a caller that streams", _stream_limits, "idl"),
    Check("statuses", "a status that the service ends with is PROVIDER_EXCEPTION; TIMEOUT", _statuses, "idl"),
    Check("address", "through the registry and by a direct URL; the answer names the provider", _address),
)

IDL = tuple(check.name for check in CHECKS if check.kind == "idl")
LIMITS = (
    Limit(
        "streams",
        lambda row, mode: mode == "generic",
        "streams need the API's classes: CONFIG says so.",
        _streams_refused,
    ),
    Limit(
        "unset fields",
        lambda row, mode: mode == "typed" and row.release == "python",
        "dubbo-python takes a message of no bytes, as one without a field is, for none and never answers: TIMEOUT.",
        _empty_ignored,
    ),
    *(
        Limit(
            check,
            lambda row, mode: mode == "generic",
            "services by IDL take typed calls only: NO_METHOD says so, or VERSION_MISMATCH of dubbo-python.",
            _idl_refused,
        )
        for check in IDL
    ),
    Limit(
        "paths",
        lambda row, mode: row.protocol == "tri" and row.release == "3.2",
        "over tri, providers on 3.2 do not answer below a path of their own, to any consumer: VERSION_MISMATCH "
        "says so.",
        _paths_refused,
    ),
    Limit(
        "nulls in lists",
        lambda row, mode: mode == "generic" and row.release == "2.6",
        "providers on 2.6 fail over a null in a list of a generic call, as for every consumer: call typed.",
        _nulls_refused,
    ),
    Limit(
        "bytes",
        lambda row, mode: mode == "generic",
        "providers make no `byte[]` inside of a bean from base64: the call is refused, naming the field. "
        "Write an array of numbers, `[0, 1, -1]`, or call typed.",
        _bytes_refused,
    ),
    Limit(
        "exceptions",
        lambda row, mode: mode == "generic",
        "providers answer generic calls with class and message of an exception, not with its fields: call typed.",
        _exceptions_without_fields,
    ),
    Limit(
        "exceptions",
        lambda row, mode: mode == "typed" and row.serialization == "fastjson2",
        "fastjson2 loses the message of an exception whose class has no constructor `(String)` or `(String, "
        "Throwable)`, for every consumer; class and fields are right.",
        _exceptions_without_message,
    ),
)


def checks_of(row: Row) -> tuple[Check, ...]:
    kinds = ("idl",) if row.serialization == "protobuf" else ("java", "stream") if row.protocol == "tri" else ("java",)
    return tuple(check for check in CHECKS if check.kind in kinds)


def limit_of(check: Check, row: Row, mode: str) -> Limit | None:
    return next((limit for limit in LIMITS if limit.on == check.name and limit.where(row, mode)), None)
