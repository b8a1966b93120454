"""Bring what changed in one version of a subsystem into another, look at saves, and take them back."""

from collections.abc import Sequence
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace

from workbench.errors import ErrorGroup, SuiteError, UsageError
from workbench.files import ScriptCheck
from workbench.storage import At, Author, Change, Choices, DocumentDifference, Snapshot, Storage, Synced
from workbench.usecases.check_merged import fits_now, unfit
from workbench.usecases.export_suite import parse_address
from workbench.usecases.references import Missing, Name, lost


class SyncRequest(Struct, frozen=True, kw_only=True):
    """`source` and `target`: SUBSYSTEM@VERSION, of one subsystem. `only`: (kind, key) of documents, a scenario with its
    cases; None: all. `remove`: also bring that something is gone. `with_references`: datasets and shared steps that are
    named by what is brought, and that the target has not, come with it."""

    source: str
    target: str
    only: tuple[Name, ...] | None = None
    remove: bool = False
    with_references: bool = False


class SyncReport(Struct, frozen=True):
    """`warnings`: of a preview, what would be refused: names that the target would not have, and what is wrong with
    what was put together. `brought`: datasets and
    shared files that came with the others."""

    synced: Synced
    warnings: list[str]
    brought: list[str] = field(default_factory=list)


def sync_versions(
    request: SyncRequest,
    storage: Storage,
    author: Author,
    choices: Choices | None = None,
    *,
    preview: bool = False,
    scripts: ScriptCheck | None = None,
) -> SyncReport:
    """One transaction. Raises ErrorGroup of UsageError for names that the target would not have, and of SuiteError for
    what is wrong with a document that was put together, since no run could read it then; ErrorGroup of ConflictError
    for what nobody chose; UsageError. `scripts`: says what is wrong with one."""
    subsystem, source = parse_address(request.source, storage)
    other, target = parse_address(request.target, storage)
    if other != subsystem:
        hint = "`workbench case copy` takes cases to another subsystem"
        raise UsageError(f"{subsystem} and {other} are two subsystems", hint=hint)
    said = replace(author, message=author.message or f"from {subsystem}@{source}")
    work = partial(storage.sync, subsystem, source, target, said, choices, remove=request.remove, preview=preview)
    only, brought = request.only, list[Name]()
    check = partial(_refuse_unfit, storage.suites.get(subsystem, source), scripts)
    while True:
        try:
            return SyncReport(work(only=only, check=check), [], _named(brought))
        except _Unfit as problem:
            found = (
                _references(problem.missing, storage.suites.get(subsystem, source)) if request.with_references else []
            )
            more = [each for each in found if only is not None and each not in only]
            if not more and preview:
                told = [*map(str, problem.missing), *(f"{each.where}: {each.message}" for each in problem.errors)]
                return SyncReport(work(only=only), told, _named(brought))
            if not more:
                missing = [UsageError(str(each), hint=_HINT) for each in problem.missing]
                raise ErrorGroup([*missing, *problem.errors]) from problem
            only, brought = (*(only or ()), *more), [*brought, *more]


_HINT = "bring it too, or --with-references; dependencies are in the settings, connections in the config"


class _Unfit(Exception):
    """The target would name what it has not, or hold what no run could read."""

    def __init__(self, missing: list[Missing], errors: list[SuiteError]) -> None:
        self.missing = missing
        self.errors = errors


def _refuse_unfit(source: Snapshot, scripts: ScriptCheck | None, before: Snapshot, after: Snapshot) -> None:
    missing, errors = lost(before, after), unfit(source, before, after, scripts)
    told = {f"there is no {each.what} {each.name}" for each in missing}
    if missing or errors:
        raise _Unfit(missing, [each for each in errors if each.message not in told])


def _references(missing: Sequence[Missing], given: Snapshot) -> list[Name]:
    """Those that the source has, as documents."""
    found = list[Name]()
    for each in missing:
        if each.what == "dataset" and each.name in given.datasets:
            found.append(("dataset", each.name))
        elif each.what == "shared group" and each.name in given.suite.shared:
            found.append(("shared", each.name.partition(".")[0]))
    return list(dict.fromkeys(found))


def _named(names: Sequence[Name]) -> list[str]:
    return [f"{kind} {key}" for kind, key in names]


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
    at: At,
    storage: Storage,
    author: Author,
    choices: Choices | None = None,
    *,
    preview: bool = False,
    scripts: ScriptCheck | None = None,
) -> tuple[list[Change], int]:
    """Take back one save, the newest unless named; gives changes and the number of the save that does it. What it makes
    together with what was done since is checked as a save is: raises ErrorGroup. `scripts`: says what is wrong with
    one."""
    number = at.save or next((each.number for each in storage.saves.all(at.subsystem, at.version)), 0)
    said = replace(author, message=author.message or f"save {number} taken back")
    return storage.saves.undo(at._replace(save=number), said, choices, preview=preview, check=fits_now(scripts))


def restore_save(at: At, storage: Storage, author: Author, *, preview: bool = False) -> tuple[list[Change], int]:
    """Make the version hold what it held after a save; gives changes and the number of the new save."""
    if at.save is None:
        raise UsageError("name a save", where=f"{at.subsystem}@{at.version}", hint="SUBSYSTEM@VERSION:SAVE")
    said = replace(author, message=author.message or f"as after save {at.save}")
    return storage.saves.restore(at, said, preview=preview)
