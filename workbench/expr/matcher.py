"""What a matcher is, and the table of all that are registered.

A matcher is prepared once with the expected value and then checks many actual ones. Every entry has an example
that holds for SAMPLE and a counterexample that does not; a test runs them all.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from workbench.expr.names import MISSING, Scope
from workbench.model.result import Difference


class Mismatch(NamedTuple):
    """Why a value does not match. `reason` completes "PATH: …". `judged` is False when the question makes no sense
    for the value (the size of a number): then the negated matcher fails too."""

    reason: str = ""
    differences: tuple[Difference, ...] = ()
    type_only: bool = False
    judged: bool = True


Check = Callable[[Any, Scope], Mismatch | None]
Prepare = Callable[[Any], Check]
NO_OPERAND: Final = MISSING


class Matcher(NamedTuple):
    name: str
    prepare: Prepare
    operand: Literal["required", "optional"]
    doc: str
    example: str
    counterexample: str
    symbol: str = ""
    absent: bool = False  # asks about paths that name nothing, too


SAMPLE: Final[Mapping[str, Any]] = {
    "response": {
        "code": "0000",
        "amount": Decimal("19.90"),
        "count": 3,
        "paid": True,
        "note": None,
        "tags": ["new", "vip"],
        "items": [{"sku": "a-1", "qty": 2}, {"sku": "b-2", "qty": 5}],
        "json": '{"a": 1}',
        "empty": [],
    }
}

MATCHERS: dict[str, Matcher] = {}  # by name
OPERATORS: dict[str, Matcher] = {}  # by name and by symbol


def matcher(
    name: str,
    example: str,
    counterexample: str,
    *,
    symbol: str = "",
    operand: Literal["required", "optional"] = "required",
    absent: bool = False,
) -> Callable[[Prepare], Prepare]:
    """Register a matcher; its docstring is its documentation."""

    def register(prepare: Prepare) -> Prepare:
        doc = " ".join((prepare.__doc__ or "").split())
        entry = Matcher(name, prepare, operand, doc, example, counterexample, symbol, absent)
        MATCHERS[name] = OPERATORS[name] = entry
        if symbol:
            OPERATORS[symbol] = entry
        return prepare

    return register
