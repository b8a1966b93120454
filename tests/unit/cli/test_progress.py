"""What a run prints: readable in a pipe, harmless on a terminal."""

import io

from rich.console import Console

from workbench.cli.progress import LiveProgress, print_summary
from workbench.model.events import CaseFinished, ScenarioFinished, StepFinished
from workbench.model.result import CaseResult, Cause, Counts, Failure, RunSummary, StepResult, Verdict


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
