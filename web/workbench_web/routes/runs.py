"""Runs: started, followed, read, stopped; their reports; the stream of all that happens."""

from collections.abc import Mapping
from typing import Annotated, Literal

from flask import Response, request
from msgspec import Meta, Struct, field

from workbench.errors import UsageError
from workbench.model.json import Json
from workbench.model.plan import Refreshed
from workbench.model.result import CaseResult
from workbench.model.suite import CaseState, Priority
from workbench.planning import Selection
from workbench.storage import holders
from workbench.usecases import browse_runs as browse
from workbench.usecases import revise
from workbench.usecases.browse_runs import ItemResult, RunInfo
from workbench.usecases.browse_suites import Page
from workbench.usecases.dry_run import DryRun, dry_run_of
from workbench.usecases.export_suite import parse_address
from workbench.usecases.pick_cases import picked
from workbench.usecases.refresh_artifacts import Wish, before_run
from workbench.usecases.rights import Actor, author_of, require, visible
from workbench_web.api import Api, Reply
from workbench_web.desk import Desk, Launch
from workbench_web.entrance import watch
from workbench_web.lists import Listing, Paging, Text
from workbench_web.problems import Refused
from workbench_web.reports import sent_report
from workbench_web.subjects import of_case, of_run, of_suite

api = Api()
Names = tuple[str, ...]
VerdictName = Literal["PASSED", "FAILED", "ERROR", "TIMEOUT", "SKIPPED", "STOPPED"]


