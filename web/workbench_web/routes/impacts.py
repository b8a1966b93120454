"""New artifacts of a version, what they change, and which cases that hits."""

from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from workbench.model import json
from workbench.model.contract_diff import Change, Severity
from workbench.storage import Author
from workbench.storage.impacts import ContractChange, Flag
from workbench.usecases import refresh_artifacts, take_artifact
from workbench.usecases.browse_suites import Page
from workbench.usecases.export_suite import parse_address
from workbench.usecases.maven import fetcher
from workbench.usecases.rights import Actor, sees
from workbench.usecases.take_artifact import Artifact, Comparison, Taken
from workbench_web.api import Api
from workbench_web.artifacts import allowed
from workbench_web.desk import Desk
from workbench_web.lists import Listing, Text, listed
from workbench_web.routes.versions import MessageQuery
from workbench_web.subjects import of_address

api = Api()
_comparisons = json.decoder_for(Comparison)


class Take(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`artifacts`: addresses of uploaded ones, samples://NAME, or GROUP:ARTIFACT:VERSION. `dependency`: whose they are,
    "": the subsystem's own. `instead`: what of the version they replace; without, what has their names. `preview`: only
    compare."""

    artifacts: Annotated[tuple[str, ...], Meta(min_length=1)]
    dependency: Text = ""
    instead: tuple[str, ...] = ()
    preview: bool = False


class Refresh(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`releases`: newer releases too; without, newer snapshots of the same version. `strict`: a repository that does
    not answer is an error, even where Maven has something."""

    dependency: Text = ""
    releases: bool = False
    preview: bool = False
    strict: bool = False


class ArtifactsQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`dependency`: whose, "": the subsystem's own."""

    dependency: Text | None = None
    sort: Literal["position", "-position", "name", "-name", "size", "-size"] = "position"


class ChangesQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`q` is looked for in dependencies and authors."""

    sort: Literal["-created", "created", "open", "-open"] = "-created"


class FlagsQuery(Listing, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`settled`: those that are settled, too; `q` is looked for in ids of cases and dependencies."""

    settled: bool = False
    severity: Severity | None = None
    sort: Literal["severity", "-severity", "created", "-created"] = "severity"


class Flagged(Struct, frozen=True):
    flag: Flag
    changes: tuple[Change, ...]


class Settle(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`cases`: ids; without: all."""

    cases: tuple[str, ...] | None = None


class Settled(Struct, frozen=True):
    flags: int


@api.route("GET", "/suites/<name:address>/artifacts", tag="artifacts", right="view", of=of_address)
def list_artifacts(desk: Desk, address: str, query: ArtifactsQuery) -> Page[Artifact]:
    """The artifacts of a version, with hashes of those kept here and of what coordinates led to here last."""
    rows = take_artifact.artifacts_of(address, desk.storage, fetcher(desk.settings))
    rows = [row for row in rows if query.dependency in (None, row.dependency)]
    return listed(rows, query, lambda row: row.name, name=lambda row: row.name.casefold(), size=lambda row: row.size)


@api.route("POST", "/suites/<name:address>/artifacts", tag="artifacts", right="edit", of=of_address,
           problems=(400, 409, 424))  # fmt: skip
def take(desk: Desk, address: str, query: MessageQuery, body: Take, actor: Actor, author: Author) -> Taken:
    """Bring artifacts into a version, in the place of older ones: its contract is compared with what the version held,
    and each case that calls what changed is flagged, also of other subsystems' versions that depend on this one."""
    given = allowed(body.artifacts, desk.storage, desk.settings)
    taken = take_artifact.take_artifacts(
        address, given, desk.storage, desk.settings, author, dependency=body.dependency, instead=body.instead,
        preview=body.preview,
    )  # fmt: skip
    return _seen(taken, actor, desk)


@api.route("POST", "/suites/<name:address>/artifacts/refresh", tag="artifacts", right="edit", of=of_address,
           problems=(400, 409, 424))  # fmt: skip
def refresh(desk: Desk, address: str, query: MessageQuery, body: Refresh, actor: Actor, author: Author) -> Taken:
    """Fetch what a version names by Maven coordinates anew, and compare it like an upload."""
    taken = refresh_artifacts.refresh(
        address, desk.storage, desk.settings, author, dependency=body.dependency, releases=body.releases,
        preview=body.preview, strict=body.strict,
    )  # fmt: skip
    return _seen(taken, actor, desk)


def _seen(taken: Taken, actor: Actor, desk: Desk) -> Taken:
    """Without cases of subsystems that they may not view."""
    allowed = sees(actor, desk.storage, {each.subsystem for each in taken.dependents})
    return replace(taken, dependents=tuple(each for each in taken.dependents if each.subsystem in allowed))


@api.route("GET", "/suites/<name:address>/artifact-changes", tag="artifacts", right="view", of=of_address)
def list_artifact_changes(desk: Desk, address: str, query: ChangesQuery) -> Page[ContractChange]:
    """What artifacts brought changes to a version, newest first."""
    rows = desk.storage.impacts.changes(*parse_address(address, desk.storage))
    return listed(rows, query, lambda row: f"{row.dependency} {row.author}", open=lambda row: row.open)


@api.route("GET", "/suites/<name:address>/flags", tag="artifacts", right="view", of=of_address)
def list_flags(desk: Desk, address: str, query: FlagsQuery) -> Page[Flagged]:
    """Cases that call what new artifacts changed, gravest first, each with what hits it."""
    rows = take_artifact.flags(address, desk.storage, settled=query.settled)
    rows = [row for row in rows if query.severity in (None, row.severity)]
    page = listed(rows, query, lambda row: f"{row.case} {row.dependency}", created=lambda row: row.created_us)
    read = desk.storage.impacts.comparison
    made = {change: _comparisons.decode(read(change)).diff.changes for change in {flag.change for flag in page.items}}
    found = (Flagged(flag, tuple(made[flag.change][number] for number in flag.changes)) for flag in page.items)
    return Page(tuple(found), page.total, page.offset, page.limit)


@api.route("POST", "/suites/<name:address>/flags/settle", tag="artifacts", right="edit", of=of_address, problems=(400,))
def settle_flags(desk: Desk, address: str, body: Settle, author: Author) -> Settled:
    """Say of flagged cases that they were looked at."""
    return Settled(take_artifact.settle(address, body.cases, desk.storage, author))
