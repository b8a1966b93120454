"""The mock: answers by script or table, and remembers what was asked."""

import asyncio

from workbench.invokers import MockInvoker
from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer, DubboCall, HttpCall, ToolCall

CALLS = [
    DubboCall("com.example.A", "m", (), "[]", Target()),
    ToolCall("t", (), "com.example.T", "sign", None, "[]"),
    HttpCall("GET", "http://x/"),
]


def answers(mock: MockInvoker) -> list[Answer]:
    async def go() -> list[Answer]:
        return [await mock.invoke(call) for call in CALLS]

    return asyncio.run(go())


def test_a_table_answers_by_name() -> None:
    table = {name: Answer(response=f'"{name}"') for name in ("com.example.A#m", "com.example.T#sign", "GET http://x/")}
    mock = MockInvoker(table)
    assert [answer.response for answer in answers(mock)] == [f'"{name}"' for name in table]
    assert mock.calls == CALLS


def test_what_the_table_does_not_name() -> None:
    failure = answers(MockInvoker({"com.example.A#m": Answer(response="1")}))[1].failure
    assert failure is not None
    assert failure.cause is Cause.NO_METHOD
    assert "com.example.A#m" in failure.hint


def test_a_script_sees_the_call() -> None:
    mock = MockInvoker(lambda call: Answer(response=f'"{type(call).__name__}"'))
    assert [answer.response for answer in answers(mock)] == ['"DubboCall"', '"ToolCall"', '"HttpCall"']
