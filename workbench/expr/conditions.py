"""Conditions of `when` and `retry.until`: one assertion line, or a bare `${…}` that is true or false."""

from collections.abc import Callable

from workbench.errors import ExpressionError
from workbench.expr.assertions import from_line
from workbench.expr.lines import parse_condition
from workbench.expr.names import DATA_ROOTS, MISSING, Reference, Scope, unknown
from workbench.expr.numbers import to_text
from workbench.expr.paths import Path, compile_path
from workbench.expr.slots import Slot
from workbench.model.words import clipped

_KNOWN_BEFORE = DATA_ROOTS | {"ctx", "steps"}  # a name missing there is a mistake, and no answer


class Condition:
    """`holds(scope)`. Raises UnknownNameError for a name that ctx, row, config … have not; a path into the answer
    that names nothing does not hold."""

    __slots__ = ("holds", "references", "text")

    holds: Callable[[Scope], bool]

    def __init__(self, text: str, holds: Callable[[Scope], bool], references: frozenset[Reference]) -> None:
        self.text = text
        self.holds = holds
        self.references = references

    def __repr__(self) -> str:
        return f"Condition({self.text!r})"


def compile_condition(text: str, *, where: str = "") -> Condition:
    """Compile a condition. Raises ExpressionError."""
    line = parse_condition(text, where=where)
    if line.matcher is None:
        subject = line.subject if isinstance(line.subject, Slot) else compile_path(line.subject, where=where)
        return Condition(line.text, _truth(subject, where), subject.references)
    assertion = from_line(line, where)
    path = None if isinstance(line.subject, Slot) else compile_path(line.subject)
    if path is None or path.root not in _KNOWN_BEFORE or line.matcher.absent:
        return Condition(line.text, lambda scope: assertion.check(scope).passed, assertion.references)

    def holds(scope: Scope) -> bool:
        if path.find(scope) is MISSING:
            raise unknown(path.text, path.root, path.steps, scope, where)
        return assertion.check(scope).passed

    return Condition(line.text, holds, assertion.references)


def _truth(subject: Path | Slot, where: str) -> Callable[[Scope], bool]:
    """Only true and false (also as text, as data has them) are truth values: 0, "" and null are mistakes here."""

    def holds(scope: Scope) -> bool:
        value = subject.find(scope)
        if value is MISSING:
            assert isinstance(subject, Path)
            raise unknown(subject.text, subject.root, subject.steps, scope, where)
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise ExpressionError(
            f"{subject.text} is {clipped(to_text(value), 60)!r}, which is neither true nor false",
            where=where,
            hint="compare it: '${config.mode} == \"full\"'",
        )

    return holds
