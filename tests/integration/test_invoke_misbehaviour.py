"""Providers that misbehave on the wire: silent, hanging up, too talkative, talking nonsense, gone in the middle."""

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from bridge_calls import NOTIFY, PATIENCE_S, TEXT, TRADE, Caller, ask_until, cause, is_caused, looked_into, ok, until
from java_provider import JavaProvider, java_provider
from scripted_provider import FASTJSON2, HESSIAN, SERVICE_ERROR, returns, scripted_provider, text

from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import Answer, DubboCall
from workbench.usecases.samples import SampleProcess, WorldState

pytestmark = pytest.mark.xdist_group("invoke-misbehaviour")  # one process starts what they share

Start = Callable[..., SampleProcess]
ECHO = "com.example.Echo"
BIG_MB = 50


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


def said(answer: Answer) -> str:
    assert answer.failure is not None
    return f"{answer.failure.message} → {answer.failure.hint}"


def test_a_provider_that_never_answers(call: Caller) -> None:
    with scripted_provider(lambda body: b"") as silent:
        answer = call(Target(url=silent.address), ECHO, "hi", TEXT, '["x"]', timeout_ms=500)
        call.runner.run(until(lambda: silent.requests > 0))
    assert cause(answer) is Cause.TIMEOUT
    assert "500 ms" in said(answer)
    assert silent.requests == 1


def test_a_provider_that_hangs_up_and_then_answers(call: Caller) -> None:
    """Calls under way end with the connection, not with their timeout; the next call connects again."""
    answers = itertools.chain([None], itertools.repeat(returns("back")))  # that to a call that came early may be lost
    with scripted_provider(lambda body: next(answers)) as moody:
        to = Target(url=moody.address)
        began = time.monotonic()
        lost = call(to, ECHO, "hi", TEXT, '["x"]', timeout_ms=60_000)
        assert time.monotonic() - began < 30
        assert cause(lost) is Cause.NETWORK
        assert "closed the connection before it answered" in said(lost)
        assert "whether it did the work is not known" in said(lost)
        back = ask_until(lambda: call(to, ECHO, "hi", TEXT, '["x"]'), is_caused(None))
    assert ok(back) == '"back"'


def test_many_calls_that_time_out_together_are_looked_into_once(call: Caller) -> None:
    """Over tri a frozen provider is asked what it speaks, which takes a second: not for each call in turn."""
    with socket.socket(socket.AF_INET6) as frozen, contextlib.ExitStack() as held:
        frozen.bind(("::1", 0))
        frozen.listen(200)
        to = Target(url=f"tri://[::1]:{frozen.getsockname()[1]}")
        calls = [DubboCall(ECHO, "hi", TEXT, '["x"]', to, timeout_ms=500) for _ in range(20)]

        async def together() -> list[Answer]:
            return list(await asyncio.gather(*map(call.invoker.invoke, calls)))

        answers = call.runner.run(together())
        frozen.setblocking(False)
        connections = 0
        with contextlib.suppress(BlockingIOError):
            while held.enter_context(frozen.accept()[0]):
                connections += 1
    assert {cause(answer) for answer in answers} == {Cause.TIMEOUT}
    assert connections < len(calls)


def test_a_provider_that_breaks_each_connection_off(call: Caller) -> None:
    """With a reset, before anything is sent: Dubbo names a class of Netty's, and no more."""
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listening:

        def refuse() -> None:
            with contextlib.suppress(OSError):
                while True:
                    one, _ = listening.accept()
                    with one, contextlib.suppress(OSError):  # broken off from there already
                        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        thread = threading.Thread(target=refuse)
        thread.start()
        to = Target(url=f"dubbo://[::1]:{listening.getsockname()[1]}")
        answers = [call(to, ECHO, "hi", TEXT, '["x"]') for _ in range(5)]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert {cause(answer) for answer in answers} == {Cause.NETWORK}
    assert not [said(answer) for answer in answers if "io.netty" in said(answer)]


def test_a_provider_that_is_killed_under_many_calls(call: Caller, start_provider: Start) -> None:
    """What each of them brings about next is known not to have been sent, however soon it comes."""
    doomed = start_provider("notify")
    to = Target(url=doomed.address)
    ok(call(to, NOTIFY, "waitFor", ("long",), "[1]"))
    wait = DubboCall(NOTIFY, "waitFor", ("long",), "[300000]", to, timeout_ms=300_000)
    behind = DubboCall(NOTIFY, "waitFor", ("long",), "[1]", to, timeout_ms=PATIENCE_S * 1_000)

    async def two() -> tuple[Answer, Answer]:
        return await call.invoker.invoke(wait), await call.invoker.invoke(wait)

    async def use() -> list[tuple[Answer, Answer]]:
        under_way = [asyncio.ensure_future(two()) for _ in range(100)]
        await asyncio.sleep(0)  # they have begun
        ok(await call.invoker.invoke(behind))  # and have arrived, as this one came behind them
        doomed.stop(kill=True)
        async with asyncio.timeout(PATIENCE_S):
            return await asyncio.gather(*under_way)

    answers: list[tuple[Answer, Answer]] = call.runner.run(use())
    assert {cause(answer) for two in answers for answer in two} == {Cause.NETWORK}
    assert any("closed the connection" in said(first) for first, _ in answers)  # a late one meets nobody
    assert all("closed the connection" in said(each) or "cannot be reached" in said(each) for each, _ in answers)
    assert {"cannot be reached" in said(second) for _, second in answers} == {True}


