"""Cases, scenarios, shared steps, settings and environments of a version: opened, saved upon the revision that was
read, their history."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import Meta, Struct

from workbench.errors import ErrorGroup
from workbench.model import json
from workbench.model.suite import Case, Scenario, SharedSteps, SuiteFile
from workbench.storage import Author, Choices, Difference, Found, Revision
from workbench.storage.content import Config
from workbench.usecases import revise
from workbench.usecases.browse_suites import Page
from workbench.usecases.export_suite import parse_address
from workbench.usecases.revise import Saved
from workbench_web.api import Api, Needed, Reply
from workbench_web.desk import Desk
from workbench_web.lists import Listing, listed
from workbench_web.problems import Fault, Refused
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


class RevisionQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in authors and messages."""

    sort: Literal["-number", "number"] = "-number"


class Restore(Struct, frozen=True, forbid_unknown_fields=True):
    revision: Number


class CompareQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    before: Number
    after: Number


class _Kind(Struct, frozen=True):
    """`path`: below the version; `what`: in descriptions. A kind without a key is there once in a version."""

    name: Literal["case", "scenario", "shared", "suite", "config", "dataset"]
    path: str
    model: Any
    what: str

    @property
    def keyed(self) -> bool:
        return self.name not in revise.WHOLE


_KINDS = (
    _Kind("case", "cases/<name:key>", Case, "case"),
    _Kind("scenario", "scenarios/<name:key>", Scenario, "scenario, without its cases"),
    _Kind("shared", "shared/<name:key>", Shared, "file of shared steps"),
    _Kind("suite", "settings", SuiteFile, "settings of suite.yaml, without environments and configuration"),
    _Kind("config", "environments", Config, "environments with registries, hosts and configuration, secrets sealed"),
    _Kind("dataset", "datasets/<name:key>", None, "dataset"),  # opened and saved by its rows: see datasets.py
)


def _find(desk: Desk, address: str, key: str, kind: str) -> tuple[Found, str]:
    """The document and the name of the version. Raises NotFoundError."""
    subsystem, version = parse_address(address, desk.storage)
    desk.storage.listing.check(subsystem, version)
    return revise.find(key, desk.storage, subsystem, kind), version


def _register(kind: _Kind) -> None:
    """The routes of one kind."""
    path, what = f"/suites/<name:address>/{kind.path}", kind.what

    def opened(desk: Desk, address: str, key: str) -> Any:
        document, version = _find(desk, address, key, kind.name)
        number, text = revise.body(document, desk.storage, version)
        return Reply(msgspec.Raw(text.encode()), tag=str(number))

    def saved(
        desk: Desk, address: str, key: str, query: SaveQuery, body: Any, revision: int, author: Author
    ) -> Reply[Saved]:
        document, version = _find(desk, address, key, kind.name)
        text = json.dumps(_checked(body, key))
        return _fitting(lambda: _save(desk, document, version, text, revision, author, query))

    def revisions(desk: Desk, address: str, key: str, query: RevisionQuery) -> Page[Revision]:
        document, _ = _find(desk, address, key, kind.name)
        rows = desk.storage.history.revisions(document)
        return listed(rows, query, lambda row: f"{row.author} {row.message}")

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
        return _fitting(
            lambda: revise.restore(document, body.revision, desk.storage, author, version=version, expected=revision)
        )

    handlers: Mapping[str, tuple[str, str, Callable[..., Any], str]] = {
        f"open_{kind.name}": ("GET", path, opened, f"The {what}; the ETag is what If-Match wants."),
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
        if kind.model is None and handler in (opened, saved, revision):
            continue
        handler.__name__, handler.__doc__ = name, text
        if handler is saved:
            handler.__annotations__["body"] = kind.model
        if handler in (opened, revision):
            handler.__annotations__["return"] = kind.model
        right: Needed = "view" if method == "GET" else "edit"
        api.route(method, where, tag="documents", right=right, of=of_address)(handler if kind.keyed else _once(handler))


def _once(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The handler of a kind that a version has once: without a key."""

    @wraps(handler)
    def without_key(**given: Any) -> Any:
        return handler(key="", **given)

    signature = inspect.signature(handler)
    names = [each for each in signature.parameters.values() if each.name != "key"]
    without_key.__signature__ = signature.replace(parameters=names)  # type: ignore[attr-defined]
    return without_key


def _save(desk: Desk, document: Found, version: str, text: str, base: int, author: Author, query: SaveQuery) -> Saved:
    choices, merge = Choices({(): query.take} if query.take else {}), bool(query.merge or query.take)
    return revise.save(
        document, text, base, desk.storage, author, version, choices, merge=merge, scripts=desk.app.script_errors
    )


def _checked(body: Any, key: str) -> Any:
    """The document, with the id that its path says. Raises Refused."""
    if isinstance(body, dict | SuiteFile | Config):
        return body
    if body.id not in ("", key):
        raise _misfit("/id", f"is {body.id}, and the path says {key}")
    if isinstance(body, Scenario) and body.cases:
        raise _misfit("/cases", "cases are documents of their own")
    return msgspec.structs.replace(body, id=key)


def _misfit(field: str, detail: str) -> Refused:
    fault = Fault(detail, "INVALID", place="body", field=field)
    return Refused(422, "INVALID", f"body does not fit: {field} {detail}", where=field, faults=(fault,))


def _fitting(work: Callable[[], Saved]) -> Reply[Saved]:
    """What does not fit the suite is told by its fields."""
    try:
        done = work()
    except ErrorGroup as group:
        faults = [Fault(each.message, each.code, "body", each.where, hint=each.hint) for each in group.errors]
        first = group.errors[0]
        raise Refused(
            422, first.code, f"does not fit the suite: {first.message}", where=first.where, faults=faults
        ) from group
    return Reply(done, tag=str(done.revision))


for _each in _KINDS:
    _register(_each)
