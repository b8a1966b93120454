"""Values on their way between a script and a keyword: exact JSON values on the host, Python values in the sandbox.

The sandbox knows int of any length and Decimal, so both cross as they are. A float can only have been made inside a
script; it crosses as the Decimal of its shortest spelling.
"""

import math
import re
from decimal import Decimal
from typing import Any

from pydantic_monty import ClassInstance

from workbench.errors import KeywordError
from workbench.model.json import Json

_DEPTH = 199  # deeper, the sandbox hands out the text "<deeply nested>" instead of a value (pydantic-monty 1.4.0)
# the sandbox sends its functions as what repr() says of them
_CODE = re.compile(r"<(function '[^']*' at 0x[0-9a-f]+|coroutine object \w+)>")
_PLAIN = (str, int, bool, type(None))
_HINTS = {
    "set": "sets have no order; pass sorted(…)",
    "frozenset": "sets have no order; pass sorted(…)",
    "bytes": "pass text: $app.base64Encode(…) or .decode()",
    "datetime": "pass text: .isoformat() or $app.now(pattern)",
    "date": "pass text: .isoformat()",
    "time": "pass text: .isoformat()",
}


def to_host(value: Any, depth: int = 0) -> Json:
    """An exact JSON value. Raises KeywordError for what JSON has not: sets, bytes, functions, NaN …"""
    if depth > _DEPTH:
        hint = "pass it on without a script: ${…}, or a part of it"
        raise KeywordError(f"a value is nested more than {_DEPTH} levels deep", hint=hint)
    if type(value) is str and value[:1] == "<" and _CODE.fullmatch(value):
        raise KeywordError("a function or coroutine cannot be given to a keyword", hint="call it: name()")
    if type(value) in _PLAIN:
        return value
    if isinstance(value, (float, Decimal)):
        return _number(value)
    if isinstance(value, (list, tuple)):
        return [to_host(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {_key(key): to_host(item, depth + 1) for key, item in value.items()}
    kind = getattr(value, "name", None) or type(value).__name__
    raise KeywordError(f"a value of type {kind} cannot be given to a keyword", hint=_HINTS.get(kind, ""))


def to_script(value: Any) -> Any:
    """What the sandbox gets; an object with script_methods becomes one whose named methods can be called."""
    methods = getattr(value, "script_methods", None)
    return value if methods is None else ClassInstance(value, allowed_methods=frozenset(methods))


def _number(value: float | Decimal) -> Decimal:
    if not math.isfinite(value):
        raise KeywordError(f"{value} is no JSON number", hint='write it as text: "NaN" or "Infinity"')
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise KeywordError(f"the key {key!r} of an object is not text", hint="JSON has text keys only: use str(key)")
    return key
