"""Figures over the stored runs, and over the growth of cases; what is deployed on which host."""

from typing import Annotated, Literal

from flask import Response, send_file
from msgspec import Meta, Struct

from workbench.model.stats import Day, Statistics
from workbench.reporting.stats_xlsx import write_statistics
from workbench.storage import Author, Deployment
from workbench.usecases import hosts, statistics
from workbench.usecases.browse_suites import Page
from workbench.usecases.hosts import HostRow
from workbench.usecases.rights import Actor, require, visible
from workbench_web.api import Api
from workbench_web.artifacts import registry
from workbench_web.desk import Desk
from workbench_web.lists import Listing, Text, listed
from workbench_web.subjects import of_address, of_subsystem

api = Api()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Date = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="2026-03-31")]


class PeriodQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`until`: the last day; without, today. Days are those of the server's clock. `group`: only runs of this group of
    cases; growth is of all cases."""

    days: Annotated[int, Meta(ge=1, le=10_000)] = 30
    until: Date | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 50
    group: Text = ""


class DayQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    day: Date | None = None


class Deployed(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`host`: HOST:PORT as it is registered, or HOST. `artifact`: of the version's; without, its only one. `sha256`: of
    what was deployed; without, the artifact's."""

    host: Annotated[str, Meta(min_length=1, max_length=200)]
    environment: Text = ""
    artifact: Text = ""
    sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


class HostsQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`registry`: also tell who runs there, and whose metadata disagrees; it takes the right to run. `q` is looked for
    in hosts, versions and artifacts."""

    sort: Literal["host", "-host", "version", "-version", "deployed", "-deployed"] = "host"

    environment: Text = ""
    registry: Text = ""


@api.route("GET", "/subsystems/<name:subsystem>/statistics", tag="statistics", right="view", of=of_subsystem,
           problems=(400,))  # fmt: skip
def show_statistics(desk: Desk, subsystem: str, query: PeriodQuery) -> Statistics:
    """Rate and duration by day, version, owner and group of cases; flaky and slow cases; causes; growth of cases."""
    return _found(desk, subsystem, query)


@api.route("GET", "/subsystems/<name:subsystem>/statistics/workbook", tag="statistics", right="view", of=of_subsystem,
           media=XLSX, problems=(400,))  # fmt: skip
def export_statistics(desk: Desk, subsystem: str, query: PeriodQuery) -> Response:
    """All of it as one workbook."""
    with desk.room("statistics") as room:
        path = room / "statistics.xlsx"
        write_statistics(_found(desk, subsystem, query), path)
        file = path.open("rb")  # stays readable when the room is gone
    return send_file(file, XLSX, as_attachment=True, download_name=path.name, max_age=0)


def _found(desk: Desk, subsystem: str, query: PeriodQuery) -> Statistics:
    asked = statistics.period(query.days, query.until or "", subsystem, query.group)
    return statistics.statistics(desk.storage, asked, limit=query.limit)


@api.route("GET", "/statistics/day", tag="statistics", right="view", problems=(400,))
def show_day(desk: Desk, query: DayQuery, actor: Actor) -> Day:
    """All subsystems on one day, with the ten that have most cases."""
    wanted = statistics.period(1, query.day or "").until
    return statistics.day(desk.storage, wanted, only=visible(actor, desk.storage))


@api.route("GET", "/subsystems/<name:subsystem>/hosts", tag="statistics", right="view", of=of_subsystem,
           problems=(400, 424))  # fmt: skip
def list_hosts(desk: Desk, subsystem: str, query: HostsQuery, actor: Actor) -> Page[HostRow]:
    """What was last deployed on each host; with a registry, whether the providers there agree with it."""
    if query.registry:
        require(actor, "run", subsystem, desk.storage)
    asked = registry(query.registry) if query.registry else ""
    rows = hosts.hosts(subsystem, desk.storage, desk.settings, environment=query.environment, registry=asked,
                       ask=desk.app.ask())  # fmt: skip
    return listed(rows, query, lambda row: f"{row.host} {row.version} {row.artifact}", version=lambda row: row.version,
                  deployed=lambda row: row.deployed_us)  # fmt: skip


@api.route("POST", "/suites/<name:address>/deployments", tag="statistics", right="run", of=of_address, status=201,
           problems=(400,))  # fmt: skip
def note_deployment(desk: Desk, address: str, body: Deployed, author: Author) -> Deployment:
    """Say that the version is deployed on a host now."""
    return hosts.deployed(
        address,
        body.host,
        desk.storage,
        author,
        environment=body.environment,
        artifact=body.artifact,
        sha256=body.sha256,
    )
