"""What a spreadsheet shows for a date, time or duration.

A numeric format (`yyyy-mm-dd`, `yyyy/m/d h:mm`, `yyyy"年"m"月"d"日"`, `[h]:mm:ss`) is rendered as it is shown. Formats
whose look depends on the reader's language (the built-in short date, month names, AM/PM) give ISO text:
2026-01-31, 10:00:00, 2026-01-31 10:00:00.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

Moment = date | datetime | time | timedelta

# Built-in formats without a fixed code: their look is the reader's locale (ECMA-376 part 1, 18.8.30).
LOCALE_DATES = frozenset({14, 22, *range(27, 37), *range(50, 59)})
LOCALE_DATE = "mm-dd-yy"
_LOCALE_CODES = frozenset({LOCALE_DATE, "m/d/yy h:mm"})
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<total>h+|m+|s+)\]|\[[^\]]*\]|[_*].'
    r"|(?P<ampm>AM/PM|A/P|上午/下午)|(?P<fraction>\.0+)|(?P<field>y+|m+|d+|h+|s+)|(?P<other>.)",
    re.I | re.S,
)


def show(moment: Moment, code: str) -> str:
    """The moment seen through the format `code`, or as ISO text."""
    tokens = None if code in _LOCALE_CODES else _compiled(code.split(";")[0])
    if tokens is None or (_has_date(tokens) and isinstance(moment, time | timedelta)):
        return moment.isoformat(" ") if isinstance(moment, datetime) and "h" in code.lower() else iso(moment)
    rounded = _rounded(moment, _decimals(tokens))
    return "".join(text if kind == "text" else _field(kind, len(text), rounded) for kind, text in tokens)


def iso(moment: Moment) -> str:
    """2026-01-31 · 2026-01-31 10:00:00 · 10:00:00 · 26:30:00 for a duration."""
    if isinstance(moment, timedelta):
        hours, rest = divmod(_micros(moment), 3_600_000_000)
        return f"{hours:02d}:{rest // 60_000_000:02d}:{rest // 1_000_000 % 60:02d}" + _iso_fraction(rest % 1_000_000)
    if isinstance(moment, datetime):
        midnight = moment.time() == time()
        return moment.date().isoformat() if midnight else moment.isoformat(" ")
    return moment.isoformat()


def _iso_fraction(micros: int) -> str:
    return f".{micros:06d}".rstrip("0") if micros else ""


def _micros(moment: timedelta) -> int:
    return moment // timedelta(microseconds=1)


@lru_cache(maxsize=1024)
def _compiled(code: str) -> tuple[tuple[str, str], ...] | None:
    """(kind, text) tokens; None when the look depends on a language."""
    tokens: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup, match.group(match.lastgroup) if match.lastgroup else ""
        if kind == "ampm" or (kind == "field" and text[0] in "mMdD" and len(text) > 2):
            return None
        if kind in ("quoted", "escaped", "other"):
            if kind == "other" and text.lower() in "egb":  # eras, Buddhist years
                return None
            tokens.append(("text", "" if text == "@" else text))
        elif kind is not None:
            tokens.append((f"total-{text[0].lower()}" if kind == "total" else _name(kind, text), text))
    return _minutes(tokens)


def _name(kind: str, text: str) -> str:
    return "fraction" if kind == "fraction" else text[0].lower()


def _minutes(tokens: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """An m right after hours or right before seconds is minutes."""
    fields = [index for index, (kind, _) in enumerate(tokens) if kind != "text"]
    for position, index in enumerate(fields):
        if tokens[index][0] != "m":
            continue
        before = tokens[fields[position - 1]][0] if position else ""
        after = tokens[fields[position + 1]][0] if position + 1 < len(fields) else ""
        if before in ("h", "total-h") or after in ("s", "total-s"):
            tokens[index] = ("minute", tokens[index][1])
    return tuple(tokens)


def _has_date(tokens: tuple[tuple[str, str], ...]) -> bool:
    return any(kind in ("y", "m", "d") for kind, _ in tokens)


def _decimals(tokens: tuple[tuple[str, str], ...]) -> int:
    return next((len(text) - 1 for kind, text in tokens if kind == "fraction"), 0)


def _rounded(moment: Moment, decimals: int) -> Moment:
    """Serial numbers are doubles: 10:00:00 may be stored as 09:59:59.999999."""
    step = 10 ** max(6 - decimals, 0)
    if isinstance(moment, timedelta):
        return timedelta(microseconds=(_micros(moment) + step // 2) // step * step)
    if isinstance(moment, datetime):
        return moment + timedelta(microseconds=(moment.microsecond + step // 2) // step * step - moment.microsecond)
    if isinstance(moment, time):
        whole = _rounded(datetime.combine(date(2000, 1, 1), moment), decimals)
        return whole.time() if isinstance(whole, datetime) else moment
    return moment


def _field(kind: str, width: int, moment: Moment) -> str:
    if kind == "fraction":
        return f".{_part('micros', moment):06d}"[:width]
    number = _part(kind, moment)
    if kind == "y":
        return f"{number:04d}" if width > 2 else f"{number % 100:02d}"
    return f"{number:0{min(width, 2)}d}"


def _part(kind: str, moment: Moment) -> int:
    if isinstance(moment, timedelta):
        total = _micros(moment)
        units = {"total-h": 3_600_000_000, "total-m": 60_000_000, "total-s": 1_000_000}
        if kind in units:
            return total // units[kind]
        return {"h": total // 3_600_000_000, "minute": total // 60_000_000 % 60, "s": total // 1_000_000 % 60}.get(
            kind, total % 1_000_000
        )
    if kind.startswith("total-"):
        kind = {"h": "h", "m": "minute", "s": "s"}[kind[-1]]
    names = {"y": "year", "m": "month", "d": "day", "h": "hour", "minute": "minute", "s": "second"}
    return int(getattr(moment, names.get(kind, "microsecond"), 0))
