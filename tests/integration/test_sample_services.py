"""The sample subsystems, called as a consumer calls them: what a right request gets, what a wrong one gets."""

import asyncio
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from workbench.invokers import Bridge, DubboInvoker, ToolInvoker
from workbench.model.json import loads
from workbench.model.plan import Target
from workbench.plugin_api import Answer, DubboCall, ToolCall
from workbench.usecases.samples import SampleProcess, WorldState, sample_artifact

ORDER = "com.example.order.BizOrderAiFacade"
TRADE = "com.example.trade.TransAiFacade"
NOTIFY = "com.example.notify.MessageNotifyAiFacade"
MORE_VARIANTS = ("code-changed", "item-lost", "field-renamed", "field-removed")
JARS = {ORDER: "order-api-1.0.0.jar", TRADE: "trade-api-1.0.0.jar", NOTIFY: "notify-api-1.0.0.jar"}
PAY = "com.example.trade.PayOrderRequest"
Call = Callable[..., Answer]


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def invoker(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DubboInvoker]:
    invoker = DubboInvoker(Bridge("calls", tmp_path_factory.mktemp("calls")))
    yield invoker
    runner.run(invoker.close())


@pytest.fixture
def call_at(runner: asyncio.Runner, invoker: DubboInvoker) -> Call:
    """call_at(registry, interface, method, types, *arguments): a typed call; arguments are plain values."""

    def call(
        registry: str, interface: str, method: str, types: tuple[str, ...], *arguments: Any, **more: Any
    ) -> Answer:
        target = Target(registries=(registry,), artifacts=(str(sample_artifact(JARS[interface])),))
        text = json.dumps(arguments)
        return runner.run(invoker.invoke(DubboCall(interface, method, types, text, target, timeout_ms=60_000, **more)))

    return call


@pytest.fixture
def call(call_at: Call, sample_world: WorldState) -> Call:
    """The same, in the shared world."""
    return lambda *args, **more: call_at(sample_world.registry, *args, **more)


def response(answer: Answer) -> Any:
    assert answer.failure is None, answer.failure
    assert answer.mode == "typed"
    assert answer.response is not None
    return loads(answer.response)


def place(call: Call, **request: Any) -> Any:
    whole = {"buyerId": "b-1", "amount": "19.90", **request}
    return response(call(ORDER, "bizOrder", ("com.example.order.BizOrderRequest",), whole))


def payment(**request: Any) -> dict[str, Any]:
    return {"paymentId": "PAY-" + uuid.uuid4().hex[:12].upper(), "amount": "19.90", **request}


# -- order ------------------------------------------------------------------------------------------------------------


def test_an_order_keeps_what_was_sent_exactly(call: Call) -> None:
    sent = {
        "requestNo": uuid.uuid4().hex,
        "amount": "5000000000.10",
        "labels": {"channel": ["app", "微信"]},
        "deliverAt": "2026-03-01T10:30:00",
        "shipTo": {"city": "上海", "street": "s", "zip": "00123"},
    }
    result = place(call, **sent)
    order = result["data"]
    assert (result["code"], result["success"]) == ("0000", True)
    assert str(order["amount"]) == "5000000000.10"
    assert order["orderId"] > 2**53
    assert order["paymentId"] == f"PAY{order['orderId']}"
    assert order["status"] == "CREATED"
    assert order["labels"] == sent["labels"]
    assert order["deliverAt"].startswith("2026-03-01T10:30")
    assert order["shipTo"] == sent["shipTo"]
    assert [item["sku"] for item in order["items"]] == ["GOODS", "FREIGHT"]
    again = response(call(ORDER, "queryOrder", ("long",), order["orderId"]))
    assert again["data"] == order


def test_items_that_sum_up_are_kept(call: Call) -> None:
    items = [{"sku": "a", "name": "A", "qty": 3, "price": 1.5}, {"sku": "b", "name": "B", "qty": 1, "price": 0.5}]
    assert [item["qty"] for item in place(call, amount=5, items=items)["data"]["items"]] == [3, 1]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"buyerId": " "}, "1001"),
        ({"buyerId": None}, "1001"),
        ({"amount": None}, "1002"),
        ({"amount": 0}, "1002"),
        ({"amount": "-1"}, "1002"),
        ({"amount": "0.001"}, "1002"),
        ({"items": [{"sku": "a", "qty": 1, "price": 1}]}, "1003"),
        ({"items": [{"sku": "", "qty": 1, "price": "19.90"}]}, "1001"),
        ({"items": [{"sku": "a", "qty": 0, "price": "19.90"}]}, "1001"),
        ({"items": [{"sku": "a", "qty": 1}]}, "1001"),
    ],
)
def test_a_wrong_order_is_refused(call: Call, wrong: dict[str, Any], code: str) -> None:
    result = place(call, **wrong)
    assert (result["code"], result["success"], result["data"]) == (code, False, None)