def test_an_answer_of_50_megabytes(call: Caller) -> None:
    big = "x" * (BIG_MB << 20)
    body = returns(big)
    with scripted_provider(lambda _: body) as talkative:
        to = Target(url=talkative.address)
        assert ok(call(to, ECHO, "hi", TEXT, '["x"]', timeout_ms=60_000)) == f'"{big}"'


def test_an_answer_beyond_the_limit_and_one_after_it(call: Caller) -> None:
    """Its connection stays of use."""
    answers = iter([returns("x" * (2 << 20)), returns("small")])
    with scripted_provider(lambda _: next(answers)) as talkative:
        to = Target(url=f"{talkative.address}?payload=1048576")
        answer = call(to, ECHO, "hi", TEXT, '["x"]')
        small = call(to, ECHO, "hi", TEXT, '["x"]')
    assert cause(answer) is Cause.SERIALIZATION
    assert "the answer is too large: 2097" in said(answer)
    assert "1048576" in said(answer)
    assert "?payload=4194304" in said(answer)
    assert ok(small) == '"small"'


def test_a_request_beyond_the_limit(call: Caller, sample_world: WorldState) -> None:
    to = Target(registries=(sample_world.registry,))
    answer = call(to, TRADE, "query", TEXT, '["%s"]' % ("x" * (9 << 20)))
    assert cause(answer) is Cause.SERIALIZATION
    assert "the request is too large: 943" in said(answer)


def test_an_answer_that_is_nonsense(call: Caller) -> None:
    with scripted_provider(lambda _: b"\xff\xfenonsense") as mad:
        answer = call(Target(url=mad.address), ECHO, "hi", TEXT, '["x"]')
    assert cause(answer) is Cause.SERIALIZATION


@pytest.mark.parametrize(
    ("serialization", "body"),
    [
        (HESSIAN, b"\x91V\x13[long\x49\x7f\xff\xff\xff"),  # a value: an array of 2,147,483,647 numbers
        (HESSIAN, b"\x91V\x10java.util.HashSetI\x7f\xff\xff\xff"),
        (HESSIAN, b"\x91X\x7f\xff\xff\xff"),
        (FASTJSON2, returns("in Hessian")),  # read as the length of what follows: 2.4 GB
        (FASTJSON2, b"\xff\xff\xff\xff"),
        (FASTJSON2, b"\x00\x00\x00\x01\x01\x7f\xff\xff\xff\x00"),
        (FASTJSON2, b"\x00\x00\x00\x01\x01\x00\x00\x00\x06\xa4\x48\x7f\xff\xff\xff"),  # a list of as many
        (FASTJSON2, b"\x00\x00\x00\x01\x01\x00\x00\x00\x07\x79\x48\x7f\xff\xff\xff\x41"),  # a text
        (FASTJSON2, b"\x00\x00\x00\x01\x01\x00\x00\x00\x06\x91\x48\x7f\xff\xff\xff"),  # bytes
    ],
)
def test_lengths_in_an_answer_that_are_none(call: Caller, serialization: int, body: bytes) -> None:
    """Room for so much would take all memory of the JVM, and end all calls under way."""
    first = call.bridge.pid
    more = {"serialization": "fastjson2"} if serialization == FASTJSON2 else {}
    with scripted_provider(lambda _: body, serialization=serialization) as mad:
        answer = call(Target(url=mad.address), ECHO, "hi", TEXT, '["x"]', **more)
    assert cause(answer) is Cause.SERIALIZATION, answer
    assert call.bridge.pid == first


def test_a_port_that_speaks_another_protocol(call: Caller, sample_world: WorldState) -> None:
    there = sample_world["trade"].address.removeprefix("dubbo://")
    answer = looked_into(lambda ms: call(Target(url=f"tri://{there}"), TRADE, "query", TEXT, '["x"]', timeout_ms=ms))
    assert cause(answer) is Cause.NETWORK
    assert f"{there} speaks dubbo, and was called with tri" in said(answer)
    assert f"write dubbo://{there}" in said(answer)


