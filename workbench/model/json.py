"""The one exact JSON codec: every number leaves as it came.

Integers of any length stay int, numbers with a fraction or exponent become Decimal with their scale;
a float never appears. (stdlib json and orjson turn 5000000000.10 into a double.)

The fast path is msgspec. What it refuses although it is good JSON (integers beyond 4,300 digits, a guard of
CPython's) takes a slow path over the stdlib's scanner; what is wrong is explained with line and column.
"""

import json as stdlib
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn, TypeAlias

import msgspec

from workbench.errors import JsonError

# dict[str, Json] | list[Json] | str | int | Decimal | bool | None
Json: TypeAlias = Any

# int(Decimal) is quadratic: 0.3 s for 100,000 digits. Beyond this a number is an attack and not an id.
MAX_DIGITS: Final = 200_000

_decoder = msgspec.json.Decoder(float_hook=Decimal)
_encoder = msgspec.json.Encoder(decimal_format="number")
_SAFE_DIGITS: Final = 4_000  # CPython refuses int ↔ str conversions beyond 4,300
_BYTE = re.compile(r" ?\(byte (\d+)\)$")
_ESCAPE = re.compile(r"\\(?:u[dD](?:([89abAB]..)(?:\\u[dD][c-fC-F]..)?|([c-fC-F]..))|.)", re.DOTALL)


def loads(text: str | bytes, *, where: str = "") -> Json:
    """Parse JSON text. Of equal keys the last wins. Raises JsonError with line and column."""
    try:
        return _decoder.decode(text)
    except msgspec.ValidationError:  # untyped, so the only reason is an integer that is too long for it
        return _slow(_text(text, where), where, unique=False)
    except msgspec.DecodeError as error:
        _explain(_text(text, where), str(error), where)
    except UnicodeError as error:
        _text(text, where)  # knows the offset in the whole
        raise JsonError(_unicode(error), where=where) from error
    except RecursionError:
        raise JsonError("nested too deeply", where=where, hint="more than about 900 levels") from None
    except InvalidOperation:
        raise JsonError("a number whose exponent is beyond what can be held", where=where) from None


def loads_unique(text: str, *, where: str = "") -> Json:
    """Like `loads`, but an object with the same key twice is an error: for texts that people write."""
    loads(text, where=where)  # its errors are the better ones
    return _slow(text, where, unique=True)


def refuse_twins(text: str | bytes, *, where: str = "") -> None:
    """Raises JsonError for an object with the same key twice, of which one value would be lost."""
    _slow(_text(text, where), where, unique=True)


def dumps(value: Json) -> str:
    """Compact JSON text; Decimal is written as a number with all its digits. Raises JsonError for what JSON has not."""
    return dump_bytes(value).decode()


def dump_scalar(value: str | int | bool | Decimal | None) -> str:
    """`dumps` of a single text, number or truth value, quicker."""
    if type(value) is Decimal:
        return str(value) if value.is_finite() else dumps(value)  # as the encoder writes it
    try:
        return _encoder.encode(value).decode()
    except (TypeError, ValueError):
        return dumps(value)  # explains a lone surrogate, writes a long integer


def dump_bytes(value: Json) -> bytes:
    try:
        encoded = _encoder.encode(value)
    except UnicodeEncodeError as error:
        raise JsonError(_unicode(error)) from error
    except ValueError:  # an int with too many digits for CPython's guard
        encoded = _encoder.encode(_widened(value))
    except RecursionError:
        raise JsonError("nested too deeply, or a value that contains itself") from None
    except TypeError as error:
        raise JsonError(f"not a JSON value: {error}") from error
    if b"NaN" in encoded or b"Infinity" in encoded:
        _refuse_not_finite(value)
    return encoded


def pretty(value: Json) -> str:
    """JSON text for eyes: two blanks a level."""
    return msgspec.json.format(dump_bytes(value), indent=2).decode()


def decoder_for(type_: Any) -> msgspec.json.Decoder[Any]:
    """A decoder into a model type whose untyped numbers stay exact (integers up to 4,300 digits)."""
    return msgspec.json.Decoder(type_, float_hook=Decimal)


def number(text: str) -> int | Decimal:
    """The number whose JSON spelling `text` is. Raises ValueError; the text must match JSON's grammar already."""
    return Decimal(text) if "." in text or "e" in text or "E" in text else _integer(text)


