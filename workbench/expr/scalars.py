"""Java's simple types: which JSON values fit them, and how a text from data becomes one without losing anything."""

import base64
import binascii
import datetime
import math
import re
import struct
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any, Final

from workbench.expr.numbers import as_number, to_text
from workbench.model.json import Json
from workbench.model.words import clipped
from workbench.model.zones import unknown_zone

MAX_WHOLE: Final = 10_000  # digits that an exponent may stand for: 1E+999999999 would fill the memory


class Source(IntEnum):
    """Where a value comes from, which decides what may be done to it."""

    LITERAL = 0  # written in the request: checked, never converted
    VALUE = 1  # from ctx, steps, functions: must fit; 5.00 is a good int
    DATA = 2  # from row, config, env, param: texts become what their place declares


class Unfit(Exception):
    """A value that does not fit; the caller knows its path."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


Take = Callable[[Any, Source], Json]  # the fitting value; raises Unfit


def shown(value: Any) -> str:
    """A value in a message: short, with its kind."""
    text = clipped(to_text(value), 60)
    if isinstance(value, str):
        return f'the text "{text}"'
    if value is None or isinstance(value, bool):
        return text
    if isinstance(value, Mapping):
        return "an object"
    return f"a list of {len(value)}" if isinstance(value, list) else f"the number {text}"


def expected(what: str, value: Any, hint: str = "") -> Unfit:
    return Unfit(f"expected {what}, found {shown(value)}", hint)


def _number(value: Any, source: Source, name: str) -> int | Decimal:
    """The number that `value` is or, as text from data, spells."""
    kind = type(value)
    if kind is int or (kind is Decimal and value.is_finite()):
        return value  # type: ignore[no-any-return]
    if isinstance(value, str):
        found = as_number(value)
        if source is Source.DATA:
            if found is None:
                raise Unfit(f'"{value}" is not a number, and {name} is declared', "a number is written as 12 or -0.50")
            return found
        raise expected(name, value, f"write {value} without quotes" if found is not None else "")
    raise expected(name, value)


def integer(name: str, bits: int) -> Take:
    low, high = -(1 << bits - 1), (1 << bits - 1) - 1

    def take(value: Any, source: Source) -> int:
        number = value if type(value) is int else _whole(_number(value, source, name), source, name, bits)
        if low <= number <= high:
            return number
        raise Unfit(f"{shown(number).removeprefix('the number ')} is out of range for {name}", f"{low} to {high}")

    return take


def _whole(number: int | Decimal, source: Source, name: str, limit: int = MAX_WHOLE) -> int:
    """`limit`: the greatest exponent."""
    if isinstance(number, int):
        return number
    if number.adjusted() > limit:
        raise Unfit(f"{number} is out of range for {name}")
    whole = int(number)
    if whole != number:
        raise Unfit(f"{to_text(number)} would lose its fraction as {name}")
    if source is Source.LITERAL:
        if int(number.as_tuple().exponent) >= 0:
            raise Unfit(f"{number} is written with an exponent, and {name} is declared", f"write {to_text(whole)}")
        raise Unfit(f"{to_text(number)} is written with a fraction, and {name} is declared", f"write {to_text(whole)}")
    return whole


def big_integer(value: Any, source: Source) -> int:
    return _whole(_number(value, source, "java.math.BigInteger"), source, "java.math.BigInteger")


def big_decimal(value: Any, source: Source) -> int | Decimal:
    return _number(value, source, "java.math.BigDecimal")


def any_number(value: Any, source: Source) -> int | Decimal:
    return _number(value, source, "java.lang.Number")


_NOT_FINITE: Final = ("NaN", "Infinity", "-Infinity")


def floating(name: str, survives: Callable[[Decimal], bool]) -> Take:
    """float and double: a number must come back with the digits it had, NaN and infinities are texts."""

    def take(value: Any, source: Source) -> Json:
        if isinstance(value, str) and value in _NOT_FINITE:
            return value
        number = _number(value, source, name)
        if number and not survives(Decimal(number)):
            raise Unfit(f"{number} would lose digits as {name}", "use fewer digits")
        return number

    return take


def survives_double(number: Decimal) -> bool:
    """Whether the nearest double, rounded to as many digits as are written, is the number itself."""
    return abs(number.adjusted()) <= 400 and _survives(float(number), number, 17)


def survives_float(number: Decimal) -> bool:
    """The same for float: 16777217 becomes …216 and does not survive, 0.1 does."""
    if abs(number.adjusted()) > 400:
        return False
    try:
        (nearest,) = struct.unpack("f", struct.pack("f", float(number)))
    except OverflowError:
        return False
    return _survives(nearest, number, 9)


def _survives(nearest: float, number: Decimal, telling: int) -> bool:
    """Whether `nearest` is within half a unit of the last digit written; `telling`: as many digits tell any two
    neighbours apart, beyond them only the exact value will do."""
    if math.isinf(nearest):
        return False
    digits = "".join(map(str, number.as_tuple().digits)).rstrip("0")
    if len(digits) > telling:
        return Decimal(nearest) == number
    if Decimal(f"{nearest:.{max(len(digits), 1)}g}") == number:
        return True
    unit = Fraction(10) ** (number.adjusted() - len(digits) + 1)  # ties round either way: 5.960464477539063E-8
    return abs(Fraction(nearest) - Fraction(number)) * 2 <= unit


def boolean(value: Any, source: Source) -> bool:
    if value is True or value is False:
        return bool(value)
    if isinstance(value, str):
        found = {"true": True, "false": False}.get(value.lower())
        if source is Source.DATA and found is not None:
            return found
        hint = "write it without quotes" if found is not None and source is Source.LITERAL else ""
        raise expected("true or false", value, hint)
    raise expected("true or false", value)


def text(value: Any, source: Source) -> str:
    if type(value) is str:
        return value
    if source is Source.DATA and isinstance(value, int | Decimal):
        return to_text(value)
    if isinstance(value, int | Decimal):  # truth values too
        spelled = to_text(value)
        hint = f'write "{spelled}"' if source is Source.LITERAL else "write it as text: ${fn.text(…)}"
        raise expected("a text (java.lang.String)", value, hint)
    raise expected("a text (java.lang.String)", value)


def character(value: Any, source: Source) -> str:
    if source is Source.DATA and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and len(value) == 1 and ord(value) <= 0xFFFF:
        return value
    raise expected("a text of one character (char)", value)


def base64_bytes(value: Any, source: Source) -> Json:
    """byte[]: base64 text."""
    if isinstance(value, str):
        try:
            base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise expected("bytes as base64 text", value) from None
        return value
    raise expected("bytes as base64 text (byte[])", value)


_YEAR = r"(?:\d{4}|\+\d{5,9}|-\d{4,9})"
_DATE = rf"(?P<date>{_YEAR}-\d\d-\d\d)"
_MINUTE = r"(?:[01]\d|2[0-3]):[0-5]\d"
_TIME = rf"{_MINUTE}(?::[0-5]\d(?:\.\d{{1,9}})?)?"
_MILLIS = rf"{_MINUTE}(?::[0-5]\d(?:\.\d{{1,3}}0*)?)?"
_OFFSET = r"(?:Z|[+-](?:0\d|1[0-8])(?::?[0-5]\d){0,2})"


def temporal(what: str, pattern: str) -> Take:
    """A date or time: text of this form, kept as it is."""
    form = re.compile(pattern)

    def take(value: Any, source: Source) -> str:
        match = form.fullmatch(value) if isinstance(value, str) else None
        if match is None or not _real(match.groupdict().get("date")):
            raise expected(what, value)
        return str(value)

    return take


def _real(date: str | None) -> bool:
    if date is None:
        return True
    year, month, day = date.rsplit("-", 2)
    try:
        datetime.date(2000 + int(year) % 400, int(month), int(day))  # the calendar repeats itself
    except ValueError:
        return False
    return True


_ZONE_OFFSET = re.compile(rf"(?:UTC|GMT|UT)?{_OFFSET}")
_long = integer("milliseconds (long)", 64)


def moment(what: str, pattern: str) -> Take:
    """java.util.Date and its kin: text of this form, or milliseconds since 1970."""
    written = temporal(what, pattern)

    def take(value: Any, source: Source) -> Json:
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if number or (source is Source.DATA and isinstance(value, str) and value.lstrip("-").isdigit()):
            return _long(value, source)
        return written(value, source)

    return take


_INSTANT = 'a date as "2026-01-31 12:00:00", ISO text or milliseconds'
_instant = moment(_INSTANT, rf"{_DATE}(?:[ T]{_TIME}(?:\s?{_OFFSET})?)?")
_date = moment(f"{_INSTANT}, to the millisecond", rf"{_DATE}(?:[ T]{_MILLIS}(?:\s?{_OFFSET})?)?")


def written(value: Any, source: Source) -> str:
    """A value that JSON knows as text only."""
    if isinstance(value, str):
        return value
    raise expected("a text", value)


def zone(value: Any, source: Source) -> str:
    """ZoneId and TimeZone, as ZoneId.of reads them."""
    found = written(value, source)
    if not found or (_ZONE_OFFSET.fullmatch(found) is None and unknown_zone(found)):
        raise expected('a time zone as "Asia/Shanghai", "UTC" or "+08:00"', value, unknown_zone(found))
    return found


def year(value: Any, source: Source) -> Json:
    """java.time.Year: a number or its text."""
    if isinstance(value, str) and value.lstrip("+-").isdigit():
        return value
    return _int(value, source)


_int, _long_type = integer("int", 32), integer("long", 64)
_double, _float = floating("double", survives_double), floating("float", survives_float)

_DATES: Final = ("java.util.Date", "java.util.Calendar", "java.util.GregorianCalendar")
# Types whose own rules only Java knows: text, checked by the bridge.
_WRITTEN: Final = (
    "java.io.File",
    "java.net.URI",
    "java.net.URL",
    "java.net.InetAddress",
    "java.nio.charset.Charset",
    "java.util.Currency",
    "java.util.Locale",
    "java.util.regex.Pattern",
)

# Classes of their own may stand where these are declared.
EXTENSIBLE: Final = frozenset(
    {
        "java.lang.Number",
        "java.lang.CharSequence",
        "java.math.BigDecimal",
        "java.math.BigInteger",
        "java.util.Date",
        "java.sql.Timestamp",
        "java.sql.Date",
        "java.sql.Time",
    }
)

SCALARS: Final[Mapping[str, Take]] = {
    **dict.fromkeys(("int", "java.lang.Integer", "java.util.concurrent.atomic.AtomicInteger"), _int),
    **dict.fromkeys(("long", "java.lang.Long", "java.util.concurrent.atomic.AtomicLong"), _long_type),
    **{name: integer("short", 16) for name in ("short", "java.lang.Short")},
    **{name: integer("byte", 8) for name in ("byte", "java.lang.Byte")},
    **dict.fromkeys(("double", "java.lang.Double"), _double),
    **dict.fromkeys(("float", "java.lang.Float"), _float),
    **dict.fromkeys(("boolean", "java.lang.Boolean", "java.util.concurrent.atomic.AtomicBoolean"), boolean),
    **dict.fromkeys(("char", "java.lang.Character"), character),
    **dict.fromkeys(("java.lang.String", "java.lang.CharSequence", "java.lang.StringBuilder"), text),
    **dict.fromkeys(_DATES, _date),
    **dict.fromkeys(("java.sql.Timestamp", "java.time.Instant"), _instant),
    "java.sql.Date": moment('a date as "2026-01-31", or milliseconds', _DATE),
    **dict.fromkeys(_WRITTEN, written),
    **dict.fromkeys(("java.time.ZoneId", "java.util.TimeZone"), zone),
    "java.time.ZoneOffset": temporal('an offset as "+08:00" or "Z"', _OFFSET),
    "java.math.BigDecimal": big_decimal,
    "java.math.BigInteger": big_integer,
    "java.lang.Number": any_number,
    "java.time.LocalDateTime": temporal('a date and time as "2026-01-31T12:00:00"', rf"{_DATE}T{_TIME}"),
    "java.time.LocalDate": temporal('a date as "2026-01-31"', _DATE),
    "java.time.LocalTime": temporal('a time as "12:00:00"', _TIME),
    "java.time.OffsetDateTime": temporal(
        'a date and time with offset as "2026-01-31T12:00:00+08:00"', rf"{_DATE}T{_TIME}{_OFFSET}"
    ),
    "java.time.ZonedDateTime": temporal(
        'a date and time with zone as "2026-01-31T12:00:00+08:00[Asia/Shanghai]"',
        rf"{_DATE}T{_TIME}{_OFFSET}(?:\[[\w/+-]+\])?",
    ),
    "java.time.OffsetTime": temporal('a time with offset as "12:00:00+08:00"', rf"{_TIME}{_OFFSET}"),
    "java.time.Year": year,
    "java.time.MonthDay": temporal('a day of a year as "--01-31"', r"--(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "java.sql.Time": moment('a time as "12:00:00", to the millisecond, or milliseconds', _MILLIS),
    "java.time.YearMonth": temporal('a month as "2026-01"', rf"{_YEAR}-(?:0[1-9]|1[0-2])"),
    "java.time.Duration": temporal(
        'a duration as "PT1H30M"', r"-?P(?=.)(?:-?\d+D)?(?:T(?=.)(?:-?\d+H)?(?:-?\d+M)?(?:-?\d+(?:\.\d{1,9})?S)?)?"
    ),
    "java.time.Period": temporal('a period as "P1Y2M3D"', r"-?P(?=.)(?:-?\d+Y)?(?:-?\d+M)?(?:-?\d+W)?(?:-?\d+D)?"),
    "java.util.UUID": temporal(
        "a UUID", r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    ),
}
