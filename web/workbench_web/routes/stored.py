"""Runs that the database keeps: looked at, compared, concluded, removed. They outlive the run folders of the server."""

from typing import Annotated, Literal

from flask import Response, send_file
from msgspec import Meta, Struct

from workbench.model.events import AnyEvent
from workbench.storage import Author, ConclusionKind, RunInfo
from workbench.usecases.browse_suites import Page, page_of
from workbench.usecases.rights import Actor, require, visible
from workbench.usecases.store_run import export_run
from workbench.usecases.stored_runs import CaseChange, CaseOfRun, cases_of, compare_runs, conclude, events_of
from workbench.usecases.suite_archive import pack
from workbench_web.api import Api
from workbench_web.desk import Desk
from workbench_web.routes.suites import ZIP, Paging, Text
from workbench_web.subjects import of_stored, of_subsystem

api = Api()
Verdict = Literal["PASSED", "FAILED", "ERROR", "TIMEOUT", "SKIPPED", "STOPPED"]
Bound = Annotated[int, Meta(ge=0, le=1_000_000)]


class StoredQuery(Paging, frozen=True, forbid_unknown_fields=True, kw_only=True):
    subsystem: Text = ""
    version: Text = ""


class StoredRuns(Struct, frozen=True):
    """A page of them. (A `Page` of its own name: msgspec cannot tell two generic types apart whose arguments have one
    name.)"""

    items: tuple[RunInfo, ...]
    total: int
    offset: int
    limit: int


class CasesQuery(Paging, frozen=True, forbid_unknown_fields=True, kw_only=True):
    verdict: tuple[Verdict, ...] = ()


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


class Pruned(Struct, frozen=True):
    runs: list[str]


@api.route("GET", "/stored/runs", tag="stored runs", right="view")
def list_stored_runs(desk: Desk, query: StoredQuery, actor: Actor) -> StoredRuns:
    """Runs that the database keeps, newest first."""
    only = visible(actor, desk.storage)
    found = [
        each for each in desk.storage.runs.all(query.subsystem, query.version) if only is None or each.subsystem in only
    ]
    return StoredRuns(tuple(found[query.offset : query.offset + query.limit]), len(found), query.offset, query.limit)


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
    return page_of(found, query.offset, query.limit)


@api.route("GET", "/stored/runs/<name:stored>/cases/<name:item>", tag="stored runs", right="view", of=of_stored,
           problems=(400,))  # fmt: skip
def show_stored_case(desk: Desk, stored: str, item: str) -> list[AnyEvent]:
    """All that happened in one case: steps, attempts, bodies, log, context."""
    return events_of(stored, item, desk.storage)


@api.route("POST", "/stored/runs/<name:stored>/conclusions", tag="stored runs", status=201, right="edit", of=of_stored,
           problems=(400,))  # fmt: skip
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


@api.route("POST", "/subsystems/<name:subsystem>/prune", tag="stored runs", right="administer", of=of_subsystem)
def prune_stored_runs(desk: Desk, subsystem: str, body: Prune, author: Author) -> Pruned:
    """Remove old runs of a subsystem; its newest always stays."""
    gone = desk.storage.runs.prune(keep=body.keep, days=body.days, subsystem=subsystem, author=author)
    return Pruned(gone)


@api.route("GET", "/compare/runs", tag="stored runs", right="view", problems=(400, 404))
def compare_stored_runs(desk: Desk, query: Two, actor: Actor) -> list[CaseChange]:
    """What became of each case from one run to another: broken, other, repaired, new, gone, failing, same."""
    for run in (query.before, query.after):
        require(actor, "view", desk.storage.runs.get(run).subsystem, desk.storage)
    return compare_runs(query.before, query.after, desk.storage)