def _integer(text: str) -> int:
    if len(text) <= _SAFE_DIGITS:
        return int(text)
    if len(text) > MAX_DIGITS:
        raise JsonError(f"a number with {len(text)} digits", hint=f"up to {MAX_DIGITS} are read")
    return int(Decimal(text))


def _slow(text: str, where: str, *, unique: bool) -> Json:
    def pairs(items: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(items)
        if len(found) != len(items):
            keys = [key for key, _ in items]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise JsonError(f"the key {dumps(twice)} stands twice in one object", where=where)
        return found

    def constant(name: str) -> NoReturn:
        raise JsonError(f"{name} is not JSON", where=where, hint=f'write it as text: "{name}"')

    hook = pairs if unique else None
    try:
        value = stdlib.loads(
            text, parse_int=_integer, parse_float=Decimal, parse_constant=constant, object_pairs_hook=hook
        )
    except stdlib.JSONDecodeError as error:
        raise JsonError(f"not JSON: {_lower(error.msg)}", where=_at(text, error.pos, where)) from error
    except RecursionError:
        raise JsonError("nested too deeply", where=where, hint="more than about 900 levels") from None
    except JsonError as error:
        raise error if error.where else JsonError(error.message, where=where, hint=error.hint) from None
    _refuse_lone_surrogates(text, where)
    return value


def _text(text: str | bytes, where: str) -> str:
    try:
        return text if isinstance(text, str) else bytes(text).decode()
    except UnicodeDecodeError as error:
        raise JsonError(_unicode(error), where=where) from error


def _explain(text: str, message: str, where: str) -> NoReturn:
    """Turn msgspec's message, which knows a byte offset at best, into one with line and column."""
    _refuse_lone_surrogates(text, where)
    match = _BYTE.search(message)
    if match is None:
        hint = "it is empty" if not text.strip() else "a bracket, brace or quote is not closed"
        raise JsonError("not JSON: the text ends too early", where=_at(text, len(text), where), hint=hint)
    reason = message[: match.start()].removeprefix("JSON is malformed: ")
    offset = int(match[1]) - (reason == "trailing characters")  # msgspec has eaten the first of them
    position = len(text.encode()[:offset].decode(errors="ignore"))
    found = text[position : position + 1]
    if reason == "invalid character" and found:
        reason = f"unexpected {found!r}"
    raise JsonError(f"not JSON: {reason}", where=_at(text, position, where), hint=_advice(text, position))


_ADVICE: Final = {
    "'": 'text stands in double quotes: "…"',
    "N": 'NaN is written as text: "NaN"',
    "I": 'Infinity is written as text: "Infinity"',
    "T": "write true, in small letters",
    "F": "write false, in small letters",
    "/": "JSON has no comments",
    "#": "JSON has no comments",
    "$": 'an expression stands inside a string: "${…}"',
    "\n": r"a line break inside a string is written \n",
    "\t": r"a tab inside a string is written \t",
}


def _advice(text: str, position: int) -> str:
    return _ADVICE.get(text[position : position + 1], "")


def _refuse_lone_surrogates(text: str, where: str) -> None:
    for match in _ESCAPE.finditer(text):
        high, low = match.groups()
        if low or (high and len(match[0]) == 6):
            raise JsonError(
                f"{match[0]} is half of a character (a lone surrogate)",
                where=_at(text, match.start(), where),
                hint=r"characters beyond U+FFFF are written as a pair, or as they are",
            )


def _at(text: str, position: int, where: str) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    return f"{where}:{line}:{column}" if where else f"{line}:{column}"


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _unicode(error: UnicodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8: byte {error.object[error.start]:#04x} at offset {error.start}"
    if isinstance(error, UnicodeEncodeError):
        return f"half of a character (a lone surrogate, U+{ord(error.object[error.start]):04X}) cannot be sent"
    return str(error)


def _widened(value: Json) -> Json:
    """Long integers as Decimals, whose digits the encoder may write; of model types too."""
    if isinstance(value, msgspec.Struct):
        value = msgspec.to_builtins(value, builtin_types=(Decimal,))
    if isinstance(value, dict):
        return {key: _widened(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_widened(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return value


def _refuse_not_finite(value: Json) -> None:
    if isinstance(value, dict):
        for item in value.values():
            _refuse_not_finite(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_not_finite(item)
    elif isinstance(value, Decimal) and not value.is_finite():
        raise JsonError(f"JSON has no number {value}", hint=f'send it as text: "{value}"')
