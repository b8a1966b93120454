"""Suite folder → model, or all that is wrong with it.

Fast path: YAML → plain values → `msgspec.convert`. Only where that fails does the JSON Schema look for every error.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import structs

from workbench.errors import ErrorGroup, SuiteError, WorkbenchError
from workbench.files import references
from workbench.files.checks import check
from workbench.files.exact_yaml import Document, decode, load
from workbench.files.expressions import ScriptCheck, expression_errors, script_errors
from workbench.files.layout import find_datasets, find_suite_files, is_item, steps_of, tool_files
from workbench.files.schemas import STEP_KINDS, at, is_text, schema_of
from workbench.files.validation import shape_errors
from workbench.model.manual import ManualFile
from workbench.model.suite import Scenario, SharedSteps, Suite, SuiteFile

T = TypeVar("T")
_TYPES: Mapping[str, Any] = {
    "suite": SuiteFile,
    "scenario": Scenario,
    "shared": dict[str, SharedSteps],
    "manual": ManualFile,
}


def read_suite(folder: Path, *, names: bool = True, scripts: ScriptCheck | None = None) -> Suite:
    """The whole suite. Raises ErrorGroup of SuiteError: every error of every file, each with file:line:column.

    `names`: also check that datasets, subsystems, shared groups and environments exist, and that targets, paths,
    templates and assertions compile. Without it a suite that is still being written can be read.
    `scripts`: also check these, with what knows their language and the keywords.
    """
    files, misplaced = find_suite_files(folder)
    errors: list[WorkbenchError] = [*misplaced]
    loaded: references.Loaded = []
    models: dict[Path, Any] = {}
    for kind, path in files:
        document, model = read_file(kind, path)
        errors += document.errors
        loaded.append((kind, document))
        models[path] = model
    errors += references.duplicate_ids(loaded)
    suite_file = models[files[0][1]]
    scenarios = {path.stem: models[path] for kind, path in files if kind == "scenario" and models[path]}
    errors += references.order_errors(loaded)
    shared = _shared(files, models)
    if names:
        errors += _unknown_names(folder, loaded, shared)
    for kind, document in loaded:
        if () not in document.broken:  # what could be read of a file that is no YAML ends anywhere
            errors += expression_errors(document, kind) if names else ()
            errors += script_errors(document, kind, scripts) if scripts else ()
    if errors:
        raise ErrorGroup(sorted(errors, key=_reading_order(files)))
    ordered = {slug: scenarios[slug] for slug in dict.fromkeys((*suite_file.order, *scenarios))}
    return Suite(file=structs.replace(suite_file, order=()), scenarios=ordered, shared=shared)


def _reading_order(files: list[tuple[str, Path]]) -> Callable[[WorkbenchError], tuple[int, int, int]]:
    """Errors as one meets them: file by file, from top to bottom."""
    number = {str(path): index for index, (_, path) in enumerate(files)}

    def place(error: WorkbenchError) -> tuple[int, int, int]:
        match = re.fullmatch(r"(.*?):(\d+):(\d+)", error.where, re.DOTALL)
        if match is None:
            return number.get(error.where, len(files)), 0, 0
        return number.get(match[1], len(files)), int(match[2]), int(match[3])

    return place


def read_file(kind: str, path: Path) -> tuple[Document, Any]:
    """A "suite", "scenario", "shared" or "manual" file: its document, with errors, and its model or None."""
    try:
        text = decode(path.read_bytes(), str(path))
    except SuiteError as error:
        return _hopeless(path, error), None
    except OSError as error:
        return _hopeless(path, SuiteError(f"cannot be read: {error.strerror}", where=str(path))), None
    return read_text(kind, text, str(path))


def read_text(kind: str, text: str, name: str) -> tuple[Document, Any]:
    """The same of a file's text; `name` stands in errors."""
    document = load(text, name, lambda path: is_item(kind, path))
    if document.data is None and not document.errors:
        document.errors.append(SuiteError("this file is empty", where=f"{name}:1:1", hint=_FIRST_LINE[kind]))
    if () in document.broken or (document.errors and document.data is None):
        return document, None
    _as_written(document, kind)
    check(document, kind)
    model = _convert(document, kind)
    return document, None if document.errors else model


_FIRST_LINE = {
    "suite": "a suite begins with suite: NAME and subsystem: NAME",
    "scenario": "a scenario begins with scenario: NAME",
    "shared": "shared steps begin with NAME: and steps: beneath",
    "manual": "it begins with interfaces: and the full name of one beneath",
}


def _hopeless(path: Path, error: SuiteError) -> Document:
    document = Document(str(path), "")
    document.errors.append(error)
    return document


def _as_written(document: Document, kind: str) -> None:
    """Where a text is wanted, a number or true is the text that stands there: `version: 1.10` is "1.10"."""
    schema = schema_of(kind)
    for path, raw in document.typed.items():
        if not path or raw == "null" or path[-1] == "kind":
            continue
        if is_text(at(schema, path, document.data)):
            container = document.data
            for part in path[:-1]:
                container = container[part]
            container[path[-1]] = raw


def _convert(document: Document, kind: str) -> Any:
    data = document.data
    if not document.broken:
        _add_comments(document, kind)
        for _, step in steps_of(kind, data):
            step["kind"] = next(key for key in STEP_KINDS if key in step)
        try:
            return msgspec.convert(data, _TYPES[kind])
        except msgspec.ValidationError as error:
            problem = error
        finally:
            for _, step in steps_of(kind, data):
                step.pop("kind", None)
    else:
        problem = None
    found = shape_errors(document, kind, data)
    if not found and problem is not None:  # the schema is laxer than the model: never silent
        found = [SuiteError(str(problem), where=document.where())]
    document.errors += found
    return None


def _add_comments(document: Document, kind: str) -> None:
    if kind == "manual":
        return  # its bytes are kept, and nothing writes it
    comments = document.comments
    if kind == "shared" and () in comments and isinstance(document.data, dict) and document.data:
        comments.setdefault((list(document.data)[-1],), []).extend(comments.pop(()))  # such a file has no field for it
    for path, lines in comments.items():
        item = document.data
        for part in path:
            item = item[part]
        if isinstance(item, dict):
            own = item.get("comment")
            item["comment"] = "\n".join([*lines, own] if isinstance(own, str) else lines)


def _shared(files: list[tuple[str, Path]], models: Mapping[Path, Any]) -> dict[str, SharedSteps]:
    return {
        f"{path.stem}.{name}": group
        for kind, path in files
        if kind == "shared"
        for name, group in (models[path] or {}).items()
    }


def _unknown_names(folder: Path, loaded: references.Loaded, shared: Mapping[str, SharedSteps]) -> list[SuiteError]:
    datasets, errors = find_datasets(folder)
    return errors + references.unknown_names(loaded, shared, datasets, tool_files(folder))
