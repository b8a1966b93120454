"""JUnit XML as Jenkins and GitLab read it: a testsuite a scenario, a testcase a case result.

A scenario's teardown that did not pass is a testcase of its own, since it is the fault of no case.
FAILED is a failure; ERROR, TIMEOUT and STOPPED are errors (a case that was cut off has not passed); SKIPPED is skipped.
Requirement ids, tags, priority, owner, side and cause are properties of the testcase.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from workbench.model.events import AnyEvent
from workbench.model.plan import RunPlan
from workbench.model.result import Verdict
from workbench.reporting.collect import Collector, reason
from workbench.reporting.follow import View
from workbench.reporting.model import CaseView, RunReport, ScenarioView
from workbench.reporting.plaintext import cut, log_line, rescued_note, view_text
from workbench.reporting.replacing import replacing

DETAILED = 2_000  # cases with a full text; further ones have their message only
MAX_TEXT = 16_000
MAX_ATTRIBUTE = 4_000  # of a message; readers show it in one line, and refuse attributes of many megabytes
_ELEMENT = {
    Verdict.FAILED: "failure",
    Verdict.ERROR: "error",
    Verdict.TIMEOUT: "error",
    Verdict.STOPPED: "error",
    Verdict.SKIPPED: "skipped",
}
# Characters that XML 1.0 cannot hold, not even escaped.
_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JunitReporter:
    name = "junit"

    def write(self, plan: RunPlan, events: Iterable[AnyEvent], target: Path) -> None:
        """Raises ReportError when the file cannot be written."""
        collector, twins = Collector(plan), _twins(plan)
        suites: dict[str, _Suite] = {scenario.id: _Suite(scenario.name) for scenario in plan.scenarios}
        detailed = 0
        for view in collector.views(events):
            if isinstance(view, ScenarioView):
                suites.setdefault(view.id, _Suite(view.name)).add_teardown(view, plan.suite)
                continue
            detailed += view.result.verdict in _ELEMENT
            suite = suites.setdefault(view.result.scenario, _Suite(view.scenario))
            suite.add(view, plan.suite, detailed <= DETAILED, twin=(view.scenario, view.result.name) in twins)
        with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(_document(collector.report(), suites.values()))


class _Suite:
    """One scenario's testcases, as XML already."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cases: list[tuple[int, str]] = []
        self.elements: list[str] = []
        self.elapsed_us = 0
        self.started_us = 0

    def add(self, view: CaseView, suite: str, detailed: bool, *, twin: bool) -> None:
        result = view.result
        self.elapsed_us += result.elapsed_us
        self.started_us = min(filter(None, (self.started_us, result.started_us)), default=0)
        self.elements.append(_ELEMENT.get(result.verdict, ""))
        self.cases.append((view.position, "".join(_testcase(view, suite, detailed, twin))))

    def add_teardown(self, view: ScenarioView, suite: str) -> None:
        """Told only when it did not pass: then it is an error of the run that belongs to no case."""
        if view.verdict in (Verdict.PASSED, Verdict.SKIPPED):
            return
        behind = sum(step.elapsed_us for step in view.steps if step.phase in ("teardown", "after"))
        self.elapsed_us += behind
        self.elements.append(_ELEMENT[view.verdict])
        self.cases.append((sys.maxsize, "".join(_teardown(view, suite, behind))))

    @property
    def counts(self) -> str:
        return (
            f'tests="{len(self.cases)}" failures="{self.elements.count("failure")}" '
            f'errors="{self.elements.count("error")}" skipped="{self.elements.count("skipped")}"'
        )


def _document(report: RunReport, suites: Iterable[_Suite]) -> Iterator[str]:
    filled = [suite for suite in suites if suite.cases]
    elements = [element for suite in filled for element in suite.elements]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield (
        f'<testsuites name={_attribute(report.suite)} tests="{len(elements)}" failures="{elements.count("failure")}" '
        f'errors="{elements.count("error")}" skipped="{elements.count("skipped")}" time="{_seconds(report.elapsed_us)}"'
        f' timestamp="{_time(report.started_us)}">\n'
    )
    properties = _properties(_of_run(report), "    ")
    for suite in filled:
        yield f"  <testsuite name={_attribute(suite.name)} {suite.counts} "
        yield f'time="{_seconds(suite.elapsed_us)}" timestamp="{_time(suite.started_us or report.started_us)}">\n'
        yield properties
        yield from (text for _, text in sorted(suite.cases))
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _of_run(report: RunReport) -> list[tuple[str, str]]:
    pairs = [("run", report.run), ("subsystem", report.subsystem), ("version", report.version)]
    pairs += [("environment", report.environment), ("finished", "true" if report.finished else "false")]
    pairs += [("schedule", report.schedule)]
    pairs += [("rescued", rescued_note(report))] if report.rescued else []
    pairs += [("group", each) for each in report.groups]
    if report.refreshed is not None:
        pairs += [("fetched", f"{each.name}: {each.what}") for each in report.refreshed.artifacts]
        pairs += [("not fetched", each) for each in report.refreshed.problems]
        pairs += [("flagged", f"{each.place or report.version} {each.name}: {each.severity}".strip())
                  for each in report.refreshed.flagged]  # fmt: skip
    pairs += [("left out", f"{each.name}: {each.state}") for each in report.left_out]
    pairs += [("remark", f"{each.where}: {each.message}") for each in report.remarks]
    return [(name, value) for name, value in pairs if value]


