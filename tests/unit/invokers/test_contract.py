"""What every invoker has to keep: one suite, run against each implementation."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from workbench.invokers import Bridge, DubboInvoker, HttpInvoker, MockInvoker, ToolInvoker
from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer, DubboCall, HttpCall, Invoker, ToolCall

DUBBO = DubboCall("com.example.A", "m", (), "[]", Target(url="dubbo://[::1]:1"), timeout_ms=20_000)
TOOL = ToolCall("t", (), "java.lang.Math", "abs", ("int",), "[-1]", timeout_ms=20_000)
Case = tuple[Callable[[Path], Invoker], Any]


class Slow(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        threading.Event().wait(0.3)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Not on stderr."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(params=["mock", "http", "dubbo", "tool"])
def case(request: pytest.FixtureRequest, server: str) -> Case:
    """How to make one, and a call that takes a moment."""
    makers: dict[str, Case] = {
        "mock": (lambda _: MockInvoker(lambda _: Answer(response="1"), delay_s=0.3), DUBBO),
        "http": (lambda _: HttpInvoker(), HttpCall("GET", server)),
        "dubbo": (lambda logs: DubboInvoker(Bridge("calls", logs)), DUBBO),
        "tool": (lambda logs: ToolInvoker(Bridge("tools", logs)), TOOL),
    }
    return makers[request.param]


def run(case: Case, logs: Path, work: Callable[[Invoker, Any], Awaitable[None]]) -> None:
    async def all_of_it() -> None:
        invoker = case[0](logs)
        await work(invoker, case[1])
        await invoker.close()
        assert asyncio.all_tasks() == {asyncio.current_task()}

    before = threading.enumerate()
    asyncio.run(all_of_it(), debug=True)
    for thread in set(threading.enumerate()) - set(before):
        if "bridge" in thread.name:
            thread.join(60)  # one that has done its work may need a moment to end
            assert not thread.is_alive(), thread.name


def test_an_answer_is_a_response_or_a_failure(case: Case, tmp_path: Path) -> None:
    async def work(invoker: Invoker, call: Any) -> None:
        for answer in await asyncio.gather(*(invoker.invoke(call) for _ in range(8))):
            assert (answer.response is None) != (answer.failure is None)

    run(case, tmp_path, work)


def test_closing_twice_is_closing_once(case: Case, tmp_path: Path) -> None:
    async def work(invoker: Invoker, call: Any) -> None:
        await invoker.invoke(call)
        await invoker.close()

    run(case, tmp_path, work)


def test_closing_what_was_never_used(case: Case, tmp_path: Path) -> None:
    async def work(invoker: Invoker, call: Any) -> None:
        await invoker.close()

    run(case, tmp_path, work)


def test_a_call_after_close_is_a_failure_not_an_exception(case: Case, tmp_path: Path) -> None:
    async def work(invoker: Invoker, call: Any) -> None:
        await invoker.close()
        answer = await invoker.invoke(call)
        assert answer.failure is not None
        assert answer.failure.cause is Cause.BRIDGE_LOST

    run(case, tmp_path, work)


def test_a_cancelled_call_leaves_nothing_behind(case: Case, tmp_path: Path) -> None:
    async def work(invoker: Invoker, call: Any) -> None:
        waiting = [asyncio.create_task(invoker.invoke(call)) for _ in range(4)]
        await asyncio.sleep(0.02)
        for task in waiting:
            task.cancel()
        assert [type(each) for each in await asyncio.gather(*waiting, return_exceptions=True)] == [
            asyncio.CancelledError
        ] * 4

    run(case, tmp_path, work)


def test_importing_the_package_loads_no_heavy_part() -> None:
    program = "import sys, workbench.invokers; print([m for m in ('py4j', 'httpx', 'msgspec') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
