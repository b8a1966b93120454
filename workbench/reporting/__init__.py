"""Reports of runs: pure functions of a plan and its events. HTML, JUnit XML, Excel and JSON stand on one model.

A run that was killed in the middle can be reported too: what has no end is shown as STOPPED.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.model.events import AnyEvent
    from workbench.model.plan import RunPlan
    from workbench.plugin_api import Reporter

# format → (module, class, file name); imported only when it is asked for
_REPORTERS = {
    "html": ("workbench.reporting.html", "HtmlReporter", "report.html"),
    "junit": ("workbench.reporting.junit", "JunitReporter", "junit.xml"),
    "xlsx": ("workbench.reporting.xlsx", "XlsxReporter", "report.xlsx"),
    "json": ("workbench.reporting.json", "JsonReporter", "report.json"),
}
FORMATS = tuple(_REPORTERS)
FILES = {name: file for name, (_, _, file) in _REPORTERS.items()}  # format → name of its file


def reporters(names: Sequence[str] = FORMATS) -> dict[str, "Reporter"]:
    """Reporters by format. Raises UsageError for a format that does not exist."""
    return {name: _reporter(name) for name in names}


def write_reports(
    plan: "RunPlan",
    events: Callable[[], Iterable["AnyEvent"]],
    directory: Path,
    formats: Sequence[str] = FORMATS,
) -> Mapping[str, Path]:
    """One file a format in `directory`, which is made. `events` gives the events anew at every call."""
    chosen = reporters(formats)
    directory.mkdir(parents=True, exist_ok=True)
    written: dict[str, Path] = {}
    for name, reporter in chosen.items():
        written[name] = directory / _REPORTERS[name][2]
        reporter.write(plan, events(), written[name])
    return written


def _reporter(name: str) -> "Reporter":
    if name not in _REPORTERS:
        raise UsageError(f"there is no report format {name!r}", hint=f"formats: {', '.join(FORMATS)}")
    module, class_name, _ = _REPORTERS[name]
    reporter: Reporter = getattr(import_module(module), class_name)()
    return reporter
