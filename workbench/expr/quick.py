"""The short way for assertions that hold: the commonest kinds, `PATH == "0000"`, `PATH == "${row.x}"`, `size 2`, `> 3`.

Each answers with the ready result when it is certain that the assertion holds, and otherwise leaves everything to the
judge, which is the one that decides and explains.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from operator import ge, gt, le, lt
from typing import Any, Final

from workbench.expr.compare import equal, read_as
from workbench.expr.expected import fitted
from workbench.expr.names import MISSING, Scope
from workbench.expr.nodes import ScalarNode
from workbench.model.result import AssertionResult

Find = Callable[[Scope], Any]
Judge = Callable[[Scope, Any], AssertionResult]
Quick = Callable[[Scope], AssertionResult]

_SIZED: Final = (list, dict, str)
_ORDERS: Final = {"greater": gt, "at_least": ge, "less": lt, "at_most": le}


def quick(matcher: str, wanted: Any, find: Find, passed: AssertionResult, judge: Judge) -> Quick | None:
    """The short way of a matcher with a constant operand, where there is one."""
    kind = type(wanted)
    if matcher == "equals":
        if kind in (str, int, bool, type(None)):
            return _equals(wanted, find, passed, judge)
        return _equals_decimal(wanted, find, passed, judge) if kind is Decimal else None
    if matcher == "size" and kind is int:
        return _size(wanted, find, passed, judge)
    if matcher in _ORDERS and (kind is int or (kind is Decimal and wanted.is_finite())):
        return _ordered(_ORDERS[matcher], wanted, find, passed, judge)
    return None


def quick_slot(node: ScalarNode | None, wanted: Find, find: Find, passed: AssertionResult, judge: Judge) -> Quick:
    """`PATH == "${row.x}"`, whose text is read as `node` or, without a contract, as what was found."""

    def check(scope: Scope) -> AssertionResult:
        actual, expected = find(scope), wanted(scope)
        if node is not None:
            expected = fitted(node, expected)
        elif type(expected) is str and type(actual) is not str:
            expected = read_as(expected, actual)
        return passed if actual is not MISSING and equal(actual, expected) else judge(scope, actual)

    return check


def _equals(wanted: Any, find: Find, passed: AssertionResult, judge: Judge) -> Quick:
    kind = type(wanted)

    def check(scope: Scope) -> AssertionResult:
        actual = find(scope)
        return passed if type(actual) is kind and actual == wanted else judge(scope, actual)

    return check


def _equals_decimal(wanted: Decimal, find: Find, passed: AssertionResult, judge: Judge) -> Quick:
    def check(scope: Scope) -> AssertionResult:
        actual = find(scope)
        try:
            if type(actual) is Decimal and actual == wanted:
                return passed
        except InvalidOperation:  # a signalling NaN, which only a script can have made
            pass
        return judge(scope, actual)

    return check


def _size(wanted: int, find: Find, passed: AssertionResult, judge: Judge) -> Quick:
    def check(scope: Scope) -> AssertionResult:
        actual = find(scope)
        return passed if type(actual) in _SIZED and len(actual) == wanted else judge(scope, actual)

    return check


def _ordered(
    holds: Callable[[Any, Any], bool], wanted: int | Decimal, find: Find, passed: AssertionResult, judge: Judge
) -> Quick:
    def check(scope: Scope) -> AssertionResult:
        actual = find(scope)
        kind = type(actual)
        number = kind is int or (kind is Decimal and actual.is_finite())
        return passed if number and holds(actual, wanted) else judge(scope, actual)

    return check
