"""Routes of typed functions: what a handler's annotations say is read from the request, checked and published.

A handler takes `desk: Desk` and by these names, where it wants them: parts of its path (str or int), `query` (a Struct
of the query string), `body` (a Struct, from JSON), `actor` (who asks), `author` (as whom they save), `revision` (of a
document, by If-Match) and `upload` (a `Upload`). It gives a Struct, a Reply with status and headers, or a finished
Response.

What can be edited is answered with its tag (ETag) and changed with If-Match: routes that take `revision`, and those
that say `match`, whose `author` then has seen that tag; what is written is held to it where it is written.
"""

import hashlib
import inspect
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, Generic, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from flask import Blueprint, Request, Response, current_app, request
from msgspec import Struct, field

from workbench.errors import ConflictError, JsonError, StaleError, UnconditionalError
from workbench.model import json
from workbench.model.rights import RIGHTS
from workbench.storage import ANY, NOTHING, Author
from workbench.usecases.rights import Actor, author_of, require_site, require_somewhere, require_user
from workbench_web.desk import Desk
from workbench_web.entrance import actor
from workbench_web.problems import Fault, Refused, does_not_fit
from workbench_web.repeats import Repeats
from workbench_web.subjects import Subject
from workbench_web.uploads import Upload

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
JSON: Final = "application/json"
PREFIX: Final = "/api/v1"
_VARIABLE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")
# Ours, also as proxies that compress write it: W/"3" (nginx), "3-gzip" (Apache). RFC 9110 13.1.1 compares strongly, for
# a weak tag may stand for several texts; ours stand for one state of what is changed, however its text was packed.
_TAG = re.compile(r'(?:W/)?"([0-9a-f]{1,64})(?:-(?:gzip|br|deflate|zstd))?"')
_RESERVED = ("desk", "query", "body", "actor", "author", "revision", "upload")
BODY_BYTES: Final = 32 * 1024 * 1024  # of JSON; files are uploads


Needed = Literal["anyone", "user", "view", "run", "edit", "administer", "site"]


class Reply(Struct, Generic[T], frozen=True):
    """An answer with more than a body. `tag`: becomes the ETag."""

    value: T
    headers: Mapping[str, str] = field(default_factory=dict)
    tag: str = ""


class Route(Struct, frozen=True, kw_only=True):
    """One operation. `media`: of the answer; `accepts`: media types of an upload; `problems`: statuses of its own.

    `match`: takes If-Match, of a document's `revision`, of a `tag`, or of a tag where there is something (`upsert`).
    `makes`: a POST that does something, which an Idempotency-Key keeps from being done twice.
    """

    method: str
    path: str  # as Flask writes it, below PREFIX
    handler: Callable[..., Any]
    tag: str
    status: int
    query: Any = None
    body: Any = None
    answer: Any = None
    media: str = JSON
    accepts: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()
    match: Literal["", "revision", "tag", "upsert"] = ""
    authored: bool = False
    makes: bool = True
    secretive: bool = False  # what is sent is not told again
    right: Needed  # to ask for it
    of: Subject | None = None  # the subsystem of the right; None: the right on any, and the handler looks closer
    types: Mapping[str, Any] = field(default_factory=dict)  # of the path's parts

    @property
    def name(self) -> str:
        return self.handler.__name__

    @property
    def repeatable(self) -> bool:
        """Takes Idempotency-Key."""
        return self.method == "POST" and self.makes

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it."""
        return PREFIX + _VARIABLE.sub(r"{\2}", self.path)


class Api:
    """A collection of routes, as a Flask blueprint and as data."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route(self, method: str, path: str, *, tag: str, status: int = 200, **said: Any) -> Callable[[F], F]:
        """Register a handler. `said`: what its annotations cannot tell, see Route."""

        def register(handler: F) -> F:
            self.routes.append(_route(handler, method=method, path=path, tag=tag, status=status, **said))
            return handler

        return register

    def add(self, other: "Api") -> None:
        self.routes.extend(other.routes)

    def blueprint(self) -> Blueprint:
        blueprint = Blueprint("api", __name__, url_prefix=PREFIX)
        for route in self.routes:
            view = _view(route)
            blueprint.add_url_rule(route.path, endpoint=f"{route.name}-{len(route.path)}", view_func=view,
                                   methods=[route.method], provide_automatic_options=False)  # fmt: skip
        return blueprint


