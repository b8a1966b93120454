"""Versions renamed, removed into the trash and brought back; one that others name is not."""

from workbench.errors import UsageError
from workbench.storage import Author, Storage
from workbench.usecases.export_suite import parse_address

_SHOWN = 5


def rename_version(address: str, name: str, storage: Storage, author: Author) -> str:
    """Gives the new address. Raises UsageError for a name that is taken, and while others name it."""
    subsystem, version = parse_address(address, storage)
    if name != version:
        _refuse_named(subsystem, version, storage, only_explicit=True)
        storage.releases.rename(subsystem, version, name, author)
    return f"{subsystem}@{name}"


def remove_version(address: str, storage: Storage, author: Author) -> str:
    """Into the trash; gives its address. Raises UsageError while others name it."""
    subsystem, version = parse_address(address, storage)
    alone = len(storage.suites.versions(subsystem)) == 1
    _refuse_named(subsystem, version, storage, only_explicit=not alone)
    storage.releases.remove(subsystem, version, author)
    return f"{subsystem}@{version}"


def restore_version(address: str, storage: Storage, author: Author, name: str = "") -> str:
    """Out of the trash, to its place; gives its address. Raises NotFoundError, UsageError for a name that is taken."""
    subsystem, _, version = address.partition("@")
    if not version:
        names = [f"{each.subsystem}@{each.version}" for each in storage.releases.removed(subsystem)]
        raise UsageError("name a version", where=address, hint=f"in the trash: {', '.join(names) or 'none'}")
    return f"{subsystem}@{storage.releases.restore(subsystem, version, author, name)}"


def _refuse_named(subsystem: str, version: str, storage: Storage, *, only_explicit: bool) -> None:
    """`only_explicit`: who depends on the newest, whichever that is, goes on with another."""
    found = storage.impacts.dependents(subsystem, version, only_explicit=only_explicit)
    names = [f"{other}@{its}" for other, its, _ in found]
    meant = (version,) if only_explicit else (version, "")
    names += [f"the schedule {each.name}" for each in storage.schedules.all(subsystem) if each.version in meant]
    if names:
        shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        hint = "change what names it first"
        raise UsageError(f"{subsystem}@{version} is named by {shown}", where=f"{subsystem}@{version}", hint=hint)
