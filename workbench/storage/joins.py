"""Bringing changes into a version: a folder that was made of an earlier save of it."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace as replaced

from workbench.errors import ConflictError, ErrorGroup, UsageError
from workbench.model.noted import SaveKind
from workbench.model.origin import Origin
from workbench.model.suite import Suite
from workbench.storage.author import Author
from workbench.storage.content import Snapshot, documents_of, snapshot_of
from workbench.storage.database import Database
from workbench.storage.dataset_merge import DatasetMerge, shown
from workbench.storage.impacts import Impact, Spread, keep, spread_out
from workbench.storage.merge import choosing, path_text
from workbench.storage.save import Change, Save
from workbench.storage.state import Name, Piece, State, bodies_of, digest_of, piece_of, state_of
from workbench.storage.suites import (
    Check,
    check_keys,
    check_names,
    held_snapshot,
    lock_subsystem,
    make_version,
    read_documents,
)
from workbench.storage.threeway import Choices, Clash, join
from workbench.storage.vault import Vault

_SHOWN = 5


class Brought(Struct, frozen=True):
    """`changes` of the version; `merged`: documents that both sides changed; `origin`: what the version is now;
    `whole`: all of it with its secrets sealed, where it is not what was brought."""

    changes: list[Change]
    merged: list[Name]
    origin: Origin
    whole: Snapshot | None = None


class Joins:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def bring(
        self,
        snapshot: Snapshot,
        origin: Origin | None,
        author: Author,
        choices: Choices | None = None,
        *,
        replace: bool = False,
        dry_run: bool = False,
        what: SaveKind = "import",
        impact: Impact | None = None,
        spread: Iterable[Spread] = (),
        check: Check | None = None,
        by_names: bool = False,
        written: Suite | None = None,
    ) -> Brought:
        """Bring a suite that was made of the save `origin` of the version that it names into it, and make both one.

        What others saved since stays; what both changed is put together part by part, and where both changed one value
        `choices` decides. `replace`: make the version hold exactly this, whatever it holds. Raises ErrorGroup of
        ConflictError, one a document, for what nobody decided; UsageError for a version that holds something else and
        an origin that is not known here, and for choices of what is no conflict. `dry_run`: all is taken
        back; `what`: how the save is called; `impact`: what its artifacts change, kept with it; `spread`: what
        they do to versions that depend on it; `by_names`: it is a folder, whose shared files have no other order;
        `written`: the suite as its files have it, where that is another form: what is held in that form stays so.
        `check`: is shown what the version was and becomes where both were put together, and what it raises takes all
        back.
        """
        file = snapshot.suite.file
        check_names(file.subsystem, file.version, author)
        given = [piece_of(each) for each in documents_of(snapshot, self._vault)]
        files = _by_name(map(piece_of, documents_of(Snapshot(written), self._vault))) if written else {}
        check_keys(given)
        place = (file.subsystem, file.version)
        with self._database.writing() as connection:
            subsystem_id = lock_subsystem(connection, file.subsystem, author)
            version_id = make_version(connection, subsystem_id, file.version)
            held = state_of(connection, version_id)
            given = _as_held(as_placed(given, held) if by_names else given, files, held)
            pieces, merged = given, list[Name]()
            if held and not replace and digest_of(*place, held.values()) != digest_of(*place, given):
                base = _base(connection, origin, version_id, "@".join(place))
                given = _as_held(as_placed(given, base) if by_names else given, files, base)
                pieces, merged = _joined(
                    connection, (base, _by_name(given), held), choices or Choices(), place, self._vault
                )
            was = held_snapshot(connection, version_id, *place) if check and pieces is not given else None
            save = Save(connection, subsystem_id, version_id, author, what)
            changes = save.put(pieces)
            if check and was and (becomes := held_snapshot(connection, version_id, *place)):
                check(was, becomes)
            if impact is not None and changes:
                keep(connection, version_id, save.number, author, impact)
                spread_out(connection, place, save.number, author, spread)
            digest = digest_of(*place, pieces)
            other = digest != digest_of(*place, given)
            whole = snapshot_of(read_documents(connection, version_id), *place) if other else None
            if dry_run:
                connection.rollback()
        return Brought(changes, merged, Origin(*place, save.number, digest), whole)


def as_placed(given: Sequence[Piece], known: State) -> list[Piece]:
    """The same, with files of shared steps in the order that `known` has them in: in a folder they stand by their
    names. One that is new stands behind the one that its name comes after."""
    named = sorted((each for each in given if each.kind == "shared"), key=lambda each: each.position)
    held = {each.key: each.position for each in known.values() if each.kind == "shared"}
    order = sorted((each.key for each in named if each.key in held), key=held.__getitem__)
    for before, each in pairwise([None, *named]):
        if each is not None and each.key not in held:
            order.insert(order.index(before.key) + 1 if before else 0, each.key)
    places = {("shared", key): place for place, key in enumerate(order)}
    return [replaced(each, position=places.get((each.kind, each.key), each.position)) for each in given]


def _as_held(given: Sequence[Piece], files: State, known: State) -> list[Piece]:
    """The same, with what nobody has changed since in the form that `known` has it in: an earlier release kept texts
    as they were sent."""
    found = []
    for each in given:
        file, held = files.get((each.kind, each.key)), known.get((each.kind, each.key))
        same = file is not None and held is not None and file.hash == held.hash != each.hash
        found.append(replaced(each, hash=file.hash, body=file.body) if file is not None and same else each)
    return found


def _by_name(pieces: Iterable[Piece]) -> dict[Name, Piece]:
    return {(each.kind, each.key): each for each in pieces}


def _joined(
    connection: sa.Connection, sides: tuple[State, State, State], choices: Choices, place: tuple[str, str], vault: Vault
) -> tuple[list[Piece], list[Name]]:
    def read(revisions: Iterable[str]) -> dict[str, str]:
        return bodies_of(connection, revisions)

    joined = join(*sides, choices, read, vault, DatasetMerge(connection))
    if joined.clashes:
        raise conflicts(joined.clashes, sides, connection, "@".join(place))
    refuse_unused(choices)
    return joined.pieces, joined.merged


def refuse_unused(choices: Choices) -> None:
    """Raises UsageError for a choice of what is no conflict: it is misspelt, or no longer needed."""
    if choices.unused:
        names = ", ".join(map(path_text, choices.unused))
        raise UsageError(f"there is nothing to choose at {names}", hint="without the choice, the conflicts are listed")


def conflicts(
    clashes: Sequence[Clash],
    sides: Sequence[State],
    connection: sa.Connection,
    where: str,
    names: tuple[str, str] = ("mine", "theirs"),
) -> ErrorGroup:
    """One error a document, with its three texts; `names`: what the sides are called where one chooses."""
    found: dict[Name, list[Clash]] = {}
    for clash in clashes:
        found.setdefault((clash.kind, clash.key), []).append(clash)
    return ErrorGroup([_conflict(name, each, sides, connection, where, names) for name, each in found.items()])


def _conflict(
    name: Name,
    clashes: Sequence[Clash],
    sides: Sequence[State],
    connection: sa.Connection,
    where: str,
    names: tuple[str, str],
) -> ConflictError:
    pieces = [side.get(name) for side in sides]
    bodies = bodies_of(connection, [each.revision for each in pieces if each and each.body is None])
    base, mine, theirs = ("" if not each else each.body or bodies[each.revision] for each in pieces)
    if name[0] == "dataset" and all(clash.conflict.place for clash in clashes):
        base, mine, theirs = shown(tuple(clash.conflict for clash in clashes))
    places = [path_text(clash.path) for clash in clashes]
    listed = ", ".join(places[:_SHOWN]) + (f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else "")
    one, other = names
    hint = choosing(places[0], one, other)
    message = f"both changed {listed}"
    here = f"{where}: {' '.join(name).strip()}"
    return ConflictError(message, where=here, hint=hint, base=base, mine=mine, theirs=theirs, places=places)


def _base(connection: sa.Connection, origin: Origin | None, version_id: str, name: str) -> State:
    """What the origin held. Raises UsageError when there is none, or another one of that number."""
    told = "does not tell which save of it it was made of"
    if origin is not None:
        base = state_of(connection, version_id, origin.save)
        if digest_of(origin.subsystem, origin.version, base.values()) == origin.digest:
            return base
        told = "was made of another database's"
    hint = "--replace makes the version hold what the folder holds; `workbench export` shows what is there"
    raise UsageError(f"{name} holds something else, and this folder {told}", hint=hint)
