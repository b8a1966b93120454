"""Subsystems, their versions, the cases of a version, and whole suites in and out."""

from typing import Annotated, Literal

from flask import Response, send_file
from msgspec import Meta, Struct
from msgspec.structs import replace

from workbench.model.suite import CaseState, Priority
from workbench.storage import Author, RemovedVersion, VersionInfo, tag_of
from workbench.usecases import browse_suites as browse
from workbench.usecases import releases
from workbench.usecases.browse_suites import CaseFilter, CaseHit, CaseRow, CaseSort, Page, ScenarioRow, SubsystemRow
from workbench.usecases.export_suite import export_suite, parse_address
from workbench.usecases.import_suite import Imported, import_suite
from workbench.usecases.rights import Actor, visible
from workbench.usecases.suite_archive import pack, unpack
from workbench_web.api import Api, Reply
from workbench_web.desk import Desk
from workbench_web.lists import Listing, Paging, Text, listed
from workbench_web.subjects import of_address, of_subsystem
from workbench_web.uploads import Upload

api = Api()
ZIP = "application/zip"


class SubsystemQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    sort: Literal["name", "-name", "cases", "-cases", "versions", "-versions"] = "name"


class VersionQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    sort: Literal["position", "-position", "created", "-created", "name", "-name", "cases", "-cases"] = "position"


class ScenarioQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in names, ids and tags."""

    sort: Literal["position", "-position", "name", "-name", "cases", "-cases", "saved", "-saved"] = "position"


class SearchQuery(Paging, frozen=True, forbid_unknown_fields=True, kw_only=True):
    q: Annotated[str, Meta(min_length=1, max_length=200)]


class CaseQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in names, ids, tags, owners, requirements and targets of steps."""

    scenario: Text = ""
    tag: tuple[str, ...] = ()
    priority: tuple[Priority, ...] = ()
    owner: str | None = None
    disabled: bool | None = None
    state: tuple[CaseState, ...] = ()
    sort: CaseSort = "position"


class NewVersion(Struct, frozen=True, forbid_unknown_fields=True):
    """`source`: the version whose content it begins with; without, the newest. `behind`: the version that it stands
    behind; without, it is the newest."""

    name: str
    source: str | None = None
    behind: str = ""


class VersionOrder(Struct, frozen=True, forbid_unknown_fields=True):
    """All versions of the subsystem, oldest first; the last one is the newest."""

    versions: tuple[str, ...]


class ImportQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`version`: instead of the one in suite.yaml. `replace`: the version holds what the folder holds, whatever others
    saved. `dry_run`: only tell what would change. `group`: to which a new subsystem is to belong; it may be left out by
    who may edit in one group only."""

    version: str = ""
    replace: bool = False
    dry_run: bool = False
    group: Text = ""
    message: str = ""


@api.route("GET", "/subsystems", tag="suites", right="view")
def list_subsystems(desk: Desk, query: SubsystemQuery, actor: Actor) -> Page[SubsystemRow]:
    """Subsystems by name, with the counts of their newest versions."""
    rows = browse.subsystems(desk.storage, visible(actor, desk.storage))
    return listed(
        rows, query, lambda row: row.subsystem, cases=lambda row: row.cases, versions=lambda row: row.versions
    )


class RenamedVersion(Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=200)]


class VersionAddress(Struct, frozen=True):
    address: str


class RemovedQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in names and authors."""

    sort: Literal["-removed", "removed"] = "-removed"


class BackVersion(Struct, frozen=True, forbid_unknown_fields=True):
    """`name`: another one, where its own is taken."""

    version: Annotated[str, Meta(min_length=1, max_length=200)]
    name: Text = ""


@api.route("GET", "/subsystems/<name:subsystem>/versions", tag="suites", right="view", of=of_subsystem)
def list_versions(desk: Desk, subsystem: str, query: VersionQuery) -> Reply[Page[VersionInfo]]:
    """Versions of a subsystem, oldest first; the ETag is that of their order."""
    rows = browse.versions(desk.storage, subsystem)
    page = listed(rows, query, lambda row: row.version, name=lambda row: row.version, cases=lambda row: row.cases,
                  created=lambda row: row.created_us)  # fmt: skip
    return Reply(page, tag=_order_of(rows))


@api.route(
    "POST",
    "/subsystems/<name:subsystem>/versions",
    tag="suites",
    status=201,
    problems=(409,),
    right="edit",
    of=of_subsystem,
)
def make_version(desk: Desk, subsystem: str, body: NewVersion, author: Author) -> VersionInfo:
    """Make a version that holds what another one holds; nothing is copied."""
    source = body.source if body.source is not None else desk.storage.suites.latest(subsystem)
    desk.storage.suites.new_version(subsystem, source, body.name, author, body.behind)
    return next(each for each in desk.storage.suites.versions(subsystem) if each.version == body.name)


@api.route("PUT", "/subsystems/<name:subsystem>/versions", tag="suites", right="edit", of=of_subsystem, match="tag",
           problems=(400,))  # fmt: skip
def order_versions(desk: Desk, subsystem: str, body: VersionOrder, author: Author) -> Reply[tuple[VersionInfo, ...]]:
    """Put all versions in the order of the release train; a list that lacks one, made since, is refused."""
    desk.storage.suites.order(subsystem, body.versions, author)
    rows = browse.versions(desk.storage, subsystem)
    return Reply(rows, tag=_order_of(rows))


def _order_of(versions: tuple[VersionInfo, ...]) -> str:
    return tag_of([each.version for each in versions])


@api.route("GET", "/suites/<name:address>", tag="suites", right="view", of=of_address)
def show_version(desk: Desk, address: str) -> VersionInfo:
    """One version, with its counts."""
    subsystem, version = parse_address(address, desk.storage)
    desk.storage.listing.check(subsystem, version)
    return next(each for each in desk.storage.suites.versions(subsystem) if each.version == version)


@api.route("PATCH", "/suites/<name:address>", tag="suites", right="edit", of=of_address, match="tag",
           problems=(400,))  # fmt: skip
def rename_version(desk: Desk, address: str, body: RenamedVersion, author: Author) -> VersionInfo:
    """Give a version another name; one that other versions or schedules name is refused. If-Match: of the list of
    versions."""
    return show_version(desk, releases.rename_version(address, body.name, desk.storage, author))


@api.route("DELETE", "/suites/<name:address>", tag="suites", right="edit", of=of_address, match="tag",
           problems=(400,))  # fmt: skip
def remove_version(desk: Desk, address: str, author: Author) -> VersionAddress:
    """Put a version into the trash; one that other versions or schedules name is refused. If-Match: of the list of
    versions."""
    return VersionAddress(releases.remove_version(address, desk.storage, author))


@api.route("GET", "/subsystems/<name:subsystem>/trash", tag="suites", right="view", of=of_subsystem)
def list_removed_versions(desk: Desk, subsystem: str, query: RemovedQuery) -> Page[RemovedVersion]:
    """Versions in the trash, last removed first."""
    return listed(desk.storage.releases.removed(subsystem), query, lambda row: f"{row.version} {row.author}")


@api.route("POST", "/subsystems/<name:subsystem>/trash/restore", tag="suites", right="edit", of=of_subsystem,
           problems=(400,))  # fmt: skip
def restore_removed_version(desk: Desk, subsystem: str, body: BackVersion, author: Author) -> VersionInfo:
    """Bring a version back from the trash, to where it stood."""
    address = f"{subsystem}@{body.version}"
    return show_version(desk, releases.restore_version(address, desk.storage, author, body.name))


@api.route("GET", "/suites/<name:address>/scenarios", tag="suites", right="view", of=of_address)
def list_scenarios(desk: Desk, address: str, query: ScenarioQuery) -> Page[ScenarioRow]:
    """Scenarios of a version, in running order."""
    return listed(
        browse.scenarios(desk.storage, address),
        query,
        lambda row: " ".join((row.name, row.id, row.slug, *row.tags)),
        name=lambda row: row.name.casefold(),
        cases=lambda row: row.cases,
        saved=lambda row: row.saved_us,
    )


@api.route("GET", "/suites/<name:address>/cases", tag="suites", right="view", of=of_address)
def list_cases(desk: Desk, address: str, query: CaseQuery) -> Page[CaseRow]:
    """Cases of a version: filtered, sorted, a page at a time.

    `tag` and `priority` may be given several times: any of them; `tag=!slow` leaves those out.
    """
    wanted = CaseFilter(
        text=query.q, scenario=query.scenario, tags=query.tag, priorities=query.priority, owner=query.owner,
        disabled=query.disabled, states=query.state,
    )  # fmt: skip
    return browse.cases(desk.storage, address, wanted, query.sort, query.offset, query.limit)


@api.route("GET", "/search", tag="suites", right="view")
def search(desk: Desk, query: SearchQuery, actor: Actor) -> Page[CaseHit]:
    """Cases of all subsystems, in their newest versions, that hold a text anywhere."""
    return browse.search(desk.storage, query.q, query.offset, query.limit, visible(actor, desk.storage))


@api.route("GET", "/suites/<name:address>/archive", tag="suites", media=ZIP, right="view", of=of_address)
def export_archive(desk: Desk, address: str) -> Response:
    """The version as a zip of its suite folder, secrets sealed: only a server with the same key can open them."""
    with desk.room("export") as room:
        export_suite(address, desk.storage, room / "suite", sealed=True)
        pack(room / "suite", room / "suite.zip")
        file = (room / "suite.zip").open("rb")  # stays readable when the room is gone
    return send_file(file, ZIP, as_attachment=True, download_name="suite.zip", max_age=0)


@api.route("POST", "/suites", tag="suites", accepts=(ZIP,), problems=(404, 409), right="edit")
def import_archive(desk: Desk, query: ImportQuery, upload: Upload, author: Author) -> Reply[Imported]:
    """Bring a suite folder, as a zip, into the version that its suite.yaml names.

    The folder of an export knows the save that it was made of: what others saved since stays. Where both changed one
    value nothing is saved, and the problem has the texts.
    """
    with upload.folder("suite.zip", desk.room_root) as path, desk.room("import") as room:
        folder = unpack(path, room, desk.settings.parse_limits)
        imported = import_suite(
            folder,
            desk.storage,
            author,
            query.version,
            replace_all=query.replace,
            dry_run=query.dry_run,
            scripts=desk.app.script_errors,
        )
    told = [  # the folder is gone, and nobody's business
        each.replace(f"{folder}/", "").replace(str(folder), "the suite") for each in imported.warnings
    ]
    return Reply(replace(imported, warnings=told))