def _route(handler: Callable[..., Any], **said: Any) -> Route:
    hints = get_type_hints(handler)
    answer = hints.pop("return", None)
    if get_origin(answer) is Reply:
        (answer,) = get_args(answer)
    names = inspect.signature(handler).parameters
    variables = {name: hints[name] for _, name in _VARIABLE.findall(said["path"])}
    if "revision" in names:
        said["match"] = "revision"
    unknown = [name for name in names if name not in (*_RESERVED, *variables)]
    assert not unknown, f"{handler.__name__}: nothing gives {unknown}"
    return Route(
        handler=handler,
        query=hints.get("query"),
        body=hints.get("body"),
        answer=None if answer in (Response, type(None)) else answer,
        authored="author" in names,
        types=variables,
        **said,
    )


def _view(route: Route) -> Callable[..., Response]:
    wanted = tuple(inspect.signature(route.handler).parameters)

    def view(**variables: Any) -> Response:
        desk = _desk(route)
        asking = _enter(route, desk)
        _require(route, asking, desk, variables, late=False)
        _refuse_query(route)
        if not route.body and not route.accepts:
            _refuse_body()
        given: dict[str, Any] = {name: _VALUES[name](route) for name in wanted if name in _VALUES}
        _require(route, asking, desk, variables | given, late=True)

        def work() -> Response:
            try:
                return answer_of(route, route.handler(**variables, **given))
            except ConflictError as conflict:
                raise _stale(route, conflict, given) if route.match else conflict from None

        if not route.repeatable:
            return work()
        repeats: Repeats = desk.repeats
        try:
            return repeats.answer(request, asking.name, lambda: _asked(given), work)
        finally:
            if "upload" in given:
                given["upload"].close()

    return view


def _asked(given: Mapping[str, Any]) -> str:
    """What tells two requests apart: their values, and the bytes of an upload."""
    told = [repr(given.get(name)) for name in ("query", "body", "revision")]
    told.append(str(given["author"].seen) if "author" in given else "")
    told.append(given["upload"].digest() if "upload" in given else "")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _stale(route: Route, conflict: ConflictError, given: Mapping[str, Any]) -> ConflictError:
    """A conflict where If-Match was given: 412, with what is there and what was sent."""
    mine = conflict.mine or (json.dumps(given["body"]) if "body" in given and not route.secretive else "")
    hint, merges = conflict.hint, getattr(route.query, "merge", None)
    if merges is not None and not isinstance(conflict, UnconditionalError):
        hint = "save again upon what is there now, or with merge=true, or take=mine or take=theirs"
    kind = type(conflict) if isinstance(conflict, StaleError) else StaleError
    return kind(conflict.message, where=conflict.where, hint=hint, base=conflict.base, mine=mine,
                theirs=conflict.theirs, places=conflict.places)  # fmt: skip


def _enter(route: Route, desk: Desk) -> Actor:
    """Who asks, when they may ask for such things at all. Raises LoginError, DeniedError, Refused."""
    asking = actor(desk)
    if route.right == "user":
        require_user(asking)
    elif route.right == "site":
        require_site(asking)
    elif route.right != "anyone":
        require_somewhere(asking, route.right)
    return asking


def _require(route: Route, asking: Actor, desk: Desk, given: Mapping[str, Any], *, late: bool) -> None:
    """The right on the subsystem that the request is about. Raises LoginError, DeniedError, Refused."""
    if route.of is not None and route.of.late == late and route.right in RIGHTS:
        name = route.of.find(desk, given)
        if "\0" in name:  # nothing is called so, and PostgreSQL cannot even be asked
            raise Refused(422, "INVALID", "a name holds a character that cannot be kept", where=name.replace("\0", "�"))
        route.of.require(asking, route.right, name, desk.storage)


def answer_of(route: Route, result: Any) -> Response:
    """The HTTP answer of what a handler gave."""
    if isinstance(result, Response):
        return result
    headers: dict[str, str] = {}
    if isinstance(result, Reply):
        headers.update(result.headers)
        if result.tag:
            headers["ETag"] = f'"{result.tag}"'
        result = result.value
    if route.status == 204:
        return Response(status=204, headers=headers)
    return Response(json.dump_bytes(result), route.status, headers, content_type=JSON)


def _desk(route: Route) -> Desk:
    desk: Desk = current_app.extensions["workbench"]
    return desk


