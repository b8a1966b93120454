"""Text with `${…}` in it: ids, URLs, headers, scripts' strings."""

import re
from functools import lru_cache
from typing import Any, Final

from workbench.errors import ExpressionError
from workbench.expr.names import Reference, Scope
from workbench.expr.numbers import to_text
from workbench.expr.slots import Slot, parse_slot
from workbench.model.json import Json

_SPECIAL: Final = re.compile(
    r"""\$\$\{|\$\{|\$app\.get(?P<kind>Context|Config|Row)\(\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')\s*\)"""
)


class TextTemplate:
    """Parts of text and slots. `alone` is the slot when there is nothing else: it keeps its type."""

    __slots__ = ("_gaps", "_literals", "alone", "constant", "parts", "references", "text")

    def __init__(self, text: str, parts: tuple[str | Slot, ...]) -> None:
        self.text = text
        self.parts = parts
        slots = [part for part in parts if isinstance(part, Slot)]
        self._literals = [part if isinstance(part, str) else "" for part in parts]
        self._gaps = [(index, part.find) for index, part in enumerate(parts) if isinstance(part, Slot)]
        self.constant = not slots
        self.alone = slots[0] if len(parts) == 1 and slots else None
        self.references: frozenset[Reference] = frozenset().union(*(slot.references for slot in slots))

    def render(self, scope: Scope) -> str:
        """The text. Raises UnknownNameError."""
        texts = self._literals.copy()
        for index, find in self._gaps:
            value = find(scope)
            texts[index] = value if type(value) is str else to_text(value)
        return "".join(texts)

    def value(self, scope: Scope) -> Json:
        """The slot's own value when it stands alone, otherwise the text."""
        return self.alone.find(scope) if self.alone else self.render(scope)

    def marked_value(self, scope: Scope) -> Any:
        """Like `value`, with texts from data marked."""
        return self.alone.find_marked(scope) if self.alone else self.render(scope)

    def __repr__(self) -> str:
        return f"TextTemplate({self.text!r})"


def compile_text(text: str, *, where: str = "", depth: int = 0) -> TextTemplate:
    """Compile a text. `$${` is a literal `${`; `$app.getContext("x")` means `${ctx.x}`. Raises ExpressionError."""
    if "$" not in text:
        return TextTemplate(text, (text,))
    if depth:
        return _compile(text, where, depth)
    try:
        return _cached(text)
    except ExpressionError as error:
        raise type(error)(error.message, where=where, hint=error.hint) from error.__cause__


@lru_cache(maxsize=16_384)
def _cached(text: str) -> TextTemplate:
    return _compile(text, "", 0)


def _compile(text: str, where: str, depth: int) -> TextTemplate:
    parts: list[str | Slot] = []
    position = 0
    while match := _SPECIAL.search(text, position):
        _append(parts, text[position : match.start()])
        position = match.end()
        if match[0] == "$${":
            _append(parts, "${")
        elif match[0] == "${":
            slot, position = parse_slot(text, position, where=where, depth=depth)
            parts.append(slot)
        else:
            slot, _ = parse_slot(match[0] + "}", 0, where=where, depth=depth)
            parts.append(slot)
    _append(parts, text[position:])
    return TextTemplate(text, tuple(parts) or ("",))


def _append(parts: list[str | Slot], text: str) -> None:
    if text and parts and isinstance(parts[-1], str):
        parts[-1] += text
    elif text:
        parts.append(text)
