"""Assertions: a path, a matcher and an expected value, compiled once and checked many times."""

from collections.abc import Callable, Mapping
from typing import Any

from workbench.errors import ErrorGroup, ExpressionError, JsonError, UnknownNameError, WorkbenchError
from workbench.expr import messages
from workbench.expr.expected import Declared, Expected, compile_expected
from workbench.expr.lines import Line, parse_lines, scan_lines
from workbench.expr.matchers import OPERATORS, Check, Matcher, Mismatch
from workbench.expr.names import MISSING, Scope, check_roots, marked, suggestion, unmarked
from workbench.expr.nested import find_negated, find_operator, is_matchers, negated
from workbench.expr.paths import Path, compile_path
from workbench.expr.quick import quick, quick_slot
from workbench.expr.slots import Slot
from workbench.expr.text import compile_text
from workbench.expr.values import ValueTemplate
from workbench.model import json
from workbench.model.json import Json
from workbench.model.result import AssertionResult
from workbench.model.suite import Assertions


class Assertion:
    """One compiled assertion."""

    __slots__ = (
        "_check",
        "_expected",
        "_find",
        "_passed",
        "_prepare",
        "_subject",
        "check",
        "on_exception",
        "operator",
        "path",
        "references",
        "text",
    )

    check: Callable[[Scope], AssertionResult]

    def __init__(
        self, text: str, subject: Path | Slot, matcher: Matcher, inverse: bool, operator: str, expected: Expected
    ) -> None:
        self.text = text
        self._subject = subject
        self.path = subject.text
        self.operator = operator
        self.references = subject.references | expected.references
        self._find = _finder(subject, presence=matcher.absent)
        self._prepare = _preparation(matcher, inverse)
        self._expected = expected
        self._check: Check | None = self._prepare(expected.value) if expected.build is None else None
        self._passed = AssertionResult(text, True, self.path, operator, _json_or_none(expected))
        self.on_exception = _wants_exception(subject, matcher, inverse, expected)
        self.check = self._fast(matcher, inverse) or self._slow

    def _fast(self, matcher: Matcher, inverse: bool) -> Callable[[Scope], AssertionResult] | None:
        plain = isinstance(self._subject, Path) and self._subject.plain and not self._subject.data
        if not plain or inverse or matcher.absent:
            return None
        if self._check is not None:
            return quick(matcher.name, self._expected.value, self._find, self._passed, self._judge)
        slot = self._expected.slot if matcher.name == "equals" else None
        return (
            quick_slot(self._expected.whole_node(), slot.find, self._find, self._passed, self._judge) if slot else None
        )

    def _slow(self, scope: Scope) -> AssertionResult:
        try:
            actual = self._find(scope)
        except UnknownNameError:
            raise
        except ExpressionError as error:  # a query over hostile data
            return self._failed(Mismatch(error.message), MISSING, self._expected.value, scope)
        return self._judge(scope, actual)

    def _judge(self, scope: Scope, actual: Any) -> AssertionResult:
        """Never raises for what an answer may hold; UnknownNameError for a `${…}` that names nothing."""
        expected, check = self._expected.value, self._check
        try:
            if check is None:
                expected = self._expected.render(scope)
                check = self._prepare(expected)
            mismatch = check(actual, scope)
        except UnknownNameError:
            raise
        except ExpressionError as error:
            mismatch = Mismatch(error.message)
        except RecursionError:
            mismatch = Mismatch("the values are nested too deeply to be compared")
        except ArithmeticError as error:
            mismatch = Mismatch(f"it cannot be computed: {type(error).__name__}")
        if mismatch is None:
            return self._passed
        return self._failed(mismatch, actual, expected, scope)

    def _failed(self, mismatch: Mismatch, actual: Any, expected: Any, scope: Scope) -> AssertionResult:
        told = self._told(mismatch, actual, expected, scope)
        return AssertionResult(
            text=self.text,
            passed=False,
            path=self.path,
            operator=self.operator,
            expected=None if expected is MISSING else _text(expected),
            actual=None if actual is MISSING else _text(actual),
            message=self._message(mismatch, told),
            differences=mismatch.differences,
            type_only=mismatch.type_only,
            told=told,
        )

    def _told(self, mismatch: Mismatch, actual: Any, expected: Any, scope: Scope) -> tuple[str, str, str]:
        """What was wanted, what was found, why that is not it; without the first two the differences say it."""
        if mismatch.differences:
            return "", "", mismatch.reason
        wanted = self.operator if expected is MISSING else f"{self.operator} {messages.brief(expected)}"
        found = messages.nothing(self._subject, scope) if actual is MISSING else messages.brief(actual)
        return wanted, found, mismatch.reason

    def _message(self, mismatch: Mismatch, told: tuple[str, str, str]) -> str:
        wanted, found, reason = told
        if mismatch.differences:
            return f"{self.path}: {reason + ': ' if reason else ''}{messages.differences(mismatch.differences)}"
        return f"{self.path}: expected {wanted}, found {found}{f' ({reason})' if reason else ''}"

    def __repr__(self) -> str:
        return f"Assertion({self.text!r})"


