"""Versions: what was saved, compared and taken back; sync, trash; cases and steps copied, moved and removed."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from workbench.model.noted import DocumentKind, SaveKind
from workbench.storage import (
    At,
    Author,
    Change,
    Choices,
    DocumentDifference,
    SaveInfo,
    Side,
    Trashed,
    read_path,
)
from workbench.usecases import rearrange
from workbench.usecases.browse_suites import Page
from workbench.usecases.export_suite import parse_address
from workbench.usecases.rearrange import Arranged, Place
from workbench.usecases.rights import Actor, require
from workbench.usecases.sync_versions import (
    SyncReport,
    SyncRequest,
    compare_versions,
    parse_at,
    restore_save,
    sync_versions,
    undo_save,
    what_a_save_did,
)
from workbench_web.api import Api
from workbench_web.desk import Desk
from workbench_web.lists import Listing, Text, listed
from workbench_web.subjects import of_address, of_both, of_target

api = Api()
Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]
_SAVE = "<int(min=1, max=2147483647):number>"


class MessageQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    message: Text = ""


class SavesQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in authors and messages"""

    author: Text | None = None
    what: SaveKind | None = None
    sort: Literal["-number", "number", "documents", "-documents"] = "-number"


class TrashQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    kind: DocumentKind | None = None
    sort: Literal["-removed", "removed", "name", "-name"] = "-removed"


