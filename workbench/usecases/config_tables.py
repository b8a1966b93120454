"""Configuration as a table, key × environment: .xlsx, .csv and .json through the readers of datasets, and .properties.

A row is a key with its type, its value for all environments (the column `*`) and one column an environment. Secrets are
never written; their rows stand there with empty cells. An empty cell changes nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from workbench.errors import DatasetError, ErrorGroup, JsonError, LimitError, UsageError
from workbench.files.atomic import write_text
from workbench.model import json
from workbench.model.dataset import Column, Dataset
from workbench.model.json import Json
from workbench.model.near import did_you_mean
from workbench.plugin_api import DatasetFormat
from workbench.storage import Author, Storage
from workbench.storage.content import Config
from workbench.storage.vault import is_sealed
from workbench.usecases import properties
from workbench.usecases.configure import ALL, Cell, Change, Item, Written, load, put, show, type_of

PROPERTIES = ".properties"
MAX_BYTES = 16 * 1024 * 1024
_TYPES = ("text", "number", "bool", "json", "secret")
_PLACED = re.compile(r"(.+)\[([^\[\]]+)\]", re.DOTALL)
_TYPED = ("", "auto")
Formats = Mapping[str, DatasetFormat]
What = Literal["new", "changed", "unchanged", "removed", "problem"]


class TableCell(Struct, frozen=True, kw_only=True):
    """What a cell of the table says. `kind`: what its row says that it is."""

    where: str
    key: str
    environment: str
    value: Json
    kind: str = ""


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What becomes of a value; values of secrets are left out."""

    what: What
    key: str
    environment: str
    before: Json | UnsetType = UNSET
    after: Json | UnsetType = UNSET
    secret: bool = False
    where: str = ""
    problem: str = ""


class Tabled(Struct, frozen=True):
    """`written` is UNSET for a preview."""

    lines: tuple[Line, ...]
    written: Written | UnsetType = UNSET


def export_table(address: str, path: Path, storage: Storage, formats: Formats) -> int:
    """Write all items but secrets' values; gives how many rows. Raises UsageError, DatasetError, NotFoundError."""
    held = show(address, storage)
    places = (ALL, *held.environments)
    if path.suffix.lower() == PROPERTIES:
        write_text(path, properties.write(_entries(held.items, places)))
        return len(held.items)
    columns = tuple(map(Column, ("key", "type", *places)))
    if len(set(places) | {"key", "type"}) < len(columns):
        raise UsageError("an environment has the name of another column", hint=f"key, type and {ALL} are taken")
    flat = path.suffix.lower() in (".csv", ".tsv")
    rows = tuple(_row(item, flat) for item in held.items)
    _format(path, formats).write(Dataset("config", columns, rows), path)
    return len(rows)


def import_table(
    address: str, path: Path, storage: Storage, formats: Formats, author: Author, *, preview: bool = False
) -> Tabled:
    """Bring the table in: one save, or with a problem in any cell none.

    Raises ErrorGroup of DatasetError, one a cell that cannot be taken, unless it is a `preview`, which tells them.
    """
    cells = list(read_table(path, formats))
    *_, config = load(address, storage)
    lines = compare(cells, config, storage.vault.open)
    if preview:
        return Tabled(tuple(lines))
    problems = [DatasetError(each.problem, where=each.where) for each in lines if each.what == "problem"]
    if problems:
        raise ErrorGroup(problems)
    return Tabled(tuple(lines), put(address, lambda config: _changes(cells, config, storage), storage, author))


def read_table(path: Path, formats: Formats) -> Iterator[TableCell]:
    """Raises DatasetError for a file that is no such table, LimitError for one that is too large to be one."""
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        hint = f"up to {MAX_BYTES} are read"
        raise LimitError(f"a table of configuration with {path.stat().st_size} bytes", where=path.name, hint=hint)
    if path.suffix.lower() == PROPERTIES:
        yield from _read_properties(path)
        return
    table = _format(path, formats).read(path)
    if "key" not in (column.name for column in table.columns):
        hint = f"columns: key, type (optional), {ALL} (all environments) and one an environment"
        raise DatasetError("there is no column key", where=path.name, hint=hint)
    for row, where in zip(table.rows, table.row_names, strict=True):
        key, kind = row.get("key", ""), row.get("type", "")
        for name, value in row.items():
            if name not in ("key", "type"):
                yield TableCell(
                    where=f"{where} {name}", key=_text(key), environment=name, value=value, kind=_text(kind)
                )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read_properties(path: Path) -> Iterator[TableCell]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"cannot be read: {error.strerror}", where=path.name) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # what the format was defined in
    for entry in properties.read(text, path.name):
        placed = _PLACED.fullmatch(entry.key)
        key, place = (placed[1], placed[2]) if placed else (entry.key, ALL)
        where = f"{path.name}:{entry.line}"
        yield TableCell(where=where, key=key, environment=place, value=entry.value, kind=entry.type)


