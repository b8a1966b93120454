"""Planning a run from a folder: what `--context` brings along."""

from pathlib import Path

import pytest

from workbench import plugins
from workbench.errors import PlanError
from workbench.files import RunFolder, write_contract
from workbench.model.contract import Contract, Interface, Method, Parameter
from workbench.model.events import CaseFinished
from workbench.model.plan import RunPlan
from workbench.model.result import CaseResult, Verdict
from workbench.plugin_api import ParseLimits
from workbench.usecases.launch_run import Readers, RunRequest, plan_run

SCENARIO = """
id: s1
scenario: s
cases:
  - id: c1
    case: rows
    dataset: rows
    steps:
      - { id: a, step: a, script: pass }
  - id: c2
    case: other
    steps:
      - { id: b, step: b, script: pass }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "suite"
    for name, text in {
        "suite.yaml": "suite: s\nsubsystem: order\n",
        "scenarios/s.yaml": SCENARIO,
        "datasets/rows.json": '[{"n": 1}, {"n": 2}]',
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def plan(folder: Path, context: Path | None) -> RunPlan:
    readers = Readers(plugins.dataset_formats(), (), ParseLimits(), folder, lambda config, secrets: config)
    return plan_run(RunRequest(folder=folder, context=context), readers)


def finished(item: str, context: str) -> CaseFinished:
    case = item.partition("#")[0]
    result = CaseResult(item=item, case=case, scenario="s1", name="n", verdict=Verdict.PASSED, context=context)
    return CaseFinished(at_us=1, result=result)


def test_each_row_goes_on_with_its_own_context(folder: Path, tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "runs", plan(folder, None)) as run:
        run.append([finished("c1#2", '{"id":2.50}'), finished("c1#1", '{"id":1}'), finished("gone", '{"id":3}')])
    contexts = plan(folder, run.path).contexts
    assert {item: str(context["id"]) for item, context in contexts.items()} == {"c1#1": "1", "c1#2": "2.50"}


def test_a_run_of_other_cases_is_told(folder: Path, tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "runs", plan(folder, None)) as run:
        run.append([finished("gone", "{}")])
    with pytest.raises(PlanError, match="none of the selected cases"):
        plan(folder, run.path)


def test_a_file_is_for_every_case(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "context.json"
    file.write_text('{"id": 12345678901234567890.10}')
    assert str(plan(folder, file).context["id"]) == "12345678901234567890.10"
    file.write_text("[]")
    with pytest.raises(PlanError, match="must be a JSON object"):
        plan(folder, file)


def test_without_ids_each_case_and_scenario_is_its_own(folder: Path) -> None:
    case = "  - case: same\n    steps:\n      - { step: a, script: pass }\n      - { step: a, script: pass }\n"
    scenario = f"scenario: same\nsetup:\n  - {{ step: a, script: pass }}\ncases:\n{case}{case}  - case: other\n"
    for name in ("x", "y"):
        (folder / "scenarios" / f"{name}.yaml").write_text(f"{scenario}    steps:\n      - {{ script: pass }}\n")
    first = plan(folder, None)
    assert len(first.scenarios) == len({each.id for each in first.scenarios}) == 3
    assert [each.case for each in first.items] == ["c1", "c1", "c2", *(each.case.id for each in first.cases[2:])]
    steps = [step.id for each in first.cases for step in each.case.steps]
    steps += [step.id for each in first.scenarios for step in each.setup]
    ids = [*(each.case.id for each in first.cases), *steps]
    assert "" not in ids
    assert len(ids) == len(set(ids))
    again = plan(folder, None)
    assert (again.scenarios, again.cases) == (first.scenarios, first.cases)  # `--context RUN` finds them again


def test_a_context_file_may_begin_with_a_byte_order_mark(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_bytes(b'\xef\xbb\xbf{"id": 9007199254740993}\r\n')
    assert plan(folder, tmp_path / "c.json").context == {"id": 9007199254740993}


WRONG = """
id: s2
scenario: wrong
cases:
  - id: c3
    case: wrong
    steps:
      - id: d
        step: d
        dubbo: com.x.Pay#find
      - id: e
        step: e
        dubbo: com.x.Pay#find(long)
        request: |
          ["x"]
      - id: f
        step: f
        unchecked: true
        dubbo: com.x.Pay#find(long)
        request: '["x"]'
"""


def test_what_a_contract_says_of_the_steps_is_told_at_their_lines(folder: Path) -> None:
    overloads = [Method("find", (Parameter("key", type_),), (type_,)) for type_ in ("long", "java.lang.String")]
    write_contract(folder, Contract((Interface("com.x.Pay", tuple(overloads)),)))
    file = folder / "scenarios" / "wrong.yaml"
    file.write_text(WRONG)
    first, second = plan(folder, None).remarks
    assert (first.where, first.message) == (f"{file}:10:16", "com.x.Pay has 2 methods find")
    assert first.hint == "name the parameter types: com.x.Pay#find(long), com.x.Pay#find(java.lang.String)"
    assert (second.where, second.message) == (f"{file}:14:18", '$[0]: expected long, found the text "x"')
    assert first.mistake
    assert second.mistake


def test_tags_by_which_nothing_can_be_selected_are_told_at_their_lines(folder: Path) -> None:
    file = folder / "scenarios" / "s.yaml"
    file.write_text(SCENARIO.replace("    case: other\n", '    case: other\n    tags: [smoke, "!slow", " p"]\n'))
    settings = folder / "suite.yaml"
    settings.write_text('suite: s\nsubsystem: order\ncase_groups:\n  a/1: { tags: ["!slow", ""] }\n')
    told = [(each.where, each.message, each.mistake) for each in plan(folder, None).remarks]
    assert told == [
        (f"{settings}:4:26", "a tag is empty", False),
        (
            f"{file}:12:19",
            "the tag '!slow' begins with !, which means `without` where cases are chosen by tag",
            False,
        ),
        (f"{file}:12:28", "the tag ' p' has blanks around it", False),
    ]
