"""A run on a workbench server: started, waited for, stopped and read over its HTTP API."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import quote, urlencode

import httpx
import msgspec
from msgspec import Struct

from workbench.errors import ReportError, UsageError, WorkbenchError
from workbench.model import json
from workbench.usecases.browse_runs import RunInfo
from workbench.usecases.dry_run import DryRun

_TIMEOUT_S = 60.0  # for an answer; a large suite is planned before it
_ID = re.compile("[0-9a-z]{8}")  # of a case; a name may look like one
_OWN = ("server", "token", "report", "formats", "as_json")  # options that change nothing of what is run
_WHERE = {"environment": "environment", "registry": "registries", "url": "url"}
_infos = json.decoder_for(RunInfo)
_plans = json.decoder_for(DryRun)
T = TypeVar("T")


class _Problem(Struct, frozen=True, kw_only=True):
    """What of a refusal is told (RFC 9457)."""

    detail: str = ""
    code: str = ""
    where: str = ""
    hint: str = ""


class CaseWanted(Struct, frozen=True):
    """One case: its id, and the query of POST /cases/ID/run."""

    key: str
    query: Mapping[str, str | Sequence[str]]


class RemoteRuns:
    """The runs of one server; a context manager. Everything raises WorkbenchError with exit code 3 when the server does
    not answer, UsageError with its words when it refuses."""

    def __init__(self, url: str, token: str = "", transport: httpx.BaseTransport | None = None) -> None:
        """`url`: of the server, http://HOST:PORT. Raises UsageError for what is none, or a token that is none."""
        base = url.rstrip("/").removesuffix("/api/v1")
        if not base.startswith(("http://", "https://")):
            raise UsageError(f"{url!r} is no server", where="--server", hint="write http://127.0.0.1:8080")
        self._url = f"{base}/api/v1"
        if not token.isascii() or not token.isprintable():
            raise UsageError("this is no token", where="--token", hint="workbench tokens add USER NAME")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(timeout=_TIMEOUT_S, transport=transport, headers=headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._client.close()

    def start(self, wanted: Mapping[str, Any]) -> RunInfo:
        """`wanted`: the body of POST /runs."""
        return self._info("POST", "/runs", json.dump_bytes(wanted))

    def plan(self, wanted: Mapping[str, Any]) -> DryRun:
        """A dry run. `wanted`: the body of POST /runs."""
        told: DryRun = self._read(self._ask("POST", "/runs/plan", json.dump_bytes(wanted)), _plans)
        return told

    def start_case(self, wanted: CaseWanted, wait: int) -> RunInfo:
        """Start one case at its stable address, and wait for up to so many seconds."""
        given = {"wait": str(wait), **wanted.query}
        return self._info("POST", f"/cases/{quote(wanted.key, safe='')}/run?{urlencode(given, doseq=True)}")

    def read(self, run: str) -> RunInfo:
        return self._info("GET", f"/runs/{run}")

    def stop(self, run: str) -> RunInfo:
        return self._info("POST", f"/runs/{run}/stop")

    def report(self, run: str, form: str, path: Path) -> None:
        """Write a report to `path`. Raises ReportError too."""
        answer = self._ask("GET", f"/runs/{run}/report/{form}")
        try:
            path.write_bytes(answer.content)
        except OSError as error:
            raise ReportError(f"cannot be written: {error.strerror}", where=str(path)) from error

    def text(self, run: str, form: str) -> str:
        """A report as text."""
        return self._ask("GET", f"/runs/{run}/report/{form}").content.decode()

    def _info(self, method: str, path: str, body: bytes | None = None) -> RunInfo:
        info: RunInfo = self._read(self._ask(method, path, body), _infos)
        return info

    def _read(self, answer: httpx.Response, reader: "msgspec.json.Decoder[T]") -> T:
        try:
            return reader.decode(answer.content)
        except msgspec.DecodeError as error:
            raise WorkbenchError("this is no workbench server", where=self._url) from error

    def _ask(self, method: str, path: str, body: bytes | None = None) -> httpx.Response:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            answer = self._client.request(method, f"{self._url}{path}", content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            gone = WorkbenchError(f"the server does not answer: {error}", where=self._url, hint="workbench serve")
            gone.exit_code = 3
            raise gone from error
        if answer.is_success:
            return answer
        raise _refusal(answer, self._url)


def _refusal(answer: httpx.Response, url: str) -> WorkbenchError:
    try:
        problem = msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.DecodeError:
        problem = _Problem()
    message = problem.detail or f"the server answered {answer.status_code}"
    hint = "give a token: --token, or WORKBENCH_TOKEN" if answer.status_code == 401 else problem.hint
    refusal = UsageError(message, where=problem.where or url, hint=hint)
    refusal.code = problem.code or refusal.code
    refusal.exit_code = 3 if answer.status_code >= 500 else refusal.exit_code
    return refusal


def case_of(options: Mapping[str, Any], overrides: Mapping[str, Any]) -> CaseWanted | None:
    """The one case that the options of `workbench run` want: `run ID`, or `run SUBSYSTEM[@VERSION] --case ID`; None for
    what its address cannot say. Whether there is such a case is the server's to tell."""
    plain = {"suite", "cases", "environment", "registries", "url", "changed_since", *_OWN}
    more = any(value for name, value in options.items() if name not in plain)
    if more or overrides or options["changed_since"] is not None or options["refresh"] is not None:
        return None
    query: dict[str, str | Sequence[str]] = {}
    if options["cases"]:
        key, *others = options["cases"]
        query["subsystem"], _, version = options["suite"].partition("@")
        query |= {"version": version} if version else {}
    else:
        key, others = options["suite"], []
    if others or not _ID.fullmatch(key):
        return None
    query |= {name: options[option] for name, option in _WHERE.items() if options[option]}
    return CaseWanted(key, query)


def body_of(options: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The body of POST /runs for options named as those of `workbench run`; what is not given is left out."""
    names: Sequence[str] = ("scenarios", "cases", "step", "tags", "priorities", "states")
    names = (*names, "groups", "requirements", "owners", "environment", "registries", "url")
    given = {name: options[name] for name in (*names, "concurrency") if options[name]}
    flags = ("impacted", "failed", "refresh_releases", "refresh_strict")
    given |= {name: True for name in flags if options[name]}
    if options["refresh"] is not None:
        given["refresh"] = options["refresh"]
    if options["changed_since"] is not None:
        given["changed_since"] = options["changed_since"]
    return {"suite": options["suite"], **given, **({"overrides": overrides} if overrides else {})}
