"""Write a version of the database as a suite folder: the exact inverse of an import."""

import os
import secrets
import shutil
import time
from pathlib import Path

from msgspec import structs

from workbench.errors import UsageError
from workbench.files import contract_files, dataset_files, tool_files, write_contract, write_origin, write_suite
from workbench.files.generated import GENERATED
from workbench.storage import Snapshot, Storage, opened, snapshot_digest
from workbench.usecases.suite_files import inside
from workbench.usecases.tables import bring_file

KEPT_DAYS = 30  # folders of versions that runs were made of
_DAY_S = 24 * 3600


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
    sealed; who imports it needs the same key. Raises UsageError, StorageError, SettingsError for another key.
    """
    subsystem, version = parse_address(address, storage)
    snapshot, origin = storage.suites.get_with_origin(subsystem, version)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        if not replace or not out.is_dir():
            raise UsageError("this is not an empty folder", where=str(out), hint="another --out, or --replace")
        _remove_others(out, snapshot)
    suite = snapshot.suite
    file = suite.file if sealed else opened(suite.file, storage.vault)
    _write(structs.replace(snapshot, suite=structs.replace(suite, file=file)), storage, out)
    write_origin(out, origin, alone=True)
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
    write_suite(snapshot.suite, folder, prune=True)
    for name, contract in snapshot.contracts.items():
        write_contract(folder, contract, name)
    for file in (*snapshot.datasets.values(), *snapshot.artifacts):
        bring_file(file, storage, folder / inside(file), link=link)


def _remove_others(folder: Path, snapshot: Snapshot) -> None:
    wanted = {folder / inside(file) for file in (*snapshot.datasets.values(), *snapshot.artifacts)}
    gone = {*dataset_files(folder).values(), *tool_files(folder), *folder.glob(GENERATED)} - wanted
    gone |= {path for name, path in contract_files(folder).items() if name not in snapshot.contracts}
    for path in gone:
        path.unlink()


def _forget_old(root: Path) -> None:
    for path in root.glob("*"):
        if path.stat().st_mtime < time.time() - KEPT_DAYS * _DAY_S:
            shutil.rmtree(path, ignore_errors=True)
