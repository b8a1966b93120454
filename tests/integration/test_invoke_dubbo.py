"""Dubbo calls through the bridge against the sample providers: what is sent arrives, what is answered comes back."""

import asyncio
import contextlib
import json
import socket
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bridge_calls import NOTIFY, ORDER, PAY, TEXT, TRADE, Caller, cause, ok

from workbench.invokers.channel import Submitter
from workbench.model.json import loads
from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer, DubboCall
from workbench.usecases.samples import WorldState, sample_artifact

pytestmark = pytest.mark.xdist_group("invoke-dubbo")  # one process starts what they share

JARS = {TRADE: "trade-api-1.0.0.jar", NOTIFY: "notify-api-1.0.0.jar", ORDER: "order-api-1.0.0.jar"}
NAMES = {TRADE: "trade", NOTIFY: "notify", ORDER: "order"}


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


@pytest.fixture(params=["typed by registry", "typed by url", "generic by registry", "generic by url"])
def way(request: pytest.FixtureRequest) -> str:
    way: str = request.param
    return way


def target(world: WorldState, way: str, interface: str) -> Target:
    artifacts = (str(sample_artifact(JARS[interface])),) if way.startswith("typed") else ()
    if way.endswith("url"):
        return Target(url=world[NAMES[interface]].address, artifacts=artifacts)
    return Target(registries=(world.registry,), artifacts=artifacts)


@pytest.fixture
def payment_id() -> str:
    return "PAY" + uuid.uuid4().hex[:12].upper()


def test_amounts_keep_their_scale_and_ids_their_digits(
    call: Caller, sample_world: WorldState, way: str, payment_id: str
) -> None:
    to = target(sample_world, way, TRADE)
    answer = call(to, TRADE, "payOrder", PAY, f'[{{"paymentId":"{payment_id}","amount":5000000000.10}}]')
    paid = loads(ok(answer))["data"]
    assert str(paid["amount"]) == "5000000000.10"
    assert paid["transactionId"] > 2**53
    assert paid["status"] == "PAID"
    assert answer.mode == way.split()[0]
    assert answer.provider == sample_world["trade"].address.removeprefix("dubbo://")
    assert answer.elapsed_us > 0
    again = call(to, TRADE, "query", ("long",), f"[{paid['transactionId']}]")
    assert loads(ok(again))["data"] == paid


def test_generic_and_typed_answers_look_alike(call: Caller, sample_world: WorldState, payment_id: str) -> None:
    typed = target(sample_world, "typed by registry", TRADE)
    call(typed, TRADE, "payOrder", PAY, f'[{{"paymentId":"{payment_id}","amount":1}}]')
    generic = target(sample_world, "generic by registry", TRADE)
    answers = [loads(ok(call(to, TRADE, "query", TEXT, f'["{payment_id}"]'))) for to in (typed, generic)]
    assert answers[0] == answers[1]
    assert "class" not in answers[1]


def test_overloads_are_told_apart_by_their_types(call: Caller, sample_world: WorldState, way: str) -> None:
    to = target(sample_world, way, TRADE)
    assert loads(ok(call(to, TRADE, "query", TEXT, '["9223372036854775807"]')))["message"].endswith("775807")
    assert loads(ok(call(to, TRADE, "query", ("long",), "[9223372036854775807]")))["message"].endswith("775807")
    found = loads(ok(call(to, TRADE, "query", ("com.example.trade.PayQuery",), '[{"status":"PAYING"}]')))
    assert isinstance(found["data"], list)


def test_a_checked_exception_keeps_class_message_code_and_fields(
    call: Caller, sample_world: WorldState, way: str, payment_id: str
) -> None:
    to = target(sample_world, way, TRADE)
    request = f'[{{"paymentId":"{payment_id}","amount":1.5}}]'
    ok(call(to, TRADE, "payOrder", PAY, request))
    answer = call(to, TRADE, "payOrder", PAY, request)
    assert cause(answer) is Cause.PROVIDER_EXCEPTION
    assert answer.exception is not None
    assert answer.exception.class_name == "com.example.trade.AlreadyPaidException"
    assert answer.exception.message == f"payment {payment_id} has already been paid"
    if way.startswith("typed"):  # a GenericException carries class and message only
        assert answer.exception.code == '"TRADE_ALREADY_PAID"'
        assert loads(answer.exception.fields) == {"code": "TRADE_ALREADY_PAID", "paymentId": payment_id}
        assert "InMemoryTrade.payOrder" in answer.exception.stack
        assert "org.apache.dubbo" not in answer.exception.stack


