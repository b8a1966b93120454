"""Runs that the database keeps: looked at, compared, concluded, removed. They outlive the run folders of the server."""

from typing import Annotated, Literal

from flask import Response, send_file
from msgspec import Meta, Struct

from workbench.files import RunFolder
from workbench.model.events import AnyEvent
from workbench.storage import Author, Conclusion, ConclusionKind, RunInfo, tag_of
from workbench.usecases.browse_suites import Page
from workbench.usecases.rights import Actor, require, visible
from workbench.usecases.store_run import export_run, store_run
from workbench.usecases.stored_runs import (
    CaseChange,
    CaseOfRun,
    cases_of,
    compare_runs,
    conclude,
    conclusion_of,
    events_of,
    must_be_known,
)
from workbench.usecases.suite_archive import pack, unpack
from workbench_web.api import Api, Reply
from workbench_web.desk import Desk
from workbench_web.lists import Listing, Text, listed
from workbench_web.reports import sent_report
from workbench_web.routes.suites import ZIP
from workbench_web.subjects import of_stored, of_subsystem
from workbench_web.uploads import Upload

api = Api()
Verdict = Literal["PASSED", "FAILED", "ERROR", "TIMEOUT", "SKIPPED", "STOPPED"]
Bound = Annotated[int, Meta(ge=0, le=1_000_000)]


class StoredQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in ids, suites and environments. `group`: runs of this group of cases."""

    subsystem: Text = ""
    version: Text = ""
    environment: Text | None = None
    group: Text = ""
    verdict: Verdict | None = None
    sort: Literal["-started", "started", "elapsed", "-elapsed"] = "-started"


class StoredRuns(Struct, frozen=True):
    """A page of them. (A `Page` of its own name: msgspec cannot tell two generic types apart whose arguments have one
    name.)"""

    items: tuple[RunInfo, ...]
    total: int
    offset: int
    limit: int


class CasesQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in names, items and messages."""

    verdict: tuple[Verdict, ...] = ()
    sort: Literal["position", "-position", "name", "-name", "elapsed", "-elapsed"] = "position"