class Compared(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Two versions, or saves of them: SUBSYSTEM[@VERSION][:SAVE]."""

    before: Text
    after: Text


class Undo(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`preview`: only tell. Of what was changed again since: `take` what was `before` the save or what is `now`, for
    all; `choose`: for the values at paths, as a conflict names them."""

    preview: bool = False
    take: Literal["before", "now"] | None = None
    choose: Mapping[str, Literal["before", "now", "base"]] = field(default_factory=dict)


class RestoreSave(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    preview: bool = False


class Named(Struct, frozen=True, forbid_unknown_fields=True):
    kind: DocumentKind
    key: str


class SyncBody(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`source`: the version of the same subsystem to bring from. `only`: these documents, a scenario with its cases;
    without: all. `remove`: also bring that something is gone. `with_references`: datasets and shared steps that the
    others name, and that this version has not, come with them. `take`, `choose`: where both changed one value."""

    source: str
    only: tuple[Named, ...] | None = None
    remove: bool = False
    with_references: bool = False
    preview: bool = False
    take: Literal["source", "target"] | None = None
    choose: Mapping[str, Literal["source", "target", "base"]] = field(default_factory=dict)


class Saved(Struct, frozen=True):
    """`save`: the number of the version's save; of a preview, that it would have."""

    changes: Sequence[Change]
    save: int


class Target(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`version`: SUBSYSTEM[@VERSION], "": where it is; `into`: id of the scenario (of a case) or of the case or
    scenario (of a step), "": the one it is in; `behind`: what it stands behind there, "": first; without: last."""

    version: str = ""
    into: str = ""
    behind: str | None = None


class Put(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`item`: id of a case or scenario, or ID/STEP. `with_references`: datasets and shared steps that the target has
    not come with it."""

    item: Annotated[str, Meta(min_length=1, max_length=600)]
    to: Target = Target()
    with_references: bool = False


class Remove(Struct, frozen=True, forbid_unknown_fields=True):
    """`item`: id of a case or scenario, or ID/STEP."""

    item: Annotated[str, Meta(min_length=1, max_length=600)]


class Back(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`kind`: where several things have the key."""

    key: str
    kind: DocumentKind | None = None


@api.route("GET", "/suites/<name:address>/saves", tag="versions", right="view", of=of_address)
def list_saves(desk: Desk, address: str, query: SavesQuery) -> Page[SaveInfo]:
    """The saves of a version, newest first."""
    rows = desk.storage.saves.all(*parse_address(address, desk.storage))
    rows = [row for row in rows if query.author in (None, row.author) and query.what in (None, row.what)]
    return listed(rows, query, lambda row: f"{row.author} {row.message}", documents=lambda row: row.documents)


@api.route("GET", f"/suites/<name:address>/saves/{_SAVE}", tag="versions", right="view", of=of_address, problems=(400,))
def show_save(desk: Desk, address: str, number: int) -> Sequence[DocumentDifference]:
    """What one save changed, document by document, field by field."""
    return what_a_save_did(_at(desk, address, number), desk.storage)


@api.route("POST", f"/suites/<name:address>/saves/{_SAVE}/undo", tag="versions", right="edit", of=of_address,
           problems=(400, 409))  # fmt: skip
def undo(desk: Desk, address: str, number: int, query: MessageQuery, body: Undo, author: Author) -> Saved:
    """Take back what one save did; what was done since stays."""
    choices = _choices(body.take, body.choose, {"before": "mine", "now": "theirs", "base": "base"})
    at, scripts = _at(desk, address, number), desk.app.script_errors
    return Saved(*undo_save(at, desk.storage, author, choices, preview=body.preview, scripts=scripts))


@api.route("POST", f"/suites/<name:address>/saves/{_SAVE}/restore", tag="versions", right="edit", of=of_address,
           problems=(400, 409))  # fmt: skip
def restore_version(
    desk: Desk, address: str, number: int, query: MessageQuery, body: RestoreSave, author: Author
) -> Saved:
    """Make the version hold what it held after a save."""
    return Saved(*restore_save(_at(desk, address, number), desk.storage, author, preview=body.preview))


@api.route("GET", "/compare", tag="versions", right="view", of=of_both, problems=(400, 404))
def compare_saves(desk: Desk, query: Compared, actor: Actor) -> Sequence[DocumentDifference]:
    """What differs between two versions, or two saves, document by document, field by field."""
    require(actor, "view", query.after.partition("@")[0], desk.storage)
    return compare_versions(query.before, query.after, desk.storage)


@api.route("POST", "/suites/<name:address>/sync", tag="versions", right="edit", of=of_address, problems=(400, 409))
def sync(desk: Desk, address: str, query: MessageQuery, body: SyncBody, author: Author) -> SyncReport:
    """Bring what changed in another version of the subsystem into this one, in one transaction.

    With `preview` only what would become of each document is told: new, fast-forward, merged, conflict, moved,
    removed. `POST …/saves/NUMBER/undo` takes it back.
    """
    subsystem, target = parse_address(address, desk.storage)
    only = None if body.only is None else tuple((each.kind, each.key) for each in body.only)
    wanted = SyncRequest(
        source=f"{subsystem}@{body.source}", target=f"{subsystem}@{target}", only=only, remove=body.remove,
        with_references=body.with_references,
    )  # fmt: skip
    choices = _choices(body.take, body.choose, {"source": "mine", "target": "theirs", "base": "base"})
    return sync_versions(wanted, desk.storage, author, choices, preview=body.preview, scripts=desk.app.script_errors)


@api.route("GET", "/suites/<name:address>/trash", tag="versions", right="view", of=of_address)
def list_trash(desk: Desk, address: str, query: TrashQuery) -> Page[Trashed]:
    """What the version held once and holds no longer, last removed first."""
    rows = [row for row in rearrange.trash(address, desk.storage) if query.kind in (None, row.kind)]
    return listed(rows, query, lambda row: f"{row.key} {row.name}", name=lambda row: row.name.casefold())


@api.route("POST", "/suites/<name:address>/trash/restore", tag="versions", right="edit", of=of_address,
           problems=(400, 409))  # fmt: skip
def restore_trash(desk: Desk, address: str, query: MessageQuery, body: Back, author: Author) -> list[Change]:
    """Bring something back to where it stood, a scenario with the cases that went with it."""
    return rearrange.restore(address, body.key, desk.storage, author, body.kind or "", scripts=desk.app.script_errors)


@api.route("POST", "/suites/<name:address>/copy", tag="versions", right="edit", of=of_target, problems=(400, 409))
def copy_item(desk: Desk, address: str, query: MessageQuery, body: Put, actor: Actor, author: Author) -> Arranged:
    """Copy a case, scenario or step, within a version or into another; the copy has ids of its own.

    It takes the right to edit where it goes, and to view where it comes from.
    """
    require(actor, "view", address.partition("@")[0], desk.storage)
    return rearrange.copy(address, body.item, _place(body.to), desk.storage, author,
                          with_references=body.with_references)  # fmt: skip


@api.route("POST", "/suites/<name:address>/move", tag="versions", right="edit", of=of_target, problems=(400, 409))
def move_item(desk: Desk, address: str, query: MessageQuery, body: Put, actor: Actor, author: Author) -> Arranged:
    """The same, and it leaves where it was: that takes the right to edit there too. Within a version it keeps its id,
    and so its history."""
    require(actor, "edit", address.partition("@")[0], desk.storage)
    return rearrange.move(address, body.item, _place(body.to), desk.storage, author,
                          with_references=body.with_references)  # fmt: skip


@api.route("POST", "/suites/<name:address>/remove", tag="versions", right="edit", of=of_address, problems=(400, 409))
def remove_item(desk: Desk, address: str, query: MessageQuery, body: Remove, author: Author) -> Arranged:
    """Take a case, scenario or step out of the version; cases and scenarios lie in its trash then."""
    return rearrange.remove(address, body.item, desk.storage, author)


def _place(to: Target) -> Place:
    return Place(version=to.version, into=to.into, behind=to.behind)


def _at(desk: Desk, address: str, number: int) -> At:
    return parse_at(f"{address}:{number}", desk.storage)


def _choices(take: str | None, chosen: Mapping[str, str], sides: Mapping[str, Side]) -> Choices:
    """Raises UsageError for a path that is none."""
    by_path: dict[tuple[str, ...], Side] = {(): sides[take]} if take else {}
    return Choices(by_path | {read_path(path): sides[side] for path, side in chosen.items()})