def test_an_illegal_argument_of_the_provider(call: Caller, sample_world: WorldState, way: str) -> None:
    answer = call(target(sample_world, way, TRADE), TRADE, "payOrder", PAY, '[{"paymentId":"PAY1","amount":-1}]')
    assert cause(answer) is Cause.PROVIDER_EXCEPTION
    assert answer.exception is not None
    assert answer.exception.class_name == "java.lang.IllegalArgumentException"
    assert answer.exception.message == "amount must be above zero, not -1"


def test_void_methods_answer_null(call: Caller, sample_world: WorldState, way: str) -> None:
    answer = call(target(sample_world, way, NOTIFY), NOTIFY, "push", TEXT * 2, '["bob","hi 😀"]')
    assert ok(answer) == "null"


def test_methods_that_answer_later(call: Caller, sample_world: WorldState, way: str) -> None:
    request = '[{"paymentId":"PAY1","channel":"PUSH","receiver":"bob","content":"支付成功 😀"}]'
    types = ("com.example.notify.PayNotifyRequest",)
    answer = call(target(sample_world, way, NOTIFY), NOTIFY, "payNotifyAsync", types, request)
    assert loads(ok(answer))["code"] == "0000"


def test_nested_values_of_a_rich_request(call: Caller, sample_world: WorldState) -> None:
    request: dict[str, Any] = {
        "requestNo": uuid.uuid4().hex, "buyerId": "00123", "amount": "10.50", "deliverAt": "2026-03-01T10:00:00",
        "placedAt": "2026-02-28 09:08:07", "labels": {"channel": ["app", "web"]},
        "shipTo": {"city": "杭州", "street": "1 Lake Rd", "zip": "310000"},
    }  # fmt: skip
    to = target(sample_world, "typed by registry", ORDER)
    answer = call(to, ORDER, "bizOrder", ("com.example.order.BizOrderRequest",), json.dumps([request]))
    order = loads(ok(answer))["data"]
    assert order["buyerId"] == "00123"
    assert order["amount"] == Decimal("10.50")
    assert order["labels"] == {"channel": ["app", "web"]}
    assert order["deliverAt"].startswith("2026-03-01T10:00")
    assert order["shipTo"]["city"] == "杭州"
    assert order["orderId"] > 2**53


def test_parameter_types_may_be_left_out_where_one_method_has_the_name(
    call: Caller, sample_world: WorldState, payment_id: str
) -> None:
    for way in ("typed by registry", "generic by registry"):
        to = target(sample_world, way, TRADE)
        answer = call(to, TRADE, "refund", None, f'[{{"paymentId":"{payment_id}"}}]')
        assert loads(ok(answer))["code"] == "2404"
        overloaded = call(to, TRADE, "query", None, '["x"]')
        assert cause(overloaded) is Cause.NO_METHOD
        assert overloaded.failure is not None
        assert "query(long)" in overloaded.failure.message


def test_a_fat_jar_and_a_war_give_their_classes(call: Caller, sample_world: WorldState) -> None:
    war = Target(registries=(sample_world.registry,), artifacts=(str(sample_artifact("trade-web-1.0.0.war")),))
    answer = call(war, TRADE, "query", TEXT, '["PAYNONE"]')
    assert ok(answer)
    assert answer.mode == "typed"
    boot = Target(registries=(sample_world.registry,), artifacts=(str(sample_artifact("order-boot-1.0.0.jar")),))
    answer = call(boot, ORDER, "countOrders", TEXT, '["nobody"]')
    assert loads(ok(answer))["data"] == 0
    assert answer.mode == "typed"


