"""A run as an engine would tell it: a plan and its events, small enough to read and rich enough to show everything.

plan, events = shop_run()                  every verdict, cause, attempt, exception, difference
plan, events = shop_run(hostile=True)      the same, with payloads that try to break out of a page
plan, events = many_cases(1000)            three steps a case, each tenth fails
"""

import itertools
from collections.abc import Iterator
from typing import Any

from msgspec import structs

from workbench.model import json
from workbench.model.dataset import CellProblem, Column, Dataset
from workbench.model.events import (
    AnyEvent,
    CaseFinished,
    CaseStarted,
    LogLine,
    RunFinished,
    RunStarted,
    ScenarioFinished,
    StepFinished,
    StepStarted,
)
from workbench.model.plan import Item, PlannedCase, PlannedScenario, RunPlan, Target
from workbench.model.result import (
    VERDICT_OF,
    AssertionResult,
    Attempt,
    CaseResult,
    Cause,
    Counts,
    Difference,
    Failure,
    LogEntry,
    RemoteException,
    RunSummary,
    StepResult,
    Times,
    Verdict,
    worst,
)
from workbench.model.suite import Case, DubboStep

START = 1_790_000_000_000_000
ORDER = "com.example.order.BizOrderAiFacade#bizOrder(com.example.order.BizOrderRequest)"
PAY = "com.example.trade.TransAiFacade#payOrder(com.example.trade.PayOrderRequest)"
NOTIFY = "com.example.notify.MessageNotifyAiFacade#payNotify(com.example.notify.PayNotifyRequest)"
ATTACKS = (
    "</script><script>document.title='pwned'</script>",
    "<img src=x onerror=\"document.title='pwned'\">",
    "\"'><svg onload=document.title='pwned'>",
    "<!--<script>",
    "\u2028\u2029",
    "{{ 7 * 7 }} ${7*7}",
)


class Clock:
    """Microseconds that pass only when they are told to."""

    def __init__(self, start: int = START) -> None:
        self.now = start

    def tick(self, micros: int = 1_000) -> int:
        self.now += micros
        return self.now


class RunBuilder:
    """Collects events; every method appends what an engine would send."""

    def __init__(self, suite: str = "pay-order", run: str = "20260921-101500-7k2m") -> None:
        self.clock = Clock()
        self.events: list[AnyEvent] = []
        self.scenarios: list[PlannedScenario] = []
        self.cases: dict[str, PlannedCase] = {}
        self.items: list[Item] = []
        self.datasets: dict[str, Dataset] = {}
        self.suite, self.run = suite, run
        self._cases: list[CaseResult] = []
        self._steps: list[StepResult] = []
        self._open: list[StepResult] = []

    def scenario(self, id: str, name: str, file: str = "") -> str:
        self.scenarios.append(PlannedScenario(id=id, name=name, file=file or f"scenarios/{id}.yaml"))
        return id

    def case(self, scenario: str, id: str, name: str, row: int = -1, **options: Any) -> Item:
        """Plans one item; the case itself is planned once."""
        step = DubboStep(id=f"{id}-s", step="create order", dubbo=ORDER)
        if id not in self.cases:
            self.cases[id] = PlannedCase(scenario=scenario, case=Case(id=id, case=name, steps=(step,), **options))
        self.items.append(Item(id, row))
        return self.items[-1]

    def start(self) -> None:
        self.events.append(
            RunStarted(at_us=self.clock.now, run=self.run, suite=self.suite, subsystem="order", items=len(self.items))
        )

    def begin(self, item: Item) -> None:
        case = self.cases[item.case]
        self._open = []
        self.events.append(
            CaseStarted(
                at_us=self.clock.tick(), item=item.id, case=item.case, scenario=case.scenario, name=case.case.case
            )
        )

    def begin_step(self, item_id: str, id: str, name: str) -> None:
        self.events.append(StepStarted(at_us=self.clock.tick(10), item=item_id, step=id, name=name))

    def log(self, item_id: str, text: str, step: str = "", level: str = "info") -> None:
        entry = LogEntry(self.clock.tick(10), level, text)
        self.events.append(LogLine(at_us=self.clock.now, item=item_id, step=step, entry=entry))

    def step(self, item_id: str, id: str, name: str, *attempts: Attempt, **options: Any) -> StepResult:
        options.setdefault("kind", "dubbo")
        verdict = attempts[-1].verdict if attempts else options.pop("verdict", Verdict.PASSED)
        started = self.clock.now
        self.begin_step(item_id, id, name)
        elapsed = sum(attempt.elapsed_us for attempt in attempts)
        self.clock.tick(elapsed)
        result = StepResult(
            id=id, name=name, verdict=verdict, attempts=attempts, started_us=started, elapsed_us=elapsed,
            failure=attempts[-1].failure if attempts else options.pop("failure", None),
            times=Times(call=elapsed * 8 // 10, engine=elapsed - elapsed * 8 // 10),
            flaky=len(attempts) > 1 and verdict is Verdict.PASSED, **options,
        )  # fmt: skip
        self._steps.append(result)
        self._open.append(result)
        self.events.append(StepFinished(at_us=self.clock.now, item=item_id, result=result))
        return result

    def end(self, item: Item, **options: Any) -> CaseResult:
        planned = self.cases[item.case]
        case, steps = planned.case, self._open
        dataset = self.datasets.get(case.dataset)
        bad = next((step for step in steps if step.failure), None)
        options.setdefault("verdict", worst([step.verdict for step in steps]))
        options.setdefault("failure", bad.failure if bad else None)
        times = Times()
        for step in steps:
            times = times.plus(step.times)
        result = CaseResult(
            item=item.id, case=item.case, scenario=planned.scenario, name=case.case, row=item.row,
            row_values=json.dumps(dataset.rows[item.row]) if dataset else "",
            row_name=dataset.row_names[item.row] if dataset else "",
            priority=case.priority, tags=case.tags, requirements=case.requirements,
            started_us=steps[0].started_us if steps else self.clock.now,
            elapsed_us=sum(step.elapsed_us for step in steps), steps=len(steps),
            failed_step=bad.id if bad else "", flaky=any(step.flaky for step in steps), times=times, **options,
        )  # fmt: skip
        self._cases.append(result)
        self.events.append(CaseFinished(at_us=self.clock.tick(), result=result))
        return result

    def finish(self, *teardowns: Failure) -> None:
        """`teardowns`: what went wrong in those of the first scenarios."""
        times = Times()
        for case in self._cases:
            times = times.plus(case.times)
        summary = RunSummary(
            verdict=worst([*(case.verdict for case in self._cases), *(VERDICT_OF[bad.cause] for bad in teardowns)]),
            cases=counted([case.verdict for case in self._cases]),
            steps=counted([step.verdict for step in self._steps]),
            started_us=START,
            elapsed_us=self.clock.now - START,
            times=times,
            teardowns=len(teardowns),
        )
        for scenario, bad in itertools.zip_longest(self.scenarios, teardowns):
            end = ScenarioFinished(at_us=self.clock.tick(), scenario=scenario.id, name=scenario.name)
            if bad is not None:
                step = self.step(scenario.id, "clean", "clean up", attempt(failure=bad), phase="teardown", target=ORDER)
                end = structs.replace(end, verdict=VERDICT_OF[bad.cause], failure=bad, failed_step=step.id)
            self.events.append(end)
        self.events.append(RunFinished(at_us=self.clock.tick(), run=self.run, summary=summary))

    def plan(self) -> RunPlan:
        return RunPlan(
            id=self.run, created_us=START - 5_000, suite=self.suite, subsystem="order", version="1.1.0",
            environment="sit", scenarios=tuple(self.scenarios), cases=tuple(self.cases.values()),
            datasets=self.datasets, items=tuple(self.items),
            targets={"order": Target(version="1.1.0"), "trade": Target(version="1.2.0")},
        )  # fmt: skip


def counted(verdicts: list[Verdict]) -> Counts:
    return Counts(**{verdict.value.lower(): verdicts.count(verdict) for verdict in Verdict})


def attempt(cause: Cause | None = None, message: str = "", ms: int = 12, **options: Any) -> Attempt:
    """One attempt; passed without a cause."""
    failure = options.pop("failure", None) or (Failure(cause, message, options.pop("hint", "")) if cause else None)
    options.pop("hint", None)
    options.setdefault("started_us", START)
    return Attempt(
        verdict=VERDICT_OF[failure.cause] if failure else Verdict.PASSED, failure=failure, elapsed_us=ms * 1000,
        provider=options.pop("provider", "[::1]:20881"), mode=options.pop("mode", "typed"),
        times=Times(call=ms * 800, engine=ms * 200), **options,
    )  # fmt: skip


def check(text: str, passed: bool = True, **options: Any) -> AssertionResult:
    path, operator, expected = text.split(" ", 2)
    options.setdefault("expected", expected)
    options.setdefault("actual", expected if passed else None)
    return AssertionResult(text=text, passed=passed, path=path, operator=operator, **options)


def order_answer(order_id: int, amount: str, code: str = "0000", status: str = "NEW") -> str:
    return (
        f'{{"code":"{code}","message":null,"data":{{"orderId":{order_id},"amount":{amount},"status":"{status}",'
        '"createdAt":"2026-09-21T10:15:00","items":[{"sku":"A-1","qty":2,"price":9.95},{"sku":"B-7","qty":1,"price":0.00}],'
        '"labels":{"channel":["app","赠品"]}}}'
    )


def shop_run(*, hostile: bool = False, until: int | None = None) -> tuple[RunPlan, list[AnyEvent]]:
    """`until`: only so many events, as after a kill in the middle."""
    run = RunBuilder()
    attack = " ".join(ATTACKS) if hostile else ""
    _orders_dataset(run, attack)
    pay = run.scenario("7k2mq9xa", f"Pay an order{attack}", "scenarios/pay-order.yaml")
    negative = run.scenario("n3gat1ve", "Refusals 拒绝路径", "scenarios/refusals.yaml")
    rows = [
        run.case(
            pay, "b4n8c2ze", f"order, pay, notify{attack}", row, dataset="orders", priority="P0",
            tags=("smoke", f"pay{attack}"), requirements=("REQ-1001", "REQ-1002"), owner="li",
        )
        for row in range(20)
    ]  # fmt: skip
    others = {
        name: run.case(negative, name, title, tags=("negative",), **options)
        for name, title, options in (
            ("twice000", "pay twice is refused", {"priority": "P1"}),
            ("fault000", "支付服务抛出运行时异常", {"priority": "P1", "requirements": ("REQ-2001",)}),
            ("slow0000", "notify waits too long", {}),
            ("gone0000", "refund provider is gone", {}),
            ("script00", "script with an endless loop", {}),
            ("flaky000", "shipped after polling", {}),
            ("skip0000", "only in production", {}),
            ("lost0000", "bridge dies under the call", {}),
        )
    }
    run.start()
    run.begin_step(pay, "c1ean000", "clean")
    run.step(pay, "c1ean000", "clean", attempt(ms=3, provider="", mode="script"), kind="script", phase="setup")
    for number, item in enumerate(rows):
        _paid_row(run, item, number, attack)
    _refusals(run, others, attack)
    run.finish()
    return run.plan(), run.events[:until] if until is not None else run.events


def _orders_dataset(run: RunBuilder, attack: str) -> None:
    rows = tuple(
        {"buyerId": f"{1234567890123456700 + at}", "amount": json.loads(f"{19 + at}.90"), "city": f"上海{attack}"}
        for at in range(20)
    )
    run.datasets["orders"] = Dataset(
        "orders",
        (Column("buyerId", "text"), Column("amount"), Column("city")),
        rows,
        tuple(f"orders.xlsx!Sheet1!row {at + 2}" for at in range(20)),
        (CellProblem("orders.xlsx!Sheet1!D7", "Excel keeps 15 digits of a number; format the column as text"),),
    )


def _paid_row(run: RunBuilder, item: Item, number: int, attack: str) -> None:
    amount, order_id = f"{19 + number}.90", 9007199254740993 + number
    run.begin(item)
    request = f'[{{"buyerId":"{1234567890123456700 + number}","amount":{amount},"note":{json.dumps(attack or "ok")}}}]'
    run.step(
        item.id, "1fq0v7dr", "create order",
        attempt(
            request=request, response=order_answer(order_id, amount), ms=9 + number % 5,
            assertions=(check('response.code == "0000"'), check(f"response.data.amount == {amount}"),
                        check("response.data.items size 2")),
            extracted={"paymentId": f'"P{order_id}"'}, attachments={"dubbo.tag": "gray"},
            log=(LogEntry(START, "info", f"order {order_id} created"),),
        ),
        target=ORDER,
    )  # fmt: skip
    if number in (3, 4, 7, 8, 11):
        _wrong_status(run, item, number, attack)
    else:
        run.step(item.id, "9ws3k5ty", "pay", attempt(ms=20, request=f'[{{"paymentId":"P{order_id}"}}]',
                 response='{"status":"PAID","paidAt":"2026-09-21T10:15:01"}',
                 assertions=(check('response.status == "PAID"'),)), target=PAY)  # fmt: skip
        run.step(item.id, "n0t1fy00", "notify", attempt(ms=4, request="[]", response="null"), target=NOTIFY)
    run.end(item, context=json.dumps({"paymentId": f"P{order_id}", "amount": json.loads(amount)}))


def _wrong_status(run: RunBuilder, item: Item, number: int, attack: str) -> None:
    message = f'response.status: expected "PAID", was "REFUSED" for payment P{9007199254740993 + number}'
    answer = {"status": "REFUSED", "limit": {"left": number, "currency": "CNY"}, "reason": attack or "limit exceeded"}
    failed = check(
        'response.status == "PAID"', False, actual='"REFUSED"', message=message,
        differences=(Difference("response.status", '"PAID"', '"REFUSED"'),),
    )  # fmt: skip
    nested = check(
        'response.limit == {"left": 100, "currency": "CNY", "resets": "daily"}', False,
        actual=json.dumps(answer["limit"]), message="response.limit differs in 2 places",
        differences=(Difference("response.limit.left", "100", str(number)),
                     Difference("response.limit.resets", '"daily"', None)),
    )  # fmt: skip
    run.step(
        item.id, "9ws3k5ty", "pay",
        attempt(Cause.ASSERTION, message, ms=31, request=f'[{{"paymentId":"P{number}"}}]', response=json.dumps(answer),
                assertions=(failed, nested, check('response.reason != ""')), warnings=("generic: PayQuery is missing",),
                log=(LogEntry(START, "info", "limit checked"), LogEntry(START, "warn", f"refused {attack}"))),
        target=PAY,
    )  # fmt: skip


def _refusals(run: RunBuilder, items: dict[str, Item], attack: str) -> None:
    name = "com.example.trade.AlreadyPaidException"
    paid = RemoteException(name, f"already paid{attack}", '"T-409"', '{"paymentId":"P9"}')
    item = items["twice000"]
    run.begin(item)
    run.step(item.id, "tw1", "pay again", attempt(ms=11, request='[{"paymentId":"P9"}]', exception=paid,
             assertions=(check(f'exception.class == "{name}"'),)), target=PAY)  # fmt: skip
    run.end(item)
    _faulty(run, items["fault000"], attack)
    item = items["slow0000"]
    run.begin(item)
    run.step(item.id, "sl1", "wait 30 s", attempt(Cause.TIMEOUT, "no answer within 5000 ms", ms=5000,
             hint="raise the step's timeout, or look at the provider's load", request="[30000]"),
             target=NOTIFY)  # fmt: skip
    run.end(item)
    item = items["gone0000"]
    run.begin(item)
    run.step(item.id, "go1", "refund", attempt(Cause.NO_PROVIDER, "no provider of com.example.trade.RefundFacade",
             ms=2, provider="", hint="the registry has group blue only; did you mean group: blue?"),
             target="com.example.trade.RefundFacade#refund(java.lang.String)")  # fmt: skip
    run.end(item)
    item = items["script00"]
    run.begin(item)
    run.log(item.id, "before the loop", step="sc1")
    run.step(item.id, "sc1", "loop", attempt(Cause.SCRIPT, "line 2: the time limit of 5 s is over", ms=5001,
             provider="", mode="script"), kind="script")  # fmt: skip
    run.end(item)
    _flaky(run, items["flaky000"])
    run.begin(items["skip0000"])
    run.end(items["skip0000"], verdict=Verdict.SKIPPED)
    item = items["lost0000"]
    run.begin(item)
    run.step(item.id, "lo1", "create order", attempt(Cause.BRIDGE_LOST, "the bridge ended with code 137", ms=40,
             provider=""), target=ORDER)  # fmt: skip
    run.end(item)


def _faulty(run: RunBuilder, item: Item, attack: str) -> None:
    chain = (
        RemoteException("com.example.trade.LedgerDownException", "ledger-7 is down", fields='{"retryAfter":30}'),
        RemoteException("java.net.ConnectException", f"Connection refused{attack}"),
    )
    stack = "java.lang.IllegalStateException: cannot book\n\tat com.example.trade.Ledger.book(Ledger.java:41)\n" * 3
    error = RemoteException("java.lang.IllegalStateException", "cannot book", None, "{}", chain, stack)
    failure = Failure(Cause.PROVIDER_EXCEPTION, "java.lang.IllegalStateException: cannot book")
    run.begin(item)
    run.step(item.id, "fa1", "支付", attempt(Cause.PROVIDER_EXCEPTION, ms=15, failure=failure, exception=error,
             request='[{"paymentId":"P9","fault":true}]'), target=PAY)  # fmt: skip
    run.end(item)


def _flaky(run: RunBuilder, item: Item) -> None:
    waiting = attempt(Cause.ASSERTION, 'response.body.status: expected "SHIPPED", was "PACKING"', ms=80, mode="http",
                      provider="127.0.0.1:8080", response='{"status":200,"body":{"status":"PACKING"}}',
                      assertions=(check('response.body.status == "SHIPPED"', False, actual='"PACKING"'),))  # fmt: skip
    shipped = attempt(ms=75, mode="http", number=2, provider="127.0.0.1:8080",
                      response='{"status":200,"body":{"status":"SHIPPED"}}',
                      assertions=(check('response.body.status == "SHIPPED"'),))  # fmt: skip
    run.begin(item)
    run.step(item.id, "fl1", "shipped?", waiting, shipped, kind="http", target="GET /status/{id}")
    run.end(item)


def many_cases(count: int) -> tuple[RunPlan, Iterator[AnyEvent]]:
    """Cases of three steps with 1 KB bodies; the events are made while they are read."""
    plan_builder = RunBuilder(suite="load")
    scenario = plan_builder.scenario("10ad0000", "Load")
    items = [plan_builder.case(scenario, f"case{at:06d}", f"case {at}") for at in range(count)]
    plan_builder.start()
    return plan_builder.plan(), _stream(plan_builder, items)


def _stream(run: RunBuilder, items: list[Item]) -> Iterator[AnyEvent]:
    body = json.dumps([{"buyerId": "1", "filler": "x" * 1000}])
    for at, item in enumerate(items):
        run.begin(item)
        for number in range(2):
            run.step(item.id, f"s{number}", f"step {number}", attempt(request=body, response=body), target=ORDER)
        cause = Cause.ASSERTION if at % 10 == 0 else None
        run.step(item.id, "s2", "pay", attempt(cause, f"response.amount: expected {at}", response=body), target=PAY)
        run.end(item)
        run._steps.clear()
        yield from run.events
        run.events.clear()
    run.finish()
    yield from run.events
