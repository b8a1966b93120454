"""What a spreadsheet shows for a number: the value, seen through its number format.

The grammar is that of ECMA-376 part 1, 18.8.31: up to four sections (positive; negative; zero; text) made of digit
placeholders (`0 # ?`), literals, and signs such as `%` and `E+`. What a case gets:

    General              19.9     Decimal 19.9 (15 significant digits, as many as Excel itself shows)
    0.00, #,##0.00, ¥    19.9     Decimal 19.90: the scale that is shown; grouping, currency and unit are decoration
    00000, "ORD"00000    123      text 00123, ORD00123: zero-padded numbers are identifiers
    0.0%                 0.125    text 12.5%
    @                    123      text 123
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from msgspec import Struct

from workbench.model.json import Json

_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|[_*].|(?P<char>.)', re.S)
_COLOUR = re.compile(r"(?i)black|blue|cyan|green|magenta|red|white|yellow|color ?\d+")
EXACT_DIGITS = 15


class Shown(Struct, frozen=True):
    """`value` is what a case gets; `note` says why that is doubtful, when it is."""

    value: Json
    note: str = ""


class Section(Struct, frozen=True):
    """One compiled section. `parts` are literals and, as single placeholders, `0 # ? .`"""

    parts: tuple[str, ...] = ()
    padded: bool = False
    min_scale: int = 0
    max_scale: int = 0
    percent: bool = False
    general: bool = False  # shown as it is: General, E notation
    unknown: bool = False  # fractions, conditions, thousands scaling, formats that show no digit


def exact(number: int | float) -> int | Decimal:
    """The number that Excel shows under General. Integers beyond 15 digits keep what the file holds."""
    if isinstance(number, int):
        return number
    digits = Decimal(repr(number)) if abs(number) >= 10**EXACT_DIGITS else Decimal(format(number, ".15g"))
    return int(digits) if digits == digits.to_integral_value() else digits


def show(number: int | float, code: str) -> Shown:
    """The number seen through the format `code`."""
    value = exact(number)
    if code in ("", "General", "GENERAL"):
        return Shown(value)
    if code == "@":
        return Shown(plain(value))
    section = _section_for(number, code)
    if section.general:
        return Shown(value)
    if section.unknown:
        return Shown(value, f"shown with the format {code!r}; the case gets {plain(value)}")
    return _through(value, section)


def plain(value: int | Decimal) -> str:
    """Digits without an exponent."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _through(value: int | Decimal, section: Section) -> Shown:
    shown = Decimal(value) * (100 if section.percent else 1)
    rounded = _rounded(shown, section)
    note = "" if rounded == shown else f"the cell holds {plain(value)} and shows {plain(rounded)}"
    if section.padded:
        return Shown(_text(rounded, section), note)
    if section.percent:
        return Shown(f"{plain(rounded)}%", note)
    return Shown(rounded if rounded.as_tuple().exponent else int(rounded), note)


def _rounded(value: Decimal, section: Section) -> Decimal:
    scale = min(max(_scale(value.normalize()), section.min_scale), section.max_scale)
    # quantize refuses more digits than its context holds (28), so huge numbers are left alone
    return value if value.adjusted() > 20 else value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def _scale(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _text(value: Decimal, section: Section) -> str:
    """Digits poured into the placeholders from the right; surplus ones go before the first placeholder."""
    digits, _, decimals = plain(abs(value)).partition(".")
    point = section.parts.index(".") if "." in section.parts else len(section.parts)
    whole = _pour(list(digits.lstrip("0")), section.parts[:point])
    literal_tail = "".join(part for part in section.parts[point + 1 :] if part not in tuple("0#?"))
    tail = f".{decimals}{literal_tail}" if point < len(section.parts) else ""
    return ("-" if value < 0 else "") + whole + tail


def _pour(digits: list[str], parts: tuple[str, ...]) -> str:
    first = next(index for index, part in enumerate(parts) if part in tuple("0#?"))
    out: list[str] = []
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if part not in tuple("0#?"):
            out.append(part)
            continue
        out.append(digits.pop() if digits else "0" if part == "0" else "")
        if index == first:
            out.append("".join(digits))
    return "".join(reversed(out))


def _section_for(number: int | float, code: str) -> Section:
    sections = _sections(code)
    if number < 0 and len(sections) > 1:
        return sections[1] if sections[1].parts or sections[1].general else sections[0]
    if number == 0 and len(sections) > 2 and "0" in sections[2].parts:  # accounting formats show a dash there
        return sections[2]
    return sections[0]


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[Section, ...]:
    cuts = [match.start() for match in _TOKEN.finditer(code) if match["char"] == ";"]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(code)]
    return tuple(_section(code[start:end]) for start, end in zip(starts, ends, strict=True))


def _section(text: str) -> Section:
    """Read one section; what cannot be rendered is marked and never guessed."""
    parts, signs = _tokens(text)
    digits = "".join(part for part in parts if part in tuple("0#?."))
    whole, _, decimals = digits.partition(".")
    bare = "".join(signs)
    general = "general" in text.lower() or "E" in bare
    scaled = bool(re.search(r"[0#?],+(?=$|\.)", _skeleton(text)))
    odd = "/" in bare or "<" in bare or scaled or digits.count(".") > 1
    return Section(
        parts=tuple(parts),
        padded=whole.count("0") > 1,
        min_scale=decimals.count("0"),
        max_scale=len(decimals.replace(".", "")),
        percent="%" in bare,
        general=general,
        unknown=odd or not (general or digits.strip(".")),
    )


def _tokens(text: str) -> tuple[list[str], list[str]]:
    """Literals and placeholders in order, and the signs with a meaning (% E / and < for a condition)."""
    parts: list[str] = []
    signs: list[str] = []
    for match in _TOKEN.finditer(text):
        char, bracket = match["char"], match["bracket"]
        if bracket is not None:
            signs += [] if bracket.startswith("$") or _COLOUR.fullmatch(bracket) else ["<"]
            parts += [bracket[1:].partition("-")[0]] if bracket.startswith("$") else []
        elif char is None:
            parts.append(match["quoted"] or match["escaped"] or "")
        elif char in "%Ee/":
            signs.append(char.upper())
            parts += ["%"] if char == "%" else []
        elif char != ",":
            parts.append(char)
    return parts, signs


def _skeleton(text: str) -> str:
    """The section without literals: only what Excel reads as signs."""
    return "".join(match["char"] or "" for match in _TOKEN.finditer(text))
