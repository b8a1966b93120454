"""JSON Schema over exact values: jsonschema with Decimal known as a number."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import jsonschema
from jsonschema.validators import extend, validator_for

from workbench.errors import ExpressionError
from workbench.model.json import Json

MAX_SHOWN = 10


def violations(schema: Json) -> Callable[[Json], list[str]]:
    """A function that says what is wrong with a value, at most MAX_SHOWN places. Raises ExpressionError."""
    base = validator_for(schema, default=jsonschema.Draft202012Validator)
    try:
        base.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ExpressionError(f"not a JSON Schema: {error.message}", hint=f"at {error.json_path}") from error
    validator = extend(base, type_checker=base.TYPE_CHECKER.redefine_many(_EXACT))(schema)  # type: ignore[no-untyped-call]

    def find(value: Json) -> list[str]:
        errors = sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
        return [f"{error.json_path}: {error.message}" for error in errors[:MAX_SHOWN]]

    return find


def _number(_: Any, value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _integer(_: Any, value: Any) -> bool:
    """As in the standard: a number without fraction, 1.0 too."""
    return _number(_, value) and (isinstance(value, int) or value == value.to_integral_value())


_EXACT = {"number": _number, "integer": _integer}
