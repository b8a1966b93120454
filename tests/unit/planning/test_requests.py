"""Mistakes of requests and method names, found when a run is planned: all of them, each at its place."""

from collections import Counter

import pytest

from workbench.expr.binding import Binder
from workbench.model import contract as contracts
from workbench.model.contract import Contract, Field, Interface, Method, Parameter, TypeDef
from workbench.model.suite import Case, DubboStep, Scenario, ScriptStep, SharedSteps, Suite, SuiteFile, UseStep
from workbench.planning import Finding, Ingredients, Selection, make_plan, planned_steps, request_findings


def method(name: str, *types: str) -> Method:
    return Method(name, tuple(Parameter(f"arg{at}", type_) for at, type_ in enumerate(types)), types)


PAY = Interface(
    "com.x.Pay",
    (method("pay", "com.x.Req"), method("find", "long"), method("find", "java.lang.String"), method("ping")),
)
CONTRACT = Contract(
    (PAY, Interface("com.x.Named")),
    {"com.x.Req": TypeDef("class", fields=(Field("amount", "java.math.BigDecimal"), Field("count", "int")))},
)


def dubbo(target: str, request: str = "[]", **options) -> DubboStep:
    return DubboStep(id=f"s{next(_numbers)}", step="s", dubbo=target, request=request, **options)


_numbers = iter(range(10_000))


def suite(*steps, setup=(), shared=None, others=()) -> Suite:
    case = Case(id="c1", case="one", steps=(ScriptStep(id="first", step="first", script="pass"), *steps))
    scenario = Scenario(id="sc", scenario="s", setup=setup, cases=(case, *others))
    return Suite(file=SuiteFile(suite="s", subsystem="pay"), scenarios={"pay": scenario}, shared=shared or {})


def findings(whole: Suite, contract: Contract = CONTRACT, **selection) -> list[Finding]:
    contracts = {"pay": contract}
    plan = make_plan(whole, Selection(**selection), Ingredients(run_id="r", created_us=1, contracts=contracts))
    return list(request_findings(planned_steps(whole, plan), plan, contracts))


def said(found: list[Finding]) -> list[str]:
    return [f"{each.error.where} {each.error.message}".strip() for each in found]


def test_every_mistake_of_every_step_at_its_place():
    found = findings(
        suite(
            dubbo("com.x.Pay#pya"),
            dubbo("com.x.Pay#find", "[1]"),
            dubbo("com.x.Pay#pay", '[{"amount": "x", "cuont": 1}]'),
            dubbo("com.x.Pay#ping", "[1]"),
            dubbo("com.x.Pay#pay(int)", "[1]"),
            dubbo("com.x.Pay#find(long)", "[1]"),
        )
    )
    assert [each.path for each in found] == [
        ("cases", 0, "steps", 1, "dubbo"),
        ("cases", 0, "steps", 2, "dubbo"),
        ("cases", 0, "steps", 3, "request"),
        ("cases", 0, "steps", 3, "request"),
        ("cases", 0, "steps", 4, "request"),
        ("cases", 0, "steps", 5, "dubbo"),
    ]
    assert {each.file for each in found} == {"scenarios/pay.yaml"}
    assert all(each.mistake for each in found)
    assert said(found) == [
        "com.x.Pay has no method pya",
        "com.x.Pay has 2 methods find",
        '$[0].amount expected java.math.BigDecimal, found the text "x"',
        "$[0].cuont com.x.Req has no field 'cuont'",
        "$ 0 arguments declared, 1 given",
        "com.x.Pay has no method pay(int)",
    ]
    assert [each.error.hint for each in found[:2]] == [
        "did you mean pay?",
        "name the parameter types: com.x.Pay#find(long), com.x.Pay#find(java.lang.String)",
    ]


