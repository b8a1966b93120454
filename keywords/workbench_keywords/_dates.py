"""Date patterns as Java writes them (yyyy-MM-dd HH:mm:ss), in both directions, and the zones they are read in.

The letters are those of java.time.format.DateTimeFormatter that also mean the same to SimpleDateFormat.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbench.errors import KeywordError
from workbench.model.zones import offset_of

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|(.)", re.DOTALL)
_OFFSET = r"Z|[+-]\d{2}(?::?\d{2})?"
# Tried in this order when a date comes without a pattern; a result is written in the form that fitted.
KNOWN = (
    "yyyy-MM-dd HH:mm:ss",
    "yyyy-MM-dd HH:mm:ss.SSS",
    "yyyy-MM-dd",
    "yyyy-MM-dd HH:mm",
    "yyyy-MM-dd'T'HH:mm:ss",
    "yyyy-MM-dd'T'HH:mm:ss.SSS",
    "yyyy-MM-dd'T'HH:mm:ssXXX",
    "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    "yyyyMMddHHmmss",
    "yyyyMMdd",
    "yyyy/MM/dd HH:mm:ss",
    "yyyy/MM/dd",
    "HH:mm:ss",
)


class _Field(NamedTuple):
    write: Callable[[datetime, int], str]  # the moment, how many letters
    form: Callable[[int], str]  # regular expression of what it writes


def _digits(name: str, short: Callable[[datetime], int]) -> _Field:
    del name
    return _Field(
        lambda moment, width: str(short(moment)).zfill(width),
        lambda width: rf"\d{{{width}}}" if width > 1 else r"\d{1,2}",
    )


def _offset(moment: datetime, colon: bool, zulu: bool) -> str:
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    if zulu and not minutes:
        return "Z"
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{':' if colon else ''}{rest:02}"


_FIELDS: dict[str, _Field] = {
    "y": _Field(
        lambda moment, width: f"{moment.year % 100:02}" if width == 2 else str(moment.year).zfill(width),
        lambda width: r"\d{2}" if width == 2 else r"\d{4}",
    ),
    "M": _Field(
        lambda moment, width: (
            str(moment.month).zfill(width) if width < 3 else _MONTHS[moment.month - 1][: 3 if width == 3 else 9]
        ),
        lambda width: (r"\d{1,2}", r"\d{2}", r"[A-Za-z]{3}")[width - 1] if width < 4 else r"[A-Za-z]+",
    ),
    "d": _digits("day", lambda moment: moment.day),
    "H": _digits("hour", lambda moment: moment.hour),
    "h": _digits("hour of half", lambda moment: moment.hour % 12 or 12),
    "m": _digits("minute", lambda moment: moment.minute),
    "s": _digits("second", lambda moment: moment.second),
    "S": _Field(
        lambda moment, width: f"{moment.microsecond:06}".ljust(width, "0")[:width], lambda width: rf"\d{{{width}}}"
    ),
    "a": _Field(lambda moment, _: "AM" if moment.hour < 12 else "PM", lambda _: r"[AaPp][Mm]"),
    "E": _Field(lambda moment, width: _DAYS[moment.weekday()][: 3 if width < 4 else 9], lambda _: r"[A-Za-z]+"),
    "X": _Field(lambda moment, width: _offset(moment, width == 3, True), lambda _: _OFFSET),
    "Z": _Field(lambda moment, _: _offset(moment, False, False), lambda _: _OFFSET),
    "z": _Field(lambda moment, _: moment.tzname() or "", lambda _: r"[A-Za-z/_]+|" + _OFFSET),
}


class Pattern:
    """A compiled date pattern."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._parts: list[str | tuple[str, int]] = [_part(match, text) for match in _TOKEN.finditer(text)]
        forms = (
            re.escape(part) if isinstance(part, str) else f"({_FIELDS[part[0]].form(part[1])})" for part in self._parts
        )
        self._regex = re.compile("".join(forms))
        self._letters = [part[0] + str(part[1]) for part in self._parts if not isinstance(part, str)]

    def write(self, moment: datetime) -> str:
        return "".join(
            part if isinstance(part, str) else _FIELDS[part[0]].write(moment, part[1]) for part in self._parts
        )

    def read(self, text: str, zone: tzinfo) -> datetime:
        """Missing parts are 1970-01-01 00:00:00. Raises ValueError when the text has another form."""
        match = self._regex.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} has not the form {self.text}")
        return _assembled(dict(zip(self._letters, match.groups(), strict=True)), zone)


@lru_cache(maxsize=256)
def pattern(text: str) -> Pattern:
    """Raises KeywordError for a letter that means nothing."""
    return Pattern(text)


def recognised(text: str, zone: tzinfo) -> tuple[datetime, Pattern]:
    """A date in one of the KNOWN forms, and which. Raises KeywordError."""
    for known in map(pattern, KNOWN):
        try:
            return known.read(text, zone), known
        except ValueError:
            continue
    raise KeywordError(f"{text!r} is not a date in a known form", hint="give its pattern: yyyy-MM-dd HH:mm:ss")


def zone_of(name: str) -> tzinfo:
    """IANA name, offset (+08:00), or empty for the machine's own zone. Raises KeywordError."""
    if not name:
        return datetime.now().astimezone().tzinfo or UTC
    if re.fullmatch(_OFFSET, name):
        return _fixed(name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise KeywordError(f"there is no time zone {name!r}", hint="write Asia/Shanghai, UTC or +08:00") from None


def _part(match: re.Match[str], text: str) -> str | tuple[str, int]:
    if match[1] is not None:
        return match[1].replace("''", "'") or "'"
    if match[2] is None:
        return match[0]
    if match[2] not in _FIELDS:
        hint = f"known letters: {''.join(_FIELDS)}; other text stands in single quotes"
        raise KeywordError(f"{match[0]!r} in the date pattern {text!r} means nothing", hint=hint)
    return match[2], len(match[0])


def _assembled(found: dict[str, str], zone: tzinfo) -> datetime:
    by_letter = {name[0]: value for name, value in found.items()}
    year = int(by_letter.get("y", "1970"))
    if "y2" in found:
        year += 2000 if year < 70 else 1900
    hour = int(by_letter.get("H", by_letter.get("h", "0")))
    if "h" in by_letter and "a" in by_letter:
        hour = hour % 12 + (12 if by_letter["a"].upper() == "PM" else 0)
    return datetime(
        year,
        _month(by_letter.get("M", "1")),
        int(by_letter.get("d", "1")),
        hour,
        int(by_letter.get("m", "0")),
        int(by_letter.get("s", "0")),
        int(by_letter.get("S", "0").ljust(6, "0")[:6]),
        _zone(by_letter) or zone,
    )


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    names = [name[:3].lower() for name in _MONTHS]
    if text[:3].lower() not in names:
        raise ValueError(f"{text!r} is no month")
    return names.index(text[:3].lower()) + 1


def _zone(found: dict[str, str]) -> tzinfo | None:
    text = next((found[letter] for letter in "XZz" if letter in found), "")
    return zone_of(text) if text else None


def _fixed(text: str) -> tzinfo:
    return UTC if text == "Z" else offset_of(text)
