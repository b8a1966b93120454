"""Whose comment is it? The comments of a YAML text, found in the gaps between its tokens.

libyaml drops comments, but tells the exact span of every token; what is left between two of them is blanks, signs
and comments.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import yaml

Path: TypeAlias = tuple[str | int, ...]
IsItem: TypeAlias = Callable[[Path], bool]


class Frame:
    """A mapping or list that is being read."""

    __slots__ = ("container", "key", "key_mark", "path")

    def __init__(self, container: Any, path: Path) -> None:
        self.container = container
        self.path = path
        self.key: str | None = None
        self.key_mark: Any = None


class Comments:
    """Gives each comment to an item: the one that it stands before, else the one that it stands in."""

    def __init__(self, text: str, found: dict[Path, list[str]], is_item: IsItem) -> None:
        self.text = text
        self.found = found
        self.is_item = is_item
        self.moved: list[tuple[int, str]] = []  # (0-based line, comment) of those that stand not before their item
        self.end: Any = None  # mark where the last token ended
        self.closed: Path | None = None  # what the last token, a bracket, closed
        self.pending: list[str] = []
        self.lines: list[int] = []  # of the pending ones

    def gap(self, event: Any, stack: list[Frame]) -> None:
        """Called before each event with the frames that are open then."""
        start = self.end.index if self.end else 0
        if self.text.find("#", start, event.start_mark.index) >= 0:
            self._collect(self.text[start : event.start_mark.index], stack)
        if self.pending and isinstance(event, yaml.ScalarEvent | yaml.MappingStartEvent):
            self._settle(event, stack)
        if event.end_mark.index > start or not self.end:
            self.end = event.end_mark
            ends = isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent)
            self.closed = stack[-1].path if ends else None

    def finish(self) -> None:
        self._give((), self.pending)
        self._moved()

    def _collect(self, gap: str, stack: list[Frame]) -> None:
        first = self.end.line if self.end else 0
        for index, line in enumerate(gap.split("\n")):
            _, found, comment = line.partition("#")
            if not found:
                continue
            comment = comment.removeprefix(" ")
            inline = index == 0 and self.end is not None and self.end.column > 0
            if inline and stack:
                self._give(self._inner(self.closed or stack[-1].path), [comment])
                self.moved.append((first, comment))
            else:
                self.pending.append(comment)
                self.lines.append(first + index)

    def _settle(self, event: Any, stack: list[Frame]) -> None:
        """`event` is the first token after the pending comments."""
        frame = stack[-1] if stack else None
        if frame is None:
            path: Path = ()
        elif type(frame.container) is list:
            path = (*frame.path, len(frame.container))
        else:
            path = (*frame.path, frame.key if frame.key is not None else getattr(event, "value", ""))
        if isinstance(event, yaml.MappingStartEvent) and not self.is_item(path):
            return  # its first key decides
        self._give(self._inner(path), self.pending)
        if not self.is_item(path):
            self._moved()
        self.pending, self.lines = [], []

    def _moved(self) -> None:
        self.moved += zip(self.lines, self.pending, strict=True)

    def _inner(self, path: Path) -> Path:
        while path and not self.is_item(path):
            path = path[:-1]
        return path

    def _give(self, path: Path, lines: list[str]) -> None:
        if lines:
            self.found.setdefault(path, []).extend(lines)
