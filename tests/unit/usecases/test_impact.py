"""Which cases call what changed: through steps, setups, shared steps and scripts, and no others."""

from msgspec.structs import replace

from workbench.catalog.diff import compare
from workbench.model.contract import Contract, Field, Interface, Method, Parameter, TypeDef
from workbench.model.suite import (
    Case,
    Dependency,
    DubboStep,
    Scenario,
    ScriptStep,
    SharedSteps,
    Suite,
    SuiteFile,
    UseStep,
)
from workbench.usecases.impact import hit_cases, interfaces_of, severities_of

A, B = "com.example.A", "com.example.B"


def method(name: str, *types: str, returns: str = "void") -> Method:
    parameters = tuple(Parameter(f"p{at}", each) for at, each in enumerate(types))
    return Method(name, parameters, types, returns)


def contract(*interfaces: Interface, amount: str = "int") -> Contract:
    types = {"com.example.Req": TypeDef("class", super="java.lang.Object", fields=(Field("amount", amount),))}
    return Contract(interfaces=interfaces, types=types)


PAY, GET = method("pay", "com.example.Req"), method("get", "long", returns="java.lang.String")
OTHER = Interface(B, (method("x"),))
OLD = contract(Interface(A, (PAY, GET, method("get", "int"))), OTHER)


def call(target: str, **fields: str) -> DubboStep:
    return DubboStep(dubbo=target, **fields)


def suite() -> Suite:
    cases = {
        "pays": (call(f"{A}#pay(com.example.Req)"),),
        "pays-any": (call(f"{A}#pay"),),
        "gets": (call(f"{A}#get(long)"),),
        "elsewhere": (call(f"{A}#pay", subsystem="trade"),),
        "scripted": (ScriptStep(script=f'r = $app.invoke("{A}#pay", [{{}}])'),),
        "after": (call(f"{B}#x()", after=f'$app.invoke("{A}#pay")'),),
        "shared": (UseStep(use="c.outer"),),
        "other": (call(f"{B}#x()"), call(f"{A}$Inner#pay")),
    }
    made = tuple(Case(id=name, case=name, steps=steps) for name, steps in cases.items())
    around = Scenario(id="s2", scenario="around", setup=(call(f"{A}#pay"),), cases=(Case(id="inside", case="inside"),))
    return Suite(
        file=SuiteFile(suite="s", subsystem="order", dependencies={"trade": Dependency()}),
        scenarios={"a": Scenario(id="s1", scenario="a", cases=made), "b": around},
        shared={
            "c.outer": SharedSteps(steps=(UseStep(use="c.inner"),)),
            "c.inner": SharedSteps(steps=(call(f"{A}#pay"),)),
        },
    )


def test_a_change_in_a_type_hits_all_ways_to_its_methods() -> None:
    diff = compare(OLD, replace(OLD, types=contract(amount="java.lang.String").types))
    hits = hit_cases(suite(), diff)
    assert set(hits) == {"pays", "pays-any", "scripted", "after", "shared", "inside"}
    assert [diff.changes[number].place for number in hits["pays"]] == ["com.example.Req.amount"]
    assert set(severities_of(diff, hits).values()) == {diff.changes[0].severity}
    assert set(hit_cases(suite(), diff, "trade")) == {"elsewhere"}


def test_an_overload_hits_only_who_means_it() -> None:
    diff = compare(OLD, contract(Interface(A, (PAY, method("get", "int"))), OTHER))
    assert set(hit_cases(suite(), diff)) == {"gets"}


def test_an_interface_that_is_gone_hits_all_its_callers() -> None:
    new = contract(OTHER, Interface("com.example.New", (method("y"),)))
    diff = compare(OLD, new)
    assert {"pays", "gets", "scripted"} <= set(hit_cases(suite(), diff))
    assert "other" not in hit_cases(suite(), diff)
    states = {each.name: each.state for each in interfaces_of(OLD, new, diff)}
    assert states == {A: "removed", B: "unchanged", "com.example.New": "new"}


def test_interfaces_that_changed_are_told_with_the_gravest() -> None:
    new = contract(Interface(A, (PAY, GET)), OTHER)
    diff = compare(OLD, new)
    found = {each.name: each for each in interfaces_of(OLD, new, diff)}
    assert (found[A].state, found[A].worst, found[A].changes) == ("updated", "breaking", (0,))
    assert (found[B].state, found[B].worst) == ("unchanged", None)
    assert interfaces_of(OLD, OLD, compare(OLD, OLD)) == tuple(
        replace(found[name], state="unchanged", worst=None, changes=()) for name in (A, B)
    )


def test_a_group_that_uses_itself_ends() -> None:
    shared = {"c.a": SharedSteps(steps=(UseStep(use="c.a"), call(f"{A}#get(long)")))}
    case = Case(id="c", case="c", steps=(UseStep(use="c.a"),))
    one = replace(suite(), scenarios={"a": Scenario(id="s", scenario="a", cases=(case,))}, shared=shared)
    diff = compare(OLD, contract(OTHER))
    assert set(hit_cases(one, diff)) == {"c"}