def compile_assertions(spec: Assertions, *, where: str = "", declared: Declared | None = None) -> tuple[Assertion, ...]:
    """Compile a block of lines, or a list of lines and `{path: {matcher: JSON}}` / `{path: JSON}` (equals).

    `declared` gives the Java type of a path of the answer; texts from data are then read as that type.
    Raises ExpressionError, or ErrorGroup when several entries are wrong.
    """
    found: list[Assertion] = []
    errors: list[WorkbenchError] = []
    for entry in (spec,) if isinstance(spec, str) else spec or ():
        try:
            found += _entry(entry, where, declared)
        except ErrorGroup as group:
            errors.extend(group.errors)
        except WorkbenchError as error:
            errors.append(error)
    if errors:
        raise errors[0] if len(errors) == 1 else ErrorGroup(errors)
    return tuple(found)


def compile_line(text: str, *, where: str = "") -> Assertion:
    """Exactly one assertion."""
    lines = parse_lines(text, where=where)
    if len(lines) != 1:
        raise ExpressionError(f"one assertion is expected, found {len(lines)}", where=where, hint='write "@.qty > 0"')
    return from_line(lines[0], where)


def from_line(line: Line, where: str, declared: Declared | None = None) -> Assertion:
    """The assertion of a parsed line."""
    assert line.matcher is not None
    subject = line.subject if isinstance(line.subject, Slot) else compile_path(line.subject, where=where)
    return _assertion(line.text, subject, line.matcher, line.negated, line.operator, line.operand, where, declared)


def _entry(entry: Json, where: str, declared: Declared | None) -> list[Assertion]:
    if isinstance(entry, str):
        return _block(entry, where, declared)
    if isinstance(entry, Mapping) and entry and all(isinstance(path, str) for path in entry):
        return [each for path, value in entry.items() for each in _mapping(path, value, where, declared)]
    raise ExpressionError(
        "an assertion is a line or a mapping",
        where=where,
        hint='write response.code == "0000", or response.code: "0000"',
    )


def _block(text: str, where: str, declared: Declared | None) -> list[Assertion]:
    """Every wrong line is told, with its place where there are several."""
    lines, scanned = scan_lines(text, where=where)
    found: list[Assertion] = []
    errors: list[WorkbenchError] = list(scanned)
    for line in lines:
        try:
            found.append(from_line(line, where, declared))
        except ExpressionError as error:
            place = f" (line {line.number}, column 1)" if line.number else ""
            errors.append(type(error)(f"{error.message}{place}", where=error.where, hint=error.hint))
    if errors:
        raise errors[0] if len(errors) == 1 else ErrorGroup(errors)
    return found


def _mapping(text: str, value: Json, where: str, declared: Declared | None) -> list[Assertion]:
    subject = _subject(text, where)
    matchers = value if is_matchers(value) else {"==": value}
    found = []
    for name, operand in matchers.items():
        entry = find_operator(name)
        assert entry is not None  # is_matchers looked
        line = f"{text} {name} {json.dumps(operand)}"
        found.append(_assertion(line, subject, *entry, name, operand, where, declared))
    return found


def _subject(text: str, where: str) -> Path | Slot:
    if text.startswith("${"):
        template = compile_text(text, where=where)
        if template.alone is not None:
            return template.alone
    try:
        return compile_path(text, where=where)
    except ExpressionError as error:
        word = next((part for part in text.split() if part in OPERATORS), None)
        if word is None:
            raise
        raise ExpressionError(
            f"the key {text!r} holds the operator {word}: YAML read a line as a mapping",
            where=where,
            hint="write assertions below `assert: |`, one a line",
        ) from error


