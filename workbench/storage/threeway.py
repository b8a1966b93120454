"""Two states of a version that came from one: put together document by document, what both changed part by part.

The same for a folder that comes back into the database and for one version that is brought into another.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec import UNSET, Struct
from msgspec.structs import replace

from workbench.errors import StorageError
from workbench.model import json
from workbench.model.json import Json
from workbench.storage.content import canonical, content_hash
from workbench.storage.merge import Choose, Conflict, Place, Side, merge, merge_order
from workbench.storage.state import Name, Piece, State
from workbench.storage.vault import NoVault, Vault

SCENARIO: Final = "(scenario)"  # the place that says which scenario a case stands in
WHOLE: Final = frozenset({"contract", "artifact"})  # half of one and half of another is neither
Read = Callable[[Iterable[str]], Mapping[str, str]]  # revisions → their bodies
MergeDataset = Callable[[tuple[str, str, str], Choose], tuple[str, tuple[Conflict, ...]] | None]

_NO_VAULT: Final = NoVault()


class Clash(Struct, frozen=True):
    """A conflict in a document. Where a value is the whole document it is its JSON text's value."""

    kind: str
    key: str
    conflict: Conflict

    @property
    def path(self) -> Place:
        return (self.kind, self.key, *self.conflict.place)


class Choices:
    """Whose value is taken where both changed one: by the longest path that begins a conflict's.

    A path is (kind, key, *place) of a conflict, or the beginning of one: () stands for all.
    """

    def __init__(self, by_path: Mapping[Place, Side] = {}) -> None:
        self.by_path = by_path
        self.used: set[Place] = set()

    def of(self, kind: str, key: str) -> Choose:
        def choose(conflict: Conflict) -> Side | None:
            path = (kind, key, *conflict.place)
            for length in range(len(path), -1, -1):
                if path[:length] in self.by_path:
                    self.used.add(path[:length])
                    return self.by_path[path[:length]]
            return None

        return choose

    @property
    def unused(self) -> list[Place]:
        return [path for path in self.by_path if path and path not in self.used]


class Joined(Struct, frozen=True):
    """`pieces` is the whole only where there are no clashes."""

    pieces: list[Piece]
    clashes: list[Clash]
    merged: list[Name]  # documents of which both sides changed something
    contained: list[tuple[str, str]]  # (revision of theirs that stays, revision of mine that it holds already)


def join(
    base: State,
    mine: State,
    theirs: State,
    choices: Choices,
    read: Read,
    vault: Vault = _NO_VAULT,
    datasets: MergeDataset = lambda texts, choose: None,
) -> Joined:
    """Both sides' changes of `base`. `read` is asked once, for the bodies that have to be looked at; `vault` seals what
    became a secret by one side and has a new value by the other; `datasets` puts bodies of datasets together."""
    work = _Join(base, mine, theirs, choices, vault, datasets)
    names = list(dict.fromkeys((*theirs, *mine)))  # what neither has is gone
    work.load(names, read)
    kept = {name: piece for name in names if (piece := work.content(name)) is not None}
    work.keep_scenarios(kept)
    pieces = work.placed(kept)
    return Joined(pieces, work.clashes, work.merged, list(work.contained(kept)))


