"""What a run prints: readable in a pipe, harmless on a terminal."""

import io

from rich.console import Console

from workbench.cli.progress import LiveProgress, print_summary
from workbench.model.events import CaseFinished, ScenarioFinished, StepFinished
from workbench.model.result import VERDICT_OF, CaseResult, Cause, Counts, Failure, RunSummary, StepResult, Verdict


def printed(*events: object, width: int = 80, terminal: bool = False) -> str:
    out = io.StringIO()
    with LiveProgress(Console(file=out, width=width, force_terminal=terminal, highlight=False)) as progress:
        for event in events:
            progress(event)  # type: ignore[arg-type]
    return out.getvalue()


def failed(message: str, name: str = "a case") -> CaseFinished:
    failure = Failure(Cause.PROVIDER_EXCEPTION, message)
    result = CaseResult(item="c", case="c", scenario="s", name=name, verdict=Verdict.FAILED, failure=failure)
    return CaseFinished(at_us=1, result=result)


def test_summary_is_one_line_also_in_a_narrow_pipe() -> None:
    out = io.StringIO()
    counts = Counts(passed=12345, failed=12345, error=12345, timeout=12345, skipped=12345, stopped=12345)
    summary = RunSummary(verdict=Verdict.FAILED, cases=counts, steps=counts, started_us=1, elapsed_us=3_600_000_000)
    print_summary(Console(file=out, width=80), summary, "/data/runs/1")
    lines = out.getvalue().strip().split("\n")
    assert len(lines) == 2
    assert lines[0].endswith("3600.0 s")
    assert "20.0 %" in lines[0]  # 12345 of five times as many: skipped ones are not judged


def test_control_characters_of_an_answer_do_not_reach_the_terminal() -> None:
    text = printed(failed("\x1b[2J\x07gone\x9b31m [red]x[/red] \u202eevil", name="\x1b]0;title\x07"))
    assert "\x1b" not in text
    assert "␛[2J␇gone\ufffd31m [red]x[/red] \ufffdevil" in text
    assert "␛]0;title␇" in text


def test_failed_teardown_of_a_scenario_is_told() -> None:
    failure = Failure(Cause.ASSERTION, "response: expected == 1, found 2", "look")
    step = StepResult(
        id="t", name="clean", kind="dubbo", target="A#m()", verdict=Verdict.FAILED, phase="teardown", failure=failure
    )
    text = printed(
        StepFinished(at_us=1, item="scenario", result=step),
        ScenarioFinished(at_us=2, scenario="scenario", name="Pay"),
    )
    assert "✕ FAILED teardown of scenario Pay" in text
    assert "ASSERTION · product in step clean A#m()" in text
    assert "expected == 1, found 2" in text


def ended(item: str, cause: Cause, message: str) -> CaseFinished:
    failure = Failure(cause, message, "start it")
    result = CaseResult(item=item, case=item, scenario="s", name=item, verdict=VERDICT_OF[cause], failure=failure)
    return CaseFinished(at_us=1, result=result)


def test_what_stands_in_the_way_of_many_cases_is_told_once() -> None:
    """A registry that is down; numbers in its message (elapsed time, ports) make no difference."""
    text = printed(*(ended(f"case {n}", Cause.NETWORK, f"registry: refused after {n} ms") for n in range(5)))
    assert text.count("start it") == text.count("refused after") == 1
    assert [line.strip() for line in text.splitlines() if "as case" in line] == ["as case 0"] * 4
    assert text.count("! ERROR") == 5


def test_answers_of_the_product_are_told_one_by_one_unless_they_are_the_same_to_the_letter() -> None:
    text = printed(*(ended(f"case {n}", Cause.ASSERTION, f"expected 1, was {n // 2}") for n in range(4)))
    assert text.count("was 0") == text.count("was 1") == 1
    assert text.count("as case") == 2
