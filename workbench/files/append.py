"""Adds cases to a scenario file that a person owns: after the last one, and nothing else in it moves by a byte."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

from workbench.files.atomic import write_bytes
from workbench.files.exact_yaml import decode
from workbench.files.reader import read_text
from workbench.files.writer import list_lines
from workbench.model.suite import Case, Scenario

_BOM = b"\xef\xbb\xbf"


def append_cases(path: Path, cases: Sequence[Case]) -> bool:
    """Add cases at the end of `cases:`. False, and the file as it was, where they do not stand one below the other.

    Raises SuiteError when the file cannot be read as UTF-8, OSError.
    """
    raw = path.read_bytes()
    text = decode(raw, str(path)).removesuffix("\n") + "\n"  # a last line that is not ended would go on in ours
    new = _appended(text, cases)
    before, after = (read_text("scenario", each, str(path))[1] for each in (text, new or ""))
    if not isinstance(before, Scenario) or after != replace(before, cases=(*before.cases, *cases)):
        return False  # what is read back is the proof; the spelling of YAML has no end
    ends = b"\r\n" if b"\r\n" in raw else b"\n"
    write_bytes(path, (_BOM if raw.startswith(_BOM) else b"") + (new or "").encode().replace(b"\n", ends))
    return True


def _appended(text: str, cases: Sequence[Case]) -> str | None:
    """The text with the cases; None when it has a `cases:` of another form."""
    found = _Cases(text)
    if not found.key:
        return "\n".join([text.rstrip("\n"), "cases:", *list_lines(cases, 2), ""])
    if found.indent is None:
        return None
    at = found.end
    if not text.endswith("\n", 0, at):  # a blank or a comment may follow in that line
        at = text.index("\n", at) + 1
    return "\n".join([text[:at] + "\n".join(list_lines(cases, found.indent)), text[at:]])


class _Cases:
    """Where the list `cases` stands: `key` whether there is one, `indent` of its dashes (None: it is in brackets or
    empty), `end` behind the last thing that it holds."""

    def __init__(self, text: str) -> None:
        self.key, self.end = False, 0
        self.indent: int | None = None
        try:
            self._look(yaml.parse(text, Loader=yaml.CSafeLoader))
        except yaml.YAMLError:
            self.key = True  # the caller sees that the file cannot be read

    def _look(self, events: Iterator[Any]) -> None:
        depth, name, inside = 0, None, False  # `name`: key in the outermost mapping whose value comes next
        for event in events:
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                inside = inside and depth > 1
            elif isinstance(event, yaml.NodeEvent):
                if depth == 1 and name is None:
                    name = getattr(event, "value", "")
                elif depth == 1:
                    inside = name == "cases" and self._begin(event)
                    name = None
                depth += isinstance(event, yaml.CollectionStartEvent)
            if inside and event.end_mark.index > event.start_mark.index:
                self.end = event.end_mark.index

    def _begin(self, event: Any) -> bool:
        """Whether the value of `cases` is a list of lines."""
        self.key = True
        lines = type(event) is yaml.SequenceStartEvent and not event.flow_style
        self.indent = event.start_mark.column if lines else None
        return lines
