"""Cases, scenarios and shared steps of a version: opened, saved upon the revision that was read, their history."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import Meta, Struct

from workbench.errors import ConflictError
from workbench.model import json
from workbench.model.suite import Case, Scenario, SharedSteps
from workbench.storage import Author, Choices, Difference, Found, Revision
from workbench.usecases import revise
from workbench.usecases.export_suite import parse_address
from workbench.usecases.revise import Saved
from workbench_web.api import Api, Needed, Reply
from workbench_web.desk import Desk
from workbench_web.problems import Fault, Refused, Stale
from workbench_web.subjects import of_address

api = Api()
Number = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Shared = dict[str, SharedSteps]


class SaveQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`merge`: put together with what somebody else saved since; `take`: whose value, where both changed one."""

    message: str = ""
    merge: bool = False
    take: Literal["mine", "theirs"] | None = None


class RestoreQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    message: str = ""


class Restore(Struct, frozen=True, forbid_unknown_fields=True):
    revision: Number


class CompareQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    before: Number
    after: Number


class _Kind(Struct, frozen=True):
    name: Literal["case", "scenario", "shared"]
    plural: str
    model: Any


_KINDS = (_Kind("case", "cases", Case), _Kind("scenario", "scenarios", Scenario), _Kind("shared", "shared", Shared))


def _find(desk: Desk, address: str, key: str, kind: str) -> tuple[Found, str]:
    """The document and the name of the version. Raises NotFoundError."""
    subsystem, version = parse_address(address, desk.storage)
    desk.storage.listing.check(subsystem, version)
    return revise.find(key, desk.storage, subsystem, kind), version


def _register(kind: _Kind) -> None:
    """The routes of one kind."""
    path = f"/suites/<name:address>/{kind.plural}/<name:key>"
    what = {"case": "case", "scenario": "scenario, without its cases", "shared": "file of shared steps"}[kind.name]

    def opened(desk: Desk, address: str, key: str) -> Any:
        document, version = _find(desk, address, key, kind.name)
        number, text = revise.body(document, desk.storage, version)
        return Reply(msgspec.Raw(text.encode()), revision=number)

    def saved(
        desk: Desk, address: str, key: str, query: SaveQuery, body: Any, revision: int, author: Author
    ) -> Reply[Saved]:
        document, version = _find(desk, address, key, kind.name)
        text = json.dumps(_checked(body, key))
        done = _stale(lambda: _save(desk, document, version, text, revision, author, query))
        return Reply(done, revision=done.revision)

    def revisions(desk: Desk, address: str, key: str) -> list[Revision]:
        document, _ = _find(desk, address, key, kind.name)
        return desk.storage.history.revisions(document)

    def revision(desk: Desk, address: str, key: str, number: int) -> Any:
        document, _ = _find(desk, address, key, kind.name)
        return cast(Any, msgspec.Raw(desk.storage.history.body(document, number).encode()))

    def compared(desk: Desk, address: str, key: str, query: CompareQuery) -> list[Difference]:
        document, _ = _find(desk, address, key, kind.name)
        return revise.compare_revisions(document, query.before, query.after, desk.storage)

    def restored(
        desk: Desk, address: str, key: str, query: RestoreQuery, body: Restore, revision: int, author: Author
    ) -> Reply[Saved]:
        document, version = _find(desk, address, key, kind.name)
        done = _stale(
            lambda: revise.restore(document, body.revision, desk.storage, author, version=version, expected=revision)
        )
        return Reply(done, revision=done.revision)

    handlers: Mapping[str, tuple[str, str, Callable[..., Any], str]] = {
        f"open_{kind.name}": ("GET", path, opened, f"The {what}; its ETag is what If-Match wants."),
        f"save_{kind.name}": ("PUT", path, saved, f"Save the {what}, made of the revision that If-Match names."),
        f"list_revisions_of_{kind.name}": ("GET", f"{path}/revisions", revisions, "Its revisions, newest first."),
        f"open_revision_of_{kind.name}": (
            "GET", f"{path}/revisions/<int(min=1, max=2147483647):number>", revision, "What a revision held."),
        f"compare_revisions_of_{kind.name}": (
            "GET", f"{path}/compare", compared, "What differs between two revisions, field by field."),
        f"restore_{kind.name}": (
            "POST", f"{path}/restore", restored, "Save what an earlier revision held as the newest."),
    }  # fmt: skip
    for name, (method, where, handler, text) in handlers.items():
        handler.__name__, handler.__doc__ = name, text
        if handler is saved:
            handler.__annotations__["body"] = kind.model
        if handler in (opened, revision):
            handler.__annotations__["return"] = kind.model
        right: Needed = "view" if method == "GET" else "edit"
        api.route(method, where, tag="documents", right=right, of=of_address)(handler)


def _save(desk: Desk, document: Found, version: str, text: str, base: int, author: Author, query: SaveQuery) -> Saved:
    if query.merge or query.take:
        choices = Choices({(): query.take} if query.take else {})
        return revise.save(document, text, base, desk.storage, author, version, choices)
    number = desk.storage.history.save(document, version, text, base, author)
    return Saved(document.subsystem, version, number)


def _checked(body: Any, key: str) -> Any:
    """The document, with the id that its path says. Raises Refused."""
    if isinstance(body, dict):
        return body
    if body.id not in ("", key):
        raise _misfit("/id", f"is {body.id}, and the path says {key}")
    if isinstance(body, Scenario) and body.cases:
        raise _misfit("/cases", "cases are documents of their own")
    return msgspec.structs.replace(body, id=key)


def _misfit(field: str, detail: str) -> Refused:
    fault = Fault(detail, "INVALID", place="body", field=field)
    return Refused(422, "INVALID", f"body does not fit: {field} {detail}", where=field, faults=(fault,))


def _stale(work: Callable[[], Saved]) -> Saved:
    """A conflict is 412 where If-Match was given."""
    try:
        return work()
    except ConflictError as conflict:
        conflict.hint = "save again upon what is there now, or with merge=true, or take=mine or take=theirs"
        raise Stale(conflict) from conflict


for _each in _KINDS:
    _register(_each)
