"""Two changes of one dataset put together, in the transaction that saves them, and what each of them changed."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from msgspec import UNSET
from msgspec.structs import replace

from workbench.model import json
from workbench.model.json import Json
from workbench.storage.content import StoredFile, decode
from workbench.storage.merge import Choose, Conflict, Difference, Place, path_text
from workbench.storage.row_compare import MOST, compare_tables
from workbench.storage.row_merge import Table, merge_tables
from workbench.storage.rows import Rows, RowsWithin

Texts = tuple[str, str, str]  # base, mine, theirs


class DatasetMerge:
    """Of bodies of datasets, as JSON text."""

    def __init__(self, connection: sa.Connection) -> None:
        self._rows = RowsWithin(connection)

    def __call__(self, texts: Texts, choose: Choose) -> tuple[str, tuple[Conflict, ...]] | None:
        """(what both together make of base, mine and theirs, what nobody has chosen yet); None: it is to be taken as a
        whole, for one is no table, or each became a file of another kind."""
        files: list[StoredFile] = [decode("dataset", text) for text in texts]
        base, mine, theirs = files
        if any(file.table is None for file in files) or (mine.path != base.path != theirs.path != mine.path):
            return None
        merged = merge_tables(self._table(base), self._table(mine), self._table(theirs), choose)
        path = theirs.path if mine.path == base.path else mine.path
        table = None if merged.conflicts else self._rows.put(merged.columns, merged.rows)
        return json.dumps(replace(theirs, path=path, table=table)), merged.conflicts

    def _table(self, file: StoredFile) -> Table:
        assert file.table is not None
        return Table(file.table.columns, list(self._rows.read(file.table)))

    def changed(self, texts: Texts) -> Texts:
        """What each holds where one of them changed something."""
        return changed_texts(texts, self._rows)


def shown(conflicts: Sequence[Conflict]) -> Texts:
    """The three texts of what clashes: place → value, where there is one; of the first thousand."""
    names = [path_text(each.place) for each in conflicts[:MOST]]
    sides = ([getattr(each, side) for each in conflicts] for side in ("base", "mine", "theirs"))
    more = {"…": f"{len(conflicts) - MOST} more"} if len(conflicts) > MOST else {}
    base, mine, theirs = (_text({**dict(zip(names, side, strict=False)), **more}) for side in sides)
    return base, mine, theirs


def changed_texts(texts: Texts, rows: Rows | RowsWithin) -> Texts:
    """What bodies of a dataset hold where mine or theirs changed something: place → value, where there is one. Rows are
    numbered as in the base; a new one (`new row`) as where it stands. The bodies themselves where one is no table."""
    files: list[StoredFile] = [decode("dataset", text) for text in texts]
    tables = [file.table for file in files if file.table is not None]
    if len(tables) < len(texts):
        return texts
    base, mine, theirs = tables
    changed = [_changes(compare_tables(side, base, rows)) for side in (mine, theirs)]
    held = {name: each.after for side in changed for name, each in side.items()}
    my, their = (_text(held | {name: each.before for name, each in side.items()}) for side in changed)
    return _text(held), my, their


def _changes(differences: Iterable[Difference]) -> dict[str, Difference]:
    return {path_text(_place(each)): each for each in differences}


def _place(difference: Difference) -> Place:
    kind, *rest = difference.place
    return ("new row", *rest) if kind == "row" and len(rest) == 1 and difference.after is UNSET else difference.place


def _text(values: Mapping[str, Json]) -> str:
    return json.dumps({name: value for name, value in values.items() if value is not UNSET})
