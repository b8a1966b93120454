"""Bring what changed in one version of a subsystem into another, look at saves, and take them back."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import UsageError
from workbench.storage import At, Author, Change, Choices, DocumentDifference, Storage, Synced
from workbench.usecases.export_suite import parse_address
from workbench.usecases.references import Name, dangling


class SyncRequest(Struct, frozen=True, kw_only=True):
    """`source` and `target`: SUBSYSTEM@VERSION, of one subsystem. `only`: (kind, key) of documents, a scenario with its
    cases; None: all. `remove`: also bring that something is gone."""

    source: str
    target: str
    only: tuple[Name, ...] | None = None
    remove: bool = False


class SyncReport(Struct, frozen=True):
    """`warnings`: what was brought and names what the target has not."""

    synced: Synced
    warnings: list[str]


def sync_versions(
    request: SyncRequest, storage: Storage, author: Author, choices: Choices | None = None, *, preview: bool = False
) -> SyncReport:
    """One transaction. Raises ErrorGroup of ConflictError for what nobody chose, UsageError."""
    subsystem, source = parse_address(request.source, storage)
    other, target = parse_address(request.target, storage)
    if other != subsystem:
        hint = "`workbench case copy` takes cases to another subsystem"
        raise UsageError(f"{subsystem} and {other} are two subsystems", hint=hint)
    said = replace(author, message=author.message or f"from {subsystem}@{source}")
    synced = storage.sync(
        subsystem, source, target, said, choices, only=request.only, remove=request.remove, preview=preview
    )
    brought = {(each.kind, each.key) for each in synced.changes if each.what != "removed"}
    warnings = dangling(storage.suites.get(subsystem, target), brought) if brought else []
    return SyncReport(synced, list(map(str, warnings)))


def parse_at(text: str, storage: Storage) -> At:
    """`SUBSYSTEM[@VERSION][:SAVE]`. Raises UsageError."""
    address, colon, save = text.rpartition(":")
    if colon and save.isascii() and save.isdigit():
        return At(*parse_address(address, storage), int(save))
    return At(*parse_address(text, storage))


def compare_versions(before: str, after: str, storage: Storage) -> Sequence[DocumentDifference]:
    """Two versions, or two saves of them; document by document, field by field. Raises UsageError."""
    return storage.saves.compare(parse_at(before, storage), parse_at(after, storage))


def what_a_save_did(at: At, storage: Storage) -> Sequence[DocumentDifference]:
    """Raises UsageError when there is no such save."""
    if not at.save:
        raise UsageError("name a save", where=f"{at.subsystem}@{at.version}", hint="SUBSYSTEM@VERSION:SAVE")
    return storage.saves.compare(at._replace(save=at.save - 1), at)


def undo_save(
    at: At, storage: Storage, author: Author, choices: Choices | None = None, *, preview: bool = False
) -> tuple[list[Change], int]:
    """Take back one save, the newest unless named; gives changes and the number of the save that does it."""
    number = at.save or next((each.number for each in storage.saves.all(at.subsystem, at.version)), 0)
    said = replace(author, message=author.message or f"save {number} taken back")
    return storage.saves.undo(at._replace(save=number), said, choices, preview=preview)


def restore_save(at: At, storage: Storage, author: Author, *, preview: bool = False) -> tuple[list[Change], int]:
    """Make the version hold what it held after a save; gives changes and the number of the new save."""
    if at.save is None:
        raise UsageError("name a save", where=f"{at.subsystem}@{at.version}", hint="SUBSYSTEM@VERSION:SAVE")
    said = replace(author, message=author.message or f"as after save {at.save}")
    return storage.saves.restore(at, said, preview=preview)
