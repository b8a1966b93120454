"""What a call of each kind must give on every release, and where a release or a way to call cannot: the limits.

A check raises AssertionError when it does not hold. A limit takes the place of checks: it says why, and proves that
the workbench shows it as it is said; one that is gone fails too, for then the check holds.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from ages import FACADE
from bridge_calls import Caller, cause, ok

from workbench.model.json import Json, dumps, loads
from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer

PARCEL = ("com.example.ages.Parcel",)
TEXT = ("java.lang.String",)
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

    def __call__(self, method: str, erased: tuple[str, ...], arguments: str, **more: Any) -> Answer:
        return self.caller(self.target, FACADE, method, erased, arguments, mode=self.mode, **more)


class Check(NamedTuple):
    name: str
    says: str
    holds: Callable[[Peer], None]


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
    Check("address", "through the registry and by a direct URL; the answer names the provider", _address),
)

LIMITS = (
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


def limit_of(check: Check, row: Row, mode: str) -> Limit | None:
    return next((limit for limit in LIMITS if limit.on == check.name and limit.where(row, mode)), None)
