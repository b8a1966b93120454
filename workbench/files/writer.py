"""Model → suite folder, in the one canonical form: reading it gives the model back, writing that gives these bytes.

Keys stand in a fixed order, defaults are left out, texts are quoted only where YAML would misread them; requests,
scripts, assertions and texts of several lines are `|` blocks; small lists and mappings of scalars stand in one line.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import FieldInfo, fields, replace

from workbench.errors import SuiteError
from workbench.files.atomic import write_text
from workbench.files.exact_yaml import UNPRINTABLE
from workbench.files.layout import SCENARIOS, SHARED, SUITE_FILE
from workbench.files.names import file_name
from workbench.files.scalars import block, inline
from workbench.files.schemas import STEP_KINDS
from workbench.model.suite import Suite

WIDTH = 100  # of a list or mapping in one line
_FIRST = ("id", "scenario", "case", "step", "description", "disabled", "when")
_LAST = ("timeout", "retry", "before", "request", "extract", "assert", "after", "setup", "cases", "steps", "teardown")
_BLOCKS = frozenset({"request", "script", "statement", "before", "after", "assert"})
_ONE_LINE = frozenset({"extract", "attachments", "retry", "quarantine", "with", "headers", "query", "form"})
_BREAKS = ("\x85", "\u2028", "\u2029")
Lines = list[str]


def write_suite(suite: Suite, folder: Path) -> None:
    """Write every file of the suite, each one whole or not at all; files that are already so are not touched.

    Raises SuiteError for names that make no file and for values that no YAML can hold.
    """
    for name, text in suite_texts(suite).items():
        write_text(folder / name, text)


def update_suite(before: Suite, after: Suite, folder: Path) -> list[Path]:
    """Make a folder that holds `before`, in whatever form, hold `after`; gives the files that changed.

    Files that hold the same of both are not touched, so they keep the form in which somebody wrote them.
    """
    old, new = suite_texts(before), suite_texts(after)
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    for name in changed:
        if name in new:
            write_text(folder / name, new[name])
        else:
            (folder / name).unlink(missing_ok=True)
    return [folder / name for name in changed]


def suite_texts(suite: Suite) -> dict[str, str]:
    """Canonical text of each file, by its path in the folder."""
    texts = {SUITE_FILE: file_text(replace(suite.file, order=_order(suite.scenarios)))}
    for slug, scenario in suite.scenarios.items():
        texts[f"{SCENARIOS}/{file_name(slug)}.yaml"] = file_text(scenario)
    shared: dict[str, dict[str, Any]] = {}
    for name, group in suite.shared.items():
        stem, dot, rest = name.partition(".")
        if not dot or not rest:
            raise SuiteError(f"the shared group {name!r} names no file", hint="write it as file.group")
        shared.setdefault(file_name(stem), {})[rest] = group
    for stem, groups in shared.items():
        texts[f"{SHARED}/{stem}.yaml"] = file_text(groups)
    return texts


def _order(slugs: Iterable[str]) -> tuple[str, ...]:
    """What suite.yaml says of the order of scenarios: nothing where it is that of their files."""
    order = tuple(slugs)
    return () if order == tuple(sorted(order, key=lambda slug: f"{slug}.yaml")) else order


def file_text(value: Any) -> str:
    """Canonical YAML of a SuiteFile, a Scenario or a mapping of shared groups. Raises SuiteError."""
    lines = _mapping(_entries(value), 0) if isinstance(value, msgspec.Struct) else _mapping(value.items(), 0)
    head = _comment_lines(value, 0)
    return "\n".join([*head, *lines]) + "\n"


def _entries(struct: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    """(key in the file, value) of every field that is not at its default, in canonical order."""
    for info in _ordered(type(struct)):
        value = getattr(struct, info.name)
        if info.name == "comment" and _as_comment(value):
            continue
        if info.required or value != _default(info):
            yield info.encode_name, value


@cache
def _ordered(type_: type[msgspec.Struct]) -> list[FieldInfo]:
    return sorted(fields(type_), key=lambda info: _rank(info.encode_name))


def _rank(key: str) -> tuple[int, int]:
    if key in _FIRST:
        return 0, _FIRST.index(key)
    if key == "comment":
        return 1, 0
    if key in STEP_KINDS:
        return 2, 0
    return (4, _LAST.index(key)) if key in _LAST else (3, 0)  # sorted() keeps the model's order within 3


def _default(info: FieldInfo) -> Any:
    return info.default if info.default is not msgspec.NODEFAULT else info.default_factory()


def _mapping(entries: Any, indent: int) -> Lines:
    lines: Lines = []
    for key, value in entries:
        lines += _comment_lines(value, indent)
        lines += _entry(key, value, indent)
    return lines


def _entry(key: str, value: Any, indent: int) -> Lines:
    name = inline(key)
    # libyaml refuses a longer key before `:`
    start = f"{' ' * indent}{name}:" if len(name.encode()) < 1000 else f"{' ' * indent}? {name}\n{' ' * indent}:"
    if isinstance(value, str):
        text = block(value, indent + 2) if key in _BLOCKS or "\n" in value else None
        return f"{start} {text or inline(value)}".split("\n")
    small = _scalar(value) or _in_line(key, value, WIDTH - len(start))
    if small is not None:
        return f"{start} {small}".split("\n")
    if isinstance(value, list | tuple):
        return [*start.split("\n"), *list_lines(value, indent + 2)]
    inner = _entries(value) if isinstance(value, msgspec.Struct) else value.items()
    return [*start.split("\n"), *_mapping(inner, indent + 2)]


def list_lines(items: Any, indent: int) -> Lines:
    """Canonical lines of a list whose dashes stand at the column `indent`."""
    lines: Lines = []
    for item in items:
        if isinstance(item, str):
            text = block(item, indent + 2) if "\n" in item else None
            lines += f"{' ' * indent}- {text or inline(item)}".split("\n")
            continue
        lines += _comment_lines(item, indent)
        whole = _scalar(item)
        if whole is not None:
            lines.append(f"{' ' * indent}- {whole}")
            continue
        if isinstance(item, list | tuple):
            inner = list_lines(item, indent + 2)
        else:
            inner = _mapping(_entries(item) if isinstance(item, msgspec.Struct) else item.items(), indent + 2)
        lines += [f"{' ' * indent}- {inner[0][indent + 2 :]}", *inner[1:]]
    return lines


def _in_line(key: str, value: Any, width: int) -> str | None:
    """A list or mapping of scalars in one line, if it is one of those that stand so and is short enough."""
    if isinstance(value, list | tuple):
        text = f"[{', '.join(map(_flow, value))}]" if key != "assert" and all(map(_is_flow, value)) else None
    else:
        entries = list(_entries(value) if isinstance(value, msgspec.Struct) else value.items())
        small = key in _ONE_LINE and all(_is_flow(item) for _, item in entries)
        text = (
            f"{{ {', '.join(f'{inline(name, flow=True)}: {_flow(item)}' for name, item in entries)} }}"
            if small
            else None
        )
    return text if text is not None and len(text) < width else None


def _is_flow(value: Any) -> bool:
    return "\n" not in value if isinstance(value, str) else _scalar(value) is not None


def _flow(value: Any) -> str:
    return inline(value, flow=True) if isinstance(value, str) else str(_scalar(value))


def _scalar(value: Any) -> str | None:
    """A value that is no text and has no parts; None for the others."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(Decimal(value))  # str(int) ends at 4300 digits
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, list | tuple):
        return None if value else "[]"
    if isinstance(value, msgspec.Struct):
        return None if any(True for _ in _entries(value)) else "{}"
    if isinstance(value, Mapping):
        return None if value else "{}"
    raise SuiteError(f"a {type(value).__name__} cannot be written", hint="numbers are int or Decimal, never float")


def _number(value: Decimal) -> str:
    if not value.is_finite():
        raise SuiteError(f"{value} is no JSON number", hint="write it as a text")
    return str(value)


def _as_comment(text: str) -> bool:
    """Can the text stand as `# …` lines? Otherwise it is written as the key `comment`."""
    return not UNPRINTABLE.search(text) and not any(char in text for char in _BREAKS)


def _comment_lines(value: Any, indent: int) -> Lines:
    comment = getattr(value, "comment", "") if isinstance(value, msgspec.Struct) else ""
    if not comment or not _as_comment(comment):
        return []
    return [f"{' ' * indent}# {line}" if line else f"{' ' * indent}#" for line in comment.split("\n")]
