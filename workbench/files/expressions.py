"""Targets, paths, templates and assertions of a file's steps: compiled once for their errors, all of them.

The engine compiles them again when it runs them (most of it comes from caches then); here a tester sees every error
at once, with its line in the file, before anything has started.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from workbench.errors import ErrorGroup, SuiteError, WorkbenchError
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
from workbench.files.layout import Place, steps_of
from workbench.model.targets import parse_target, parse_tool_target

# what the engine renders as text templates
_TEXTS = ("group", "version", "url", "tag")
_MAPPINGS = ("attachments", "headers", "query", "form")
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
# how messages tell the place in the text: "(column 3)", "(line 2, column 3)", "that begins at line 2, column 6"
_COLUMN = re.compile(r" \((?:line (\d+), )?column (\d+)\)|(?: that begins)? at (?:line (\d+), )?column (\d+)")
Check = tuple[Place, Any, Callable[[Any], object]]


def expression_errors(document: Document, kind: str) -> list[SuiteError]:
    """Everything in the steps that does not compile; disabled ones are passed over, as in a run."""
    errors: list[SuiteError] = []
    for path, step in steps_of(kind, document.data, enabled=True):
        for place, value, compile_ in _checks(step):
            try:
                compile_(value)
            except WorkbenchError as error:
                found = error.errors if isinstance(error, ErrorGroup) else (error,)
                errors += (_placed(document, (*path, *place), one) for one in found)
    return errors


def _checks(step: dict[str, Any]) -> Iterator[Check]:
    kinds = (("dubbo", parse_target), ("tool", parse_tool_target), ("http", _http), ("statement", _statement))
    for key, compile_ in kinds:
        if key in step:
            yield (key,), step[key], compile_
    if step.get("request") is not None:
        yield ("request",), step["request"], compile_json
    yield from _judging(step)
    for key in _TEXTS:
        if key in step:
            yield (key,), step[key], compile_text
    for key in _MAPPINGS:
        for name, value in step.get(key, {}).items():
            yield (key, name), value, compile_text
    for name, value in step.get("with", {}).items():
        yield ("with", name), value, compile_value


def _judging(step: dict[str, Any]) -> Iterator[Check]:
    if step.get("when", "").strip():
        yield ("when",), step["when"], compile_condition
    for name, value in step.get("extract", {}).items():
        yield ("extract", name), value, _source
    asserted = step.get("assert")
    if isinstance(asserted, list):
        for index, item in enumerate(asserted):
            yield ("assert", index), [item], compile_assertions
    elif asserted:
        yield ("assert",), asserted, compile_assertions
    until = (step.get("retry") or {}).get("until", "")
    if until.strip():
        yield ("retry", "until"), until, compile_condition


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
