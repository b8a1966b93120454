"""What a plan holds, and what it refuses."""

import pytest
from msgspec.structs import replace

from workbench.errors import PlanError, WorkbenchError
from workbench.model import json
from workbench.model.contract import Contract, Interface, Method, Parameter, TypeDef
from workbench.model.contract import Field as JavaField
from workbench.model.dataset import Column, Dataset
from workbench.model.plan import LeftOut, RunPlan
from workbench.model.suite import (
    Case,
    CaseGroup,
    Dependency,
    DubboStep,
    Environment,
    Quarantine,
    Scenario,
    ScriptStep,
    Suite,
    SuiteFile,
)
from workbench.planning import Ingredients, Selection, datasets_needed, environment_name, make_plan, select


def pay(id_: str = "s1", **options) -> DubboStep:
    return DubboStep(id=id_, step=f"step {id_}", dubbo="com.x.Pay#pay(com.x.Req)", **options)


def suite(**file) -> Suite:
    scenario = Scenario(
        id="sc1",
        scenario="Pay an order",
        tags=("smoke",),
        setup=(ScriptStep(id="su", step="setup", script="pass"),),
        cases=(
            Case(id="c1", case="pays once", tags=("fast",), priority="P0", dataset="rows", steps=(pay(), pay("s2"))),
            Case(id="c2", case="pays twice", tags=("slow",), steps=(pay("s3"),)),
            Case(id="c3", case="off", disabled=True, steps=(pay("s4"),)),
        ),
    )
    other = Scenario(id="sc2", scenario="Off", disabled=True, cases=(Case(id="c4", case="in off", steps=(pay(),)),))
    head = SuiteFile(suite="suite", subsystem="order", version="1.2", dependencies={"trade": Dependency()}, **file)
    return Suite(file=head, scenarios={"pay": scenario, "off": other})


def ingredients(**options) -> Ingredients:
    rows = Dataset("rows", (Column("a"),), ({"a": 1}, {"a": 2}, {"a": 3}))
    return Ingredients(run_id="r", created_us=1, datasets={"rows": rows}, **options)


def test_groups_bring_their_cases_in_their_order():
    groups = {
        "both": CaseGroup(cases=("pays twice", "c1")),
        "fast": CaseGroup(tags=("fast",)),
        "all": CaseGroup(cases=("c2",), tags=("smoke",)),
        "off": CaseGroup(cases=("c3",)),
        "stale": CaseGroup(cases=("gone",)),
    }

    def run(*names, **more):
        return make_plan(suite(case_groups=groups), Selection(groups=names, **more), ingredients())

    assert [item.id for item in run("both").items] == ["c2", "c1#1", "c1#2", "c1#3"]
    assert [item.id for item in run("fast").items] == ["c1#1", "c1#2", "c1#3"]
    assert [item.case for item in run("all").items] == ["c2", "c1", "c1", "c1"]
    assert [item.case for item in run("fast", "both").items] == ["c1", "c1", "c1", "c2"]
    assert run("both").groups == ("both",)
    assert [item.case for item in run("both", tags=("slow",)).items] == ["c2"]
    assert [item.case for item in run("both", only=("c2", "c9")).items] == ["c2"]
    for name, words in (("off", "no case is selected"), ("stale", "names 'gone'"), ("bth", "no group of cases 'bth'")):
        with pytest.raises(PlanError, match=words):
            run(name)


def test_cases_of_a_requirement_or_an_owner():
    head = suite()
    scenario = head.scenarios["pay"]
    first, second, third = scenario.cases
    told = (replace(first, requirements=("REQ-1", "REQ-2")), replace(second, requirements=("X-1",), owner="li"), third)
    changed = replace(head, scenarios={"pay": replace(scenario, cases=told)})

    def chosen(**wanted):
        return [case.id for _, _, case in select(changed, Selection(**wanted))]

    assert chosen(requirements=("req-*",)) == ["c1"]
    assert chosen(requirements=("X-1", "REQ-2")) == ["c1", "c2"]
    assert chosen(owners=("li",)) == ["c2"]
    grouped = {"mine": CaseGroup(owners=("wang",))}
    changed = replace(changed, file=replace(changed.file, owner="wang", case_groups=grouped))
    assert chosen(owners=("wang",)) == chosen(groups=("mine",)) == ["c1"]  # who names none is the suite's
    assert make_plan(changed, Selection(groups=("mine",)), ingredients()).owner == "wang"


def items(selection: Selection) -> list[str]:
    return [item.id for item in make_plan(suite(), selection, ingredients()).items]


def test_one_item_a_row_and_nothing_that_is_disabled():
    assert items(Selection()) == ["c1#1", "c1#2", "c1#3", "c2"]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(cases=("PAYS TWICE",)), ["c2"]),
        (Selection(cases=("c2",)), ["c2"]),
        (Selection(cases=("*twice",)), ["c2"]),
        (Selection(scenarios=("pay",)), ["c1#1", "c1#2", "c1#3", "c2"]),
        (Selection(tags=("slow",)), ["c2"]),
        (Selection(tags=("smoke", "!fast")), ["c2"]),
        (Selection(priorities=("P0",)), ["c1#1", "c1#2", "c1#3"]),
    ],
)
def test_selection(selection, expected):
    assert items(selection) == expected


