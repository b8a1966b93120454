"""Expressions: `${…}` templates, JSONPath, assertions; compiled once, evaluated without eval.

Importing this package is cheap; its parts are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench.expr.assertions import Assertion, check_matcher, compile_assertions
    from workbench.expr.binding import bind
    from workbench.expr.conditions import Condition, compile_condition
    from workbench.expr.differences import diff
    from workbench.expr.matchers import MATCHERS
    from workbench.expr.names import MISSING, Reference, Scope, check_roots, near
    from workbench.expr.numbers import to_text
    from workbench.expr.paths import Path, compile_path
    from workbench.expr.patterns import pattern, search
    from workbench.expr.request import RequestTemplate, compile_json
    from workbench.expr.slots import CASTS
    from workbench.expr.text import TextTemplate, compile_text
    from workbench.expr.values import ValueTemplate, compile_value
    from workbench.model.javatype import JavaType, parse_type

_HOMES = {
    "assertions": ("Assertion", "check_matcher", "compile_assertions"),
    "binding": ("bind",),
    "conditions": ("Condition", "compile_condition"),
    "differences": ("diff",),
    "matchers": ("MATCHERS",),
    "names": ("MISSING", "Reference", "Scope", "check_roots", "near"),
    "numbers": ("to_text",),
    "paths": ("Path", "compile_path"),
    "patterns": ("pattern", "search"),
    "request": ("RequestTemplate", "compile_json"),
    "slots": ("CASTS",),
    "text": ("TextTemplate", "compile_text"),
    "values": ("ValueTemplate", "compile_value"),
}
_MODULES = {name: f"workbench.expr.{module}" for module, names in _HOMES.items() for name in names} | dict.fromkeys(
    ("JavaType", "parse_type"), "workbench.model.javatype"
)

__all__ = [
    "CASTS",
    "MATCHERS",
    "MISSING",
    "Assertion",
    "Condition",
    "JavaType",
    "Path",
    "Reference",
    "RequestTemplate",
    "Scope",
    "TextTemplate",
    "ValueTemplate",
    "bind",
    "check_matcher",
    "check_roots",
    "compile_assertions",
    "compile_condition",
    "compile_json",
    "compile_path",
    "compile_text",
    "compile_value",
    "diff",
    "near",
    "parse_type",
    "pattern",
    "search",
    "to_text",
]


def __getattr__(name: str) -> Any:
    module = _MODULES.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(module), name)
    return value
