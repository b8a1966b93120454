"""`unchecked: true` on a step sends what the contract forbids; without it the case ends before any call."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from wrong_requests import WRONG_TIMES, unsaid

from workbench.usecases.samples import SampleProcess


@pytest.fixture
def suite(zoo: SampleProcess, write_suite: Any) -> Callable[..., Path]:
    """A suite of one step that sends a number too large for an int, or another request, with this line more."""

    def made(more: str, method: str = "NumberFacade#intOf(int)", request: str = "[2147483648]") -> Path:
        folder: Path = write_suite(
            f"""
- step: too large
  dubbo: com.example.zoo.{method}
  subsystem: zoo
  url: '{zoo.address}'
  timeout: 60s
  request: '{request}'
  {more}
"""
        )
        text = (folder / "suite.yaml").read_text()
        added = text.replace("dependencies:\n", "dependencies:\n  zoo: {artifacts: [samples://zoo-api-1.0.0.jar]}\n")
        (folder / "suite.yaml").write_text(added)
        return folder

    return made


def test_a_checked_step_is_refused_at_its_path(run_live: Any, suite: Callable[[str], Path]) -> None:
    outcome = run_live(suite("assert: 'response == 1'"))
    assert outcome.judged == ("ERROR", "SERIALIZATION"), outcome
    assert "$[0]" in str(outcome)
    assert "2147483648 is out of range for int" in str(outcome)


def test_an_unchecked_step_is_sent(run_live: Any, suite: Callable[[str], Path]) -> None:
    outcome = run_live(suite("unchecked: true\n  assert: 'response == -2147483648'"))
    assert outcome.judged == ("PASSED", ""), outcome


def test_all_errors_of_a_step_at_once(run_live: Any, suite: Callable[..., Path]) -> None:
    outcome = run_live(suite("assert: 'response == 1'", "TimeFacade#all", WRONG_TIMES.replace("\n", "")))
    assert outcome.judged == ("ERROR", "SERIALIZATION"), outcome
    assert unsaid(str(outcome)) == [], outcome


def test_a_wrong_number_of_arguments_is_sent_unchecked(run_live: Any, suite: Callable[..., Path]) -> None:
    checked = run_live(suite("assert: 'response == 1'", request="[1, 2]"))
    assert "1 argument declared (int), 2 given" in str(checked)
    sent = run_live(suite("unchecked: true", request="[1, 2]"))
    assert "args.length != types.length" in str(sent), "the provider's own words"