@pytest.mark.parametrize("key", ["requestNo", "idempotentKey"])
def test_the_same_key_answers_the_same_order_when_the_flag_is_set(call: Call, key: str) -> None:
    sent = {key: uuid.uuid4().hex, "idempotentFlag": True}
    first = place(call, **sent)["data"]
    assert place(call, **sent)["data"] == first
    assert place(call, **{**sent, "amount": 1})["code"] == "1409"
    assert place(call, **{**sent, "idempotentFlag": False})["data"]["orderId"] != first["orderId"]


def test_a_key_belongs_to_its_buyer(call: Call) -> None:
    sent = {"idempotentKey": uuid.uuid4().hex, "idempotentFlag": True}
    first, other = place(call, **sent), place(call, **{**sent, "buyerId": "b-2"})
    assert first["data"]["orderId"] != other["data"]["orderId"]


def test_orders_are_listed_by_page_and_counted(call: Call) -> None:
    buyer = uuid.uuid4().hex
    ids = [place(call, buyerId=buyer)["data"]["orderId"] for _ in range(3)]
    paged = "com.example.common.PageRequest"
    seen: dict[int, None] = {}  # what others order meanwhile moves ours on, so that one may stand on two pages
    for number in range(1, 101):
        page = response(call(ORDER, "listOrders", (paged,), {"pageNumber": number, "pageSize": 200}))["data"]
        assert page["total"] >= 3
        seen |= dict.fromkeys(order["orderId"] for order in page["records"] if order["buyerId"] == buyer)
        if len(seen) == 3 or not page["records"]:
            break
    assert list(seen) == list(reversed(ids))
    assert response(call(ORDER, "countOrders", ("java.lang.String",), buyer))["data"] == 3
    assert (
        response(call(ORDER, "listOrders", (paged,), {"pageNumber": 10_000, "pageSize": 100}))["data"]["records"] == []
    )
    for wrong in ({"pageNumber": 0}, {"pageSize": 0}, {"pageSize": 201}):
        assert response(call(ORDER, "listOrders", (paged,), wrong))["code"] == "1001"


def test_an_order_is_cancelled_once(call: Call) -> None:
    types = ("long", "java.lang.String")
    number = place(call)["data"]["orderId"]
    assert response(call(ORDER, "cancelOrder", types, number, " "))["code"] == "1001"
    assert response(call(ORDER, "cancelOrder", types, number, "changed my mind"))["data"]["status"] == "CANCELLED"
    assert response(call(ORDER, "cancelOrder", types, number, "again"))["code"] == "1409"
    assert response(call(ORDER, "cancelOrder", types, 1, "none"))["code"] == "1404"
    assert response(call(ORDER, "queryOrder", ("long",), 1))["code"] == "1404"


# -- trade ------------------------------------------------------------------------------------------------------------


def test_a_payment_is_paid_once_and_found_by_every_query(call: Call) -> None:
    request = payment(payerId=uuid.uuid4().hex)
    paid = response(call(TRADE, "payOrder", (PAY,), request))["data"]
    assert (paid["status"], str(paid["amount"])) == ("PAID", "19.90")
    assert paid["transactionId"] > 2**53
    by_id = response(call(TRADE, "query", ("java.lang.String",), request["paymentId"]))["data"]
    by_number = response(call(TRADE, "query", ("long",), paid["transactionId"]))["data"]
    by_fields = response(call(TRADE, "query", ("com.example.trade.PayQuery",), {"payerId": request["payerId"]}))["data"]
    assert by_id == by_number == paid
    assert by_fields == [paid]
    twice = call(TRADE, "payOrder", (PAY,), request)
    assert twice.exception is not None
    assert twice.exception.class_name == "com.example.trade.AlreadyPaidException"
    fields = loads(twice.exception.fields)
    assert (fields["code"], fields["paymentId"]) == ("TRADE_ALREADY_PAID", request["paymentId"])