class _Join:
    def __init__(
        self, base: State, mine: State, theirs: State, choices: Choices, vault: Vault, datasets: MergeDataset
    ) -> None:
        self.vault = vault
        self.datasets = datasets
        self.sides = (base, mine, theirs)
        self.orders = [_orders(side) for side in self.sides]
        self.choices = choices
        self.bodies: dict[str, str] = {}
        self.clashes: list[Clash] = []
        self.merged: list[Name] = []

    def load(self, names: Iterable[Name], read: Read) -> None:
        wanted = [
            piece.revision
            for name in names
            if self._both_changed(name)
            for piece in self._of(name)
            if piece is not None and piece.body is None
        ]
        self.bodies.update(read(wanted) if wanted else {})

    def _of(self, name: Name) -> list[Piece | None]:
        return [side.get(name) for side in self.sides]

    def _both_changed(self, name: Name) -> bool:
        base, mine, theirs = (piece.hash if piece else "" for piece in self._of(name))
        return mine not in (base, theirs) and theirs != base

    def content(self, name: Name) -> Piece | None:
        """The piece with what the document is to hold; None: it goes."""
        base, mine, theirs = self._of(name)
        if self._both_changed(name):
            return self._together(name, base, mine, theirs)
        unchanged = [piece.hash if piece else "" for piece in (base, theirs)]
        return theirs if (mine.hash if mine else "") in unchanged else mine

    def contained(self, kept: Mapping[Name, Piece]) -> Iterator[tuple[str, str]]:
        """Changes of mine that need no new revision: theirs has them, or was chosen over them."""
        for name, piece in kept.items():
            base, mine, theirs = self._of(name)
            if not mine or not theirs or not mine.revision or piece.revision != theirs.revision:
                continue
            if mine.revision != theirs.revision and mine.hash != (base.hash if base else ""):
                yield theirs.revision, mine.revision

    def _together(self, name: Name, base: Piece | None, mine: Piece | None, theirs: Piece | None) -> Piece | None:
        if name[0] in WHOLE or mine is None or theirs is None:
            return self._one_of(name, base, mine, theirs)
        if name[0] == "dataset":
            return self._rows_together(name, base, mine, theirs)
        old, my, their = (json.loads(self._body(each)) if each else UNSET for each in (base, mine, theirs))
        merged = merge(old, my, their, self.choices.of(*name))
        self.clashes += [Clash(*name, conflict) for conflict in merged.conflicts]
        if merged.conflicts:
            return theirs
        try:
            body = canonical(name[0], json.dumps(merged.value), self.vault)
        except StorageError:  # each half is good, and both together are not
            return self._one_of(name, base, mine, theirs)
        return self._made(name, body, mine, theirs)

    def _made(self, name: Name, body: str, mine: Piece, theirs: Piece) -> Piece:
        self.merged.append(name)
        hash_ = content_hash(name[0], body)
        same = next((each for each in (theirs, mine) if each.hash == hash_), None)
        return same or replace(theirs, hash=hash_, body=body, revision="", other=mine.revision)

    def _rows_together(self, name: Name, base: Piece | None, mine: Piece, theirs: Piece) -> Piece | None:
        """A dataset by its rows and cells; one without rows, or that both made anew, as a whole."""
        texts = (self._body(base), self._body(mine), self._body(theirs)) if base else None
        found = self.datasets(texts, self.choices.of(*name)) if texts else None
        if found is None:
            return self._one_of(name, base, mine, theirs)
        body, conflicts = found
        self.clashes += [Clash(*name, conflict) for conflict in conflicts]
        return theirs if conflicts else self._made(name, body, mine, theirs)

    def _one_of(self, name: Name, *sides: Piece | None) -> Piece | None:
        """As a whole, since it has no parts, or one side has none of it."""
        values: list[Json] = [json.loads(self._body(each)) if each else UNSET for each in sides]
        conflict = Conflict((), *values)
        side = self.choices.of(*name)(conflict)
        if side is None:
            self.clashes.append(Clash(*name, conflict))
            return sides[2] or sides[1]
        self.merged.append(name)
        return sides[("base", "mine", "theirs").index(side)]

    def _body(self, piece: Piece) -> str:
        return piece.body if piece.body is not None else self.bodies[piece.revision]

    def keep_scenarios(self, kept: dict[Name, Piece]) -> None:
        """One side removed a scenario, the other put a case into it: the scenario stays."""
        for name, piece in list(kept.items()):
            if name[0] == "case":
                kept[name] = replace(piece, scenario=self._scenario(name))
                scenario = ("scenario", kept[name].scenario)
                if scenario not in kept:
                    kept[scenario] = next(side[scenario] for side in reversed(self.sides) if scenario in side)

    def _scenario(self, name: Name) -> str:
        base, mine, theirs = (piece.scenario if piece else UNSET for piece in self._of(name))
        merged = merge(base, mine if mine is not UNSET else base, theirs if theirs is not UNSET else base,
                       lambda conflict: self.choices.of(*name)(replace(conflict, place=(SCENARIO,))))  # fmt: skip
        if merged.conflicts:
            self.clashes.append(Clash(*name, Conflict((SCENARIO,), base, mine, theirs)))
            return str(theirs)
        return str(merged.value)

    def placed(self, kept: Mapping[Name, Piece]) -> list[Piece]:
        """All of them, at the places that both sides gave them."""
        places: dict[Name, int] = {}
        groups: dict[Name, list[Name]] = {}
        for name, piece in kept.items():
            if name[0] in ("case", "scenario", "shared"):
                groups.setdefault((name[0], piece.scenario), []).append(name)
        for group, members in groups.items():
            places |= {name: place for place, name in enumerate(self._order(group, members))}
        slugs = _Slugs(self.sides)
        return [
            replace(piece, position=places.get(name, 0), name=slugs.of(name, piece)) for name, piece in kept.items()
        ]

    def _order(self, group: Name, members: Sequence[Name]) -> Iterator[Name]:
        kind, scenario = group
        wanted = {key for _, key in members}
        orders = [[key for key in order.get(group, ()) if key in wanted] for order in self.orders]
        owner = ("scenario", scenario) if kind == "case" else ("suite", "")
        place = () if kind == "case" else (kind,)
        order, conflicts = merge_order(orders, place, self.choices.of(*owner))
        self.clashes += [Clash(*owner, conflict) for conflict in conflicts]
        return ((kind, key) for key in dict.fromkeys((*order, *sorted(wanted))))


class _Slugs:
    """Names of scenarios' files: each side's change is taken, and two scenarios never get one name."""

    def __init__(self, sides: Sequence[State]) -> None:
        self.sides = sides
        self.taken: set[str] = set()

    def of(self, name: Name, piece: Piece) -> str:
        if name[0] != "scenario":
            return piece.name
        base, mine, theirs = (side[name].name if name in side else "" for side in self.sides)
        wanted = (mine if theirs in (base, "") else theirs) or mine or base
        free, number = wanted, 2
        while free in self.taken:
            free, number = f"{wanted}-{number}", number + 1
        self.taken.add(free)
        return free


def _orders(side: State) -> dict[Name, list[str]]:
    """(kind, scenario) → keys of what stands there, in order."""
    found: dict[Name, list[str]] = {}
    for piece in sorted(side.values(), key=lambda piece: piece.position):
        found.setdefault((piece.kind, piece.scenario), []).append(piece.key)
    return found