def _query(route: Route) -> Any:
    """The query string; a field that is a tuple may be given several times, any other once."""
    many = {info.encode_name for info in msgspec.structs.fields(route.query) if get_origin(info.type) is tuple}
    given: dict[str, Any] = {}
    for name, values in request.args.lists():
        if name not in many and len(values) > 1:
            raise _misfit(name, "is given more than once")
        if any("\0" in value for value in values):
            raise _misfit(name, "holds a character that cannot be kept")
        given[name] = tuple(values) if name in many else values[0]
    try:
        return msgspec.convert(given, route.query, strict=False)
    except msgspec.ValidationError as error:
        raise does_not_fit(given, route.query, "query", strict=False) from error


def _misfit(name: str, what: str) -> Refused:
    fault = Fault(what, "INVALID", place="query", field=name)
    return Refused(422, "INVALID", f"query does not fit: {name} {what}", where=name, faults=(fault,))


def _refuse_query(route: Route) -> None:
    if route.query is None and request.args:
        raise _misfit(next(iter(request.args)), "is no parameter of this")


def _refuse_body() -> None:
    if request.content_length:
        raise Refused(422, "INVALID", "this takes no body")


def refuse_type(source: Request, accepted: Collection[str]) -> None:
    """Raises Refused for a body of another type, and for one that is packed (Content-Encoding, RFC 9110 8.4)."""
    if source.mimetype not in accepted:
        raise Refused(
            415, "MEDIA_TYPE", f"the body is {source.mimetype or 'of no type'}", hint=f"send {' or '.join(accepted)}"
        )
    packed = source.headers.get("Content-Encoding", "identity")
    if packed.strip().lower() != "identity":
        raise Refused(415, "MEDIA_TYPE", f"the body is packed: {packed[:40]}", hint="send it without Content-Encoding")


def read_json(source: Request) -> bytes:
    """The JSON text of a body. Raises Refused."""
    refuse_type(source, (JSON,))
    if (source.content_length or 0) > BODY_BYTES:
        raise Refused(413, "TOO_LARGE", f"the body is beyond {BODY_BYTES} bytes")
    raw = source.stream.read(BODY_BYTES + 1)
    if len(raw) > BODY_BYTES:
        raise Refused(413, "TOO_LARGE", f"the body is beyond {BODY_BYTES} bytes")
    return raw


def _body(route: Route) -> Any:
    return decode_json(read_json(request), route.body)


def decode_json(raw: bytes, type_: Any) -> Any:
    """A value of the type, its numbers exact. Raises JsonError, also for a key that stands twice, and Refused."""
    try:
        value = json.decoder_for(type_).decode(raw)
        json.refuse_twins(raw, where="body")
        return value
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        value = json.loads(raw, where="body")  # explains what is no JSON; reads the longest integers
        json.refuse_twins(raw, where="body")
    try:
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        raise does_not_fit(value, type_, "body") from error
    except RecursionError:
        raise JsonError("nested too deeply", where="body") from None


def _actor(route: Route) -> Actor:
    return actor(_desk(route))


def _author(route: Route) -> Author:
    seen = _seen(route) if route.match in ("tag", "upsert") else None
    return author_of(actor(_desk(route)), request.args.get("message", ""), request.args.get("group", ""), seen)


def _revision(route: Route) -> int:
    """The revision that If-Match names."""
    seen = _seen(route)
    if not seen.isdecimal() or len(seen) > 9 or not int(seen):
        raise _no_tag("wants the number of one revision")
    return int(seen)


def _seen(route: Route) -> str:
    """The tag that If-Match names; NOTHING without, where there may be nothing yet."""
    text = request.headers.get("If-Match")
    if text is None and route.match == "upsert":
        return NOTHING
    if text is None:
        hint = 'send If-Match with the ETag that it was read with, as If-Match: "3"'
        raise Refused(428, "PRECONDITION", "which state of it was changed?", hint=hint)
    if text.strip() == ANY and route.match != "revision":
        return ANY
    found = _TAG.fullmatch(text.strip())
    if found is None:
        raise _no_tag("wants one ETag of ours, as it was read")
    return found[1]


def _no_tag(what: str) -> Refused:
    fault = Fault(f'{what}, as "3"', "INVALID", place="header", field="If-Match")
    return Refused(422, "INVALID", f"header does not fit: If-Match {what}", faults=(fault,))


def _upload(route: Route) -> Upload:
    desk = _desk(route)
    refuse_type(request, route.accepts)
    return Upload(request.stream, request.content_length, desk.settings.serve.upload_mb * 1024 * 1024)


_VALUES: Mapping[str, Callable[[Route], Any]] = {
    "desk": _desk, "query": _query, "body": _body, "actor": _actor, "author": _author, "revision": _revision,
    "upload": _upload,
}  # fmt: skip
