"""Write a version of the database as a suite folder: the exact inverse of an import."""

import filecmp
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path

from msgspec import structs

from workbench.errors import UsageError
from workbench.files import (
    contract_files,
    dataset_files,
    manual_files,
    tool_files,
    write_contract,
    write_origin,
    write_suite,
    yaml_files,
)
from workbench.files.generated import GENERATED
from workbench.storage import Snapshot, Storage, opened, snapshot_digest
from workbench.usecases.names_alike import refuse_alike
from workbench.usecases.suite_files import inside
from workbench.usecases.tables import bring_file

KEPT_DAYS = 30  # folders of versions that runs were made of
_DAY_S = 24 * 3600
_DRAFT = ".export-"


def parse_address(text: str, storage: Storage) -> tuple[str, str]:
    """`SUBSYSTEM@VERSION`, or `SUBSYSTEM` for its newest → both names. Raises UsageError for an unknown subsystem."""
    subsystem, at, version = text.partition("@")
    return subsystem, version if at else storage.suites.latest(subsystem)


def export_suite(
    address: str, storage: Storage, out: Path, *, replace: bool = False, sealed: bool = False
) -> tuple[str, str]:
    """Write the version to the folder `out`; gives (subsystem, version).

    A folder that holds something is refused, unless `replace`: then files of a suite that the version does not have go
    away, and what is no part of a suite stays. The folder notes the save that it is made of. `sealed`: its secrets stay
    sealed; who imports it needs the same key. All is written aside first, so that one that fails (a full disk, a lost
    database) changes nothing. Raises UsageError, StorageError, SettingsError for another key,
    ErrorGroup of UsageError for names that differ in case only where the folder has one file for both.
    """
    subsystem, version = parse_address(address, storage)
    snapshot, origin = storage.suites.get_with_origin(subsystem, version)
    made = not out.exists()
    if not made and (not out.is_dir() or (any(out.iterdir()) and not replace)):
        raise UsageError("this is not an empty folder", where=str(out), hint="another --out, or --replace")
    suite = snapshot.suite
    file = suite.file if sealed else opened(suite.file, storage.vault)
    out.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=_DRAFT, dir=out))
    try:
        _write(structs.replace(snapshot, suite=structs.replace(suite, file=file)), storage, draft)
        write_origin(draft, origin, alone=True)
        _remove_others(out, draft)
        _settle(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if made and not any(out.iterdir()):
            out.rmdir()
    return subsystem, version


def folder_of(address: str, storage: Storage, root: Path) -> Path:
    """A folder below `root` that holds the version as it is now, for runs; made when there is none.

    It is named by content and never changed, so that a run may go on in it while somebody saves. Secrets stay sealed.
    """
    subsystem, version = parse_address(address, storage)
    snapshot = storage.suites.get(subsystem, version)
    path = root / snapshot_digest(snapshot, storage.vault)
    _forget_old(root)
    if path.is_dir():
        os.utime(path)
        return path
    draft = root / f".{path.name[:16]}-{secrets.token_hex(4)}"
    try:
        _write(snapshot, storage, draft, link=True)
        draft.rename(path)
    except OSError:
        if not path.is_dir():  # else somebody else has made it meanwhile
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return path


def _write(snapshot: Snapshot, storage: Storage, folder: Path, *, link: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    refuse_alike(snapshot, folder)
    write_suite(snapshot.suite, folder)
    for name, contract in snapshot.contracts.items():
        write_contract(folder, contract, name)
    for file in (*snapshot.datasets.values(), *snapshot.artifacts):
        bring_file(file, storage, folder / inside(file), link=link)


def _remove_others(folder: Path, draft: Path) -> None:
    """Files of a suite that the draft has not."""
    held = {
        *dataset_files(folder).values(),
        *tool_files(folder),
        *manual_files(folder).values(),
        *folder.glob(GENERATED),
    }
    held |= {*contract_files(folder).values(), *yaml_files(folder)}
    for path in held:
        if not (draft / path.relative_to(folder)).exists():
            path.unlink()


def _settle(draft: Path, folder: Path) -> None:
    """Bring what the draft holds to its places; files that are so already are not touched."""
    for path in (each for each in draft.rglob("*") if each.is_file()):
        place = folder / path.relative_to(draft)
        if not (place.is_file() and filecmp.cmp(path, place, shallow=False)):
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)


def _forget_old(root: Path) -> None:
    for path in root.glob("*"):
        if path.stat().st_mtime < time.time() - KEPT_DAYS * _DAY_S:
            shutil.rmtree(path, ignore_errors=True)
