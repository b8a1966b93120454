"""Make reports of a run folder, also of one whose run is still going on or was killed."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench import reporting
from workbench.errors import NotFoundError
from workbench.files import RunFolder, latest_run, list_runs, plan_or_rescued
from workbench.model.result import Verdict
from workbench.model.words import plural
from workbench.reporting.collect import collect
from workbench.reporting.model import RunReport

LATEST = "latest"
FOLDER = "report"  # inside the run folder, when no other is named
_SHOWN = 5


def find_run(runs: Path, which: str = LATEST) -> RunFolder:
    """The run named by `latest`, by its id below `runs`, or by the path of its folder. Raises NotFoundError."""
    if which == LATEST:
        latest = latest_run(runs)
        if latest is None:
            raise NotFoundError("there is no run yet", where=str(runs), hint="workbench run SUITE makes one")
        return RunFolder.open(latest)
    for path in (runs / which, Path(which)):
        if path.is_dir():
            return RunFolder.open(path)
    known = ", ".join(path.name for path in reversed(list_runs(runs)[-_SHOWN:]))
    raise NotFoundError(f"there is no run {which!r}", where=str(runs), hint=f"the newest are: {known}" if known else "")


def write_reports(
    folder: RunFolder, directory: Path | None = None, formats: Sequence[str] = reporting.FORMATS
) -> Mapping[str, Path]:
    """One file a format, in `directory` or in the run's own folder `report`. Raises ReportError, UsageError."""
    return reporting.write_reports(plan_or_rescued(folder), folder.events, directory or folder.path / FOLDER, formats)


def json_report(folder: RunFolder) -> str:
    """The JSON report as text."""
    from workbench.reporting.json import write_to

    text = io.BytesIO()
    write_to(plan_or_rescued(folder), folder.events(), text)
    return text.getvalue().decode()


def figures(folder: RunFolder) -> RunReport:
    """The figures alone: totals, rate, causes, clusters, times."""
    return collect(plan_or_rescued(folder), folder.events())


def one_line(report: RunReport) -> str:
    """`pay-order: FAILED, 28 cases, 17 passed (62.9 %), 6 failed, …`: for terminals and logs."""
    counts = [(verdict, getattr(report.cases, verdict.value.lower())) for verdict in Verdict]
    parts = [f"{count} {verdict.value.lower()}" for verdict, count in counts if count and verdict != Verdict.PASSED]
    rate = "" if report.rate is None else f" ({report.rate} %)"
    parts += [plural(report.teardowns, "failed teardown")] if report.teardowns else []
    head = f"{report.suite}: {report.verdict}, {plural(report.cases.total, 'case')}, {report.cases.passed} passed{rate}"
    return ", ".join([head, *parts])
