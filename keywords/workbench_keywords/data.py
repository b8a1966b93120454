"""The dataset's row, and the current step's request, answer and exception."""

from workbench.errors import DataMissingError
from workbench.model import json
from workbench.model.json import Json
from workbench.model.near import did_you_mean
from workbench.model.result import RemoteException
from workbench.plugin_api import StepScope, keyword
from workbench_keywords._paths import found

GROUP = "data"


@keyword(GROUP)
def getRow(scope: StepScope, column: str = "", *default: Json) -> Json:
    """Give a cell of the dataset's current row, or the whole row.

    A missing column is an error, unless a default is given.

    column: its name; without it the row comes as an object
    default: what to give when the row has no such column

    Example: $app.getRow("buyerId") → "00123"
    Example: $app.getRow() → {"buyerId": "00123", "amount": 10.50}
    """
    if not column:
        return dict(scope.row)
    if column in scope.row:
        return scope.row[column]
    if default:
        return default[0]
    raise DataMissingError(f"the row has no column {column!r}", hint=did_you_mean(column, scope.row))


@keyword(GROUP)
def getResponse(scope: StepScope, path: str = "", *default: Json) -> Json:
    """Give the step's response, or what stands at a path in it.

    Only in a step's `after`; numbers with a fraction come as exact decimals.

    path: as in assertions, without `response.`: data.items[0].sku, data.items[?@.qty > 1]
    default: what to give when there is nothing at the path

    Example: $app.getResponse("data.paymentId") → "P-1001"
    Example: $app.getResponse("data.items[?@.qty > 1].sku") → ["B"]
    Example: $app.getResponse("data.coupon", None) → null
    """
    return found(scope.response, path, "response", default)


@keyword(GROUP)
def getRequest(scope: StepScope, path: str = "", *default: Json) -> Json:
    """Give the step's request as it was sent, or what stands at a path in it.

    path: as in assertions, without `request`: [0].amount
    default: what to give when there is nothing at the path

    Example: $app.getRequest("[0].buyerId") → "00123"
    """
    return found(scope.request, path, "request", default)


@keyword(GROUP)
def getException(scope: StepScope, path: str = "", *default: Json) -> Json:
    """Give the exception that the step's call ended with, or a part of it; null when there was none.

    path: class, message, code, fields.NAME, causes[0].class
    default: what to give when there is nothing at the path

    Example: $app.getException("class") → "com.example.trade.AlreadyPaidException"
    Example: $app.getException("code") → "PAID_TWICE"
    """
    if scope.exception is None:
        return default[0] if default else None
    return found(exception_value(scope.exception), path, "exception", default)


def exception_value(exception: RemoteException) -> dict[str, Json]:
    """An exception as paths read it: class, message, code, fields, causes."""
    return {
        "class": exception.class_name,
        "message": exception.message,
        "code": None if exception.code is None else json.loads(exception.code),
        "fields": json.loads(exception.fields),
        "causes": [exception_value(cause) for cause in exception.causes],
    }
