"""Keys with a meaning of their own in payloads: `$class`, `$ref`, `$entries`, `$value`.

A field or key that is really named so is written with one more `$`: `$$class`.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

_LIKE: Final = re.compile(r"\$+(?:class|ref|entries|value)")
_MEANS: Final = {
    "$class": "the name of a class, as text",
    "$ref": "the path of an object that stands elsewhere, as the only key",
    "$entries": "the list of a map's [key, value], as the only key",
    "$value": "a value beside $class alone",
}


def written(name: str) -> str:
    """How the name of a field or key is written."""
    return f"${name}" if name[:1] == "$" and _LIKE.fullmatch(name) else name


def named(key: str) -> str:
    """The name that a written key means; a mark itself stays."""
    return key[1:] if key[:2] == "$$" and _LIKE.fullmatch(key) else key


def is_mark(key: str) -> bool:
    return key in _MEANS


def misplaced(mark: str) -> tuple[str, str]:
    """What is wrong with a mark that stands where it means nothing, and what to do."""
    return f"{mark} is a mark: {_MEANS[mark]}", f"a field or key of that name is written ${mark}"


def is_stated(value: Mapping[str, Any]) -> bool:
    """`{"$class": "java.lang.Long", "$value": 5}`."""
    return len(value) == 2 and "$class" in value and "$value" in value


def is_reference(value: Any) -> bool:
    """`{"$ref": "$.path"}`: an object that stands elsewhere in the request."""
    return isinstance(value, dict) and len(value) == 1 and isinstance(value.get("$ref"), str)