def test_a_bank_takes_its_time(call: Call) -> None:
    request = payment(channel="BANK")
    began = call(TRADE, "payOrder", (PAY,), request)
    # by itself it settles after 300 ms: a provider that stood still for so long may be telling that already
    assert response(began)["data"]["status"] == "PAYING" or began.elapsed_us >= 300_000
    states = [
        response(call(TRADE, "query", ("java.lang.String",), request["paymentId"]))["data"]["status"] for _ in range(4)
    ]
    assert states[-1] == "PAID"
    assert sorted(states, reverse=True) == states  # PAYING before PAID, never back
    assert call(TRADE, "payOrder", (PAY,), request).exception is not None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"amount": None}, "amount is missing"),
        ({"amount": 0}, "above zero"),
        ({"amount": "-0.01"}, "above zero"),
        ({"amount": "0.005"}, "more than two decimals"),
        ({"paymentId": "X1"}, "as order gave it"),
    ],
)
def test_a_bad_payment_is_an_illegal_argument(call: Call, wrong: dict[str, Any], message: str) -> None:
    thrown = call(TRADE, "payOrder", (PAY,), payment(**wrong)).exception
    assert thrown is not None
    assert thrown.class_name == "java.lang.IllegalArgumentException"
    assert message in thrown.message


def test_a_refund_gives_back_no_more_than_was_paid(call: Call) -> None:
    types = ("com.example.trade.RefundRequest",)
    request = payment()
    assert response(call(TRADE, "refund", types, {"paymentId": request["paymentId"]}))["code"] == "2404"
    response(call(TRADE, "payOrder", (PAY,), request))
    part = response(call(TRADE, "refund", types, {"paymentId": request["paymentId"], "amount": "9.90"}))["data"]
    assert (part["status"], str(part["refundedAmount"])) == ("PAID", "9.90")
    assert (
        response(call(TRADE, "refund", types, {"paymentId": request["paymentId"], "amount": "10.01"}))["code"] == "2409"
    )
    rest = response(call(TRADE, "refund", types, {"paymentId": request["paymentId"]}))["data"]
    assert (rest["status"], str(rest["refundedAmount"])) == ("REFUNDED", "19.90")


# -- notify -----------------------------------------------------------------------------------------------------------


def message(**request: Any) -> dict[str, Any]:
    return {"paymentId": "PAY1", "channel": "SMS", "receiver": "+8613800138000", "content": "paid", **request}


@pytest.mark.parametrize("method", ["payNotify", "payNotifyAsync"])
def test_a_message_is_sent_at_once_and_later(call: Call, method: str) -> None:
    receiver = f"{uuid.uuid4().int % 10**15}0"
    result = response(call(NOTIFY, method, ("com.example.notify.PayNotifyRequest",), message(receiver=receiver)))
    assert (result["code"], result["data"]["delivered"]) == ("0000", True)
    kept = response(call(NOTIFY, "history", ("java.lang.String", "int"), receiver, 5))["data"]
    assert kept == [result["data"]]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"paymentId": "1"}, "3001"),
        ({"channel": None}, "3001"),
        ({"content": ""}, "3001"),
        ({"content": "x" * 501}, "3001"),
        ({"receiver": "abc"}, "3002"),
        ({"channel": "EMAIL"}, "3002"),
    ],
)
def test_a_wrong_message_is_refused(call: Call, wrong: dict[str, Any], code: str) -> None:
    types = ("com.example.notify.PayNotifyRequest",)
    assert response(call(NOTIFY, "payNotify", types, message(**wrong)))["code"] == code


def test_the_void_method_answers_nothing_and_does_its_work(call: Call) -> None:
    receiver, types = uuid.uuid4().hex, ("java.lang.String", "java.lang.String")
    assert response(call(NOTIFY, "push", types, receiver, "hello")) is None
    kept = response(call(NOTIFY, "history", ("java.lang.String", "int"), receiver, 1))["data"]
    assert [(each["content"], each["channel"]) for each in kept] == [("hello", "PUSH")]
    assert call(NOTIFY, "push", types, receiver, "").exception is not None


def test_the_waiting_method_waits(call: Call) -> None:
    answer = call(NOTIFY, "waitFor", ("long",), 300)
    assert response(answer) == "waited 300 ms"
    assert answer.elapsed_us >= 300_000
    assert call(NOTIFY, "waitFor", ("long",), -1).exception is not None


# -- faults and variants ----------------------------------------------------------------------------------------------


def test_an_injected_fault_is_of_a_class_that_nobody_has(
    call_at: Call, zookeeper: SampleProcess, start_provider: Callable[..., SampleProcess]
) -> None:
    start_provider("trade", failure_rate=1)
    thrown = call_at(zookeeper.address, TRADE, "query", ("long",), 1).exception
    assert thrown is not None
    assert "InjectedFault" in thrown.class_name + thrown.message


