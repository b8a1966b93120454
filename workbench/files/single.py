"""A case, a scenario or a file of shared steps that is saved by itself: what would be wrong with it in its suite.

One that a run of the suite would refuse must not be saved: it would hinder all other cases of the version. The checks
are those of files, so it is written as a file in memory; errors then name fields instead of lines.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Literal

from msgspec import Struct

from workbench.errors import SuiteError
from workbench.files import references
from workbench.files.exact_yaml import Document
from workbench.files.expressions import ScriptCheck, expression_errors, script_errors
from workbench.files.formatter import canonical
from workbench.files.ids import derive_missing_ids
from workbench.files.layout import Place
from workbench.files.reader import read_text
from workbench.files.writer import file_text
from workbench.model.suite import Case, Scenario, SharedSteps, Suite, SuiteFile

SingleKind = Literal["suite", "scenario", "case", "shared"]
_CASE: Place = ("cases", 0)


class Around(Struct, frozen=True, kw_only=True):
    """What of the suite a document may name. `shared`: "common.login" → its steps."""

    file: SuiteFile
    shared: Mapping[str, SharedSteps]
    datasets: Collection[str]


def errors_of(kind: SingleKind, key: str, value: Any, around: Around, scripts: ScriptCheck | None) -> list[SuiteError]:
    """All that is wrong with it; `where` is a JSON pointer, as `/steps/0/assert`.

    `value`: a SuiteFile, Scenario, Case or a mapping of shared groups. `scripts`: says what is wrong with one.
    """
    of_file: str = "scenario" if kind == "case" else kind
    whole = Scenario(scenario="-", cases=(value,)) if kind == "case" else value
    try:
        document, _ = read_text(of_file, file_text(whole), kind)
    except SuiteError as error:  # what no file can hold
        return [error]
    suite = document if kind == "suite" else read_text("suite", file_text(around.file), "suite.yaml")[0]
    loaded: references.Loaded = [("suite", suite), (of_file, document)][kind == "suite" :]
    shared = dict(around.shared)
    if kind == "shared":
        shared |= {f"{key}.{name}": group for name, group in value.items()}
    found = [*document.errors, *references.duplicate_ids(loaded)]
    found += references.unknown_names(loaded, shared, around.datasets, ())
    found += expression_errors(document, of_file)
    found += script_errors(document, of_file, scripts) if scripts else ()
    lead = _CASE if kind == "case" else ()
    return [_at_field(document, error, lead) for error in found if error.where.startswith(f"{kind}:")]


def as_kept(kind: str, key: str, value: Any, file: SuiteFile) -> Any:
    """The case, scenario or mapping of shared groups in canonical form: every step has an id, the same one each time,
    and texts end as in files, so that `fmt` has nothing to change in what is exported."""
    if kind == "shared":
        shared = {f"{key}.{name}": group for name, group in value.items()}
        filled = canonical(derive_missing_ids(Suite(file=file, shared=shared))).shared
        return {name: filled[f"{key}.{name}"] for name in value}
    scenario = Scenario(id=key, scenario="-", cases=(value,)) if isinstance(value, Case) else value
    (made,) = canonical(derive_missing_ids(Suite(file=file, scenarios={key: scenario}))).scenarios.values()
    return made.cases[0] if isinstance(value, Case) else made


def _at_field(document: Document, error: SuiteError, lead: Place) -> SuiteError:
    """The same, with fields in the place of lines and columns."""
    place = re.compile(rf"\b{re.escape(document.name)}:(\d+):(\d+)")

    def field(match: re.Match[str]) -> tuple[str, int]:
        return _field(document, int(match[1]) - 1, int(match[2]) - 1, lead)

    where, line = field(match) if (match := place.match(error.where)) else ("", 0)
    message = place.sub(lambda found: field(found)[0], error.message)
    return SuiteError(f"line {line}: {message}" if line else message, where=where, hint=error.hint)


def _field(document: Document, line: int, column: int, lead: Place) -> tuple[str, int]:
    """(JSON pointer, line of a text of several lines or 0) of a 0-based place in the file: what begins there, or was
    the last to begin before."""
    marks = [(mark.line, mark.column, len(path), path) for path, mark in document.keys.items()]
    marks += [(each.start_mark.line, each.start_mark.column, len(path), path) for path, each in document.values.items()]
    *_, path = max((mark for mark in marks if mark[:2] <= (line, column)), default=(0, 0, 0, ()))
    event = document.values.get(path)
    several = event is not None and "\n" in str(getattr(event, "value", "")).strip()
    parts = path[len(lead) :] if path[: len(lead)] == lead else ()
    pointer = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
    return pointer, line - event.start_mark.line if event is not None and several else 0
