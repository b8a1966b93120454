"""RFC 9535 queries over exact values: python-jsonpath with its number literals, comparisons and regular expressions
replaced. The library reads literals through float ([?@.id == 9007199254740993] would find nothing) and takes
true for 1 inside filters."""

from typing import Any

from jsonpath import JSONPathEnvironment, NodeList
from jsonpath.exceptions import JSONPathSyntaxError
from jsonpath.filter import UNDEFINED, BaseExpression, FilterExpressionLiteral
from jsonpath.function_extensions import ExpressionType, FilterFunction
from jsonpath.parse import Parser
from jsonpath.stream import TokenStream

from workbench.expr.compare import equal, less
from workbench.expr.patterns import full_match, search
from workbench.model.json import number


class _NumberLiteral(FilterExpressionLiteral[Any]):
    """An int or Decimal as written."""

    __slots__ = ()


class _ExactParser(Parser):
    def parse_integer_literal(self, stream: TokenStream) -> BaseExpression:
        return self._number(stream)

    def parse_float_literal(self, stream: TokenStream) -> BaseExpression:
        return self._number(stream)

    def _number(self, stream: TokenStream) -> BaseExpression:
        token = stream.next()
        digits = token.value.removeprefix("-")
        if (digits.startswith("0") and digits[1:2].isdigit()) or not digits[:1].isdigit():
            raise JSONPathSyntaxError("a number does not begin like this", token=token)
        return _NumberLiteral(value=number(token.value))


class _Pattern(FilterFunction):
    """match() and search(): bounded in time, as the texts come from outside."""

    arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012 - the library's way to declare it
    return_type = ExpressionType.LOGICAL

    def __init__(self, *, full: bool) -> None:
        self.run = full_match if full else search

    def __call__(self, value: object, pattern: object) -> bool:
        return isinstance(value, str) and isinstance(pattern, str) and self.run(pattern, value)


class ExactEnvironment(JSONPathEnvironment):
    """Strict RFC 9535, exact. Thread-safe once built: compiled queries hold no state."""

    parser_class = _ExactParser
    max_recursion_depth = 300

    def __init__(self) -> None:
        super().__init__(strict=True, filter_caching=False)

    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions["match"] = _Pattern(full=True)
        self.function_extensions["search"] = _Pattern(full=False)

    def compare(self, left: object, operator: str, right: object) -> bool:
        if operator in ("&&", "||"):
            return super().compare(left, operator, right)
        left, right = _value(left), _value(right)
        if operator in ("==", "!="):
            return _same(left, right) == (operator == "==")
        if left is UNDEFINED or right is UNDEFINED:
            return operator in ("<=", ">=") and left is right
        if operator in (">", ">="):
            left, right = right, left
        return less(left, right) or (operator in ("<=", ">=") and _same(left, right))


def _value(operand: object) -> object:
    """What a singular query inside a filter found."""
    if isinstance(operand, NodeList):
        return operand[0] if len(operand) == 1 else operand or UNDEFINED
    return operand


def _same(left: object, right: object) -> bool:
    if left is UNDEFINED or right is UNDEFINED:
        return left is right
    return equal(left, right)


ENVIRONMENT = ExactEnvironment()