def test_a_delay_delays(call_at: Call, zookeeper: SampleProcess, start_provider: Callable[..., SampleProcess]) -> None:
    start_provider("trade", delay_ms=400)
    assert call_at(zookeeper.address, TRADE, "query", ("long",), 1).elapsed_us >= 400_000


@pytest.mark.parametrize(
    "variant", ["amount-changed", *(pytest.param(each, marks=pytest.mark.matrix) for each in MORE_VARIANTS)]
)
def test_an_answer_variant_of_order_changes_just_what_it_says(
    call_at: Call, zookeeper: SampleProcess, start_provider: Callable[..., SampleProcess], variant: str
) -> None:
    start_provider("order", answer_variant=variant)
    types, request = ("com.example.order.BizOrderRequest",), {"buyerId": "b", "amount": "2.00"}
    answer = call_at(zookeeper.address, ORDER, "bizOrder", types, request, mode="generic")
    assert answer.failure is None, answer.failure
    result = loads(answer.response or "")
    order = result["data"]
    changed = {
        "code-changed": result["code"] != "0000",
        "amount-changed": str(order["amount"]) == "2.01",
        "item-lost": len(order["items"]) == 1,
        "field-renamed": str(order.get("payId", "")).startswith("PAY") and "paymentId" not in order,
        "field-removed": "paymentId" not in order and "payId" not in order,
    }
    assert [name for name, is_so in changed.items() if is_so] == [variant]
    typed = response(call_at(zookeeper.address, ORDER, "bizOrder", types, request))["data"]
    assert (typed["paymentId"] is None) is variant.startswith("field-")


def test_the_trade_variant_pays_twice(
    call_at: Call, zookeeper: SampleProcess, start_provider: Callable[..., SampleProcess]
) -> None:
    start_provider("trade", answer_variant="pay-twice")
    request = payment()
    for _ in range(2):
        assert response(call_at(zookeeper.address, TRADE, "payOrder", (PAY,), request))["data"]["status"] == "PAID"


def test_the_notify_variant_delivers_nothing(
    call_at: Call, zookeeper: SampleProcess, start_provider: Callable[..., SampleProcess]
) -> None:
    start_provider("notify", answer_variant="undelivered")
    types = ("com.example.notify.PayNotifyRequest",)
    assert response(call_at(zookeeper.address, NOTIFY, "payNotify", types, message()))["data"]["delivered"] is False


# -- tool -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tool(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Call]:
    invoker = ToolInvoker(Bridge("tools", tmp_path_factory.mktemp("tools")))
    jars = (str(sample_artifact("tool-util-1.0.0.jar")),)

    def call(class_name: str, method: str, types: tuple[str, ...], *arguments: Any) -> Answer:
        return runner.run(invoker.invoke(ToolCall("tool-util", jars, class_name, method, types, json.dumps(arguments))))

    yield call
    runner.run(invoker.close())


@pytest.mark.parametrize(
    ("types", "arguments", "expected"),
    [
        (("java.lang.String",), ["abc"], "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            ("java.lang.String", "java.lang.String"),
            ["what do ya want for nothing?", "Jefe"],  # RFC 4231, test case 2
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
    ],
)
def test_signatures_are_those_of_the_standards(tool: Call, types: Any, arguments: Any, expected: str) -> None:
    answer = tool("com.example.util.SignUtil", "sign", types, *arguments)
    assert answer.failure is None, answer.failure
    assert loads(answer.response or "") == expected


def test_parameters_are_signed_in_the_order_of_their_keys(tool: Call) -> None:
    sign = "com.example.util.SignUtil"
    of_map = tool(sign, "sign", ("java.util.Map", "java.lang.String"), {"b": "2", "a": "1", "c": None}, "s")
    of_text = tool(sign, "sign", ("java.lang.String", "java.lang.String"), "a=1&b=2", "s")
    assert of_map.failure is None, of_map.failure
    assert of_map.response == of_text.response


def test_a_line_is_printed_and_answered(tool: Call) -> None:
    answer = tool("com.example.util.LogUtil", "print", ("java.lang.String",), "hello")
    assert loads(answer.response or "") == "[INFO] hello"
    filled = tool("com.example.util.LogUtil", "format", ("java.lang.String", "java.lang.Object[]"), "{}-{}!", ["a", 1])
    assert loads(filled.response or "") == "a-1!"
