"""Short forms of calls through a real bridge."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.invokers import Bridge, DubboInvoker
from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer, DubboCall

PATIENCE_S = 180  # other test runs may share the cores
TRADE = "com.example.trade.TransAiFacade"
NOTIFY = "com.example.notify.MessageNotifyAiFacade"
ORDER = "com.example.order.BizOrderAiFacade"
PAY = ("com.example.trade.PayOrderRequest",)
TEXT = ("java.lang.String",)


class Caller:
    """An event loop, a bridge and its invoker; every call waits for its answer."""

    def __init__(self, log_dir: Path) -> None:
        self.runner = asyncio.Runner()
        self.bridge = Bridge("calls", log_dir, brief=True)
        self.invoker = DubboInvoker(self.bridge)

    def __call__(
        self, target: Target, interface: str, method: str, erased: tuple[str, ...] | None, arguments: str, **more: Any
    ) -> Answer:
        """Patient, for the cores may be shared; say `timeout_ms` where it matters."""
        more.setdefault("timeout_ms", 20_000)
        call = DubboCall(interface, method, erased, arguments, target, **more)
        return self.runner.run(self.invoker.invoke(call))

    def close(self) -> None:
        self.runner.run(self.invoker.close())
        self.runner.close()


async def until(wanted: Callable[[], object]) -> None:
    """Lets the loop go on until it is true."""
    end = time.monotonic() + PATIENCE_S
    while not wanted():
        assert time.monotonic() < end, "it did not come true in time"
        await asyncio.sleep(0.02)


def ask_until(ask: Callable[[], Answer], wanted: Callable[[Answer], bool]) -> Answer:
    """Asks again until the answer is the wanted one: news of a registry or a connection need a moment to arrive."""
    end = time.monotonic() + PATIENCE_S
    while not wanted(answer := ask()):
        assert time.monotonic() < end, answer
        time.sleep(0.1)
    return answer


def looked_into(ask: Callable[[int], Answer]) -> Answer:
    """Of a call that gets no answer because the provider speaks otherwise: it may take all of its time, here in
    milliseconds, and then the provider is asked what it speaks. A busy one may be too slow to say that within a second:
    then the call is told as one that was not answered."""
    end = time.monotonic() + PATIENCE_S
    answer = ask(2_000)
    while _is_unanswered(answer):
        assert time.monotonic() < end, answer
        answer = ask(20_000)
    return answer


def _is_unanswered(answer: Answer) -> bool:
    assert answer.failure is not None, answer.response
    told = ("closed the connection before", "speaks neither dubbo nor tri")
    return answer.failure.cause is Cause.TIMEOUT or any(each in answer.failure.message for each in told)


def is_caused(wanted: Cause | None) -> Callable[[Answer], bool]:
    """Whether an answer is a failure of that cause; None: whether it is good."""
    return lambda answer: (answer.failure.cause if answer.failure else None) is wanted


def cause(answer: Answer) -> Cause:
    """Of an answer that has to be a failure."""
    assert answer.failure is not None, answer.response
    assert answer.response is None
    return answer.failure.cause


def ok(answer: Answer) -> str:
    """The response of an answer that has to be good."""
    assert answer.failure is None, answer.failure
    assert answer.response is not None
    return answer.response
