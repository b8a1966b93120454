"""Two changes of one dataset put together, in the transaction that saves them."""

import sqlalchemy as sa
from msgspec import UNSET
from msgspec.structs import replace

from workbench.model import json
from workbench.storage.content import StoredFile, decode
from workbench.storage.merge import Choose, Conflict, path_text
from workbench.storage.row_merge import Table, merge_tables
from workbench.storage.rows import RowsWithin


class DatasetMerge:
    """Of bodies of datasets, as JSON text."""

    def __init__(self, connection: sa.Connection) -> None:
        self._rows = RowsWithin(connection)

    def __call__(self, texts: tuple[str, str, str], choose: Choose) -> tuple[str, tuple[Conflict, ...]] | None:
        """(what both together make of base, mine and theirs, what nobody has chosen yet); None: it has no rows, or
        which row is which cannot be told, so that it is to be taken as a whole."""
        files: list[StoredFile] = [decode("dataset", text) for text in texts]
        base, mine, theirs = files
        if any(file.table is None for file in files) or (mine.path != base.path != theirs.path != mine.path):
            return None
        merged = merge_tables(self._table(base), self._table(mine), self._table(theirs), choose)
        if merged is None:
            return None
        path = theirs.path if mine.path == base.path else mine.path
        table = None if merged.conflicts else self._rows.put(merged.columns, merged.rows)
        return json.dumps(replace(theirs, path=path, table=table)), merged.conflicts

    def _table(self, file: StoredFile) -> Table:
        assert file.table is not None
        return Table(file.table.columns, self._rows.read(file.table))


def shown(conflicts: tuple[Conflict, ...]) -> tuple[str, str, str]:
    """The three texts of what clashes: place → value, where there is one."""
    sides = ("base", "mine", "theirs")
    base, mine, theirs = (
        json.dumps(
            {path_text(each.place): getattr(each, side) for each in conflicts if getattr(each, side) is not UNSET}
        )
        for side in sides
    )
    return base, mine, theirs