class Two(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ids of runs."""

    before: Text
    after: Text


class Conclude(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`item`: of a failed result; it holds for the same failure in later runs."""

    item: str
    kind: ConclusionKind
    comment: Annotated[str, Meta(max_length=10_000)] = ""
    link: Annotated[str, Meta(max_length=2_000)] = ""


class Concluded(Struct, frozen=True):
    """How many cases of this run have the failure."""

    cases: int


class Prune(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All but the newest `keep`, and what is older than `days`; 0: no bound."""

    keep: Bound
    days: Bound = 0


class Retention(Struct, frozen=True):
    """The newest `keep` are kept, and none older than `days`; 0: no bound. `own`: not as the server's settings say."""

    keep: int
    days: int
    own: bool


class NewRetention(Struct, frozen=True, forbid_unknown_fields=True):
    keep: Bound
    days: Bound


class Pruned(Struct, frozen=True):
    runs: list[str]


@api.route("GET", "/stored/runs", tag="stored runs", right="view")
def list_stored_runs(desk: Desk, query: StoredQuery, actor: Actor) -> StoredRuns:
    """Runs that the database keeps, newest first."""
    only = visible(actor, desk.storage)
    rows = [
        row
        for row in desk.storage.runs.all(query.subsystem, query.version, group=query.group)
        if (only is None or row.subsystem in only)
        and query.environment in (None, row.environment)
        and query.verdict in (None, row.verdict)
    ]
    page = listed(
        rows, query, lambda row: f"{row.run} {row.suite} {row.environment}", elapsed=lambda row: row.elapsed_us
    )
    return StoredRuns(page.items, page.total, page.offset, page.limit)


@api.route("GET", "/stored/runs/<name:stored>", tag="stored runs", right="view", of=of_stored)
def show_stored_run(desk: Desk, stored: str) -> RunInfo:
    """One run."""
    return desk.storage.runs.get(stored)


@api.route("DELETE", "/stored/runs/<name:stored>", tag="stored runs", status=204, right="edit", of=of_stored)
def delete_stored_run(desk: Desk, stored: str, author: Author) -> None:
    """Remove a run; what people said of its failures stays."""
    desk.storage.runs.delete([stored], author)


@api.route("GET", "/stored/runs/<name:stored>/cases", tag="stored runs", right="view", of=of_stored)
def list_stored_cases(desk: Desk, stored: str, query: CasesQuery) -> Page[CaseOfRun]:
    """The cases of a run, in the order of the plan, with what people said of failures."""
    found = [
        each for each in cases_of(stored, desk.storage) if not query.verdict or each.result.verdict in query.verdict
    ]
    return listed(
        found,
        query,
        lambda row: f"{row.result.name} {row.result.item} {row.result.message}",
        name=lambda row: row.result.name.casefold(),
        elapsed=lambda row: row.result.elapsed_us,
    )


@api.route("GET", "/stored/runs/<name:stored>/cases/<name:item>", tag="stored runs", right="view", of=of_stored,
           problems=(400,))  # fmt: skip
def show_stored_case(desk: Desk, stored: str, item: str) -> list[AnyEvent]:
    """All that happened in one case: steps, attempts, bodies, log, context."""
    return events_of(stored, item, desk.storage)


@api.route("GET", "/stored/runs/<name:stored>/conclusions/<name:item>", tag="stored runs", right="view", of=of_stored,
           problems=(400,))  # fmt: skip
def show_conclusion(desk: Desk, stored: str, item: str) -> Reply[Conclusion]:
    """What was last said of the failure of a case, in this run or another one."""
    said = conclusion_of(stored, item, desk.storage)
    return Reply(said, tag=tag_of(said))


@api.route("POST", "/stored/runs/<name:stored>/conclusions", tag="stored runs", status=201, right="edit", of=of_stored,
           match="upsert", problems=(400,))  # fmt: skip
def conclude_result(desk: Desk, stored: str, body: Conclude, author: Author) -> Concluded:
    """Say what a failure is: a bug of the product or of the case, the environment, known. No verdict changes."""
    count = conclude(stored, body.item, body.kind, desk.storage, author, comment=body.comment, link=body.link)
    return Concluded(count)


@api.route("GET", "/stored/runs/<name:stored>/archive", tag="stored runs", media=ZIP, right="view", of=of_stored)
def export_stored_run(desk: Desk, stored: str) -> Response:
    """The run folder as a zip, for `workbench report`."""
    with desk.room("run") as room:
        folder = export_run(stored, desk.storage, room / "runs")
        pack(folder, room / "run.zip")
        file = (room / "run.zip").open("rb")  # stays readable when the room is gone
    return send_file(file, ZIP, as_attachment=True, download_name=f"{stored}.zip", max_age=0)


@api.route("GET", "/stored/runs/<name:stored>/report/<name:form>", tag="stored runs", media="*/*", right="view",
           of=of_stored, problems=(400,))  # fmt: skip
def download_stored_report(desk: Desk, stored: str, form: str) -> Response:
    """The report as html, junit, xlsx or json."""
    with desk.room("run") as room:
        return sent_report(RunFolder.open(export_run(stored, desk.storage, room / "runs")), form, room, stored)


@api.route("POST", "/stored/runs", tag="stored runs", status=201, right="edit", accepts=(ZIP,))
def add_stored_run(desk: Desk, upload: Upload, actor: Actor) -> RunInfo:
    """Keep a run of another machine: its run folder as a zip. It takes the right to edit its subsystem's suites."""
    with upload.folder("run.zip", desk.room_root) as path, desk.room("run") as room:
        folder = RunFolder.open(unpack(path, room, desk.settings.parse_limits, holds="plan.json"))
        require(actor, "edit", folder.plan().subsystem, desk.storage)
        return store_run(folder, desk.storage)


@api.route("POST", "/subsystems/<name:subsystem>/prune", tag="stored runs", right="administer", of=of_subsystem)
def prune_stored_runs(desk: Desk, subsystem: str, body: Prune, author: Author) -> Pruned:
    """Remove old runs of a subsystem; its newest always stays."""
    must_be_known(subsystem, desk.storage)
    gone = desk.storage.runs.prune(keep=body.keep, days=body.days, subsystem=subsystem, author=author)
    return Pruned(gone)


@api.route("GET", "/subsystems/<name:subsystem>/retention", tag="stored runs", right="view", of=of_subsystem)
def show_retention(desk: Desk, subsystem: str) -> Reply[Retention]:
    """How many runs of a subsystem are kept."""
    must_be_known(subsystem, desk.storage)
    own = desk.storage.runs.bounds().get(subsystem)
    settings = desk.settings.retention
    keep, days = own or (settings.stored_runs, settings.stored_days)
    return Reply(Retention(keep, days, own is not None), tag=tag_of(list(own or ())))


@api.route("PUT", "/subsystems/<name:subsystem>/retention", tag="stored runs", right="administer", of=of_subsystem,
           match="tag")  # fmt: skip
def set_retention(desk: Desk, subsystem: str, body: NewRetention, author: Author) -> Reply[Retention]:
    """Say how many runs of a subsystem are kept; its newest always stays."""
    must_be_known(subsystem, desk.storage)
    desk.storage.runs.set_bounds(subsystem, (body.keep, body.days), author)
    return show_retention(desk, subsystem)


@api.route("DELETE", "/subsystems/<name:subsystem>/retention", tag="stored runs", right="administer", of=of_subsystem,
           match="tag")  # fmt: skip
def reset_retention(desk: Desk, subsystem: str, author: Author) -> Reply[Retention]:
    """Keep as many as the server's settings say."""
    desk.storage.runs.set_bounds(subsystem, None, author)
    return show_retention(desk, subsystem)


@api.route("GET", "/compare/runs", tag="stored runs", right="view", problems=(400, 404))
def compare_stored_runs(desk: Desk, query: Two, actor: Actor) -> list[CaseChange]:
    """What became of each case from one run to another: broken, other, repaired, new, gone, failing, same."""
    for run in (query.before, query.after):
        require(actor, "view", desk.storage.runs.get(run).subsystem, desk.storage)
    return compare_runs(query.before, query.after, desk.storage)
