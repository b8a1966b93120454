"""Targets, paths, templates, assertions and scripts of a file: compiled once for their errors, all of them.

It works on plain data, so that a file whose shape is wrong elsewhere tells these at the same time.
The engine compiles them again when it runs them (most of it comes from caches then); here a tester sees every error
at once, with its line in the file, before anything has started.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from workbench.errors import ErrorGroup, ScriptError, SuiteError, WorkbenchError
from workbench.expr import (
    check_roots,
    compile_assertions,
    compile_condition,
    compile_json,
    compile_path,
    compile_text,
    compile_value,
)
from workbench.files.exact_yaml import Document
from workbench.files.layout import Place, cases_of, steps_of
from workbench.model.targets import parse_target, parse_tool_target

# what the engine renders as text templates
_TEXTS = ("group", "version", "url", "tag")
_MAPPINGS = ("attachments", "headers", "query", "form")
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
# how messages tell the place in the text: "(column 3)", "(line 2, column 3)", "that begins at line 2, column 6"
_COLUMN = re.compile(r" \((?:line (\d+), )?column (\d+)\)|(?: that begins)? at (?:line (\d+), )?column (\d+)")
Check = tuple[Place, Any, Callable[[Any], object]]
ScriptCheck = Callable[[str], Iterable[ScriptError]]
"""All that is wrong with a script: its syntax, and keywords that there are not."""


def expression_errors(document: Document, kind: str) -> list[SuiteError]:
    """Everything in the steps that does not compile; disabled ones are passed over, as in a run, and so is what the
    document's errors speak of already."""
    errors: list[SuiteError] = []
    for path, step in steps_of(kind, document.data, enabled=True):
        for place, value, compile_ in _checks(step):
            if document.is_broken((*path, *place)):
                continue
            try:
                compile_(value)
            except WorkbenchError as error:
                found = error.errors if isinstance(error, ErrorGroup) else (error,)
                errors += (_placed(document, (*path, *place), one) for one in found)
    return errors


def script_errors(document: Document, kind: str, check: ScriptCheck) -> list[SuiteError]:
    """What is wrong with script steps and with what stands before and after scenarios, cases and steps."""
    return [
        _in_script(document, path, text, error)
        for path, text in _scripts(kind, document.data)
        if not document.is_broken(path)
        for error in check(text)
    ]


def _scripts(kind: str, data: Any) -> Iterator[tuple[Place, str]]:
    items = list(steps_of(kind, data, enabled=True))
    if kind == "scenario" and isinstance(data, dict) and data.get("disabled") is not True:
        items = [((), data), *cases_of(data, enabled=True), *items]
    for path, item in items:
        for key in ("before", "script", "after"):
            text = item.get(key)
            if isinstance(text, str) and text.strip():
                yield (*path, key), text


_BREAK = re.compile(r"\r\n|\r|\n")  # of a script, as Python has them


def _in_script(document: Document, path: Place, text: str, error: ScriptError) -> SuiteError:
    where = document.where(path)
    if error.line:
        line = _BREAK.split(text)[error.line - 1]
        where = document.where_in_text(path, error.line, len(line) - len(line.lstrip()) + 1)
    return SuiteError(error.message, where=where, hint=error.hint)


def _checks(step: dict[str, Any]) -> Iterator[Check]:
    """What is no text where one is wanted is left out: that is told of its shape."""
    for key, compile_ in _COMPILED.items():
        if isinstance(step.get(key), str):
            yield (key,), step[key], compile_
    yield from _judging(step)
    for key in _MAPPINGS:
        for name, value in _items(step, key):
            if isinstance(value, str):
                yield (key, name), value, compile_text
    for name, value in _items(step, "with"):
        yield ("with", name), value, compile_value


def _items(step: dict[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    value = step.get(key)
    return value.items() if isinstance(value, dict) else ()


def _judging(step: dict[str, Any]) -> Iterator[Check]:
    for name, value in _items(step, "extract"):
        if isinstance(value, str):
            yield ("extract", name), value, _source
    asserted = step.get("assert")
    if isinstance(asserted, list):
        for index, item in enumerate(asserted):
            yield ("assert", index), [item], compile_assertions
    elif isinstance(asserted, str):
        yield ("assert",), asserted, compile_assertions
    for key, value in _items(step, "retry"):
        if key == "until" and isinstance(value, str):
            yield ("retry", key), value, _condition


def _condition(text: str) -> None:
    if text.strip():
        compile_condition(text)


def _source(text: str) -> None:
    check_roots(compile_path(text).references)


def _http(text: str) -> None:
    verb, _, address = text.strip().partition(" ")
    if verb.upper() not in _VERBS or not address.strip():
        raise SuiteError(f"{text!r} is no HTTP request", hint="write it as: GET https://host/path")
    compile_text(address.strip())


def _statement(text: str) -> None:
    if "${" in text:
        hint = "a value never becomes part of the SQL: write :name there, and the value under request"
        raise SuiteError("there is a ${…} in the statement", hint=hint)


_COMPILED: Mapping[str, Callable[[str], object]] = {
    "dubbo": parse_target,
    "tool": parse_tool_target,
    "http": _http,
    "statement": _statement,
    "request": compile_json,
    "when": _condition,
    **dict.fromkeys(_TEXTS, compile_text),
}


def _placed(document: Document, path: Place, error: WorkbenchError) -> SuiteError:
    """The error at its place in the file: the message tells line and column in the text, if any."""
    matches = list(_COLUMN.finditer(error.message))
    match = next((each for each in matches if each[1] or each[3]), matches[0] if matches else None)
    message, where = _COLUMN.sub("", error.message), document.where(path)
    if match:
        where = document.where_in_text(path, int(match[1] or match[3] or 1), int(match[2] or match[4]))
    elif error.where:  # a path inside the value, as $[0].amount
        message = f"{error.where}: {message}"
    return SuiteError(message, where=where, hint=error.hint)
