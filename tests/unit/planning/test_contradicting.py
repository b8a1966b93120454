"""What sources say differently is told at the first step that it concerns, and at no other."""

from workbench.model.contract import Claim, Contract, Contradiction, Field, Interface, Method, Parameter, TypeDef
from workbench.model.suite import Case, DubboStep, Scenario, Suite, SuiteFile
from workbench.planning import Ingredients, Selection, contradiction_findings, make_plan, planned_steps

JAR, REGISTRY = "pay-api.jar", "zookeeper://127.0.0.1:2181"


def method(name: str, returns: str, *types: str) -> Method:
    return Method(name, tuple(Parameter(f"arg{at}", type_) for at, type_ in enumerate(types)), types, returns)


def differ(place: str, what: str, mine: str, theirs: str) -> Contradiction:
    return Contradiction(place, what, (Claim(JAR, mine), Claim(REGISTRY, theirs)))


PAY = Interface(
    "com.x.Pay",
    (method("pay", "void", "com.x.Req"), method("find", "long", "long"), method("find", "com.x.Other", "int")),
)
TYPES = {
    "com.x.Req": TypeDef("class", fields=(Field("item", "com.x.Item"),)),
    "com.x.Item": TypeDef("class", fields=(Field("price", "long"),)),
    "com.x.Other": TypeDef("enum", constants=("A",)),
}
PRICE = differ("com.x.Item.price", "field", "long", "java.lang.String")
FOUND = differ("com.x.Pay#find(long)", "answer", "long", "")
OTHER = differ("com.x.Other", "constants", "A", "A, B")
TEXTS = differ("com.x.Other", "constants", "A", "the first")
TAKEN = differ("com.x.Pay#pay", "parameter types", "(com.x.Req)", "(com.x.Old)")
CONTRACT = Contract((PAY,), TYPES, contradictions=(PRICE, FOUND, TEXTS, OTHER, TAKEN))


def places(*targets: str, contract: Contract = CONTRACT) -> list[tuple[int, str]]:
    """(number of the step, what is told) of each finding."""
    steps = tuple(DubboStep(id=f"s{at}", step="s", dubbo=target) for at, target in enumerate(targets))
    scenario = Scenario(id="sc", scenario="s", cases=(Case(id="c", case="c", steps=steps),))
    suite = Suite(file=SuiteFile(suite="s", subsystem="pay"), scenarios={"pay": scenario})
    plan = make_plan(suite, Selection(), Ingredients(run_id="r", created_us=1))
    found = list(contradiction_findings(planned_steps(suite, plan), plan, {"pay": contract}))
    assert not any(each.mistake for each in found), "the verdict stays"
    return [(each.path[3], each.error.message.removeprefix("the sources differ about ")) for each in found]


def test_a_type_deep_in_an_argument_and_the_method_itself():
    assert places("com.x.Pay#pay(com.x.Req)", "com.x.Pay#pay") == [
        (0, f"com.x.Item.price (field): {JAR} says long; {REGISTRY} says java.lang.String"),
        (0, f"com.x.Pay#pay (parameter types): {JAR} says (com.x.Req); {REGISTRY} says (com.x.Old)"),
    ]


def test_overloads_are_told_apart():
    assert places("com.x.Pay#find(long)") == [
        (0, f"com.x.Pay#find(long) (answer): {JAR} says long; {REGISTRY} says there is none")
    ]
    assert places("com.x.Pay#find(int)", "com.x.Pay#find(int)") == [
        (0, f"com.x.Other (constants): {JAR} says A; {REGISTRY} says A, B")
    ]
    assert places("com.x.Pay#find(byte)") == []


def test_what_no_step_uses_is_not_told():
    assert places("com.x.Else#pay(com.x.Req)") == []
    assert places("com.x.Pay#pay(com.x.Req)", contract=Contract((PAY,), TYPES)) == []