@pytest.mark.parametrize(
    ("selection", "hint"),
    [
        (Selection(cases=("pays twize",)), "pays twice"),
        (Selection(scenarios=("Pay an oder",)), "Pay an order"),
        (Selection(tags=("smok",)), "smoke"),
        (Selection(step="step s9"), "step s"),
    ],
)
def test_selection_that_meets_nothing_names_near_ones(selection, hint):
    with pytest.raises(PlanError) as error:
        items(selection)
    assert hint in error.value.hint


def test_selection_of_what_is_disabled_meets_nothing():
    with pytest.raises(PlanError, match="no case is selected"):
        items(Selection(cases=("off",)))


def test_one_step_runs_without_setup():
    plan = make_plan(suite(), Selection(cases=("c1",), step="step s2"), ingredients(context={"k": 1}))
    assert [step.id for step in plan.cases[0].case.steps] == ["s2"]
    assert plan.scenarios[0].setup == ()
    assert plan.context == {"k": 1}


def test_config_of_the_environment_wins_over_the_suite_and_set_over_both():
    file = {"config": {"a": 1, "b": 1, "c": 1}, "environments": {"sit": Environment(config={"b": 2, "c": 2})}}
    plan = make_plan(suite(**file), Selection(), ingredients(environment="sit", overrides={"c": 3}))
    assert plan.config == {"a": 1, "b": 2, "c": 3}


def test_environment_is_the_wanted_the_default_or_the_first():
    environments = {"uat": Environment(), "sit": Environment()}
    assert environment_name(suite(environments=environments), "sit") == "sit"
    assert environment_name(suite(environments=environments, default_environment="sit"), "") == "sit"
    assert environment_name(suite(environments=environments), "") == "uat"
    with pytest.raises(PlanError) as error:
        environment_name(suite(environments=environments), "sitt")
    assert "sit" in error.value.hint


def test_datasets_of_unselected_cases_are_not_needed():
    assert datasets_needed(suite(), Selection(cases=("c2",))) == set()
    assert datasets_needed(suite(), Selection()) == {"rows"}


def test_contract_is_trimmed_to_what_steps_can_need():
    method = Method("pay", (Parameter("r", "com.x.Req"),), ("com.x.Req",))
    contract = Contract(
        interfaces=(Interface("com.x.Pay", (method,)), Interface("com.x.Other", (method,))),
        types={
            "com.x.Req": TypeDef("class", fields=(JavaField("items", "java.util.List<com.x.Item>"),)),
            "com.x.Item": TypeDef("class", super="com.x.Base"),
            "com.x.Base": TypeDef("class"),
            "com.x.Unused": TypeDef("class"),
        },
    )
    kept = make_plan(suite(), Selection(), ingredients(contracts={"order": contract})).targets["order"].contract
    assert [interface.name for interface in kept.interfaces] == ["com.x.Pay"]
    assert set(kept.types) == {"com.x.Req", "com.x.Item", "com.x.Base"}


def test_plan_goes_through_json_with_every_digit():
    text = '{"a":5000000000.10,"id":123456789012345678901234567890}'
    config = {"a": 0, "id": 0}
    plan = make_plan(suite(config=config), Selection(), ingredients(overrides=json.loads(text)))
    again = json.decoder_for(RunPlan).decode(json.dump_bytes(plan))
    assert again == plan
    assert json.dumps(dict(again.config)) == text


def test_a_disabled_step_is_not_run_on_its_own():
    steps = (pay("on"), pay("off", disabled=True))
    scenario = Scenario(id="s", scenario="s", cases=(Case(id="c", case="c", steps=steps),))
    folder = Suite(file=SuiteFile(suite="suite", subsystem="order"), scenarios={"s": scenario})
    with pytest.raises(PlanError, match="step 'off' is disabled"):
        make_plan(folder, Selection(step="off"), ingredients())
    plan = make_plan(folder, Selection(step="step o*"), ingredients())
    assert [step.id for step in plan.cases[0].case.steps] == ["on"]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        (Environment(mask=("response.phone", "response.[")), r"environments.sit.mask: 'response.\[' is not a path"),
        (Environment(timezone="Asia/Shangai"), r"(?s)sit.timezone: there is no time zone.*Asia/Shanghai"),
    ],
)
def test_what_every_case_would_stumble_over_is_told_before_the_run(environment, said):
    with pytest.raises(WorkbenchError, match=said):
        make_plan(suite(environments={"sit": environment}), Selection(), ingredients(environment="sit"))


@pytest.mark.parametrize("zone", ["", "UTC", "Asia/Shanghai", "+08:00", "-0330"])
def test_time_zones(zone):
    given = ingredients(environment="sit")
    plan = make_plan(suite(environments={"sit": Environment(timezone=zone)}), Selection(), given)
    assert plan.timezone == zone
    assert {target.timezone for target in plan.targets.values()} == {zone}, "calls read and write dates in it"


