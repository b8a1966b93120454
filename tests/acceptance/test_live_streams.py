"""Services by IDL and streams where a tester meets them: in a suite file, in `workbench invoke`, as templates."""

import json
import time

import pytest
from ages import API, LETTERS_API, await_registered, begin

from workbench import cli

LETTERS = "com.example.letters.Letters"
STREAMS = "com.example.letters.ParcelStreams"


@pytest.fixture
def letters(tmp_path, zookeeper, lifetime):
    """The registry of a provider on tri."""
    place = f"{zookeeper.address}/letters"
    started = begin(tmp_path, place, "3.3", lifetime, register="interface", protocol="tri")
    process = started.finish(time.monotonic() + 180)
    await_registered(place, process)
    yield place
    process.stop(kill=True)


def test_steps_of_messages_and_streams(write_suite, run_live, letters):
    write_suite.registry = letters
    folder = write_suite(
        f"""
- step: message
  subsystem: mail
  dubbo: {LETTERS}#echo
  request: '[{{"text": "x", "big": "9007199254740995"}}]'
  timeout: 30s
  extract: {{big: response.big}}
  assert: response.text == "x"
- step: stream of the provider
  subsystem: mail
  dubbo: {LETTERS}#copies
  request: '[{{"number": 2}}]'
  timeout: 30s
  assert: |
    response[0].whole == 1
    response[1].whole == 2
- step: stream of the caller
  subsystem: mail
  dubbo: {LETTERS}#collect
  request: '[{{"text": "a"}}, {{"text": "${{ctx.big}}"}}]'
  timeout: 30s
  assert: response[0].text == "a9007199254740995"
- step: both ways, plain Java
  subsystem: mail
  dubbo: {STREAMS}#talk
  request: '["a", "b"]'
  timeout: 30s
  assert: response == ["a", "a", "b", "b"]
- step: an error in the middle
  subsystem: mail
  dubbo: {STREAMS}#talk
  request: '["a", "stop"]'
  timeout: 30s
  assert: exception.message contains "stopped"
"""
    )
    suite = folder / "suite.yaml"
    more = f"dependencies:\n  mail: {{artifacts: ['{LETTERS_API}', '{API}']}}\n"
    suite.write_text(suite.read_text().replace("dependencies:\n", more))
    outcome = run_live(folder)
    assert outcome.judged == ("PASSED", ""), (outcome, [step.failure for step in outcome.steps])


@pytest.fixture
def workbench(tmp_path, capsys):
    def run(*arguments):
        artifacts = ("--artifact", str(LETTERS_API), "--artifact", str(API))
        code = cli.execute(["--data-dir", str(tmp_path / "data"), *arguments, *artifacts])
        out, err = capsys.readouterr()
        assert code == 0, err
        return out

    return run


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (f"{LETTERS}#collect", [1]),
        (f"{STREAMS}#talk", ["message", "message"]),
        pytest.param(f"{LETTERS}#echo", [{"text": "text"}], marks=pytest.mark.matrix),
        pytest.param(f"{LETTERS}#copies", [1], marks=pytest.mark.matrix),
        pytest.param(f"{STREAMS}#copies", [1], marks=pytest.mark.matrix),
    ],
)
def test_invoke_takes_a_template_as_it_is(workbench, letters, method, expected):
    data = workbench("template", method)
    answer = json.loads(workbench("invoke", method, "--registry", letters, "--timeout", "30s", "--data", data))
    if isinstance(answer, dict):
        assert answer["notes"] == expected
    else:
        assert [one["whole"] if isinstance(one, dict) else one for one in answer] == expected