def test_missing_classes_make_the_call_generic_and_say_so(call: Caller, sample_world: WorldState) -> None:
    to = Target(registries=(sample_world.registry,), artifacts=(str(sample_artifact("notify-api-1.0.0.jar")),))
    answer = call(to, TRADE, "query", TEXT, '["PAYNONE"]')
    assert ok(answer)
    assert answer.mode == "generic"
    assert TRADE in answer.warnings[0]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ('["a"', "the request is not JSON: the text ends too early (at character 4)"),
        ("", "the request is not JSON: the text ends too early (at character 0)"),
        ('["a"]]', "the request is not JSON: text after the end of the value (at character 5)"),
        ('{"a":1}', "request: expected an array of 1 argument(s)"),
        ('["\ud800"]', "half a character"),
    ],
)
def test_a_request_that_is_no_json_array_harms_no_other_call(
    call: Caller, sample_world: WorldState, way: str, request_: str, said: str
) -> None:
    to = target(sample_world, way, TRADE)

    async def both() -> list[Answer]:
        texts = (request_, '["😀PAYNONE"]', request_, '["PAYNONE"]')
        calls = [DubboCall(TRADE, "query", TEXT, text, to, timeout_ms=20_000) for text in texts]
        return await asyncio.gather(*(call.invoker.invoke(each) for each in calls))

    wrong, good, again, last = call.runner.run(both())
    assert cause(wrong) is cause(again) is Cause.SERIALIZATION
    assert wrong.failure is not None
    assert said in wrong.failure.message
    assert loads(ok(good))["message"] == "no payment 😀PAYNONE"
    assert loads(ok(last))["message"] == "no payment PAYNONE"


def test_two_releases_of_one_class_side_by_side(call: Caller, sample_world: WorldState) -> None:
    for jar in ("order-api-1.0.0.jar", "order-api-1.1.0.jar", "order-api-1.0.0.jar"):
        to = Target(registries=(sample_world.registry,), artifacts=(str(sample_artifact(jar)),))
        answer = call(to, ORDER, "queryOrder", ("long",), "[1]")
        assert answer.mode == "typed"
        assert answer.failure is None


def test_256_calls_at_once_each_get_their_own_answer(call: Caller, sample_world: WorldState, way: str) -> None:
    to = target(sample_world, way, TRADE)

    async def all_at_once() -> list[str]:
        calls = [DubboCall(TRADE, "query", TEXT, f'["PAY-{number}"]', to, timeout_ms=30_000) for number in range(1024)]
        limit = asyncio.Semaphore(256)

        async def one(one_call: DubboCall) -> str:
            async with limit:
                return ok(await call.invoker.invoke(one_call))

        return await asyncio.gather(*(one(each) for each in calls))

    answers: list[str] = call.runner.run(all_at_once())
    assert [loads(answer)["message"] for answer in answers] == [f"no payment PAY-{number}" for number in range(1024)]
    # handing each answer to a thread would cost as much as the answer: they are read where they arrive
    threads = thread_names(call.bridge.pid)
    assert sum(name.startswith(("DubboClientHand", "DubboSharedHand")) for name in threads) < 5, threads


def thread_names(pid: int | None) -> list[str]:
    """Of a process; some of its threads may end meanwhile."""
    names = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):
            names.append((task / "comm").read_text())
    return names


def test_more_than_the_socket_takes_at_once(
    call: Caller, sample_world: WorldState, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = target(sample_world, "typed by registry", TRADE)
    late: list[int] = []
    submit, finish = Submitter.submit, Submitter.finish

    def narrow(out: Submitter, batch: bytes, numbers: list[int], *, wait: bool) -> memoryview:
        out._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        return submit(out, batch, numbers, wait=wait)

    monkeypatch.setattr(Submitter, "submit", narrow)
    monkeypatch.setattr(Submitter, "finish", lambda out, rest: (late.append(len(rest)), finish(out, rest)))
    ids = [f"é{number}" + "x" * 1_500_000 for number in range(8)]

    async def all_at_once() -> list[Answer]:
        calls = [DubboCall(TRADE, "query", TEXT, f'["{each}"]', to, timeout_ms=60_000) for each in ids]
        return await asyncio.gather(*(call.invoker.invoke(each) for each in calls))

    answers: list[Answer] = call.runner.run(all_at_once())
    assert [loads(ok(answer))["message"] for answer in answers] == [f"no payment {each}" for each in ids]
    assert late
