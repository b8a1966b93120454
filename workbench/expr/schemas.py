"""JSON Schema over exact values: jsonschema with Decimal known as a number and patterns bounded in time."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import jsonschema
from jsonschema.validators import extend, validator_for
from referencing.exceptions import Unresolvable

from workbench.errors import ExpressionError
from workbench.expr.patterns import search
from workbench.model.json import Json
from workbench.model.words import clipped

MAX_SHOWN = 10


def violations(schema: Json) -> Callable[[Json], list[str]]:
    """A function that says what is wrong with a value, at most MAX_SHOWN places. Raises ExpressionError."""
    base = validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        base.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ExpressionError(f"not a JSON Schema: {error.message}", hint=f"at {error.json_path}") from error
    types = base.TYPE_CHECKER.redefine_many({"number": _number, "integer": _integer})
    words = {"pattern": _pattern, "patternProperties": _pattern_properties}
    validator = extend(base, validators=words, type_checker=types)(schema)  # type: ignore[no-untyped-call]

    def find(value: Json) -> list[str]:
        try:
            errors = sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
        except Unresolvable as error:
            raise ExpressionError(f"the schema refers to {error.ref!r}, which is not in it") from error
        except ArithmeticError as error:
            raise ExpressionError(f"the schema cannot be computed: {type(error).__name__}") from error
        more = len(errors) - MAX_SHOWN
        shown = [f"{error.json_path}: {error.message}" for error in errors[:MAX_SHOWN]]
        return [*shown, f"and {more} more"] if more > 0 else shown

    return find


def _number(_: Any, value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _integer(_: Any, value: Any) -> bool:
    """As in the standard: a number without fraction, 1.0 too."""
    return _number(_, value) and (isinstance(value, int) or value == value.to_integral_value())


def _pattern(_: Any, expression: str, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    if isinstance(value, str) and not search(expression, value):
        yield jsonschema.ValidationError(f"{clipped(value, 100)!r} does not match {expression!r}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], value: Any, _: Any
) -> Iterator[jsonschema.ValidationError]:
    if not isinstance(value, Mapping):
        return
    for expression, schema in patterns.items():
        for key, item in value.items():
            if search(expression, key):
                yield from validator.descend(item, schema, path=key, schema_path=expression)