def compare(cells: Iterable[TableCell], config: Config, open_: Callable[[Json], Json]) -> list[Line]:
    """What each cell would do, in the table's order."""
    seen: set[tuple[str, str]] = set()
    lines = []
    for cell in cells:
        name = cell.key, cell.environment
        before = _held(config, *name)
        secret = _is_secret(cell, config) or is_sealed(before)
        shown: dict[str, Any] = {
            "key": cell.key,
            "environment": cell.environment,
            "where": cell.where,
            "secret": secret,
        }
        try:
            if name in seen:
                raise ValueError(f"{cell.key} has a value for {cell.environment} already, further up")
            after = _value(cell, config)
        except ValueError as problem:
            lines.append(Line(what="problem", problem=str(problem), **shown))
            continue
        seen.add(name)
        opened = open_(before) if before is not UNSET else UNSET
        what: What = "new" if opened is UNSET else "unchanged" if _same(opened, after) else "changed"
        texts: dict[str, Any] = {} if secret else {"before": before, "after": after}
        lines.append(Line(what=what, **shown, **texts))
    return lines


def _changes(cells: Iterable[TableCell], config: Config, storage: Storage) -> list[Change]:
    """Those that change something: a secret that is the same is not sealed anew."""
    found = []
    for cell in cells:
        before, after = _held(config, cell.key, cell.environment), _value(cell, config)
        secret = True if cell.kind == "secret" else None
        if before is UNSET or secret or not _same(storage.vault.open(before), after):
            found.append(Change(key=cell.key, environment=cell.environment, value=after, secret=secret))
    return found


def _same(one: Json, other: Json) -> bool:
    return json.dumps(one) == json.dumps(other)


def _held(config: Config, key: str, environment: str) -> Json | UnsetType:
    own = config.environments.get(environment)
    values = config.config if environment == ALL else own.config if own else {}
    return values.get(key, UNSET)


def _is_secret(cell: TableCell, config: Config) -> bool:
    return cell.kind == "secret" or any(cell.key in each.secrets for each in config.environments.values())


def _value(cell: TableCell, config: Config) -> Json:
    """The value that the cell stands for. Raises ValueError for one that cannot be taken."""
    if cell.environment != ALL and cell.environment not in config.environments:
        near = did_you_mean(cell.environment, config.environments)
        raise ValueError(f"there is no environment {cell.environment!r}; {near}".rstrip("; "))
    if not cell.key.strip() or not cell.key.isprintable():
        raise ValueError("the row has no key" if not cell.key.strip() else f"{cell.key!r} cannot be a key")
    if cell.kind not in (*_TYPES, *_TYPED):
        raise ValueError(f"there is no type {cell.kind!r}; there are {', '.join(_TYPES)}")
    kind = cell.kind if cell.kind not in (*_TYPED, "secret") else _type_held(cell, config)
    return typed(cell.value, kind)


def _type_held(cell: TableCell, config: Config) -> str:
    """What a text without a type is: what the item is now, where it stands or anywhere."""
    if not isinstance(cell.value, str):
        return ""
    values = [_held(config, cell.key, place) for place in (cell.environment, ALL, *config.environments)]
    known = next((value for value in values if value is not UNSET and not isinstance(value, dict)), "")
    return type_of(known)


def typed(value: Json, kind: str) -> Json:
    """The value of a cell as the type that its row names ("": as it is). Raises ValueError."""
    if kind == "text":
        return value if isinstance(value, str) else json.dumps(value)
    if kind == "" or not isinstance(value, str):
        if kind in ("number", "bool") and type_of(value) != kind:
            raise ValueError(f"{json.dumps(value)} is no {kind}")
        return value
    try:
        found = json.loads(value.strip())
    except JsonError as error:
        raise ValueError(f"{value!r} is no {kind}") from error
    if kind in ("number", "bool") and type_of(found) != kind:
        raise ValueError(f"{value!r} is no {kind}")
    return found


def _row(item: Item, flat: bool) -> dict[str, Json]:
    """`flat`: all cells are texts, as a .csv has them."""
    kind, values = _shown(item)
    written = {place: _flat(value, kind) if flat or kind == "json" else value for place, value in values.items()}
    return {"key": item.key, "type": kind, **written}


def _entries(items: Iterable[Item], places: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for item in items:
        kind, values = _shown(item)
        for place in places:
            if place in values:
                plain = place == ALL and not _PLACED.fullmatch(item.key)
                yield item.key if plain else f"{item.key}[{place}]", _flat(values[place], kind), kind


def _shown(item: Item) -> tuple[str, dict[str, Json]]:
    """The type of the row, and its values without secrets'."""
    if any(cell.secret for cell in item.cells.values()):
        return "secret", {}
    types = {cell.type for cell in item.cells.values()}
    return types.pop() if len(types) == 1 else "json", {place: _plain(cell) for place, cell in item.cells.items()}


def _plain(cell: Cell) -> Json:
    return None if cell.value is UNSET else cell.value


def _flat(value: Json, kind: str) -> str:
    return str(value) if kind == "text" else json.dumps(value)


def _format(path: Path, formats: Formats) -> DatasetFormat:
    found = formats.get(path.suffix.lower())
    if found is None:
        known = ", ".join((*formats, PROPERTIES))
        raise UsageError(f"no table is made of {path.suffix or 'a file without an ending'}", hint=f"use {known}")
    return found
