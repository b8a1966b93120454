"""Look at what a case, scenario or shared file was, compare, and bring a revision back."""

from collections.abc import Mapping

from msgspec import UNSET, Struct

from workbench.errors import ConflictError, ErrorGroup, NotFoundError, SuiteError, UsageError, WorkbenchError
from workbench.files import ScriptCheck
from workbench.model import json
from workbench.storage import Author, Choices, Difference, Found, Storage, compare, holders
from workbench.storage.row_compare import compare_bodies
from workbench.usecases.check_saved import fitting, fitting_text

WHOLE = ("suite", "config")  # kinds of which a version has one


class Saved(Struct, frozen=True):
    subsystem: str
    version: str
    revision: int  # that the version holds now
    merged: bool = False  # with what somebody else saved since the change was begun


def find(key: str, storage: Storage, subsystem: str = "", kind: str = "") -> Found:
    """The one document with that id. Of the kinds that a version has once `key` may be the subsystem; a dataset is
    found by its kind only. Raises UsageError when there is none, or more than one."""
    if kind in WHOLE:
        key, subsystem = "", subsystem or key
    all_ = storage.history.find(key, subsystem)
    found = [each for each in all_ if each.kind == kind or (not kind and each.kind != "dataset")]
    if not found:
        place = f" in {subsystem}" if subsystem else ""
        what = (
            f"{kind} document"
            if kind in WHOLE
            else f"dataset {key!r}"
            if kind == "dataset"
            else f"case, scenario or shared file has the id {key!r}"
        )
        raise NotFoundError(f"no {what}{place}", hint="`workbench db list`")
    if len(found) > 1:
        names = ", ".join(f"{each.subsystem} ({each.kind})" for each in found)
        raise UsageError(f"there are several {key}: {names}", hint="choose one with --subsystem or --kind")
    return found[0]


def body(document: Found, storage: Storage, version: str = "", number: int = 0) -> tuple[int, str]:
    """(revision, JSON text) of a revision, or of the one that the version holds. Raises UsageError."""
    if not number:
        held = holders(storage.history.revisions(document))
        number = held[_version(document, version, held)]
    return number, storage.history.body(document, number)


def save(
    document: Found,
    text: str | bytes,
    base: int,
    storage: Storage,
    author: Author,
    version: str = "",
    choices: Choices | None = None,
    *,
    merge: bool = True,
    scripts: ScriptCheck | None = None,
) -> Saved:
    """Save what was made of revision `base`; the version may be left out where only one has the document.

    What somebody else saved since is put together with it, unless not `merge`. Where both changed one value `choices`
    decides; without, nothing is saved and ConflictError has all three texts. `scripts`: says what is wrong with one.
    Raises ErrorGroup of SuiteError for what does not fit the suite, JsonError, StorageError for a text that is no such
    document, UsageError.
    """
    where = f"{document.kind} {document.key}"
    value = json.dumps(json.loads(text, where=where))
    held = holders(storage.history.revisions(document))
    name = _version(document, version, held)
    value = fitting(document, name, value, base, storage, scripts)
    choose = (choices or Choices()).of(document.kind, document.key) if merge else None

    def fitting_together(merged: str, theirs: str) -> str:
        """Each side may be right, and both together wrong."""
        if document.kind == "dataset":
            return merged
        try:
            return fitting_text(document, name, merged, theirs, storage, scripts)
        except ErrorGroup as group:
            raise ErrorGroup([_together(each) for each in group.errors]) from group

    number = storage.history.save(document, name, value, base, author, choose, check=fitting_together)
    return Saved(document.subsystem, name, number, merged=held[name] != base)


def _together(error: WorkbenchError) -> SuiteError:
    hint = f"each change is good, and both together are not: {error.hint or 'read it again, and save upon it'}"
    return SuiteError(error.message, where=error.where, hint=hint)


def compare_revisions(document: Found, before: int, after: int, storage: Storage) -> list[Difference]:
    """Step by step, field by field, row by row. Raises UsageError for a revision that does not exist."""
    old, new = (json.loads(storage.history.body(document, number)) for number in (before, after))
    return compare_bodies(document.kind, old, new, storage.rows)


def restore(
    document: Found, number: int, storage: Storage, author: Author, *, version: str = "", expected: int = 0
) -> Saved:
    """Save what revision `number` held as the newest of a version; which one may be left out where only one has it.

    `expected`: the revision that the version is thought to hold; 0: whichever it is now. Raises ConflictError when it
    is another, UsageError.
    """
    body = storage.history.body(document, number)
    held = holders(storage.history.revisions(document))
    name = _version(document, version, held)
    fitting(document, name, body, held[name], storage)
    return Saved(
        document.subsystem,
        name,
        storage.history.save(document, name, body, expected or held[name], author),
    )


def _version(document: Found, wanted: str, held: Mapping[str, int]) -> str:
    if wanted in held:
        return wanted
    if not wanted and len(held) == 1:
        return next(iter(held))
    names = ", ".join(held) or "none"
    problem = f"{wanted} does not have it" if wanted else "it is in several versions" if held else "no version has it"
    where = f"{document.subsystem}: {document.kind} {document.key}"
    kind = NotFoundError if wanted or not held else UsageError
    raise kind(problem, where=where, hint=f"choose with --version; those that have it: {names}")


def sides(conflict: ConflictError) -> dict[str, list[Difference]]:
    """What each side changed."""
    base, mine, theirs = (
        json.loads(text) if text else UNSET for text in (conflict.base, conflict.mine, conflict.theirs)
    )
    return {"theirs": compare(base, theirs), "mine": compare(base, mine)}
