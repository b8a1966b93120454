"""Requests: JSON text with `${…}`, checked against the contract once and rendered many times.

A compiled request is a row of texts with gaps: all that is literal is checked and encoded when it is compiled, a gap
has a converter made for the type that its place declares.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from workbench.errors import BindingError, ErrorGroup, ExpressionError, JsonError, UnknownNameError, WorkbenchError
from workbench.expr.binding import NO_TYPES, Binder, binder_for
from workbench.expr.names import DataText, Reference, Scope, unmarked
from workbench.expr.nodes import ANY, ClassNode, Errors, ListNode, MapNode, Node, ScalarNode, member_path
from workbench.expr.scalars import Source, Unfit, expected
from workbench.expr.text import TextTemplate, compile_text
from workbench.model import json
from workbench.model.contract import TypeDef
from workbench.model.javatype import JavaType, parse_type
from workbench.model.json import Json
from workbench.model.words import plural

Fill = Callable[[Scope], str]
_SCALARS = frozenset({str, DataText, int, bool, Decimal, type(None)})
_SHORT: Final = 4_000  # characters; few requests are longer, and those would take the room of many


class RequestTemplate:
    """`render(scope)` gives exact JSON text. Raises ErrorGroup: every BindingError and UnknownNameError at once."""

    __slots__ = ("_gaps", "_parts", "_where", "constant", "references", "text")

    def __init__(
        self,
        text: str,
        parts: list[str],
        gaps: tuple[tuple[int, Fill], ...],
        references: frozenset[Reference],
        where: str = "",
    ) -> None:
        self.text = text
        self.references = references
        self.constant = not gaps
        self._parts = parts
        self._gaps = gaps
        self._where = where

    def at(self, where: str) -> "RequestTemplate":
        """The same request of another place, which its errors tell."""
        return RequestTemplate(self.text, self._parts, self._gaps, self.references, where)

    def render(self, scope: Scope) -> str:
        parts = self._parts.copy()
        errors: list[WorkbenchError] = []
        for index, fill in self._gaps:
            try:
                parts[index] = fill(scope)
            except ErrorGroup as group:
                errors.extend(group.errors)
            except WorkbenchError as error:
                errors.append(error)
        if errors:
            raise ErrorGroup([_placed(error, self._where) for error in errors])
        return "".join(parts)


def compile_json(
    text: str,
    *,
    where: str = "",
    parameters: Sequence[str] | None = None,
    types: Mapping[str, TypeDef] = NO_TYPES,
    checked: bool = True,
) -> RequestTemplate:
    """Compile a request. `parameters`: declared generic types of the arguments; None: nothing is checked.

    Raises JsonError with line and column, or ErrorGroup of everything in its literals that does not fit.
    """
    declared = tuple(parameters) if checked and parameters is not None else None
    compiler = _kept if len(text) <= _SHORT else _compiled
    try:
        return compiler(text, declared, binder_for(types)).at(where)
    except ErrorGroup as group:
        raise ErrorGroup([_placed(error, where) for error in group.errors]) from None
    except JsonError as error:
        json.loads_unique(text, where=where)  # tells line and column behind the place
        raise _placed(error, where) from None
    except WorkbenchError as error:
        raise _placed(error, where) from None


def _compiled(text: str, declared: tuple[str, ...] | None, binder: Binder) -> RequestTemplate:
    value = json.loads_unique(text)
    compiler = _Compiler(binder)
    try:
        if declared is None:
            compiler.value(value, ANY, "$")
        else:
            compiler.arguments(value, [parse_type(name) for name in declared])
    except RecursionError:
        raise ExpressionError("the request is nested too deeply") from None
    compiler.errors.throw()
    return compiler.template(text)


# What planning has checked, the engine need not compile again: 8,192 requests of 1 KB take about 30 MB.
_kept = lru_cache(maxsize=8_192)(_compiled)


class _Compiler:
    """Walks a request along its declared types and writes parts."""

    def __init__(self, binder: Binder) -> None:
        self.binder = binder
        self.errors = Errors()
        self.parts: list[str] = []
        self.gaps: list[tuple[int, Fill]] = []
        self.references: set[Reference] = set()

    def template(self, text: str) -> RequestTemplate:
        parts, gaps = _merged(self.parts, self.gaps)
        return RequestTemplate(text, parts, gaps, frozenset(self.references))

    def arguments(self, value: Json, declared: list[JavaType]) -> None:
        template = self.text(value, "$") if isinstance(value, str) else None
        if template is not None and template.alone is not None:  # "${ctx.arguments}"
            self.gap(template, _ArgumentsNode(declared, self.binder), "$")
        elif not isinstance(value, list):
            self.errors.add("$", expected(f"a list of {plural(len(declared), 'argument')}", value, "write [ … ]"))
        elif len(value) != len(declared):
            self.errors.add("$", _arity(len(value), declared))
        else:
            nodes = [self.binder.node(type_) for type_ in declared]
            self.items(value, nodes, "$")

    def value(self, value: Json, node: Node, path: str) -> None:
        if not _has_slots(value):
            self.literal(value, node, path)
        elif isinstance(value, str):
            template = self.text(value, path)
            if template is not None and template.constant:
                self.literal(template.render({}), node, path)
            elif template is not None:
                self.gap(template, node, path)
        elif isinstance(value, list):
            self.array(value, node, path)
        else:
            self.object(value, node, path)

    def literal(self, value: Json, node: Node, path: str) -> None:
        bound = node.bind(value, path, self.errors, Source.LITERAL)
        self.parts.append("null" if self.errors else json.dumps(bound))

    def array(self, value: list[Json], node: Node, path: str) -> None:
        item = node.item()
        if item is None:
            self.errors.add(path, expected(str(node.type), value))
        else:
            self.items(value, [item] * len(value), path)

    def items(self, value: list[Json], nodes: Sequence[Node], path: str) -> None:
        self.parts.append("[")
        for index, (item, node) in enumerate(zip(value, nodes, strict=True)):
            if index:
                self.parts.append(",")
            self.value(item, node, f"{path}[{index}]")
        self.parts.append("]")

    def object(self, value: dict[str, Json], node: Node, path: str) -> None:
        node = node.narrowed(value, path, self.errors)
        refusal = node.refuses_object()
        if refusal is not None:
            self.errors.add(path, refusal)
            return
        if isinstance(node, MapNode):
            node.told_apart([key for key in value if "$" not in key], path, self.errors)
        opening = "{"
        for key, item in value.items():
            self.parts.append(opening)
            opening = ","
            inner = member_path(path, key)
            child = self.key(key, node, inner)
            self.parts.append(":")
            self.value(item, child, inner)
        self.parts.append("}")

    def key(self, key: str, node: Node, path: str) -> Node:
        template = self.text(key, path) if "$" in key else None
        if template is None or template.constant:
            plain = key if template is None else template.render({})
            self.parts.append(json.dumps(plain))
            return node.member(plain, path, self.errors)
        return self.templated_key(template, node, path)

    def templated_key(self, template: TextTemplate, node: Node, path: str) -> Node:
        if isinstance(node, ClassNode):
            self.errors.add(path, Unfit("the name of a field cannot be an expression", "only keys of maps can"))
        key_node = node.key if isinstance(node, MapNode) and isinstance(node.key, ScalarNode) else None

        def fill(scope: Scope) -> str:
            text = template.render(scope)
            if key_node is not None:
                errors = Errors()
                key_node.bind(text, f"{path} (key)", errors, Source.DATA)
                errors.throw()
            return json.dumps(text)

        self.gaps.append((len(self.parts), fill))
        self.parts.append("")
        return node.value if isinstance(node, MapNode) else ANY

    def text(self, text: str, path: str) -> TextTemplate | None:
        try:
            template = compile_text(text)
        except ExpressionError as error:
            self.errors.append(type(error)(error.message, where=path, hint=error.hint, path=path))
            return None
        self.references |= template.references
        return template

    def gap(self, template: TextTemplate, node: Node, path: str) -> None:
        fill = _scalar_fill(template, node, path) if isinstance(node, ScalarNode) else None
        self.gaps.append((len(self.parts), fill or _fill(template, node, path)))
        self.parts.append("")


class _ArgumentsNode(ListNode):
    """The whole list of arguments, when one expression stands for it."""

    def __init__(self, declared: list[JavaType], binder: Binder) -> None:
        super().__init__(JavaType("arguments"), ANY)
        self.declared = declared
        self.nodes = [binder.node(type_) for type_ in declared]

    def bind(self, value: Any, path: str, errors: Errors, source: Source) -> Json:
        if not isinstance(value, list) or len(value) != len(self.nodes):
            count = len(value) if isinstance(value, list) else 0
            errors.add(path, _arity(count, self.declared))
            return None
        return [
            node.bind(item, f"{path}[{index}]", errors, source)
            for index, (item, node) in enumerate(zip(value, self.nodes, strict=True))
        ]


def _arity(count: int, declared: list[JavaType]) -> Unfit:
    names = f" ({', '.join(map(str, declared))})" if declared else ""
    return Unfit(f"{plural(len(declared), 'argument')} declared{names}, {count} given")


def _scalar_fill(template: TextTemplate, node: ScalarNode, path: str) -> Fill:
    """The short way, which nearly every gap takes: one slot, one simple type."""
    find, source = _finder(template)
    take, fit, dumps = node.take, node.fit, json.dump_scalar

    def fill(scope: Scope) -> str:
        try:
            value = find(scope)
            if type(value) is DataText:
                return dumps(fit(str(value), Source.DATA))
            return dumps(fit(value, source) if value is None else take(value, source))
        except Unfit as unfit:
            raise _binding(unfit, template, path) from None
        except JsonError as error:
            raise _binding(Unfit(error.message, error.hint), template, path) from error
        except UnknownNameError as error:
            raise _pathed(error, path) from None

    return fill


def _fill(template: TextTemplate, node: Node, path: str) -> Fill:
    find, source = _finder(template)
    anything = type(node) is Node

    def fill(scope: Scope) -> str:
        try:
            value = find(scope)
            if anything and type(value) in _SCALARS:
                return json.dump_scalar(str(value) if type(value) is DataText else value)
        except UnknownNameError as error:
            raise _pathed(error, path) from None
        except JsonError as error:
            raise _binding(Unfit(error.message, error.hint), template, path) from error
        errors = Errors()
        try:
            if type(value) is DataText:
                bound = node.bind(str(value), path, errors, Source.DATA)
            else:
                bound = node.bind(unmarked(value), path, errors, source)
        except RecursionError:
            errors.add(path, Unfit(f"{template.text} is nested too deeply"))
        errors.throw()
        try:
            return json.dumps(bound)
        except JsonError as error:
            raise _binding(Unfit(error.message, error.hint), template, path) from error

    return fill


def _finder(template: TextTemplate) -> tuple[Callable[[Scope], Any], Source]:
    """How to get the value of a gap. A text made of parts counts as data: nobody could write a number otherwise."""
    slot = template.alone
    if slot is None:
        return template.render, Source.DATA
    if slot.data:
        return slot.find, Source.DATA
    defaulted = any(reference.default for reference in slot.references)
    return (slot.find_marked if defaulted else slot.find), Source.VALUE


def _binding(unfit: Unfit, template: TextTemplate, path: str) -> BindingError:
    message = f"{template.text}: {unfit.message}"
    hint = unfit.hint
    if "fn.text(…)" in hint and template.alone is not None:
        hint = f"write it as text: ${{fn.text({template.alone.text[2:-1]})}}"
    return BindingError(message, where=path, hint=hint, path=path)


def _pathed(error: UnknownNameError, path: str) -> UnknownNameError:
    params = error.params | {"path": path}
    return type(error)(error.message, where=path, hint=error.hint, **params)


def _placed(error: WorkbenchError, where: str) -> WorkbenchError:
    """`where`, a file and line or a step, before the path."""
    error.where = f"{where} {error.where}".strip()
    return error


def _has_slots(value: Json) -> bool:
    """Whether anything in it is to be filled; texts with `$` that are constant after all count too."""
    if isinstance(value, str):
        return "$" in value and ("${" in value or "$app." in value)
    if isinstance(value, list):
        return any(map(_has_slots, value))
    return isinstance(value, dict) and any(_has_slots(key) or _has_slots(item) for key, item in value.items())


def _merged(parts: list[str], gaps: list[tuple[int, Fill]]) -> tuple[list[str], tuple[tuple[int, Fill], ...]]:
    """Neighbouring literal parts joined, so that rendering joins as few as possible."""
    fills = dict(gaps)
    merged: list[str] = []
    placed: list[tuple[int, Fill]] = []
    run: list[str] = []
    for index, part in enumerate(parts):
        fill = fills.get(index)
        if fill is None:
            run.append(part)
            continue
        merged += ["".join(run), ""]
        placed.append((len(merged) - 1, fill))
        run = []
    merged.append("".join(run))
    return merged, tuple(placed)
