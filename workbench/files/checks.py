"""What is checked in the texts of one file: step kinds, requests, assertions, durations.

All of it works on plain data, so that it can also speak of files that are wrong elsewhere.
"""

import re
from datetime import date
from typing import Any

from workbench.errors import ExpressionError, JsonError, SuiteError, UsageError
from workbench.files.environment_checks import check_environments
from workbench.files.exact_yaml import Document
from workbench.files.layout import Place, cases_of, steps_of
from workbench.files.names import coded
from workbench.files.schemas import ID, ID_HINT, STEP_KINDS
from workbench.model import json
from workbench.model.durations import millis
from workbench.model.near import near_names
from workbench.model.suite import UNREAD, UNREAD_HINTS

_BLOCK = "write it as a line under `assert: |`"
_FOLDED = ("", None, ">", "'", '"')


def check(document: Document, kind: str) -> None:
    """Adds errors to the document."""
    if kind == "scenario" and isinstance(document.data, dict):
        _id(document, (), document.data)
    for path, step in steps_of(kind, document.data):
        _id(document, path, step)
        _kind(document, path, step)
        _request(document, path, step)
        _assertions(document, path, step)
        _durations(document, path, step, ("timeout",))
        if isinstance(step.get("retry"), dict):
            _durations(document, (*path, "retry"), step["retry"], ("every",))
        for name in ("script", "before", "after"):
            _not_folded(document, (*path, name), step.get(name))
    if kind == "scenario":
        for path, case in cases_of(document.data):
            _id(document, path, case)
            _durations(document, path, case, ("timeout",))
            _quarantine(document, path, case)
    elif kind == "suite" and isinstance(document.data, dict):
        if isinstance(document.data.get("defaults"), dict):
            _durations(document, ("defaults",), document.data["defaults"], ("step", "hook", "case", "run"))
        _causes(document, document.data.get("causes"))
        _dependencies(document, document.data.get("dependencies"))
        check_environments(document, document.data.get("environments"))


def _dependencies(document: Document, dependencies: Any) -> None:
    """Their contracts are files named by them; the name of none is that of the suite's own subsystem."""
    for name in dependencies if isinstance(dependencies, dict) else ():
        if not name:
            hint = "the name of another subsystem, or of a tool library"
            document.add("a dependency needs a name", ("dependencies", name), key=True, hint=hint)
        try:
            coded(name)
        except SuiteError as error:
            document.add(error.message, ("dependencies", name), key=True, hint=error.hint)


def _quarantine(document: Document, path: Place, case: dict[str, Any]) -> None:
    """A quarantine has an end, and an end has its quarantine."""
    given, hint = case.get("quarantine"), "quarantine: { owner: NAME, until: 2026-03-31, reason: … }"
    if case.get("state") == "quarantined" and given is None:
        document.add("a quarantined case says who brings it back, and until when", (*path, "state"), hint=hint)
    elif given is not None and case.get("state") != "quarantined":
        document.add("this case is not quarantined", (*path, "quarantine"), key=True, hint="state: quarantined")
    until = given.get("until") if isinstance(given, dict) else None
    if isinstance(until, str) and not _is_day(until):
        document.add(f"{until!r} is no day", (*path, "quarantine", "until"), hint="write it as 2026-03-31")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _causes(document: Document, rules: Any) -> None:
    from workbench.expr import pattern  # here, for most suites have no rules

    for index, rule in enumerate(rules if isinstance(rules, list) else ()):
        if not isinstance(rule, dict):
            continue
        place = ("causes", index)
        if not any(rule.get(name) for name in ("cause", "message", "exception")):
            hint = "give it one or more of cause, message and exception"
            document.add("this rule has no condition, so every failure would fit it", place, hint=hint)
        for name in ("message", "exception"):
            try:
                pattern(rule[name] if isinstance(rule.get(name), str) else "")
            except ExpressionError as error:
                document.add(error.message, (*place, name), hint=error.hint)


def _id(document: Document, path: Place, item: dict[str, Any]) -> None:
    """`#`, blanks and the like would break the ids of results: case#row."""
    value = item.get("id")
    if isinstance(value, str) and not re.fullmatch(ID, value):
        document.add(f"{value!r} is not an id", (*path, "id"), hint=ID_HINT)


def _kind(document: Document, path: Place, step: dict[str, Any]) -> None:
    kinds = [kind for kind in STEP_KINDS if kind in step]
    if "kind" in step:
        document.add(
            "a step has no key kind", (*path, "kind"), key=True, hint="its kind is the key that names its target"
        )
    if not kinds:
        near = [(key, near_names(key, STEP_KINDS, limit=1, cutoff=75)) for key in step]
        slip = next((f"is {key} meant to be {name[0]}?" for key, name in near if name), "")
        what = f"a step wants one of the keys {', '.join(STEP_KINDS)}"
        document.add(what, path, hint=slip or "dubbo: com.example.Facade#method, http: GET https://…, script: …")
    elif len(kinds) == 1:
        if kinds == ["redis"] and step.get("request") is None:
            document.add("a redis step wants its command", path, hint='request: \'["GET", "order:1"]\'')
        for key in step.keys() & set(UNREAD.get(kinds[0], ())):
            document.add(f"a {kinds[0]} step has no {key}", (*path, key), key=True, hint=UNREAD_HINTS[kinds[0]])
    else:
        lines = " and ".join(kinds)
        document.add(f"a step has one kind, this one has {lines}", path, hint="make two steps of it")