def _twins(plan: RunPlan) -> set[tuple[str, str]]:
    """Scenario and name of cases that another case has too: readers that tell testcases by name would lose one."""
    names = {scenario.id: scenario.name for scenario in plan.scenarios}
    counted = Counter((names.get(each.scenario, ""), each.case.case) for each in plan.cases)
    return {name for name, count in counted.items() if count > 1}


def _testcase(view: CaseView, suite: str, detailed: bool, twin: bool) -> Iterator[str]:
    result = view.result
    name = f"{result.name} [{result.case}]" if twin else result.name
    name = name if result.row < 0 else f"{name} #{result.row + 1}"
    yield _head(name, suite, view.scenario, view.file, result.elapsed_us)
    yield _properties(_of_case(view), "      ")
    element = _ELEMENT.get(result.verdict)
    if element:
        yield _outcome(view, element, detailed)
    out = "\n".join(log_line(entry) for step in view.steps for each in step.attempts for entry in each.log)
    if out and (element or result.flaky) and detailed:
        yield f"      <system-out>{_text(cut(out, MAX_TEXT))}</system-out>\n"
    yield "    </testcase>\n"


def _teardown(view: ScenarioView, suite: str, elapsed_us: int) -> Iterator[str]:
    side, cause, _ = reason(view)
    pairs = [("item", view.id), ("verdict", view.verdict.value), ("side", side), ("cause", cause)]
    yield _head("teardown of the scenario", suite, view.name, view.file, elapsed_us)
    yield _properties([(name, value) for name, value in pairs if value], "      ")
    yield _outcome(view, _ELEMENT[view.verdict], detailed=True)
    yield "    </testcase>\n"


def _head(name: str, suite: str, scenario: str, file: str, elapsed_us: int) -> str:
    class_name = f"{suite}.{scenario.replace('.', '_')}"  # Jenkins cuts packages at dots
    place = f" file={_attribute(file)}" if file else ""
    return (
        f"    <testcase name={_attribute(name)} classname={_attribute(class_name)}{place} "
        f'time="{_seconds(elapsed_us)}">\n'
    )


def _outcome(view: View, element: str, detailed: bool) -> str:
    _, _, failure = reason(view)
    verdict = view.result.verdict if isinstance(view, CaseView) else view.verdict
    message = _attribute(failure.message if failure else verdict.value)
    if element == "skipped":
        return f"      <skipped message={message}/>\n"
    body = _text(view_text(view, MAX_TEXT)) if detailed else ""
    kind = _attribute(failure.cause.value if failure else verdict.value)
    return f"      <{element} type={kind} message={message}>{body}</{element}>\n"


def _of_case(view: CaseView) -> list[tuple[str, str]]:
    result = view.result
    side, cause, _ = reason(view)
    pairs = [("item", result.item), ("verdict", result.verdict.value), ("priority", result.priority)]
    pairs += [("owner", view.owner), ("side", side), ("cause", cause), ("row", result.row_name)]
    pairs += [("weight", str(view.weight))] if view.weight != 1 else []
    pairs += [("requirement", each) for each in result.requirements] + [("tag", each) for each in result.tags]
    pairs += [("flaky", "true")] if result.flaky else []
    return [(name, value) for name, value in pairs if value]


def _properties(pairs: list[tuple[str, str]], indent: str) -> str:
    lines = [f"{indent}  <property name={_attribute(name)} value={_attribute(value)}/>\n" for name, value in pairs]
    return f"{indent}<properties>\n{''.join(lines)}{indent}</properties>\n" if lines else ""


def _attribute(text: str) -> str:
    return quoteattr(_ILLEGAL.sub("\ufffd", cut(text, MAX_ATTRIBUTE)))


def _text(text: str) -> str:
    return escape(_ILLEGAL.sub("\ufffd", text))


def _seconds(micros: int) -> str:
    return f"{micros // 1_000_000}.{micros // 1000 % 1000:03d}"


def _time(micros: int) -> str:
    return datetime.fromtimestamp(micros // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