def _assertion(
    text: str,
    subject: Path | Slot,
    matcher: Matcher,
    inverse: bool,
    operator: str,
    operand: Any,
    where: str,
    declared: Declared | None,
) -> Assertion:
    try:
        check_roots(subject.references)
        expected = _expected(operand, subject, matcher, where, declared)
        return Assertion(text, subject, matcher, inverse, operator, expected)
    except ExpressionError as error:
        raise type(error)(f"{error.message} in {text}", where=where, hint=error.hint) from error


def _expected(operand: Any, subject: Path | Slot, matcher: Matcher, where: str, declared: Declared | None) -> Expected:
    if matcher.name in ("each", "any") and isinstance(operand, str):  # a line, which reads its own slots
        return Expected(ValueTemplate(operand, None, compile_line(operand, where=where).references))
    return compile_expected(operand, subject.text, matcher.name, where=where, declared=declared)


def _finder(subject: Path | Slot, *, presence: bool) -> Callable[[Scope], Any]:
    """How to get the actual value; texts of data roots are marked, no exception at all counts as absent."""
    if isinstance(subject, Slot):
        return subject.find_marked
    find = subject.find
    if subject.data:
        return lambda scope: marked(find(scope))
    if subject.root == "exception" and not subject.steps:
        return lambda scope: MISSING if (value := find(scope)) is None else value
    if presence and not subject.singular:  # a query exists when it finds something
        return lambda scope: find(scope) or MISSING
    return find


def _preparation(matcher: Matcher, inverse: bool) -> Callable[[Any], Check]:
    def prepare(expected: Any) -> Check:
        check = matcher.prepare(expected)
        check = negated(check) if inverse else check
        return check if matcher.absent else _present(check)

    return prepare


def _present(check: Check) -> Check:
    def run(actual: Any, scope: Scope) -> Mismatch | None:
        return Mismatch(judged=False) if actual is MISSING else check(actual, scope)

    return run


def _wants_exception(subject: Path | Slot, matcher: Matcher, inverse: bool, expected: Expected) -> bool:
    """`exception absent` is the one assertion on it that expects none."""
    if not isinstance(subject, Path) or subject.root != "exception":
        return False
    if not matcher.absent:
        return True
    asks_presence = (matcher.name == "exists") != (expected.value is False)
    return asks_presence != inverse


def _json_or_none(expected: Expected) -> str | None:
    return None if expected.value is MISSING or expected.build is not None else _text(expected.value)


def _text(value: Any) -> str:
    try:
        return json.dumps(unmarked(value))
    except (JsonError, RecursionError):
        return '"(it cannot be shown)"'


def check_matcher(operator: str, actual: Json, expected: Json = MISSING, **options: Any) -> AssertionResult:
    """One matcher on one value, for scripts. Options: `path` and `text` for messages, `ignoring` (paths) and
    `unordered` for equals and json_equals, `delta` for close_to. Raises ExpressionError for an unknown matcher."""
    name = operator.removeprefix("not ").strip()
    found = find_operator(name) if name == operator else find_negated(name)
    if found is None:
        raise ExpressionError(f"there is no matcher {operator!r}", hint=suggestion(operator, OPERATORS))
    matcher, inverse = found
    if options.get("ignoring") or (options.get("unordered") and matcher.name in ("equals", "json_equals")):
        matcher = OPERATORS["json_equals"]
        expected = {
            "expected": expected,
            "ignoring": list(options.get("ignoring", ())),
            "unordered": bool(options.get("unordered")),
        }
    if "delta" in options:
        expected = [expected, options["delta"]]
    path = options.get("path", "value")
    shown = "" if expected is MISSING else f" {messages.brief(expected)}"
    text = options.get("text") or f"{path} {operator}{shown}"
    template = None if expected is MISSING else ValueTemplate(expected, None, frozenset())
    subject = Path(path, "@", (), lambda scope: scope["@"], plain=True)
    return Assertion(text, subject, matcher, inverse, operator, Expected(template)).check({"@": actual})
