"""Look at the audit log: an entry with what it changed."""

from collections.abc import Sequence

from msgspec import Struct

from workbench.model import json
from workbench.storage import At, AuditEntry, DocumentDifference, Storage


class AuditDetail(Struct, frozen=True):
    """`changes`: of a save of a version, document by document, with before and after."""

    entry: AuditEntry
    changes: Sequence[DocumentDifference] = ()


def entry(number: str, storage: Storage) -> AuditDetail:
    """Raises NotFoundError."""
    found = storage.audit.entry(number)
    after = json.loads(found.after) if found.after else None
    subsystem, at, version = found.subject.partition("@")
    if not at or not isinstance(after, dict) or "save" not in after:
        return AuditDetail(found)
    save = int(after["save"])
    changes = storage.saves.compare(At(subsystem, version, save - 1), At(subsystem, version, save))
    return AuditDetail(found, changes)
