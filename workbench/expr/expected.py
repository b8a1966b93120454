"""What an assertion expects: a constant, or built for each scope with data read as the contract declares it."""

from collections.abc import Callable
from typing import Any, Final

from workbench.expr.binding import NO_TYPES, binder_for
from workbench.expr.names import MISSING, DataText, Reference, Scope
from workbench.expr.nodes import ANY, ScalarNode, member_path
from workbench.expr.scalars import Source, Unfit
from workbench.expr.slots import Slot
from workbench.expr.text import compile_text
from workbench.expr.values import ValueTemplate, compile_value
from workbench.model.javatype import parse_type

Declared = Callable[[str], str | None]  # the declared Java type of a path, when a contract tells it

# Matchers whose expected value has the type of the path, so that a contract can say how to read data.
_TYPED: Final = frozenset(
    {
        "equals",
        "not_equals",
        "same",
        "greater",
        "at_least",
        "less",
        "at_most",
        "unordered_equals",
        "subset",
        "json_equals",
    }
)
_ITEMS_TYPED: Final = frozenset({"in", "between", "close_to"})


class Expected:
    """`value` is constant unless `build` is there. `slot`: the one slot from data that the whole value is."""

    def __init__(self, template: ValueTemplate | None, path: str = "", declared: Declared | None = None) -> None:
        self.references: frozenset[Reference] = template.references if template else frozenset()
        self.build = template.build if template else None
        self.value: Any = template.source if template else MISSING
        self.slot: Slot | None = None
        self.of_items = False  # the items of the expected list have the type of the path, not the list
        self._path = path
        self._declared = declared
        self._nodes: dict[str, ScalarNode | None] = {}

    def render(self, scope: Scope) -> Any:
        assert self.build is not None
        node = self.whole_node()
        if node is not None and self.slot is not None:  # numbers from data become texts too, as in requests
            return fitted(node, self.slot.find(scope))
        value = self.build(scope)
        return self._typed(value, self._path) if self._declared else value

    def whole_node(self) -> ScalarNode | None:
        """How to read data for the whole value, when the contract declares a simple type."""
        return None if self.of_items else self._node(self._path)

    def _typed(self, value: Any, path: str) -> Any:
        """Data texts inside a value as the types declared for their places."""
        if type(value) is DataText:
            node = self._node(path)
            return value if node is None else fitted(node, str(value))
        if isinstance(value, list):
            same = self.of_items and path == self._path
            return [self._typed(item, path if same else f"{path}[{index}]") for index, item in enumerate(value)]
        if isinstance(value, dict):
            return {key: self._typed(item, member_path(path, key)) for key, item in value.items()}
        return value

    def _node(self, path: str) -> ScalarNode | None:
        if path not in self._nodes:
            name = self._declared(path) if self._declared else None
            node = binder_for(NO_TYPES).node(parse_type(name)) if name else ANY
            self._nodes[path] = node if isinstance(node, ScalarNode) else None
        return self._nodes[path]


def fitted(node: ScalarNode, value: Any) -> Any:
    """Data as the declared type; what does not fit stays as it is, and will differ."""
    try:
        return node.fit(value, Source.DATA)
    except Unfit:
        return value


def compile_expected(operand: Any, path: str, matcher: str, *, where: str, declared: Declared | None) -> Expected:
    """The expected value of an assertion on `path`: JSON, a Slot, or MISSING for none. Raises ExpressionError."""
    if operand is MISSING:
        return Expected(None)
    if isinstance(operand, Slot):
        template = ValueTemplate(operand.text, operand.find_marked, operand.references)
    else:
        template = compile_value(operand, where=where)
    typed = matcher in _TYPED or matcher in _ITEMS_TYPED
    expected = Expected(template, path, declared if typed else None)
    expected.of_items = matcher in _ITEMS_TYPED
    expected.slot = _data_slot(operand) if template.build else None
    return expected


def _data_slot(operand: Any) -> Slot | None:
    """The one slot that an operand is, when its value comes from data in any case."""
    slot = operand if isinstance(operand, Slot) else compile_text(operand).alone if isinstance(operand, str) else None
    if slot is None or not slot.data or any(reference.default for reference in slot.references):
        return None
    return slot
