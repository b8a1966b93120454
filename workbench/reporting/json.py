"""The report for programs: every case with every step, all digits kept. docs/reports.md describes the form.

    {"format": "dubbo-workbench-report", "format_version": 1, "run": {…}, "clusters": […], …,
     "scenarios": [{"id": …, "name": …, "steps": […]}], "cases": [{"result": {…}, "scenario": …, "steps": […]}]}

Payloads are JSON texts inside strings, so that no reader loses digits. A field that has its default is left out.
"""

import tempfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import IO

import msgspec

from workbench.model.events import AnyEvent
from workbench.model.plan import RunPlan
from workbench.reporting.collect import Collector
from workbench.reporting.model import CaseView, RunReport
from workbench.reporting.replacing import replacing

FORMAT_VERSION = 1
_SPOOL = 8 * 1024 * 1024
_encoder = msgspec.json.Encoder(decimal_format="number")


class JsonReporter:
    name = "json"

    def write(self, plan: RunPlan, events: Iterable[AnyEvent], target: Path) -> None:
        """Cases in the order in which they ended. Raises ReportError when the file cannot be written."""
        with replacing(target) as draft, draft.open("wb") as file:
            write_to(plan, events, file)


def write_to(plan: RunPlan, events: Iterable[AnyEvent], file: IO[bytes]) -> None:
    """The figures come first although they are known last: cases wait in a temporary file."""
    collector = Collector(plan)
    scenarios: list[bytes] = []
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as cases:
        for view in collector.views(events):
            text = _encoder.encode(view)
            if isinstance(view, CaseView):
                cases.write((b",\n" if cases.tell() else b"") + text)
            else:
                scenarios.append(text)
        head = _encoder.encode(_head(collector.report()))
        file.write(head[:-1] + b',\n"scenarios":[' + b",\n".join(scenarios) + b'],\n"cases":[\n')
        cases.seek(0)
        while chunk := cases.read(1024 * 1024):
            file.write(chunk)
        file.write(b"\n]}\n")


def _head(report: RunReport) -> dict[str, object]:
    figures = msgspec.to_builtins(report, builtin_types=(Decimal,))
    names = ("causes", "clusters", "slowest", "targets", "problems", "remarks", "left_out")
    lists = {name: figures.pop(name) for name in names}
    figures.pop("weights")
    head = {"format": "dubbo-workbench-report", "format_version": FORMAT_VERSION}
    return {**head, "run": {**figures, "rate": report.rate, "weighted_rate": report.weighted_rate}, **lists}