def _request(document: Document, path: Place, step: dict[str, Any]) -> None:
    text, path = step.get("request"), (*path, "request")
    if not isinstance(text, str):
        return
    try:
        json.loads_unique(text)
    except JsonError as error:
        where, hint, rest = document.where(path), error.hint, ""
        if error.where:
            line, column = map(int, error.where.split(":"))
            where = document.where_in_text(path, line, column)
            rest = text.split("\n")[line - 1][column - 1 :]
        if not text.strip():
            hint = "leave the key out, or write [] for no arguments"
        elif "getContext(" in text and not rest.startswith("$"):
            hint = 'inside a text write ${ctx.x} instead of $app.getContext("x")'
        message = error.message.removeprefix("not JSON: ")
        document.errors.append(SuiteError(f"the request is not JSON: {message}", where=where, hint=hint))
        document.broken.add(path)


def _assertions(document: Document, path: Place, step: dict[str, Any]) -> None:
    value, path = step.get("assert"), (*path, "assert")
    _not_folded(document, path, value)
    if isinstance(value, str) and path not in document.broken:
        _lines(document, path, value)
    elif isinstance(value, dict):
        _mapping(document, path, path, value)
    items = value if isinstance(value, list) else ()
    for index, item in enumerate(items):
        if isinstance(item, str):
            _lines(document, (*path, index), item)
        elif isinstance(item, dict):
            _mapping(document, path, (*path, index), item)
        else:
            document.add("an assertion is a line or a mapping PATH: {matcher: JSON}", (*path, index), hint=_BLOCK)
        if path in document.broken or (*path, index) in document.broken:
            # the items behind it are the rest of what YAML has cut
            document.broken.update((*path, rest) for rest in range(index, len(items)))
            return


def _mapping(document: Document, block: Place, path: Place, item: dict[str, Any]) -> None:
    """`PATH: {matcher: JSON}` is fine; a key that holds an operator is a line that YAML has taken apart."""
    for key in item:
        bare, whole = _outside(key)
        if re.search(r"\s", bare.strip()) or not whole:
            message = f"YAML has read this assertion as the key `{key}` and a value, because of `: ` in it"
            document.add(message, (*path, key), hint=_BLOCK, key=True)
            document.broken.add(block)
            return


def _lines(document: Document, path: Place, text: str) -> None:
    """Outside of blocks YAML ends a text at ` #`, `, ` …; in a block nothing is cut, and values may have lines."""
    if getattr(document.values.get(path), "style", None) == "|":
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("#") or _outside(line)[1]:
            continue
        where = document.where_in_text(path, number, len(line) - len(line.lstrip()) + 1)
        short = line.strip() if len(line.strip()) <= 60 else f"{line.strip()[:57]}…"
        message = f"the assertion `{short}` is cut off: a quote or bracket is not closed"
        hint = f"YAML ends it at ` #`, `,` or a bracket: {_BLOCK}"
        document.errors.append(SuiteError(message, where=where, hint=hint))
        document.broken.add(path)


_CLOSES = {"]": "[", "}": "{", ")": "("}


def _outside(line: str) -> tuple[str, bool]:
    """The line without what stands in quotes and brackets, and whether all of these are closed."""
    kept: list[str] = []
    brackets: list[str] = []
    quote, escaped = "", False
    for char in line:
        if quote:
            if char == quote and not escaped:
                quote = ""
            escaped = char == "\\" and not escaped
        elif char == '"' or (char == "'" and "[" in brackets):  # JSONPath has both kinds in its brackets
            quote = char
        elif char in "[{(":
            brackets.append(char)
        elif char in _CLOSES:
            if not brackets or brackets.pop() != _CLOSES[char]:
                return "".join(kept), False
        elif not brackets:
            kept.append(char)
    return "".join(kept), not quote and not brackets


def _not_folded(document: Document, path: Place, value: Any) -> None:
    event = document.values.get(path)
    if (
        not isinstance(value, str)
        or event is None
        or getattr(event, "style", "|") not in _FOLDED
        or "\n" in value.strip()
    ):
        return
    source = document.text[event.start_mark.index : event.end_mark.index].split("\n")
    lines = [line for line in source[event.style == ">" :] if line.strip()]
    if len(lines) > 1:
        hint = f"write `{path[-1]}: |` and the lines below"
        document.add(f"YAML makes one line of these {len(lines)}", path, hint=hint)


def _durations(document: Document, path: Place, item: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        value = item.get(name)
        if not isinstance(value, str) or not value:
            continue
        try:
            if millis(value) == 0 and name != "every":
                document.add("a time limit of 0 leaves no time", (*path, name), hint="leave the key out, or write 5s")
        except UsageError as error:
            document.add(error.message, (*path, name), hint=error.hint)