def test_an_unchecked_step_may_be_wrong():
    wrong = [("com.x.Pay#pya", "[]"), ("com.x.Pay#find", "[1]"), ("com.x.Pay#ping", "[1]")]
    assert findings(suite(*(dubbo(*each, unchecked=True) for each in wrong))) == []


def test_what_only_a_row_or_an_answer_can_tell_is_left_to_them():
    assert findings(suite(dubbo("com.x.Pay#pay", '[{"amount": "${row.a}", "count": "${ctx.n}"}]'))) == []
    assert findings(suite(dubbo("com.x.Pay#find(long)", '"${ctx.arguments}"'))) == []


def test_an_interface_that_no_contract_has_is_no_mistake_but_told_once():
    first, second = findings(suite(dubbo("com.x.Pey#pay"), dubbo("com.x.Pey#ping"), dubbo("Pay#ping")))
    assert (first.mistake, second.mistake) == (False, False)
    assert "no contract of pay has com.x.Pey" in first.error.message
    assert "did you mean com.x.Pay" in first.error.hint
    assert second.error.hint == "write its full name: com.x.Pay"
    assert findings(suite(dubbo("com.x.Named#anything"))) == [], "only its name is known"
    assert findings(suite(dubbo("com.x.Pey#pay")), Contract()) == [], "nothing is known"


def test_steps_that_do_not_run_are_passed_over():
    wrong = "com.x.Pay#pya"
    off = Case(id="c2", case="off", disabled=True, steps=(dubbo(wrong),))
    assert findings(suite(dubbo(wrong, disabled=True), others=(off,))) == []
    other = Case(id="c3", case="other", steps=(dubbo(wrong),))
    assert findings(suite(others=(other,)), cases=("one",)) == []
    assert len(findings(suite(others=(other,)))) == 1


def test_setups_and_the_shared_steps_that_are_used_each_once():
    shared = {
        "common.login": SharedSteps(steps=(dubbo("com.x.Pay#pya"), UseStep(id="u0", step="u", use="common.deep"))),
        "common.deep": SharedSteps(steps=(dubbo("com.x.Pay#pya"),)),
        "common.unused": SharedSteps(steps=(dubbo("com.x.Pay#pya"),)),
    }
    uses = [UseStep(id=f"u{number}", step="u", use="common.login") for number in (1, 2)]
    found = findings(suite(*uses, setup=(dubbo("com.x.Pay#find"),), shared=shared))
    assert [(each.file, each.path) for each in found] == [
        ("scenarios/pay.yaml", ("setup", 0, "dubbo")),
        ("shared/common.yaml", ("login", "steps", 0, "dubbo")),
        ("shared/common.yaml", ("deep", "steps", 0, "dubbo")),
    ]


def test_what_a_contract_holds_is_looked_up_once_however_many_steps_ask(monkeypatch: pytest.MonkeyPatch):
    """The fields of a class are collected once, and interfaces are found by an index that is made once."""
    asked: Counter[str] = Counter()
    fields = Binder.fields
    monkeypatch.setattr(Binder, "fields", lambda self, type_: asked.update([str(type_)]) or fields(self, type_))

    class Counted(tuple):
        def __iter__(self):
            asked["interfaces"] += 1
            return super().__iter__()

        def __reversed__(self):
            asked["interfaces"] += 1
            return iter(tuple.__getitem__(self, slice(None, None, -1)))

    once = Contract(Counted((PAY,)), dict(CONTRACT.types))
    steps = [dubbo("com.x.Pay#pay", '[{"amount": 1.50, "count": 1}]') for _ in range(200)]
    whole = suite(*steps)
    plan = make_plan(whole, Selection(), Ingredients(run_id="r", created_us=1, contracts={"pay": CONTRACT}))
    assert list(request_findings(planned_steps(whole, plan), plan, {"pay": once})) == []
    assert asked == {"com.x.Req": 1, "interfaces": 1}
    assert contracts._by_name(once.interfaces) is contracts._by_name(once.interfaces)
