"""Matchers inside matchers: `{">": 0}`, `{"qty": {">": 0}}`, `"@.qty > 0"`."""

from collections.abc import Mapping
from typing import Any

from workbench.errors import ExpressionError
from workbench.expr.matcher import MATCHERS, OPERATORS, Check, Matcher, Mismatch
from workbench.expr.names import MISSING, Scope
from workbench.expr.paths import Path, compile_path


def is_matchers(value: Any) -> bool:
    """Whether a mapping is `{matcher: expected}` and not a value to be equal to."""
    return isinstance(value, Mapping) and bool(value) and all(find_operator(key) is not None for key in value)


def find_operator(name: Any) -> tuple[Matcher, bool] | None:
    """The matcher of a name or symbol, and whether it is negated: not_contains, not_empty, not_null …"""
    found = OPERATORS.get(name)
    if found is not None:
        return found, False
    if isinstance(name, str) and name.startswith("not_"):
        return find_negated(name.removeprefix("not_"))
    return None


def find_negated(name: str) -> tuple[Matcher, bool] | None:
    """What `not NAME` means: `not contains`, `not null`."""
    found = OPERATORS.get(name) or OPERATORS.get(f"is_{name}")
    return None if found is None else (found, True)


def negated(check: Check) -> Check:
    def invert(actual: Any, scope: Scope) -> Mismatch | None:
        mismatch = check(actual, scope)
        if mismatch is None:
            return Mismatch()
        return None if mismatch.judged else mismatch

    return invert


def prepare(name: str, expected: Any) -> Check:
    """The check of one named matcher."""
    found = find_operator(name)
    if found is None:
        raise ExpressionError(f"there is no matcher {name!r}", hint=f"there are: {', '.join(MATCHERS)}")
    entry, inverse = found
    check = entry.prepare(expected)
    return negated(check) if inverse else check


def matchers_on(value: Mapping[str, Any], owner: str) -> Check:
    """All of `{matcher: expected}` on one value."""
    if not is_matchers(value):
        raise ExpressionError(f"{owner} wants matchers", hint=f'write {owner} {{">": 2}}')
    checks = [prepare(name, expected) for name, expected in value.items()]
    return lambda actual, scope: next((found for check in checks if (found := check(actual, scope)) is not None), None)


def item_check(expected: Any, owner: str) -> Check:
    """What `each` and `any` ask of an item."""
    if isinstance(expected, str):
        return _line_check(str(expected))
    if not isinstance(expected, Mapping) or not expected:
        raise ExpressionError(f"{owner} wants an object or an assertion", hint=f'write {owner} "@.qty > 0"')
    if all(key in OPERATORS and not key.isidentifier() for key in expected):
        return _reasoned("@", matchers_on(expected, owner), expected)
    checks = [_member_check(path, value) for path, value in expected.items()]
    return lambda item, scope: next((found for check in checks if (found := check(item, scope)) is not None), None)


def _member_check(text: str, value: Any) -> Check:
    path = compile_path(text if text.startswith("@") else f"@{text if text.startswith('[') else '.' + text}")
    check = matchers_on(value, text) if is_matchers(value) else prepare("equals", value)
    return _at(path, _reasoned(text, check, value), presence=_asks_presence(value))


def _asks_presence(value: Any) -> bool:
    return is_matchers(value) and all(OPERATORS[name].absent for name in value if name in OPERATORS)


def _at(path: Path, check: Check, *, presence: bool) -> Check:
    find, plain = path.find, path.plain

    def run(item: Any, scope: Scope) -> Mismatch | None:
        value = find({"@": item} if plain else {**scope, "@": item})
        if value is MISSING and not presence:
            return Mismatch(f"{path.text[1:].lstrip('.')} is absent")
        return check(value, scope)

    return run


def _reasoned(name: str, check: Check, expected: Any) -> Check:
    """A mismatch that names the member and its value."""
    from workbench.expr.messages import brief, expectation

    def run(actual: Any, scope: Scope) -> Mismatch | None:
        mismatch = check(actual, scope)
        if mismatch is None:
            return None
        found = "nothing" if actual is MISSING else brief(actual)
        reason = f"{name} {found}, expected {expectation(expected)}"
        return mismatch._replace(reason=f"{reason}; {mismatch.reason}" if mismatch.reason else reason)

    return run


def _line_check(line: str) -> Check:
    from workbench.expr.assertions import compile_line

    assertion = compile_line(line)

    def run(item: Any, scope: Scope) -> Mismatch | None:
        result = assertion.check({**scope, "@": item})
        return None if result.passed else Mismatch(result.message, result.differences)

    return run