class _Where(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    environment: str = ""
    registries: Names = ()
    url: str = ""
    overrides: Mapping[str, Json] = field(default_factory=dict)
    concurrency: Annotated[int, Meta(ge=1, le=256)] | None = None


class StartRun(_Where, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to run, as the options of `workbench run` say it: names, ids or globs; tags with `!` forbid. `suite` is
    SUBSYSTEM@VERSION, or SUBSYSTEM for its newest. `overrides`: values of config keys. `impacted`: cases that new
    artifacts hit; `failed`: in the newest run of the version; `changed_since`: not as they were after that save.
    `refresh`: first fetch newer snapshots of what the version names by Maven coordinates, compare them and flag what
    they hit, which takes the right to edit; false: fetch nothing; null: as the version's settings say, for who may run
    it. `refresh_releases`: newer releases too; `refresh_strict`: no run when a
    repository does not answer."""

    suite: str
    scenarios: Names = ()
    cases: Names = ()
    groups: Names = ()
    step: str = ""
    tags: Names = ()
    requirements: Names = ()
    owners: Names = ()
    priorities: tuple[Priority, ...] = ()
    states: tuple[CaseState, ...] = ()
    impacted: bool = False
    failed: bool = False
    changed_since: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    refresh: bool | None = None
    refresh_releases: bool = False
    refresh_strict: bool = False


class RunsQuery(Paging, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`group`: runs of this group of cases."""

    subsystem: Text = ""
    version: Text | None = None
    state: Literal["queued", "running", "finished", "lost"] | None = None
    verdict: VerdictName | None = None
    group: Text = ""
    sort: Literal["-created", "created"] = "-created"


class ResultsQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in names and failures."""

    verdict: tuple[VerdictName, ...] = ()


class CaseRunQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`wait`: seconds to wait for the end. `subsystem`, `version`: where several have the case; without a version the
    newest that has it. `refresh` false: fetch nothing before, whatever the version's settings say."""

    wait: Annotated[int, Meta(ge=0, le=300)] = 0
    subsystem: str = ""
    version: str | None = None
    environment: str = ""
    registry: Names = ()
    url: str = ""
    refresh: Literal[False] | None = None


class EventsQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`run`: only events of these runs."""

    run: Names = ()


@api.route("POST", "/runs", tag="runs", status=201, problems=(400, 404, 409, 424), right="run", of=of_suite)
def start_run(desk: Desk, body: StartRun, actor: Actor) -> Reply[RunInfo]:
    """Start a run; it goes on by itself. `Location` is where it is read."""
    return _started(desk, desk.launch(_launch(desk, body, _refreshed(desk, body, actor))))


@api.route("POST", "/runs/plan", tag="runs", makes=False, problems=(400, 404, 409, 424), right="run", of=of_suite)
def dry_run(desk: Desk, body: StartRun) -> DryRun:
    """A dry run, as `workbench run --dry-run`: all mistakes of requests at once, each at its line; nothing is called,
    and nothing is kept."""
    if body.refresh or body.refresh_releases or body.refresh_strict:
        raise UsageError("a dry run fetches nothing", where="/refresh", hint="leave it out")
    return dry_run_of(desk.plan(_launch(desk, body, None)))


def _launch(desk: Desk, body: StartRun, refreshed: Refreshed | None) -> Launch:
    selection = Selection(
        body.scenarios, body.cases, body.step, body.tags, body.priorities, body.states, _picked(desk, body),
        groups=body.groups, requirements=body.requirements, owners=body.owners,
    )  # fmt: skip
    return Launch(
        address=body.suite, selection=selection, environment=body.environment, registries=body.registries,
        url=body.url, overrides=body.overrides, concurrency=body.concurrency or 0, refreshed=refreshed,
    )  # fmt: skip


def _refreshed(desk: Desk, body: StartRun, actor: Actor) -> Refreshed | None:
    """Before anything of the version is read. It saves, so what the version does not say takes the right to edit."""
    wish = Wish(body.refresh, body.refresh_releases, body.refresh_strict)
    if wish.explicit:
        require(actor, "edit", body.suite.partition("@")[0], desk.storage)
    return before_run(body.suite, desk.storage, desk.settings, wish, author_of(actor, "fetched before a run"))


def _picked(desk: Desk, body: StartRun) -> tuple[str, ...] | None:
    return picked(body.suite, desk.storage, hit=body.impacted, failed=body.failed, since=body.changed_since)


@api.route(
    "POST",
    "/cases/<name:key>/run",
    tag="runs",
    status=201,
    problems=(400, 409, 424),
    right="run",
    of=of_case,
)
def run_case(desk: Desk, key: str, query: CaseRunQuery, actor: Actor) -> Reply[RunInfo]:
    """Run one case, by its id, and wait for it: a stable address for CI.

    The answer has the state `finished` when it ended in the time that `wait` gives.
    """
    document = revise.find(key, desk.storage, query.subsystem, "case")
    version = query.version
    if version is None:
        held = holders(desk.storage.history.revisions(document))
        version = next(reversed(_in_order(desk, document.subsystem, held)), "")
    address = f"{document.subsystem}@{version}"
    parse_address(address, desk.storage)
    refreshed = before_run(address, desk.storage, desk.settings, Wish(query.refresh), author_of(actor))
    launch = Launch(
        address=address, selection=Selection(cases=(key,)), environment=query.environment,
        registries=query.registry, url=query.url, refreshed=refreshed,
    )  # fmt: skip
    run = desk.launch(launch)
    desk.runner.wait(run, query.wait)
    return _started(desk, run)


def _in_order(desk: Desk, subsystem: str, names: Mapping[str, int]) -> list[str]:
    return [each.version for each in desk.storage.suites.versions(subsystem) if each.version in names]


def _started(desk: Desk, run: str) -> Reply[RunInfo]:
    return Reply(desk.run(run), {"Location": f"/api/v1/runs/{run}"})


@api.route("GET", "/runs", tag="runs", right="view")
def list_runs(desk: Desk, query: RunsQuery, actor: Actor) -> Page[RunInfo]:
    """Runs, newest first."""
    return browse.runs(
        desk.settings.runs_dir, desk.runner.state, only=visible(actor, desk.storage),
        subsystem=query.subsystem, version=query.version, group=query.group,
        state=query.state or "", verdict=query.verdict or "", newest_first=query.sort == "-created",
        offset=query.offset, limit=query.limit,
    )  # fmt: skip


@api.route("GET", "/runs/<name:run>", tag="runs", right="view", of=of_run)
def show_run(desk: Desk, run: str) -> RunInfo:
    """How a run stands."""
    return desk.run(run)


@api.route("POST", "/runs/<name:run>/stop", tag="runs", right="run", of=of_run)
def stop_run(desk: Desk, run: str) -> RunInfo:
    """Stop it: no new step starts. A second time what is under way is cut off; of an ended run nothing changes."""
    info = desk.run(run)
    desk.runner.stop(run)
    return info


@api.route("GET", "/runs/<name:run>/results", tag="runs", right="view", of=of_run)
def list_results(desk: Desk, run: str, query: ResultsQuery) -> Page[CaseResult]:
    """Results of the cases that have ended, one a dataset row."""
    folder = browse.find(desk.settings.runs_dir, run)
    return browse.results(folder, verdicts=query.verdict, text=query.q, offset=query.offset, limit=query.limit)


@api.route("GET", "/runs/<name:run>/results/<name:item>", tag="runs", right="view", of=of_run)
def show_result(desk: Desk, run: str, item: str) -> ItemResult:
    """One result with its steps, their attempts, requests and answers."""
    return browse.result(browse.find(desk.settings.runs_dir, run), item)


@api.route(
    "GET", "/runs/<name:run>/report/<name:form>", tag="runs", media="*/*", problems=(400,), right="view", of=of_run
)
def download_report(desk: Desk, run: str, form: str) -> Response:
    """The report as html, junit, xlsx or json; of a run that goes on, as far as it is."""
    folder = browse.find(desk.settings.runs_dir, run)
    with desk.room("report") as room:
        return sent_report(folder, form, room, run)


@api.route("GET", "/events", tag="runs", media="text/event-stream", right="view")
def follow(desk: Desk, query: EventsQuery) -> Response:
    """All that happens, as server-sent events; one stream is enough for a client.

    Each event's name is that of the run's event (`case-finished` …), its data `{"run": ID, "event": {…}}`, without
    payloads. `hello` opens a stream. After a break a client goes on with `Last-Event-ID`; `reset` says that events are
    missing, so that states are to be read anew. `over` ends it: the session or token has ended.
    """
    left = request.environ.get("waitress.client_disconnected", lambda: False)
    stream = desk.hub.open(request.headers.get("Last-Event-ID", ""), query.run, watch(desk), left)
    if stream is None:
        hint = "one stream a client is enough; the setting serve.streams is the bound"
        raise Refused(503, "TOO_MANY_STREAMS", "too many event streams are open", hint=hint)
    return Response(stream, content_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
