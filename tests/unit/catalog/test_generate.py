from typing import cast

import pytest

from workbench.catalog.generate import first_assertions, generate_cases, slug
from workbench.expr import compile_assertions
from workbench.model.contract import Contract, Field, Interface, Method, Parameter, TypeDef
from workbench.model.json import loads
from workbench.model.suite import DubboStep

RESULT = TypeDef(
    "class",
    parameters=("T",),
    super="java.lang.Object",
    fields=(
        Field("message", "java.lang.String"),
        Field("data", "T"),
        Field("code", "java.lang.String"),
        Field("success", "boolean"),
    ),
)
TYPES = {"com.x.Result": RESULT, "com.x.State": TypeDef("enum", constants=("NEW", "PAID"))}


def _method(name: str, *types: str, returns: str = "com.x.Result<java.lang.String>") -> Method:
    return Method(name, tuple(Parameter(f"p{n}", type_) for n, type_ in enumerate(types)), types, returns)


CONTRACT = Contract(
    (
        Interface(
            "com.x.PayFacade", (_method("pay", "long"), _method("query", "int"), _method("query", "java.lang.String"))
        ),
        Interface("com.y.PayFacade", (_method("pay"),), group="g", version="${v}"),
        Interface("com.z.Empty"),
    ),
    TYPES,
)


def test_a_scenario_an_interface_a_case_a_method() -> None:
    generated = generate_cases(CONTRACT)
    assert list(generated.scenarios) == ["pay-facade", "y-pay-facade"]
    assert generated.cases == 4
    cases = generated.scenarios["pay-facade"].cases
    assert [case.case for case in cases] == ["pay", "query(int)", "query(String)"]
    step = cast("DubboStep", cases[0].steps[0])
    assert step.dubbo == "com.x.PayFacade#pay(long)"
    assert loads(str(step.request)) == [1]


def test_group_and_version_are_taken_when_they_are_known() -> None:
    step = cast("DubboStep", generate_cases(CONTRACT).scenarios["y-pay-facade"].cases[0].steps[0])
    assert (step.group, step.version) == ("g", "")


@pytest.mark.parametrize(
    ("returns", "lines"),
    [
        (
            "com.x.Result<java.lang.Long>",
            ['response.success type "boolean"', "response.code exists", "response.data exists"],
        ),
        ("void", ["response is_null"]),
        ("java.util.concurrent.CompletableFuture<java.lang.Void>", ["response is_null"]),
        ("java.util.List<com.x.State>", ['response type "list"']),
        ("java.util.Map<int, int>", ['response type "object"']),
        ("long", ['response type "integer"']),
        ("com.x.State", ['response in ["NEW","PAID"]']),
        ("com.x.State[]", ["response exists"]),
        ("java.lang.String", ["response exists"]),
    ],
)
def test_first_assertions(returns: str, lines: list[str]) -> None:
    assert first_assertions(TYPES, _method("m", returns=returns)) == lines
    assert len(compile_assertions("\n".join(lines))) == len(lines)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("BizOrderAiFacade", "biz-order-ai-facade"), ("IOHandler2", "io-handler2"), ("Outer$Inner", "outer-inner")],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected
