"""Tool libraries, which versions share."""

from pathlib import Path
from typing import Annotated, Literal, TypeVar

from msgspec import Meta, Struct

from workbench.storage import Author, Home, LibraryInfo, tag_of
from workbench.usecases.browse_suites import Page, page_of
from workbench.usecases.resolve import artifact_paths
from workbench.usecases.rights import Actor, require_group, sees
from workbench.usecases.tool_libraries import (
    Added,
    ShownClass,
    Use,
    add_library,
    remove_library,
    show_library,
    used_by,
)
from workbench_web.api import Api, Reply
from workbench_web.artifacts import allowed
from workbench_web.desk import Desk
from workbench_web.lists import Listing, Paging, Text, listed
from workbench_web.routes.people import NewHome
from workbench_web.routes.versions import MessageQuery
from workbench_web.subjects import of_library, of_new_library

api = Api()
T = TypeVar("T")


class AddLibrary(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`jars`, `sources`: addresses of uploaded artifacts, or samples://NAME. `replace`: other files under a version
    that is there, as for a snapshot."""

    name: Text
    version: Text
    jars: Annotated[tuple[str, ...], Meta(min_length=1)]
    sources: tuple[str, ...] = ()
    replace: bool = False


class AddQuery(MessageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`group`: to which a new library is to belong; it may be left out by who may edit in one group only."""

    group: Text = ""


class LibrariesQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`name`: all versions of this one."""

    name: Text = ""
    sort: Literal["name", "-name", "created", "-created"] = "name"


class OfferQuery(Paging, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`version`: "": the newest. `q`: a glob on a class, or on Class#method."""

    version: Text = ""
    q: Text = ""


class UsesQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in subsystems, names and places."""

    version: Text = ""
    kind: Literal["suite", "case", "scenario", "shared"] | None = None
    sort: Literal["subsystem", "-subsystem", "name", "-name"] = "subsystem"


class RemovedLibrary(Struct, frozen=True):
    name: str


@api.route("GET", "/libraries", tag="tool libraries", right="view")
def list_libraries(desk: Desk, query: LibrariesQuery) -> Page[LibraryInfo]:
    """All tool libraries, by name, the newest version first."""
    rows = desk.storage.libraries.all(query.name)
    return listed(rows, query, lambda row: f"{row.name} {row.version}", created=lambda row: row.created_us)


@api.route("POST", "/libraries", tag="tool libraries", status=201, right="edit", of=of_new_library, match="upsert",
           problems=(400, 404, 409))  # fmt: skip
def add_tool_library(desk: Desk, query: AddQuery, body: AddLibrary, author: Author) -> Added:
    """Keep uploaded jars as a version of a tool library. A new library belongs to a group of who makes it."""
    given, told = (_paths(desk, texts) for texts in (body.jars, body.sources))
    return add_library(
        body.name, body.version, given, desk.storage, author, sources=told, limits=desk.settings.parse_limits,
        replace_it=body.replace,
    )  # fmt: skip


@api.route("GET", "/libraries/<name:library>", tag="tool libraries", right="view")
def show_tool_library(desk: Desk, library: str, query: OfferQuery) -> Page[ShownClass]:
    """Classes and methods, each with the lines that call it in a step and in a script."""
    info = desk.storage.libraries.get(library, query.version)
    found = show_library(library, desk.storage.libraries.offer(info), query.q)
    return page_of(found, query.offset, query.limit)


@api.route("GET", "/libraries/<name:library>/uses", tag="tool libraries", right="view")
def list_uses(desk: Desk, library: str, query: UsesQuery, actor: Actor) -> Page[Use]:
    """Where it is used, in the versions that may be seen."""
    found = used_by(library, desk.storage, query.version)
    seen = set(sees(actor, desk.storage, {use.subsystem for use in found}))
    rows = [use for use in found if use.subsystem in seen and query.kind in (None, use.kind)]
    return listed(rows, query, lambda use: f"{use.subsystem} {use.name} {use.place}", name=lambda use: use.name)


@api.route("GET", "/libraries/<name:library>/group", tag="tool libraries", right="view")
def show_library_home(desk: Desk, library: str) -> Reply[Home]:
    """The group that a library belongs to: who may edit there may change it."""
    return _tagged(desk.storage.libraries.home(library))


@api.route("PUT", "/libraries/<name:library>/group", tag="tool libraries", right="administer", of=of_library,
           match="tag")  # fmt: skip
def give_library(desk: Desk, library: str, body: NewHome, actor: Actor, author: Author) -> Reply[Home]:
    """Let a library belong to a group; it takes the right to administer both."""
    require_group(actor, "administer", body.group)
    desk.storage.libraries.give(library, body.group, author)
    return _tagged(Home(body.group))


@api.route("GET", "/libraries/<name:library>/versions/<name:version>", tag="tool libraries", right="view")
def show_library_version(desk: Desk, library: str, version: str) -> Reply[LibraryInfo]:
    """One version: its files, and who brought it."""
    return _tagged(desk.storage.libraries.get(library, version))


@api.route("DELETE", "/libraries/<name:library>/versions/<name:version>", tag="tool libraries", right="edit",
           of=of_library, match="tag", problems=(400,))  # fmt: skip
def remove_tool_library(desk: Desk, library: str, version: str, author: Author) -> RemovedLibrary:
    """Remove a version that no suite names."""
    remove_library(library, version, desk.storage, author)
    return RemovedLibrary(f"{library}@{version}")


def _paths(desk: Desk, texts: tuple[str, ...]) -> list[Path]:
    return artifact_paths(allowed(texts, desk.storage, desk.settings))


def _tagged(value: T) -> Reply[T]:
    return Reply(value, tag=tag_of(value))
