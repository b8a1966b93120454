"""Run folders of this machine: which there are, how they stand, what came of their cases."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from workbench.errors import NotFoundError, UsageError
from workbench.files import RunFolder, list_runs
from workbench.files.runs import PLAN
from workbench.model.events import CaseFinished, StepFinished
from workbench.model.plan import Remark
from workbench.model.result import CaseResult, Counts, StepResult, Verdict
from workbench.usecases.browse_suites import Page, page_of

State = Literal["queued", "running", "finished", "lost"]
StateOf = Callable[[str], str]  # of the runner here: queued, running or ""


class RunInfo(Struct, frozen=True, kw_only=True):
    """A run. `lost`: it has no end, and nobody runs it here. Verdict and counts are those of a finished run. `groups`
    of cases that it was asked for. `remarks`: what contracts say of its steps, in the answer of one run and not in
    lists."""

    id: str
    state: State
    suite: str
    subsystem: str
    version: str
    environment: str
    items: int
    created_us: int
    verdict: Verdict | None = None
    elapsed_us: int = 0
    cases: Counts = Counts()
    steps: Counts = Counts()
    blocked: bool = False
    groups: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


class ItemResult(Struct, frozen=True):
    """A case, or one row of it, with its steps in their order; those of scenarios' setup and teardown are not its."""

    case: CaseResult
    steps: tuple[StepResult, ...]


class _Head(Struct, frozen=True, kw_only=True):
    """What a list needs of a plan."""

    id: str
    created_us: int
    suite: str
    subsystem: str
    version: str = ""
    environment: str = ""
    groups: tuple[str, ...] = ()
    items: tuple[msgspec.Raw, ...] = ()


class _Remarks(Struct, frozen=True):
    remarks: tuple[Remark, ...] = ()


_remarks = msgspec.json.Decoder(_Remarks)
_heads = msgspec.json.Decoder(_Head)


@lru_cache(4096)
def _head(path: Path) -> RunInfo:
    """Of the plan, which never changes."""
    head = _heads.decode((path / PLAN).read_bytes())
    return RunInfo(
        id=head.id, state="lost", suite=head.suite, subsystem=head.subsystem, version=head.version,
        environment=head.environment, items=len(head.items), created_us=head.created_us,
        groups=head.groups,
    )  # fmt: skip


def find(runs: Path, run: str) -> RunFolder:
    """Raises NotFoundError; a path is no id."""
    path = runs / run
    if path.parent != runs or run in ("", ".", "..") or not (path / PLAN).is_file():
        raise NotFoundError(f"there is no run {run!r}")
    return RunFolder.open(path)


def subsystem_of(folder: RunFolder) -> str:
    return _head(folder.path).subsystem


def read(folder: RunFolder, state_of: StateOf) -> RunInfo:
    """How it stands."""
    state = state_of(folder.path.name)  # before its end is looked for: else it could be lost in between
    info = _head(folder.path)
    if state == "queued" or state == "running":
        return msgspec.structs.replace(info, state=state)
    end = folder.finished()
    if end is None:
        return info
    summary = end.summary
    return msgspec.structs.replace(
        info, state="finished", verdict=summary.verdict, elapsed_us=summary.elapsed_us, cases=summary.cases,
        steps=summary.steps, blocked=summary.blocked,
    )  # fmt: skip


def read_whole(folder: RunFolder, state_of: StateOf) -> RunInfo:
    """How it stands, with what contracts say of its steps. Raises NotFoundError for one that has just been removed."""
    try:
        said = _remarks.decode((folder.path / PLAN).read_bytes()).remarks
    except FileNotFoundError:
        raise NotFoundError(f"there is no run {folder.path.name!r}") from None
    return msgspec.structs.replace(read(folder, state_of), remarks=said)


def runs(
    root: Path, state_of: StateOf, *, only: frozenset[str] | None = None, subsystem: str = "",
    version: str | None = None, state: str = "",
    verdict: str = "", group: str = "", newest_first: bool = True, offset: int = 0, limit: int = 100,
) -> Page[RunInfo]:  # fmt: skip
    """A page of those that fit. `only`: of these subsystems; None: of all."""
    found = []
    for path in list_runs(root)[:: -1 if newest_first else 1]:
        try:
            info = _head(path)
        except (OSError, msgspec.DecodeError):  # it is being removed, or damaged
            continue
        if only is not None and info.subsystem not in only:
            continue
        if group and group not in info.groups:
            continue
        if subsystem in ("", info.subsystem) and version in (None, info.version):
            found.append(path)
    if not state and not verdict:  # then only the page is looked at
        page = page_of(found, offset, limit)
        infos = tuple(read(RunFolder(path), state_of) for path in page.items)
        return Page(infos, page.total, offset, limit)
    wanted = [
        info
        for info in (read(RunFolder(path), state_of) for path in found)
        if state in ("", info.state) and verdict in ("", info.verdict)
    ]
    return page_of(wanted, offset, limit)


def results(folder: RunFolder, *, verdicts: tuple[str, ...], text: str, offset: int, limit: int) -> Page[CaseResult]:
    """Cases that have ended, in that order, without their contexts. `text` stands in the name or the failure."""
    needle = text.casefold()
    found = [
        event.result
        for event in folder.events()
        if isinstance(event, CaseFinished)
        and (not verdicts or event.result.verdict in verdicts)
        and (needle in event.result.name.casefold() or _failed_with(event.result, needle))
    ]
    page = page_of(found, offset, limit)
    return Page(tuple(msgspec.structs.replace(each, context="{}") for each in page.items), page.total, offset, limit)


def _failed_with(result: CaseResult, needle: str) -> bool:
    return result.failure is not None and needle in result.failure.message.casefold()


def result(folder: RunFolder, item: str) -> ItemResult:
    """All of one. Raises NotFoundError while it has not ended."""
    steps: list[StepResult] = []
    case: CaseResult | None = None
    for event in folder.events():
        if isinstance(event, StepFinished) and event.item == item:
            steps.append(event.result)
        elif isinstance(event, CaseFinished) and event.result.item == item:
            case = event.result
    if case is None:
        raise NotFoundError(f"no case with the item {item!r} has ended in this run", where=folder.path.name)
    return ItemResult(case, tuple(steps))


def must_have_ended(info: RunInfo) -> None:
    """Raises UsageError for a run that goes on."""
    if info.state in ("queued", "running"):
        raise UsageError("the run goes on", where=info.id, hint="wait for its end, or stop it")
