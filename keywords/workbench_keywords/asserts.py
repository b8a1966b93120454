"""Checks inside scripts; one that does not hold fails the step as a line under `assert:` would.

Values compare as in assertions: numbers by value (1.0 equals 1.00), never a text with a number.
"""

from typing import Any

from workbench.errors import AssertionFailed
from workbench.expr import check_matcher, compile_assertions
from workbench.model.json import Json
from workbench.plugin_api import StepScope, keyword
from workbench_keywords.data import exception_value

GROUP = "assert"


@keyword(GROUP, pure=True)
def assertEquals(expected: Json, actual: Json, message: str = "") -> None:
    """Check that two values are equal; for objects and lists the differences are named.

    expected: what it should be
    actual: what it is
    message: said in front of the difference

    Example: $app.assertEquals(10.5, $app.decimal("10.50"))
    Example: $app.assertEquals({"a": 1}, {"a": 2}) ✗
    """
    _check("equals", actual, expected, message)


@keyword(GROUP, pure=True)
def assertNotEquals(unexpected: Json, actual: Json, message: str = "") -> None:
    """Check that two values differ.

    unexpected: what it should not be
    actual: what it is
    message: said in front

    Example: $app.assertNotEquals("FAILED", "PAID")
    Example: $app.assertNotEquals(1, 1) ✗
    """
    _check("!=", actual, unexpected, message)


@keyword(GROUP, pure=True)
def assertTrue(condition: Json, message: str = "") -> None:
    """Check that a condition is true; only true itself is.

    condition: the result of a comparison
    message: said in front

    Example: $app.assertTrue(2 > 1)
    Example: $app.assertTrue("yes") ✗
    """
    _check("equals", condition, True, message)


@keyword(GROUP, pure=True)
def assertFalse(condition: Json, message: str = "") -> None:
    """Check that a condition is false; only false itself is.

    condition: the result of a comparison
    message: said in front

    Example: $app.assertFalse(1 > 2)
    Example: $app.assertFalse(0) ✗
    """
    _check("equals", condition, False, message)


@keyword(GROUP, pure=True)
def assertNull(value: Json, message: str = "") -> None:
    """Check that a value is null.

    value: the value
    message: said in front

    Example: $app.assertNull(None)
    Example: $app.assertNull("") ✗
    """
    _check("is_null", value, True, message)


@keyword(GROUP, pure=True)
def assertNotNull(value: Json, message: str = "") -> None:
    """Check that a value is not null.

    value: the value
    message: said in front

    Example: $app.assertNotNull("")
    Example: $app.assertNotNull(None) ✗
    """
    _check("is_null", value, False, message)


@keyword(GROUP, pure=True)
def assertContains(holder: Json, part: Json, message: str = "") -> None:
    """Check that a text contains a text, a list an item, or an object a key.

    holder: the text, list or object
    part: what should be in it
    message: said in front

    Example: $app.assertContains("already paid", "paid")
    Example: $app.assertContains([1, 2], 3) ✗
    """
    _check("contains", holder, part, message)


@keyword(GROUP, pure=True)
def assertNotContains(holder: Json, part: Json, message: str = "") -> None:
    """Check that a text does not contain a text, a list an item, or an object a key.

    holder: the text, list or object
    part: what should not be in it
    message: said in front

    Example: $app.assertNotContains([1, 2], 3)
    Example: $app.assertNotContains("already paid", "paid") ✗
    """
    _check("not_contains", holder, part, message)


@keyword(GROUP, pure=True)
def assertMatches(text: Json, expression: str, message: str = "") -> None:
    """Check that a regular expression matches the whole text.

    text: the text
    expression: the regular expression
    message: said in front

    Example: $app.assertMatches("P-1001", "P-\\\\d+")
    Example: $app.assertMatches("X-1001", "P-\\\\d+") ✗
    """
    _check("matches", text, expression, message)


@keyword(GROUP, pure=True)
def assertSize(holder: Json, size: int, message: str = "") -> None:
    """Check how many characters, items or fields there are.

    holder: a text, list or object
    size: how many there should be
    message: said in front

    Example: $app.assertSize([1, 2], 2)
    Example: $app.assertSize("abc", 2) ✗
    """
    _check("size", holder, size, message)


@keyword(GROUP, pure=True)
def assertGreater(value: Json, bound: Json, message: str = "") -> None:
    """Check that a number or text is greater than another.

    value: the value
    bound: what it must be greater than
    message: said in front

    Example: $app.assertGreater(10, 9.99)
    Example: $app.assertGreater(1, 1) ✗
    """
    _check(">", value, bound, message)


@keyword(GROUP, pure=True)
def assertLess(value: Json, bound: Json, message: str = "") -> None:
    """Check that a number or text is less than another.

    value: the value
    bound: what it must be less than
    message: said in front

    Example: $app.assertLess("2026-02-28", "2026-03-01")
    Example: $app.assertLess(1, 1) ✗
    """
    _check("<", value, bound, message)


@keyword(GROUP)
def assertThat(scope: StepScope, assertion: str) -> None:
    """Check lines as they stand under a step's `assert:`; all that fail are named.

    assertion: PATH OPERATOR JSON, one a line; paths begin with response, request, exception, ctx, row or config

    Example: $app.assertThat('response.data.paymentId == "P-1001"')
    Example: $app.assertThat('response.data.items size 3') ✗
    """
    names = {
        "response": scope.response,
        "request": scope.request,
        "ctx": scope.context(),
        "row": scope.row,
        "config": scope.config,
    }
    if scope.exception is not None:
        names["exception"] = exception_value(scope.exception)
    results = [each.check(names) for each in compile_assertions(assertion)]
    if failed := [result for result in results if not result.passed]:
        text = "\n".join(result.message or result.text for result in failed)
        raise AssertionFailed(text, expected=failed[0].expected, actual=failed[0].actual)


def _check(operator: str, actual: Any, expected: Any, message: str) -> None:
    result = check_matcher(operator, actual, expected, path=message or "value")
    if not result.passed:
        raise AssertionFailed(result.message, expected=result.expected, actual=result.actual)
