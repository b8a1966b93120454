"""Bring a suite folder into the database: the model as documents, its files into the file store."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from workbench.files import (
    dataset_files,
    derive_missing_ids,
    not_kept,
    read_contracts,
    read_suite,
    strangers,
    tool_files,
)
from workbench.files.generated import GENERATED
from workbench.model.suite import Suite
from workbench.storage import Author, Change, Snapshot, Storage, StoredFile


class Imported(Struct, frozen=True):
    """What came of it. `warnings`: what of the folder the database does not hold, or holds in another form."""

    subsystem: str
    version: str
    cases: int
    changes: list[Change]
    warnings: list[str]


def import_suite(
    folder: Path, storage: Storage, author: Author, version: str = "", *, dry_run: bool = False
) -> Imported:
    """Make the version in the database hold what the folder holds; `version`: instead of the one in suite.yaml,
    `dry_run`: only tell what would change.

    One transaction: all of it or nothing. Raises SuiteError for a suite with errors, UsageError for names that the
    database cannot hold, StorageError.
    """
    read = read_suite(folder)
    suite = derive_missing_ids(read)
    contracts = read_contracts(folder)
    artifacts, warnings = _artifacts(suite, folder)
    datasets = dataset_files(folder)
    if suite != read:
        warnings.append(f"{folder}: ids are missing, and are made of names; `workbench fmt` writes ids that stay")
    warnings += not_kept(folder, suite, contracts)
    known = {*artifacts, *datasets.values()}
    warnings += [f"{path}: is no part of a suite and is not kept" for path in strangers(folder, known)]
    if version:
        suite = replace(suite, file=replace(suite.file, version=version))
    snapshot = Snapshot(
        suite,
        contracts,
        {name: _store(path, folder, storage) for name, path in datasets.items()},
        tuple(_store(path, folder, storage) for path in artifacts),
    )
    changes = storage.suites.put(snapshot, author, dry_run=dry_run)
    cases = sum(len(scenario.cases) for scenario in suite.scenarios.values())
    return Imported(suite.file.subsystem, suite.file.version, cases, changes, warnings)


def _store(path: Path, folder: Path, storage: Storage) -> StoredFile:
    return StoredFile(path.relative_to(folder).as_posix(), *storage.files.put(path))


def _artifacts(suite: Suite, folder: Path) -> tuple[list[Path], list[str]]:
    """Files of the folder that suite.yaml names, tool jars and what `workbench generate` remembers; and a warning for
    each that is not in it."""
    found, warnings = set(tool_files(folder)), []
    if (folder / GENERATED).is_file():
        found.add(folder / GENERATED)
    for text in _named(suite):
        path = folder / text
        if "://" in text:
            continue  # samples://NAME is had anew on each machine
        if Path(text).is_absolute() or ".." in Path(text).parts:
            warnings.append(f"{text}: stands outside of the folder; the database keeps its name only")
        elif not path.is_file():
            warnings.append(f"{path}: there is no such file; the database keeps its name only")
        else:
            found.add(path)
    return sorted(found), warnings


def _named(suite: Suite) -> Iterable[str]:
    file = suite.file
    yield from (*file.artifacts, *file.sources)
    for each in file.dependencies.values():
        yield from (*each.artifacts, *each.sources, *each.tool)
