"""JSON values whose strings hold `${…}`: config values, `with:` parameters, expected values."""

from collections.abc import Callable
from typing import Any

from workbench.errors import ErrorGroup, ExpressionError
from workbench.expr.names import Reference, Scope, unmarked
from workbench.expr.text import TextTemplate, compile_text
from workbench.model.json import Json

Build = Callable[[Scope], Any]


class ValueTemplate:
    """`render(scope)` gives the value with all slots filled. Raises UnknownNameError, or ErrorGroup of several."""

    __slots__ = ("build", "constant", "references", "source")

    def __init__(self, source: Json, build: Build | None, references: frozenset[Reference]) -> None:
        self.source = source
        self.build = build
        self.constant = build is None
        self.references = references

    def render(self, scope: Scope) -> Json:
        return self.source if self.build is None else unmarked(self.build(scope))

    def render_marked(self, scope: Scope) -> Any:
        """With texts from data marked as DataText, for comparing."""
        return self.source if self.build is None else self.build(scope)


def compile_value(value: Json, *, where: str = "", depth: int = 0) -> ValueTemplate:
    """Compile a parsed value. Raises ExpressionError, or ErrorGroup of several."""
    references: set[Reference] = set()
    errors: list[ExpressionError] = []

    def text(source: str) -> TextTemplate | None:
        try:
            template = compile_text(source, where=where, depth=depth)
        except ExpressionError as error:
            errors.append(error)
            return None
        references.update(template.references)
        return template

    try:
        plain, build = _compile(value, text)
    except RecursionError:
        raise ExpressionError("a value is nested too deeply", where=where) from None
    if errors:
        raise errors[0] if len(errors) == 1 else ErrorGroup(errors)
    return ValueTemplate(plain, build, frozenset(references))


_Text = Callable[[str], TextTemplate | None]


def _compile(value: Json, text: _Text) -> tuple[Json, Build | None]:
    """The value with its literals unescaped, and how to build it when it is not constant."""
    if isinstance(value, str):
        template = text(value) if "$" in value else None
        if template is None:
            return value, None
        return ("".join(map(str, template.parts)), None) if template.constant else (value, template.marked_value)
    if isinstance(value, list):
        return _compile_list(value, text)
    if isinstance(value, dict):
        return _compile_object(value, text)
    return value, None


def _compile_list(value: list[Json], text: _Text) -> tuple[Json, Build | None]:
    items = [_compile(item, text) for item in value]
    if all(build is None for _, build in items):
        return [plain for plain, _ in items], None
    return value, lambda scope: [plain if build is None else build(scope) for plain, build in items]


def _compile_object(value: dict[str, Json], text: _Text) -> tuple[Json, Build | None]:
    members = [(_key(key, text), _compile(item, text)) for key, item in value.items()]
    if all(isinstance(key, str) and build is None for key, (_, build) in members):
        return {key: plain for key, (plain, _) in members}, None

    def build_object(scope: Scope) -> dict[str, Any]:
        return {
            key if isinstance(key, str) else key.render(scope): plain if build is None else build(scope)
            for key, (plain, build) in members
        }

    return value, build_object


def _key(key: str, text: _Text) -> str | TextTemplate:
    template = text(key) if "$" in key else None
    if template is None:
        return key
    return "".join(map(str, template.parts)) if template.constant else template
