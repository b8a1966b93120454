"""Errors as problem documents (RFC 9457): which status, which field, what to do."""

import re
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Any, Literal

from flask import Response
from msgspec import Struct

from workbench import errors
from workbench.model import json
from workbench_web.misfits import MOST, misfits
from workbench_web.wording import for_api

MEDIA = "application/problem+json"
Place = Literal["body", "query", "path", "header"]


class Fault(Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong. `field`: a JSON pointer into the body, or a name in query, path or headers."""

    detail: str
    code: str = ""
    place: Place | None = None
    field: str = ""
    where: str = ""
    hint: str = ""
    base: str | None = None
    mine: str | None = None
    theirs: str | None = None
    conflicts: tuple[str, ...] = ()


class Problem(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What every refused request is answered with (RFC 9457). `code` is stable, `detail` is for people, `hint` says
    what to do, `errors` has all that was found. Of a conflict, `base` is the text that was changed, `mine` what was
    sent, `theirs` what is there now: JSON texts."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    where: str = ""
    hint: str = ""
    errors: tuple[Fault, ...] = ()
    base: str | None = None
    mine: str | None = None
    theirs: str | None = None
    conflicts: tuple[str, ...] = ()


class Refused(errors.WorkbenchError):
    """A request that HTTP's own rules refuse, or whose fields do not fit."""

    def __init__(
        self, status: int, code: str, message: str, *, hint: str = "", where: str = "", faults: Sequence[Fault] = (),
        headers: Mapping[str, str] = {},
    ) -> None:  # fmt: skip
        super().__init__(message, where=where, hint=hint)
        self.headers = headers
        self.status = status
        self.code = code
        self.faults = tuple(faults)


# The first that fits; what a person can mend is 4xx, what only the server's keeper can is 5xx.
_STATUS: Sequence[tuple[type[errors.WorkbenchError], int]] = (
    (errors.LoginError, 401),
    (errors.DeniedError, 403),
    (errors.NotFoundError, 404),
    (errors.UnconditionalError, 428),
    (errors.StaleError, 412),
    (errors.ConflictError, 409),
    (errors.JsonError, 400),
    (errors.UsageError, 400),
    (errors.LimitError, 413),
    (errors.RegistryError, 424),
    (errors.SamplesError, 424),
    (errors.SettingsError, 500),
    (errors.PluginError, 500),
    (errors.ReportError, 500),
    (errors.StorageError, 503),
    (errors.BridgeError, 503),
)
UNPROCESSABLE = 422
_MESSAGE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>\$.*)`)?$", re.DOTALL)
_MISSING = re.compile(r"missing required field `(.+)`|unknown field `(.+)`")
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def status_of(error: errors.WorkbenchError) -> int:
    """The HTTP status of an error, of a group the worst of its members'."""
    if isinstance(error, Refused):
        return error.status
    if isinstance(error, errors.ErrorGroup):
        return max((status_of(each) for each in error.errors), default=UNPROCESSABLE)
    return next((status for kind, status in _STATUS if isinstance(error, kind)), UNPROCESSABLE)


def problem_of(error: errors.WorkbenchError, status: int = 0) -> Problem:
    """The document; `status` instead of the error's own."""
    status = status or status_of(error)
    members = error.errors if isinstance(error, errors.ErrorGroup) else ()
    first = _told(members[0] if len(members) == 1 else error)
    return Problem(
        type=f"urn:dubbo-workbench:problem:{first.code.lower().replace('_', '-')}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=first.message,
        code=first.code,
        where=_where(first),
        hint=for_api(first.hint),
        errors=_faults(error),
        **_texts(first),
    )


def _faults(error: errors.WorkbenchError) -> tuple[Fault, ...]:
    if isinstance(error, Refused):
        return error.faults
    if not isinstance(error, errors.ErrorGroup):
        return ()
    return tuple(
        Fault(each.message, each.code, where=_where(each), hint=for_api(each.hint), **_texts(each))
        for each in map(_told, error.errors)
    )


def _told(error: errors.WorkbenchError) -> errors.WorkbenchError:
    """As it is told to others: what a driver says may name addresses, users and paths, and stands in the log only."""
    if not isinstance(error, errors.DatabaseError):
        return error
    hint = "send it again in a moment; should it stay so, who keeps the server finds the reason in its log"
    return errors.StorageError("the database does not answer, or refused this", hint=hint)


def _where(error: errors.WorkbenchError) -> str:
    """What is an option of the command line is a field of the same name here."""
    return f"/{error.where[2:]}" if error.where.startswith("--") else error.where


def _texts(error: errors.WorkbenchError) -> dict[str, Any]:
    if not isinstance(error, errors.ConflictError):
        return {}
    return {"base": error.base, "mine": error.mine, "theirs": error.theirs, "conflicts": tuple(error.places)}


def response_of(problem: Problem, headers: Iterable[tuple[str, str]] = ()) -> Response:
    kept = [(name, value) for name, value in headers if name.lower() not in ("content-type", "content-length")]
    return Response(json.dump_bytes(problem), problem.status, kept, content_type=MEDIA)


def does_not_fit(value: Any, type_: Any, place: Place, *, strict: bool = True) -> Refused:
    """What msgspec says about a value that does not fit, of each field that does not."""
    found = islice(misfits(value, type_, strict=strict), MOST)
    faults = tuple(_fault(path, str(error), place) for path, error in found)
    first = faults[0]
    more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
    return Refused(
        UNPROCESSABLE, "INVALID", f"{place} does not fit: {first.detail}{more}", where=first.field, faults=faults
    )


def _fault(path: tuple[str, ...], message: str, place: Place) -> Fault:
    found = _MESSAGE.match(message)
    what, rest = (found["what"], found["path"] or "$") if found else (message, "$")
    parts = [*path, *(name or number for name, number in _STEP.findall(rest.removeprefix("$")))]
    if (missing := _MISSING.search(what)) and parts[-1:] != [missing[1] or missing[2]]:
        parts.append(missing[1] or missing[2])
    field = "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in parts)
    if place != "body":
        field = parts[0] if parts else ""
    return Fault(what[:1].lower() + what[1:], "INVALID", place=place, field=field)
