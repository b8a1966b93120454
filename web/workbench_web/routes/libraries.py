"""Tool libraries, which versions share."""

from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from workbench.storage import Author, LibraryInfo
from workbench.usecases.resolve import artifact_paths
from workbench.usecases.rights import Actor, sees
from workbench.usecases.tool_libraries import (
    Added,
    Shown,
    Use,
    add_library,
    remove_library,
    show_library,
    used_by,
)
from workbench_web.api import Api
from workbench_web.artifacts import allowed
from workbench_web.desk import Desk
from workbench_web.routes.suites import Text
from workbench_web.routes.versions import MessageQuery

api = Api()


class AddLibrary(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`jars`, `sources`: addresses of uploaded artifacts, or samples://NAME. `replace`: other files under a version
    that is there, as for a snapshot."""

    name: Text
    version: Text
    jars: Annotated[tuple[str, ...], Meta(min_length=1)]
    sources: tuple[str, ...] = ()
    replace: bool = False


class LibrariesQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Text = ""


class OfferQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`version`: "": the newest. `q`: a glob on a class, or on Class#method."""

    version: Text = ""
    q: Text = ""


class UsesQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    version: Text = ""


class RemovedLibrary(Struct, frozen=True):
    name: str


@api.route("GET", "/libraries", tag="tool libraries", right="view")
def list_libraries(desk: Desk, query: LibrariesQuery) -> list[LibraryInfo]:
    """All tool libraries, by name, the newest version first."""
    return desk.storage.libraries.all(query.name)


@api.route("POST", "/libraries", tag="tool libraries", status=201, right="edit", problems=(400, 404, 409))
def add_tool_library(desk: Desk, query: MessageQuery, body: AddLibrary, author: Author) -> Added:
    """Keep uploaded jars as a version of a tool library."""
    given, told = (_paths(desk, texts) for texts in (body.jars, body.sources))
    return add_library(
        body.name, body.version, given, desk.storage, author, sources=told, limits=desk.settings.parse_limits,
        replace_it=body.replace,
    )  # fmt: skip


@api.route("GET", "/libraries/<name:library>", tag="tool libraries", right="view")
def show_tool_library(desk: Desk, library: str, query: OfferQuery) -> list[Shown]:
    """Classes and methods, each with the lines that call it in a step and in a script."""
    info = desk.storage.libraries.get(library, query.version)
    return show_library(library, desk.storage.libraries.offer(info), query.q)


@api.route("GET", "/libraries/<name:library>/uses", tag="tool libraries", right="view")
def list_uses(desk: Desk, library: str, query: UsesQuery, actor: Actor) -> list[Use]:
    """Where it is used, in the versions that may be seen."""
    found = used_by(library, desk.storage, query.version)
    seen = set(sees(actor, desk.storage, {use.subsystem for use in found}))
    return [use for use in found if use.subsystem in seen]


@api.route("DELETE", "/libraries/<name:library>/<name:version>", tag="tool libraries", right="edit", problems=(400,))
def remove_tool_library(desk: Desk, library: str, version: str, author: Author) -> RemovedLibrary:
    """Remove a version that no suite names."""
    remove_library(library, version, desk.storage, author)
    return RemovedLibrary(f"{library}@{version}")


def _paths(desk: Desk, texts: tuple[str, ...]) -> list[Path]:
    return artifact_paths(allowed(texts, desk.storage, desk.settings))
