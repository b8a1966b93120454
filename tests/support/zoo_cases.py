"""The type matrix as data: tests/zoo/cases/*.json, one file a family, and tests/zoo/limits.json.

A case is `{"in": JSON of the one argument, "is": what a Java consumer passes, as typed JSON (oracle/Describe.java)}`;
with `args` and `are` for several arguments. `out` is the JSON of the answer where it is not `in`; `refused` is a text
of the error that stops the request before it is sent. Each type that may be null gets a case with null of itself.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, convert

from workbench.model.json import Json, dumps, loads
from workbench.model.targets import MethodTarget, parse_target

ZOO: Final = Path(__file__).parents[1] / "zoo"
_PRIMITIVE: Final = frozenset({"boolean", "byte", "short", "int", "long", "float", "double", "char"})


class Limit(Struct, frozen=True, kw_only=True):
    """What does not arrive as it was sent, with the cases (`family.method.index`) where that shows.

    `effect`: refused (an error that holds `error`), request or answer (another value arrives there). `typed`,
    `generic` (the contract out of the jar) and `registry` (generic, the contract out of the provider's metadata): how
    the call was made; `wire`: a typed Java consumer has it, too. `note`: what a warning of the answer says of it;
    `unnoted`: by mode why there is none.
    """

    effect: str
    reason: str
    instead: str = ""
    error: str = ""
    typed: tuple[str, ...] = ()
    note: str = ""
    unnoted: Mapping[str, str] = {}
    generic: tuple[str, ...] = ()
    registry: tuple[str, ...] = ()
    wire: tuple[str, ...] = ()


class Case(Struct, frozen=True, kw_only=True):
    """One value of one method. `out` is the expected response, as JSON text."""

    id: str
    family: str
    java: str
    interface: str
    method: str
    erased: tuple[str, ...]
    request: str  # JSON array text
    values: tuple[Json, ...]  # typed JSON of each argument
    out: str
    refused: str = ""
    first: bool = False  # of its method: the fast part of the matrix
    large: bool = False  # too long to be shown
    echo: bool = True  # the method gives back what it got

    @property
    def stated(self) -> bool:
        """Whether the request says classes that an answer without `show_classes` does not."""
        return '"$value"' in self.request and '"$value"' not in self.out

    @property
    def target(self) -> MethodTarget:
        return MethodTarget(self.interface, self.method, self.erased)


def load_limits() -> dict[str, Limit]:
    return convert(loads((ZOO / "limits.json").read_bytes()), dict[str, Limit])


def limits_of(mode: str) -> dict[str, str]:
    """Case → the name of its limit; `mode` is typed, generic, registry or wire. AssertionError when two have a case."""
    found: dict[str, str] = {}
    for name, limit in load_limits().items():
        for case in getattr(limit, mode):
            assert case not in found, f"{case} stands in the limits {found[case]} and {name}"
            found[case] = name
    return found


def load_cases() -> list[Case]:
    return [case for path in sorted((ZOO / "cases").glob("*.json")) for case in _family(path)]


def families() -> dict[str, str]:
    """The title of each family, in the order of the page."""
    files = {path.stem: loads(path.read_bytes()) for path in (ZOO / "cases").glob("*.json")}
    return {name: data["title"] for name, data in sorted(files.items(), key=lambda item: item[1]["place"])}


def _large(value: Json) -> Json:
    """`{"$large": kind}` stands for what is too long to be written in a file."""
    if isinstance(value, dict):
        kind = value.get("$large") if len(value) == 1 else None
        return LARGE[kind] if kind else {key: _large(item) for key, item in value.items()}
    return [_large(item) for item in value] if isinstance(value, list) else value


def _deep(levels: int) -> tuple[Json, Json]:
    value: Json = None
    typed: Json = None
    for level in range(levels):
        value = {"name": str(level), "next": value, "all": None}
        typed = {"com.example.zoo.Node": {"name": str(level), "next": typed}}
    return value, typed


def _wide(fields: int) -> tuple[Json, Json]:
    """Of the types that WideSource.java deals out."""
    kinds = (
        lambda i: (i, {"int": str(i)}),
        lambda i: (2**53 + i, {"java.lang.Long": str(2**53 + i)}),
        lambda i: (f"text {i}", f"text {i}"),
        lambda i: (Decimal(f"{i}.50"), {"java.math.BigDecimal": f"{i}.50"}),
    )
    dealt = {f"f{i}": kinds[i % 4](i) for i in range(fields)}
    typed = {"com.example.zoo.Wide": {name: each[1] for name, each in dealt.items()}}
    return {name: each[0] for name, each in dealt.items()}, typed


_DEEP, _DEEP_TYPED = _deep(200)
_WIDE, _WIDE_TYPED = _wide(2_000)
LARGE: Final[dict[str, Json]] = {
    "text": "支付 pay 😀 " * 100_000,
    "deep": _DEEP,
    "deep node": _DEEP_TYPED,
    "wide": _WIDE,
    "wide object": _WIDE_TYPED,
}


def _family(path: Path) -> Iterator[Case]:
    data = loads(path.read_bytes(), where=str(path))
    for signature, about in data["methods"].items():
        target = parse_target(f"{data['interface']}#{signature}")
        entries = list(enumerate(about["cases"]))
        if len(target.erased or ()) == 1 and target.erased[0] not in _PRIMITIVE and about.get("null", True):
            entries.append(("null", {"in": None, "is": None}))
        for index, entry in entries:
            yield _case(path.stem, about, target, index, entry)


def _name(target: MethodTarget) -> str:
    """Overloads are told apart by their types."""
    short = ",".join(name.rpartition(".")[2] for name in target.erased or ())
    return f"{target.method}({short})" if target.interface.endswith("OverloadFacade") else target.method


def _case(family: str, about: dict[str, Any], target: MethodTarget, index: int | str, entry: dict[str, Any]) -> Case:
    entry = _large(entry)
    arguments = entry["args"] if "args" in entry else [entry["in"]]
    values = entry["are"] if "are" in entry else [entry["is"]]
    out = entry.get("out", arguments[0] if arguments else None)
    marks = {key: entry[key] for key in ("refused", "large") if key in entry}
    return Case(
        id=f"{family}.{_name(target)}.{index}",
        family=family,
        java=about["java"],
        echo=about.get("echo", True),
        interface=target.interface,
        method=target.method,
        erased=target.erased or (),
        request=dumps(arguments),
        values=tuple(values),
        out=dumps(out),
        first=index == 0,
        **marks,
    )