def test_a_provider_that_is_slow_to_say_what_it_offers(call: Caller) -> None:
    """It has one answer to what it cannot read and to what it has not, so it is asked for more."""

    def answer(body: bytes) -> bytes:
        if b"$isThere" in body:
            time.sleep(2)
            return text("java.lang.NoSuchMethodException: $isThere")
        return text("Fail to decode request due to: RpcInvocation [...]")

    with scripted_provider(answer, status=SERVICE_ERROR) as slow:
        to = Target(url=slow.address)
        unread = ask_until(
            lambda: call(to, ECHO, "hi", TEXT, '["x"]', serialization="fastjson2"), is_caused(Cause.SERIALIZATION)
        )
    assert "cannot read the request in serialization fastjson2; it reads hessian2" in said(unread)


SETTINGS = b"\0\0\0\4\0\0\0\0\0"  # an empty frame of HTTP/2, the first that a server sends


def test_a_provider_that_is_slow_to_say_what_it_speaks(call: Caller) -> None:
    """As one is on a busy machine: what it says after more than half a second is still heard."""

    def serve(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            if connection.recv(4) == b"PRI ":
                time.sleep(0.7)
                connection.sendall(SETTINGS)
                connection.recv(1)

    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listening:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

        thread = threading.Thread(target=accept)
        thread.start()
        there = f"[::1]:{listening.getsockname()[1]}"
        answer = looked_into(lambda ms: call(Target(url=f"dubbo://{there}"), ECHO, "hi", TEXT, '["x"]', timeout_ms=ms))
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert cause(answer) is Cause.NETWORK
    assert f"{there} speaks tri, and was called with dubbo" in said(answer)


TRIPLE = """
package com.example;
import org.apache.dubbo.config.*;
public class Triple implements Echo {
    public String hi(String name) throws InterruptedException { Thread.sleep(Long.parseLong(name)); return name; }
    public String large(int megabytes) { return "x".repeat(megabytes << 20); }
    public Node deep(int levels) {
        Node top = null;
        for (int i = 0; i < levels; i++) {
            Node next = new Node();
            next.below = top;
            top = next;
        }
        return top;
    }
    public static void main(String[] arguments) throws Exception {
        ApplicationConfig application = new ApplicationConfig("triple");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        ServiceConfig<Echo> service = new ServiceConfig<>();
        service.setApplication(application);
        service.setInterface(Echo.class);
        service.setRef(new Triple());
        service.setProtocol(new ProtocolConfig("tri", Integer.parseInt(arguments[0])));
        service.setRegistry(new RegistryConfig("N/A"));
        service.export();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
"""
ECHO_JAVA = """
package com.example;
public interface Echo {
    String hi(String name) throws Exception;
    String large(int megabytes);
    Node deep(int levels);
}
"""
NODE = "package com.example; public class Node implements java.io.Serializable { public Node below; }"
TRIPLE_SOURCES = {"com.example.Echo": ECHO_JAVA, "com.example.Node": NODE, "com.example.Triple": TRIPLE}


@pytest.fixture(scope="module")
def triple(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaProvider]:
    with java_provider(tmp_path_factory.mktemp("triple"), TRIPLE_SOURCES, "com.example.Triple") as provider:
        yield provider


def test_an_answer_beyond_the_limit_of_tri(call: Caller, triple: JavaProvider) -> None:
    """Dubbo says it with the status that services end with, as if it were the method's answer."""
    for artifacts in (triple.jar,), ():
        to = Target(url=triple.url.replace("dubbo:", "tri:"), artifacts=artifacts)
        answer = call(to, ECHO, "large", ("int",), "[9]")
        assert cause(answer) is Cause.SERIALIZATION
        assert "max-response-body-size" in said(answer)


def test_an_answer_that_is_nested_too_deeply_to_be_read(call: Caller, triple: JavaProvider) -> None:
    """The provider has written it with less of its stack than reading takes."""
    to = Target(url=triple.url.replace("dubbo:", "tri:"), artifacts=(triple.jar,))
    answer = call(to, ECHO, "deep", ("int",), "[900]")
    assert cause(answer) is Cause.SERIALIZATION
    assert "nested too deeply" in said(answer) or "nested deeper than" in said(answer)


def test_a_tri_port(call: Caller, triple: JavaProvider) -> None:
    """Slow is slow; only a wrong protocol is told as one."""
    there = triple.url.removeprefix("dubbo://")
    right = Target(url=f"tri://{there}", artifacts=(triple.jar,))
    assert ok(call(right, ECHO, "hi", TEXT, '["0"]')) == '"0"'
    assert cause(call(right, ECHO, "hi", TEXT, '["5000"]', timeout_ms=500)) is Cause.TIMEOUT
    wrong = call(Target(url=f"dubbo://{there}", artifacts=(triple.jar,)), ECHO, "hi", TEXT, '["0"]')
    assert cause(wrong) is Cause.NETWORK
    assert f"{there} speaks tri, and was called with dubbo" in said(wrong)


def test_more_calls_than_a_tri_provider_has_threads(call: Caller, triple: JavaProvider) -> None:
    """It resets their streams; whether it has read them is not known, so none is sent again."""
    to = Target(url=triple.url.replace("dubbo:", "tri:"), artifacts=(triple.jar,))
    ok(call(to, ECHO, "hi", TEXT, '["0"]'))

    async def flood(millis: int) -> list[Answer]:
        wait = DubboCall(ECHO, "hi", TEXT, f'["{millis}"]', to, timeout_ms=120_000)
        return await asyncio.gather(*(call.invoker.invoke(wait) for _ in range(256)))

    for millis in (5_000, 20_000):  # on a busy machine the first may have ended before the last are sent
        answers: list[Answer] = call.runner.run(flood(millis))
        refused = [answer for answer in answers if answer.failure]
        if refused:
            break
    assert {cause(answer) for answer in refused} == {Cause.NETWORK}
    assert any("all of the provider's threads are busy" in said(answer) for answer in refused)


def test_a_tri_provider_that_is_killed_under_many_calls(call: Caller, tmp_path_factory: pytest.TempPathFactory) -> None:
    with java_provider(tmp_path_factory.mktemp("doomed"), TRIPLE_SOURCES, "com.example.Triple") as doomed:
        to = Target(url=doomed.url.replace("dubbo:", "tri:"), artifacts=(doomed.jar,))
        ok(call(to, ECHO, "hi", TEXT, '["0"]'))
        wait = DubboCall(ECHO, "hi", TEXT, '["300000"]', to, timeout_ms=300_000)
        behind = DubboCall(ECHO, "hi", TEXT, '["0"]', to, timeout_ms=PATIENCE_S * 1_000)

        async def use() -> list[Answer]:
            under_way = [asyncio.ensure_future(call.invoker.invoke(wait)) for _ in range(50)]
            await asyncio.sleep(0)  # they have begun
            ok(await call.invoker.invoke(behind))  # and have arrived, as this one came behind them
            os.kill(doomed.pid, signal.SIGKILL)
            async with asyncio.timeout(PATIENCE_S):
                return await asyncio.gather(*under_way)

        answers: list[Answer] = call.runner.run(use())
    assert {cause(answer) for answer in answers} == {Cause.NETWORK}
    assert all("closed the connection" in said(each) or "cannot be reached" in said(each) for each in answers)
    assert any("whether it did the work is not known" in said(answer) for answer in answers)


@pytest.mark.parametrize(
    ("target", "more", "named"),
    [
        ({}, {"serialization": "kryo"}, "hessian2 or fastjson2"),
        ({}, {"protocol": "thrift"}, "dubbo or tri"),
        ({"url": "http://localhost:80"}, {}, "dubbo or tri"),
    ],
)
def test_protocols_and_serializations_that_there_are_not(
    call: Caller, sample_world: WorldState, target: dict[str, str], more: dict[str, str], named: str
) -> None:
    """Dubbo takes another without a word."""
    to = Target(**target) if target else Target(registries=(sample_world.registry,))  # type: ignore[arg-type]
    answer = call(to, TRADE, "query", TEXT, '["x"]', **more)
    assert cause(answer) is Cause.CONFIG
    assert named in said(answer)


def test_a_protocol_that_no_provider_speaks(call: Caller, sample_world: WorldState) -> None:
    answer = call(Target(registries=(sample_world.registry,)), TRADE, "query", TEXT, '["x"]', protocol="tri")
    assert cause(answer) is Cause.NO_PROVIDER
    assert "speaks tri; they speak dubbo" in said(answer)


def test_a_connection_that_is_never_made_is_the_networks(call: Caller) -> None:
    """Longer than the call may take: Dubbo hides it behind a NullPointerException of its own, and waits three seconds
    by itself, however short the call's own time is."""
    with socket.socket(socket.AF_INET6) as full, contextlib.ExitStack() as waiting:
        full.bind(("::1", 0))
        full.listen(0)  # takes no more than one that nobody accepts: further handshakes get no answer
        for _ in range(4):
            one = waiting.enter_context(socket.socket(socket.AF_INET6))
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        to = Target(url=f"dubbo://[::1]:{full.getsockname()[1]}")
        answers = [call(to, TRADE, "query", TEXT, '["x"]', timeout_ms=500) for _ in range(4)]
    for answer in answers:
        assert cause(answer) is Cause.NETWORK
        assert answer.failure is not None
        assert "cannot be reached" in answer.failure.message
    # a busy machine is slow now and then, not each time
    assert min(answer.elapsed_us for answer in answers) < 2_500_000, "its own time, not Dubbo's three seconds"
