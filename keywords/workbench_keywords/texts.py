"""Texts: case, cutting, padding, regular expressions."""

import re

from workbench.errors import KeywordError
from workbench.expr import to_text
from workbench.expr.patterns import LIMIT_SECONDS
from workbench.expr.patterns import pattern as compiled
from workbench.model.json import Json
from workbench.plugin_api import keyword

GROUP = "text"
_MAX_WIDTH = 100_000
_PLACE = re.compile(r"\{\{|\}\}|\{\}")


@keyword(GROUP, pure=True)
def upper(text: str) -> str:
    """Write a text in capital letters.

    text: the text

    Example: $app.upper("paid") → "PAID"
    """
    return text.upper()


@keyword(GROUP, pure=True)
def lower(text: str) -> str:
    """Write a text in small letters.

    text: the text

    Example: $app.lower("PAID") → "paid"
    """
    return text.lower()


@keyword(GROUP, pure=True)
def trim(text: str) -> str:
    """Take blanks and line ends from both ends.

    text: the text

    Example: $app.trim("  paid ") → "paid"
    """
    return text.strip()


@keyword(GROUP, pure=True)
def length(value: str | list[Json] | dict[str, Json]) -> int:
    """Count the characters of a text, the items of a list or the fields of an object.

    value: what to count in

    Example: $app.length("订单") → 2
    """
    return len(value)


@keyword(GROUP, pure=True)
def substring(text: str, start: int, end: int | None = None) -> str:
    """Cut a part out of a text; positions beyond its end count as its end, negative ones from the end.

    text: the text
    start: first character, from 0
    end: the one behind the last; left out: the end

    Example: $app.substring("P-1001", 2) → "1001"
    Example: $app.substring("P-1001", -4, -2) → "10"
    """
    return text[start:end]


@keyword(GROUP, pure=True)
def replace(text: str, old: str, new: str) -> str:
    """Replace all occurrences of a text.

    text: where to replace
    old: what to look for, literally
    new: what to put there

    Example: $app.replace("2026-03-01", "-", "/") → "2026/03/01"
    """
    if not old:
        raise KeywordError("what to replace must not be empty")
    return text.replace(old, new)


@keyword(GROUP, pure=True)
def split(text: str, separator: str = ",") -> list[str]:
    """Cut a text into a list.

    text: the text
    separator: what stands between the parts

    Example: $app.split("a,b,,c") → ["a", "b", "", "c"]
    """
    if not separator:
        raise KeywordError("the separator must not be empty")
    return text.split(separator)


@keyword(GROUP, pure=True)
def join(values: list[Json], separator: str = ",") -> str:
    """Make one text of a list.

    values: texts as they are, everything else as JSON
    separator: what stands between them

    Example: $app.join(["a", 1, True], "-") → "a-1-true"
    """
    return separator.join(to_text(value) for value in values)


@keyword(GROUP, pure=True)
def padLeft(text: str, width: int, fill: str = "0") -> str:
    """Fill a text up to a width, on its left.

    text: the text
    width: characters wanted; a longer text stays as it is
    fill: one character

    Example: $app.padLeft("42", 6) → "000042"
    """
    return text.rjust(_width(width), _one(fill))


@keyword(GROUP, pure=True)
def padRight(text: str, width: int, fill: str = " ") -> str:
    """Fill a text up to a width, on its right.

    text: the text
    width: characters wanted; a longer text stays as it is
    fill: one character

    Example: $app.padRight("42", 4, "x") → "42xx"
    """
    return text.ljust(_width(width), _one(fill))


@keyword(GROUP, pure=True, name="format")
def format_(template: str, *values: Json) -> str:
    """Put values into a text, one for each {}.

    template: the text; {{ and }} stand for braces
    values: texts as they are, everything else as JSON

    Example: $app.format("{} of {}", 1, "A") → "1 of A"
    """
    places = _PLACE.findall(template).count("{}")
    if places != len(values):
        raise KeywordError(f"the template has {places} times {{}}, but {len(values)} values are given")
    left = iter(values)
    return _PLACE.sub(lambda match: to_text(next(left)) if match[0] == "{}" else match[0][0], template)


@keyword(GROUP, pure=True)
def regexFind(text: str, expression: str, group: int | str = 0) -> str | None:
    """Give the first match of a regular expression, or a group of it; null when there is none.

    text: where to look
    expression: the regular expression
    group: number or name of a group; 0 is the whole match

    Example: $app.regexFind("order P-1001 paid", "P-(\\\\d+)", 1) → "1001"
    """
    match = compiled(expression).search(text, timeout=LIMIT_SECONDS)
    found: str | None = match[group] if match else None
    return found


@keyword(GROUP, pure=True)
def regexFindAll(text: str, expression: str, group: int | str = 0) -> list[str]:
    """Give all matches of a regular expression, or a group of each.

    text: where to look
    expression: the regular expression
    group: number or name of a group; 0 is the whole match

    Example: $app.regexFindAll("A1 B22", "[A-Z](\\\\d+)", 1) → ["1", "22"]
    """
    return [match[group] for match in compiled(expression).finditer(text, timeout=LIMIT_SECONDS)]


@keyword(GROUP, pure=True)
def regexReplace(text: str, expression: str, new: str) -> str:
    """Replace all matches of a regular expression.

    text: where to replace
    expression: the regular expression
    new: what to put there; \\\\1 is the first group

    Example: $app.regexReplace("13800138000", "(\\\\d{3})\\\\d{4}", "\\\\1****") → "138****8000"
    """
    replaced: str = compiled(expression).sub(new, text, timeout=LIMIT_SECONDS)
    return replaced


def _width(width: int) -> int:
    if width > _MAX_WIDTH:
        raise KeywordError(f"a width of {width} is more than {_MAX_WIDTH}")
    return width


def _one(fill: str) -> str:
    if len(fill) != 1:
        raise KeywordError(f"fill must be one character, not {fill!r}")
    return fill
