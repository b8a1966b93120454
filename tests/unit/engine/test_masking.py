"""Secrets leave the engine in no spelling, and masking never takes an event apart."""

import base64
import json as stdlib
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from engine_steps import call
from hypothesis import given
from hypothesis import strategies as st

from workbench.engine.masking import masked
from workbench.model import json
from workbench.model.events import AnyEvent, LogLine, StepFinished, decoder, encoder
from workbench.model.result import Attempt, LogEntry, StepResult, Verdict
from workbench.model.suite import ScriptStep
from workbench.plugin_api import Answer


@pytest.mark.parametrize("secret", ["item", "PASSED", "step-finished", "dubbo", "a case", 123, 1, "•••", "true"])
def test_a_secret_that_is_a_word_of_ours_breaks_nothing(play: Callable[..., Any], secret: object) -> None:
    outcome = play(call("a", '["${config.key}"]'), config={"key": secret}, secrets=("key",))
    assert outcome.summary.verdict is Verdict.PASSED
    assert outcome.case.name == "a case"
    json.loads(outcome.step.attempts[0].request)


@pytest.mark.parametrize("secret", [7654321, "hunter2222", {"user": "someone", "password": "hunter2222"}])
def test_payloads_stay_json(play: Callable[..., Any], secret: object) -> None:
    outcome = play(call("a", '[{"x": "${config.key}", "n": 1}]'), config={"key": secret}, secrets=("key",))
    (sent,) = json.loads(outcome.step.attempts[0].request)
    assert sent["n"] == 1
    assert "hunter" not in str(outcome.events)
    assert "7654321" not in outcome.step.attempts[0].request


SPELLINGS: list[Callable[[str], str]] = [
    lambda text: text,
    lambda text: quote(text, safe=""),
    lambda text: quote(text, safe="").lower() if text.isascii() and text.islower() else quote(text, safe=""),
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: base64.b64encode(f"user:{text}".encode()).decode(),
    lambda text: base64.b64encode(f"me:{text}:x".encode()).decode(),
    lambda text: stdlib.dumps(text),
    lambda text: json.dumps(text),
    lambda text: json.dumps(json.dumps(text)),
    lambda text: json.dumps(text).replace("/", "\\/"),
]


@pytest.mark.parametrize("spelling", SPELLINGS)
@given(secret=st.text(st.characters(exclude_categories=["Cs"]), min_size=12, max_size=40))
def test_no_spelling_leaves(spelling: Callable[[str], str], secret: str) -> None:
    text = spelling(secret)
    seen: list[AnyEvent] = []
    step = StepResult(
        id="a",
        name="a",
        kind="dubbo",
        verdict=Verdict.PASSED,
        attempts=(
            Attempt(
                started_us=1, verdict=Verdict.PASSED, response=json.dumps([text]), log=(LogEntry(1, "INFO", text),)
            ),
        ),
    )
    masked(seen.append, [secret])(StepFinished(at_us=1, item="a", result=step))
    (event,) = seen
    assert isinstance(event, StepFinished)
    (attempt,) = event.result.attempts
    assert _core(text, secret) not in attempt.log[0].text
    assert _core(text, secret) not in json.loads(attempt.response or "")[0]
    assert decoder.decode(encoder.encode(event)) == event


def _core(text: str, secret: str) -> str:
    """What of the text is the secret alone: all of it, but for what stands around it in base64."""
    for before in (b"user:", b"me:"):
        if text.startswith(base64.b64encode(before).decode()[:3]):
            return text[len(before) * 8 // 6 + 1 : (len(before) + len(secret.encode())) * 8 // 6]
    return text.strip('"\\')


def test_a_value_that_a_message_cuts_off_is_masked(play: Callable[..., Any]) -> None:
    secret = "k" * 20 + "0123456789" * 40
    outcome = play(
        call("a", '["${config.key}"]', assert_='response == ["x"]'), config={"key": secret}, secrets=("key",)
    )
    assert outcome.case.verdict is Verdict.FAILED
    assert "kkkkkkkk" not in str(outcome.events)


def test_secret_in_a_script_error_and_its_log(play: Callable[..., Any]) -> None:
    script = '$app.log($app.getConfig("key"))\nraise ValueError($app.getConfig("key"))'
    outcome = play(ScriptStep(id="s", step="s", script=script), config={"key": "pa$$wörd/1"}, secrets=("key",))
    assert outcome.case.verdict is Verdict.ERROR
    assert any(isinstance(event, LogLine) for event in outcome.events)
    assert "wörd" not in str(outcome.events)


def test_an_answer_that_cannot_be_read_is_no_obstacle_for_rules(play: Callable[..., Any]) -> None:
    outcome = play(call("a"), reply=lambda call: Answer('"\\ud800"'), mask=("response.phone",))
    assert outcome.case.verdict is Verdict.PASSED


def lines(outcome: Any) -> list[str]:
    return [event.entry.text for event in outcome.events if isinstance(event, LogLine)]


def test_live_lines_come_with_rules_too_and_are_masked(play: Callable[..., Any]) -> None:
    step = call("a", '[{"phone": "13800138000"}]', after='$app.log("called", $app.getResponse("$[0].phone"))')
    later = ScriptStep(id="s", step="s", script='$app.log("again 13800138000")')
    outcome = play(step, later, mask=("response[0].phone",))
    assert lines(outcome) == ["called •••", "again •••"]


def test_lines_before_a_call_wait_for_its_step_for_only_the_call_tells_what_is_personal(
    play: Callable[..., Any],
) -> None:
    step = call("a", '[{"phone": "${ctx.p}"}]', before='$app.addContext("p", "13800138000")\n$app.log("13800138000")')
    outcome = play(step, mask=("request[0].phone",))
    assert lines(outcome) == []
    assert [entry.text for entry in outcome.step.attempts[0].log] == ["•••"]
    assert "13800138000" not in str(outcome.events)
