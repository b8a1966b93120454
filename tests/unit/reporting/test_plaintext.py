"""What a JUnit viewer or a cell is told: a cut says how much is missing."""

from types import ModuleType
from typing import Any

from workbench.model.result import LogEntry, RemoteException, Verdict
from workbench.reporting.collect import Collector
from workbench.reporting.model import CaseView
from workbench.reporting.plaintext import view_text


def view(make: ModuleType, **attempt: Any) -> CaseView:
    run = make.RunBuilder()
    item = run.case(run.scenario("s", "S"), "c", "case")
    run.start()
    run.begin(item)
    run.step(item.id, "s1", "pay", make.attempt(make.Cause.PROVIDER_EXCEPTION, "boom", **attempt))
    run.end(item)
    run.finish()
    (found,) = [each for each in Collector(run.plan()).views(run.events) if isinstance(each, CaseView)]
    return found


def test_the_last_lines_of_a_long_log_and_how_many_are_missing(make: ModuleType) -> None:
    text = view_text(view(make, log=tuple(LogEntry(1, "info", f"line {at}") for at in range(120))), 100_000)
    assert "… 70 earlier lines" in text
    assert "line 69" not in text
    assert "line 70\n" in text
    assert "line 119" in text


def test_a_long_stack(make: ModuleType) -> None:
    thrown = RemoteException("x.Y", "boom", stack="\n".join(f"at {line}" for line in range(100)))
    text = view_text(view(make, exception=thrown), 100_000)
    assert "at 29\n" in text
    assert "… 70 more lines" in text


def test_the_fields_of_an_exception(make: ModuleType) -> None:
    cause = RemoteException("x.Deep", "deep", fields='{"level":2}')
    thrown = RemoteException("x.Y", "boom", code='"C-1"', fields='{"code":"C-1"}', causes=(cause, RemoteException("Z")))
    lines = [line.strip() for line in view_text(view(make, exception=thrown), 100_000).splitlines()]
    assert lines[-5:] == [
        "x.Y: boom", 'fields: {"code":"C-1"}', "caused by x.Deep: deep", 'fields: {"level":2}', "caused by Z",
    ]  # fmt: skip


def test_long_fields_of_an_exception_are_cut(make: ModuleType) -> None:
    thrown = RemoteException("x.Y", "boom", fields=f'{{"a":"{"x" * 50_000}"}}')
    assert "characters left out" in view_text(view(make, exception=thrown), 100_000)


def test_lines_of_a_case_beyond_the_bound_are_counted(make: ModuleType) -> None:
    run = make.RunBuilder()
    item = run.case(run.scenario("s", "S"), "c", "case")
    run.start()
    run.begin(item)
    for at in range(1_500):
        run.log(item.id, f"line {at}")
    run.end(item)
    run.finish()
    (found,) = [each for each in Collector(run.plan()).views(run.events) if isinstance(each, CaseView)]
    assert found.log[-2].text == "line 999"
    assert found.log[-1].text == "… 500 more lines"
    assert found.result.verdict is Verdict.PASSED