def test_a_suite_without_a_case_says_so():
    with pytest.raises(PlanError, match="the suite has no case"):
        make_plan(Suite(file=SuiteFile(suite="suite", subsystem="order")), Selection(), ingredients())


def reading(source: str, **file) -> Suite:
    case = Case(id="c", case="c", steps=(ScriptStep(id="s", step="s", script=source),))
    return Suite(
        file=SuiteFile(suite="s", subsystem="o", **file), scenarios={"a": Scenario(scenario="a", cases=(case,))}
    )


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("pass", {"config": {"buyer": 1}}),
        ("pass", {"environments": {"sit": Environment(config={"buyer": 1})}}),
        ('$app.getConfig("buyer")', {}),
        ("x = $app.getConfig( 'buyer', 1)", {}),
        ("$app.getConfig(name)", {}),
        ("${config.buyer}", {}),
        ("${config.buyer:-none}", {}),
        ('${config["buyer"]}', {}),
    ],
)
def test_set_takes_every_key_that_may_be_read(source, file):
    plan = make_plan(reading(source, **file), Selection(), ingredients(overrides={"buyer": "x"}))
    assert plan.config["buyer"] == "x"


@pytest.mark.parametrize(
    ("key", "hint"),
    [("buyr", "did you mean buyer?"), ("buyer.name", "buyer"), ("zzz", "known: buyer, limit")],
)
def test_set_with_a_key_that_nobody_reads_names_near_ones(key, hint):
    suite = reading("${config.limit}", config={"buyer": 1})
    with pytest.raises(PlanError, match="nothing in the suite reads the config key") as caught:
        make_plan(suite, Selection(), ingredients(overrides={key: 1}))
    assert hint in caught.value.hint


def around() -> Suite:
    inner = Case(
        id="c", case="c", setup=(pay("in1"),), steps=(pay("mid"),), teardown=(pay("out1"), pay("off", disabled=True))
    )
    scenario = Scenario(id="sc", scenario="Pay", setup=(pay("first"),), teardown=(pay("last"),), cases=(inner,))
    return Suite(file=SuiteFile(suite="s", subsystem="o"), scenarios={"a": scenario})


@pytest.mark.parametrize(
    ("step", "case"), [("in1", "c"), ("step out1", "c"), ("first", "around Pay"), ("LAST", "around Pay"), ("mid", "c")]
)
def test_a_step_of_setup_or_teardown_can_be_run_alone(step, case):
    plan = make_plan(around(), Selection(step=step), ingredients())
    (only,) = plan.cases
    assert only.case.case == case
    assert [each.id for each in only.case.steps] == [step.removeprefix("step ").lower()]
    assert (only.case.setup, only.case.teardown, plan.scenarios[0].setup) == ((), (), ())
    assert [item.case for item in plan.items] == [only.case.id]


def test_a_disabled_step_of_a_teardown_is_not_picked():
    with pytest.raises(PlanError, match="is disabled"):
        make_plan(around(), Selection(step="off"), ingredients())


def in_states() -> Suite:
    shaky = Quarantine(owner="li", until="2026-03-31")
    cases = (
        Case(id="c1", case="good", steps=(pay(),)),
        Case(id="c2", case="new", state="draft", steps=(pay(),)),
        Case(id="c3", case="shaky", state="quarantined", quarantine=shaky, steps=(pay(),)),
        Case(id="c4", case="off", state="draft", disabled=True, steps=(pay(),)),
    )
    scenarios = {"s": Scenario(id="s", scenario="S", cases=cases)}
    return Suite(file=SuiteFile(suite="s", subsystem="order"), scenarios=scenarios)


@pytest.mark.parametrize(
    ("selection", "run", "left"),
    [
        (Selection(), "c1", "c2 c3"),
        (Selection(today="2026-03-31"), "c1", "c2 c3"),
        (Selection(today="2026-04-01"), "c1 c3", "c2"),  # the quarantine is over
        (Selection(states=("draft",)), "c2", "c1 c3"),
        (Selection(states=("draft", "quarantined")), "c2 c3", "c1"),
        (Selection(states=("quarantined",), today="2026-03-31"), "c3", "c1 c2"),
        (Selection(cases=("NEW", "c3")), "c2 c3", ""),  # who names it wants it
        (Selection(cases=("c*",)), "c1", "c2 c3"),
        (Selection(cases=("new",), states=("ready", "draft")), "c2", ""),
    ],
)
def test_drafts_and_quarantined_cases_are_left_out_and_told(selection, run, left):
    plan = make_plan(in_states(), selection, ingredients())
    assert " ".join(item.id for item in plan.items) == run
    assert " ".join(each.case for each in plan.left_out) == left


def test_what_is_left_out_says_who_brings_it_back_and_when():
    plan = make_plan(in_states(), Selection(), ingredients())
    assert plan.left_out == (
        LeftOut("c2", "new", "draft"),
        LeftOut("c3", "shaky", "quarantined", "li", "2026-03-31"),
    )
    with pytest.raises(PlanError, match="no case is selected") as nothing:
        make_plan(in_states(), Selection(states=("quarantined",), today="2027-01-01"), ingredients())
    assert "3 cases in another state" in nothing.value.hint
