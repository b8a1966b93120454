"""Which services a plan's steps will call."""

from workbench.model.plan import Item, PlannedCase, PlannedScenario, RunPlan, Target
from workbench.model.suite import AnyStep, Case, DubboStep, ScriptStep, SharedSteps, UseStep
from workbench.usecases.first_calls import dubbo_services

ORDER, TRADE = (Target(registries=("zookeeper://127.0.0.1:1",), group=group) for group in ("", "blue"))


def step(method: str, **more: object) -> DubboStep:
    return DubboStep(id="s", step="s", dubbo=method, **more)  # type: ignore[arg-type]


def plan(*steps: AnyStep, setup: tuple[AnyStep, ...] = (), **shared: SharedSteps) -> RunPlan:
    return RunPlan(
        id="r",
        created_us=0,
        suite="s",
        subsystem="order",
        config={"release": "2.1"},
        targets={"order": ORDER, "trade": TRADE},
        scenarios=(PlannedScenario(id="sc", name="sc", setup=setup),),
        cases=(PlannedCase(scenario="sc", case=Case(id="c", case="c", steps=steps)),),
        shared=shared,
        items=(Item("c"),),
    )


def named(of: RunPlan) -> list[tuple[str, str, str]]:
    return [(call.interface, call.group, call.version) for call in dubbo_services(of)]


def test_each_service_once_wherever_it_is_called() -> None:
    shared = SharedSteps(steps=(step("com.x.Shared#a()"), UseStep(id="u", step="u", use="login")))
    steps = (
        step("com.x.Pay#a()"),
        step("com.x.Pay#b(int)"),
        ScriptStep(id="t", step="t", script="pass"),
        UseStep(id="u", step="u", use="login"),
    )
    made = plan(*steps, setup=(step("com.x.Clean#all()", subsystem="trade"),), login=shared, unused=shared)
    assert named(made) == [("com.x.Clean", "blue", ""), ("com.x.Pay", "", ""), ("com.x.Shared", "", "")]


def test_group_and_version_tell_services_apart_and_come_from_config() -> None:
    made = plan(
        step("com.x.Pay#a()", version="${config.release}"), step("com.x.Pay#a()", version="1"), step("com.x.Pay#a()")
    )
    assert named(made) == [("com.x.Pay", "", "2.1"), ("com.x.Pay", "", "1"), ("com.x.Pay", "", "")]


def test_what_only_the_run_can_place_and_what_is_wrong_is_left_to_the_steps() -> None:
    made = plan(
        step("com.x.Pay#a()", version="${row.version}"),
        step("com.x.Pay#a()", version="${config.none}"),
        step("no target"),
        step("com.x.Pay#a()", subsystem="nobody"),
        step("com.x.Pay#a()", disabled=True),
    )
    assert named(made) == []
