"""`fmt`: canonical, with ids, comments kept, nothing else changed."""

import re
from pathlib import Path

import pytest

from workbench.cli import execute
from workbench.errors import ErrorGroup
from workbench.files import add_missing_ids, canonical, format_suite, read_suite
from workbench.model.suite import Case, Scenario, ScriptStep, SharedSteps, Suite, SuiteFile

UGLY = """\
# yaml-language-server: $schema=x
id: 7k2mq9xa
scenario: "Pay an order"   # the main one
cases:

  # all of it
  - case: 'order'
    priority: P2
    # on the way
    id: b4n8c2ze
    steps:
    - {step: "create", dubbo: 'x#y', request: '[1.50]', assert: ['ctx.a == "0"', ctx.b size 2]}
    # last
    - script: |+
        # a comment of the script
        pass


      step: end
# of the file
"""
PRETTY = """\
# yaml-language-server: $schema=x
# the main one
# of the file
id: 7k2mq9xa
scenario: Pay an order
cases:
  # all of it
  # on the way
  - id: b4n8c2ze
    case: order
    steps:
      - id: ????????
        step: create
        dubbo: x#y
        request: |
          [1.50]
        assert: |
          ctx.a == "0"
          ctx.b size 2
      # last
      - id: ????????
        step: end
        script: |
          # a comment of the script
          pass
"""


def without_new_ids(text: str) -> str:
    known = ("7k2mq9xa", "b4n8c2ze")
    return re.sub(r"id: (\w{8})", lambda match: match[0] if match[1] in known else "id: ????????", text)


def test_the_canonical_form(suite_folder) -> None:
    folder = suite_folder(UGLY)
    before = read_suite(folder)
    assert format_suite(folder) == [folder / "scenarios/pay.yaml"]
    text = (folder / "scenarios/pay.yaml").read_text()
    assert without_new_ids(text) == PRETTY
    assert format_suite(folder) == []
    after = read_suite(folder)
    ids = [step.id for step in after.scenarios["pay"].cases[0].steps]
    assert len(set(ids)) == 2
    assert canonical(before).scenarios["pay"].cases[0].case == after.scenarios["pay"].cases[0].case


def test_check_changes_nothing(suite_folder) -> None:
    folder = suite_folder(UGLY)
    assert format_suite(folder, check=True) == [folder / "scenarios/pay.yaml"]
    assert (folder / "scenarios/pay.yaml").read_text() == UGLY


def test_nothing_is_written_when_a_file_is_wrong(suite_folder) -> None:
    folder = suite_folder(UGLY, files={"scenarios/z.yaml": "scenaro: z\n"})
    with pytest.raises(ErrorGroup):
        format_suite(folder)
    assert (folder / "scenarios/pay.yaml").read_text() == UGLY


def test_names_that_are_not_there_yet_do_not_matter(suite_folder) -> None:
    folder = suite_folder("scenario: s\ncases:\n- { case: c, dataset: later, steps: [{ use: x.y }] }\n")
    assert len(format_suite(folder)) == 1


def test_every_byte_that_git_would_see_is_stable(suite_folder) -> None:
    folder = suite_folder(UGLY.replace("\n", "\r\n"))
    format_suite(folder)
    once = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
    assert b"\r" not in once[folder / "scenarios/pay.yaml"]
    format_suite(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*.yaml")} == once


def test_ids_that_are_there_stay_and_new_ones_differ() -> None:
    steps = tuple(ScriptStep(script="x") for _ in range(50))
    case = Case(case="c", steps=steps, setup=steps, teardown=(ScriptStep(id="keepkeep", script="x"),))
    scenario = Scenario(scenario="s", cases=(case, case), setup=steps, teardown=steps)
    suite = Suite(
        file=SuiteFile(suite="s", subsystem="o"), scenarios={"a": scenario}, shared={"c.g": SharedSteps(steps=steps)}
    )
    whole = add_missing_ids(suite)
    first = whole.scenarios["a"].cases[0]
    assert first.teardown[0].id == "keepkeep"
    found = [whole.scenarios["a"].id, *(case.id for case in whole.scenarios["a"].cases)]
    for steps in (*((c.setup + c.steps) for c in whole.scenarios["a"].cases), whole.shared["c.g"].steps):
        found += [step.id for step in steps]
    assert all(re.fullmatch("[0-9a-hjkmnp-tv-z]{8}", id_) for id_ in found)
    assert len(set(found)) == len(found) == 3 + 200 + 50
    assert add_missing_ids(whole) == whole


def test_the_commands(suite_folder, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = suite_folder(UGLY)
    assert execute(["fmt", str(folder), "--check"]) == 1
    assert "not in canonical form" in capsys.readouterr().out
    assert execute(["fmt", str(folder)]) == 0
    assert f"formatted: {folder / 'scenarios/pay.yaml'}" in capsys.readouterr().out
    assert execute(["fmt", str(folder), "--check"]) == 0
    assert "every file is in canonical form" in capsys.readouterr().out
    (folder / "scenarios/pay.yaml").write_text("scenaro: x\n")
    assert execute(["fmt", str(folder)]) == 2
    shown = capsys.readouterr().err
    assert "pay.yaml:1:1: there is no key scenaro here" in shown
    assert "did you mean scenario?" in shown
