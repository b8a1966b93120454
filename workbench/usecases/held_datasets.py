"""The datasets that a version holds: found by name, read as tables."""

from collections.abc import Mapping
from typing import NamedTuple

from workbench.errors import DatasetError, NotFoundError
from workbench.model.dataset import Column
from workbench.model.near import did_you_mean
from workbench.storage import Storage, StoredFile, StoredTable
from workbench.storage.content import decode


class Held(NamedTuple):
    """A dataset as a version holds it, and the number of its revision."""

    file: StoredFile
    tag: str


def held_datasets(subsystem: str, version: str, storage: Storage) -> dict[str, Held]:
    """By name. Raises NotFoundError."""
    found = storage.listing.documents(subsystem, version, "dataset")
    return {
        each.key: Held(decode("dataset", each.body, f"{subsystem}@{version}"), str(each.revision)) for each in found
    }


def find_held(known: Mapping[str, Held], name: str) -> Held:
    if name not in known:
        raise NotFoundError(
            f"there is no dataset {name!r}", hint=did_you_mean(name, known) or "`workbench dataset list`"
        )
    return known[name]


def table_of(file: StoredFile) -> StoredTable:
    if file.table is None:
        hint = (
            "mend the file, and import it or its suite again; `workbench dataset import --preview` tells what is wrong"
        )
        raise DatasetError("this file is no table that can be read", where=file.path, hint=hint)
    return file.table


def column_of(table: StoredTable, name: str) -> Column:
    known = {each.name: each for each in table.columns}
    if name not in known:
        raise NotFoundError(f"there is no column {name!r}", hint=did_you_mean(name, known))
    return known[name]
