"""Names that name nothing, in a suite whose parts come from several places."""

from msgspec.structs import replace

from workbench.model.suite import (
    Case,
    Dependency,
    DubboStep,
    Scenario,
    ScriptStep,
    SharedSteps,
    Suite,
    SuiteFile,
    ToolStep,
    UseStep,
)  # fmt: skip
from workbench.storage import Snapshot, StoredFile
from workbench.usecases.references import dangling

STEPS = (
    DubboStep(dubbo="A#a()", subsystem="trade"),
    DubboStep(dubbo="A#a()", subsystem="order"),
    ToolStep(tool="sign A#a()"),
    UseStep(use="common.login"),
    ScriptStep(script="pass"),
    UseStep(use="gone", disabled=True),
)
WHOLE = Snapshot(
    Suite(
        file=SuiteFile(
            suite="s",
            subsystem="order",
            dependencies={"trade": Dependency(), "sign": Dependency(tool=("tools/sign.jar",))},
        ),
        scenarios={"s": Scenario(id="s", scenario="S", cases=(Case(id="c", case="C", dataset="rows", steps=STEPS),))},
        shared={"common.login": SharedSteps(steps=(UseStep(use="common.login"),))},
    ),
    datasets={"rows": StoredFile("datasets/rows.csv", "0" * 64, 1)},
)


def test_what_is_there_is_no_problem() -> None:
    assert dangling(WHOLE) == []


def test_each_name_that_is_not_there_is_told_once() -> None:
    suite = replace(WHOLE.suite, file=replace(WHOLE.suite.file, dependencies={}), shared={})
    bare = Snapshot(suite)
    assert list(map(str, dangling(bare))) == [
        "case c (C): there is no dataset rows",
        "case c (C): there is no dependency trade",
        "case c (C): there is no tool library sign",
        "case c (C): there is no shared group common.login",
    ]
    assert dangling(bare, {("scenario", "s")}) == []
    off = replace(suite.scenarios["s"], disabled=True)
    assert dangling(Snapshot(replace(suite, scenarios={"s": off}))) == []
