"""Bring a suite folder into the database: the model as documents, its files into the file store."""

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import ErrorGroup, NotFoundError, SuiteError
from workbench.files import (
    ScriptCheck,
    canonical,
    contract_files,
    dataset_files,
    derive_missing_ids,
    manual_files,
    not_kept,
    read_contracts,
    read_manual,
    read_origin,
    read_suite,
    strangers,
    suite_tag_errors,
    tags_of,
    tool_files,
    update_suite,
    write_contract,
    write_origin,
)
from workbench.files.generated import GENERATED
from workbench.model.suite import Suite
from workbench.storage import Author, Brought, Change, Choices, Snapshot, Storage, StoredFile, has_sealed, opened
from workbench.usecases.check_merged import fits
from workbench.usecases.names_alike import refuse_alike, warnings_of
from workbench.usecases.suite_files import inside
from workbench.usecases.tables import bring_file, store_dataset


class Imported(Struct, frozen=True, kw_only=True):
    """What came of it. `save`: the number of the version's save that holds it. `merged`: documents (kind, key) that
    others changed too. `updated`: files of the folder that got what others saved. `warnings`: what of the folder the
    database does not hold, or holds in another form."""

    subsystem: str
    version: str
    save: int
    cases: int
    changes: list[Change]
    merged: list[tuple[str, str]]
    updated: list[str]
    warnings: list[str]


def import_suite(
    folder: Path,
    storage: Storage,
    author: Author,
    version: str = "",
    choices: Choices | None = None,
    *,
    replace_all: bool = False,
    dry_run: bool = False,
    scripts: ScriptCheck | None = None,
) -> Imported:
    """Bring what was changed in the folder into the database; `version`: instead of the one in suite.yaml.

    The folder knows the save that it was made of. What others saved since is put together with it and written into the
    folder, so that both are one. Where both changed one value `choices` decides; without, nothing is saved and
    ErrorGroup has a ConflictError for each document. What both become together is checked like the folder: where each
    is good and both together are not, nothing is saved either. `replace_all`: the version holds what the folder holds,
    whatever it held; `dry_run`: only tell what would change; `scripts`: says what is wrong with one.

    One transaction: all of it or nothing. Raises SuiteError for a suite with errors, UsageError for names that the
    database cannot hold and for a folder that is not known to come from a version that holds something else,
    StorageError.
    """
    read = read_suite(folder, scripts=scripts)
    named = derive_missing_ids(read)
    snapshot, warnings = _snapshot(read, named, folder, storage, version)
    suite = snapshot.suite
    origin = read_origin(folder, suite.file.subsystem, suite.file.version)
    fit = fits(snapshot, scripts)

    def check(before: Snapshot, after: Snapshot) -> None:
        fit(before, after)
        refuse_alike(after, folder)

    brought = storage.joins.bring(
        snapshot, origin, author, choices, replace=replace_all, dry_run=dry_run, check=check, by_names=True,
        written=named if _otherwise(named, suite) else None,
    )  # fmt: skip
    if brought.whole and not has_sealed(suite.file):
        brought = replace(brought, whole=_opened(brought.whole, storage))
    whole = brought.whole or snapshot
    updated = [] if dry_run else _settle(folder, read.file.version, snapshot, brought, storage, warnings)
    return Imported(
        subsystem=suite.file.subsystem,
        version=suite.file.version,
        save=brought.origin.save,
        cases=sum(len(scenario.cases) for scenario in whole.suite.scenarios.values()),
        changes=brought.changes,
        merged=brought.merged,
        updated=updated,
        warnings=warnings,
    )


def _otherwise(named: Suite, kept: Suite) -> bool:
    return (named.scenarios, named.shared) != (kept.scenarios, kept.shared)


