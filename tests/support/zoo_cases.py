"""The type matrix as data: tests/zoo/cases/*.json, one file a family, and the limits that cases name.

A case is `{"in": JSON of the one argument, "is": what a Java consumer passes, as typed JSON (oracle/Describe.java)}`;
with `args` and `are` for several arguments. `out` is the JSON of the answer where it is not `in`; `generic`, `typed`
and `wire` name entries of limits.json; `refused` is a text of the error that stops the request before it is sent.
Each type that may be null gets a case with null of itself.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from workbench.model.json import Json, dumps, loads
from workbench.model.targets import MethodTarget, parse_target

ZOO: Final = Path(__file__).parents[1] / "zoo"
_PRIMITIVE: Final = frozenset({"boolean", "byte", "short", "int", "long", "float", "double", "char"})


class Limit(Struct, frozen=True, kw_only=True):
    """What does not arrive as a typed Java consumer would see it.

    `effect`: refused (an error that holds `error`), request or answer (another value arrives; `warning`: what the
    answer warns of), wire (every consumer has it).
    """

    effect: str
    reason: str
    instead: str = ""
    error: str = ""
    warning: str = ""


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
    generic: str = ""
    typed: str = ""
    wire: str = ""
    refused: str = ""
    first: bool = False  # of its method: the fast part of the matrix
    large: bool = False  # too long to be shown

    @property
    def target(self) -> MethodTarget:
        return MethodTarget(self.interface, self.method, self.erased)


def load_limits() -> dict[str, Limit]:
    import msgspec

    return msgspec.convert(loads((ZOO / "limits.json").read_bytes()), dict[str, Limit])


def load_cases() -> list[Case]:
    return [case for path in sorted((ZOO / "cases").glob("*.json")) for case in _family(path)]


def families() -> dict[str, str]:
    """The title of each family, in the order of the files."""
    return {path.stem: loads(path.read_bytes())["title"] for path in sorted((ZOO / "cases").glob("*.json"))}


def _family(path: Path) -> Iterator[Case]:
    data = loads(path.read_bytes(), where=str(path))
    for signature, about in data["methods"].items():
        target = parse_target(f"{data['interface']}#{signature}")
        entries = list(about["cases"])
        if len(target.erased or ()) == 1 and target.erased[0] not in _PRIMITIVE and about.get("null", True):
            entries.append({"in": None, "is": None, **about.get("of null", {})})
        for index, entry in enumerate(entries):
            yield _case(path.stem, about["java"], target, index, entry)


def _case(family: str, java: str, target: MethodTarget, index: int, entry: dict[str, Any]) -> Case:
    arguments = entry["args"] if "args" in entry else [entry["in"]]
    values = entry["are"] if "are" in entry else [entry["is"]]
    out = entry.get("out", arguments[0] if arguments else None)
    marks = {key: entry[key] for key in ("generic", "typed", "wire", "refused", "large") if key in entry}
    short = ",".join(name.rsplit(".", 1)[-1] for name in target.erased or ())
    return Case(
        id=f"{family}-{target.method}({short})-{index}",
        family=family,
        java=java,
        interface=target.interface,
        method=target.method,
        erased=target.erased or (),
        request=dumps(arguments),
        values=tuple(values),
        out=dumps(out),
        first=index == 0,
        **marks,
    )