def _snapshot(read: Suite, named: Suite, folder: Path, storage: Storage, version: str) -> tuple[Snapshot, list[str]]:
    """What the folder holds, its files in the store; and what of it is not kept as it stands there."""
    suite = canonical(named)
    contracts = read_contracts(folder)
    read_manual(folder)  # kept as it is; what no run could read is told now
    artifacts, warnings = _artifacts(suite, folder)
    datasets = dataset_files(folder)
    if named != read:
        warnings.append(f"{folder}: ids are missing, and are made of names; `workbench fmt` writes ids that stay")
    warnings += not_kept(folder, suite, contracts)
    known = {*artifacts, *datasets.values()}
    warnings += [f"{path}: is no part of a suite and is not kept" for path in strangers(folder, known)]
    if version:
        suite = replace(suite, file=replace(suite.file, version=version))
    warnings += _tags(suite, storage)
    tables = {name: store_dataset(path, folder, storage) for name, path in datasets.items()}
    made = Snapshot(suite, contracts, tables, tuple(_store(path, folder, storage) for path in artifacts))
    return made, warnings + warnings_of(made)


def _tags(suite: Suite, storage: Storage) -> list[str]:
    """Of tags that select nothing: those that the version has already are told, new ones are refused."""
    found = suite_tag_errors(suite)
    if not found:
        return []
    try:
        held = storage.suites.get(suite.file.subsystem, suite.file.version).suite
    except NotFoundError:
        raise ErrorGroup(found) from None
    known = {tag for each in (held.file, *held.scenarios.values()) for tag in tags_of(each)}
    if new := suite_tag_errors(suite, known):
        raise ErrorGroup(new)
    return [str(SuiteError(each.message, where=each.where)) for each in found]


def _opened(snapshot: Snapshot, storage: Storage) -> Snapshot:
    suite = snapshot.suite
    return replace(snapshot, suite=replace(suite, file=opened(suite.file, storage.vault)))


def _settle(
    folder: Path, version: str, given: Snapshot, brought: Brought, storage: Storage, warnings: list[str]
) -> list[str]:
    """Write into the folder what others saved, then what it is made of now; gives the files that changed."""
    updated = _update(folder, version, given, brought.whole, storage) if brought.whole else []
    try:
        write_origin(folder, brought.origin, alone=brought.whole is not None)
    except OSError as error:
        warnings.append(f"{folder}: cannot note which save it was made of: {error.strerror}")
    if brought.whole:
        try:
            read_suite(folder)
        except ErrorGroup as problems:
            warnings.append("both changes are kept, and together they do not fit; mend it and import again:")
            warnings += [str(each) for each in problems.errors]
    return [path.relative_to(folder).as_posix() for path in updated]


def _update(folder: Path, version: str, given: Snapshot, whole: Snapshot, storage: Storage) -> list[Path]:
    before, after = (replace(each.suite, file=replace(each.suite.file, version=version)) for each in (given, whole))
    changed = update_suite(before, after, folder)
    for name, path in contract_files(folder).items():
        if name not in whole.contracts:
            path.unlink()
            changed.append(path)
    for name, contract in whole.contracts.items():
        if given.contracts.get(name) != contract:
            changed.append(write_contract(folder, contract, name))
    old, new = ({*each.datasets.values(), *each.artifacts} for each in (given, whole))
    for gone in {each.path for each in old} - {each.path for each in new}:
        (folder / gone).unlink(missing_ok=True)
    for file in sorted(new - old, key=lambda each: each.path):
        bring_file(file, storage, folder / inside(file))
        changed.append(folder / file.path)
    return changed


def _store(path: Path, folder: Path, storage: Storage) -> StoredFile:
    return StoredFile(path.relative_to(folder).as_posix(), *storage.files.put(path))


def _artifacts(suite: Suite, folder: Path) -> tuple[list[Path], list[str]]:
    """Files of the folder that suite.yaml names, tool jars, interfaces written by hand and what `workbench generate`
    remembers; and a warning for each that is not in it."""
    found, warnings = {*tool_files(folder), *manual_files(folder).values()}, []
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
