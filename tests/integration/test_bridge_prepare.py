"""References made before the first call, and JVMs that take the place of full ones."""

import asyncio
import threading
import time
from pathlib import Path

import pytest
from bridge_calls import NOTIFY, PATIENCE_S, TEXT, TRADE, cause, ok, until
from scripted_provider import returns, scripted_provider

from workbench.invokers import Bridge, DubboInvoker
from workbench.invokers.bridge import JvmLimits
from workbench.model.plan import Target
from workbench.model.result import Cause
from workbench.plugin_api import DubboCall
from workbench.usecases.samples import SampleProcess, WorldState, sample_artifact

NOBODY = Target(registries=("zookeeper://192.0.2.77:2181",))  # nobody there, and nobody who refuses


def query(to: Target) -> DubboCall:
    return DubboCall(TRADE, "query", TEXT, '["x"]', to, timeout_ms=20_000)


def typed(registry: str) -> Target:
    return Target(registries=(registry,), artifacts=(str(sample_artifact("trade-api-1.0.0.jar")),))


@pytest.mark.parametrize("with_classes", [True, False])
def test_prepared_services_need_no_registry_any_more(
    tmp_path: Path, zookeeper: SampleProcess, start_provider: object, with_classes: bool
) -> None:
    start_provider("trade")  # type: ignore[operator]
    to = typed(zookeeper.address) if with_classes else Target(registries=(zookeeper.address,))

    async def use() -> None:
        invoker = DubboInvoker(Bridge("calls", tmp_path))
        await invoker.prepare([query(to), query(to)], timeout_s=60)
        zookeeper.stop(kill=True)
        ok(await invoker.invoke(query(to)))
        unprepared = Target(registries=to.registries, group="blue")
        assert cause(await invoker.invoke(query(unprepared))) is Cause.NETWORK
        await invoker.close()

    asyncio.run(use())


def test_preparing_raises_nothing_and_ends_in_time(tmp_path: Path, sample_world: WorldState) -> None:
    async def use() -> None:
        bridge = Bridge("calls", tmp_path)
        invoker = DubboInvoker(bridge)
        await bridge.start()
        lost = Target(url="dubbo://[::1]:1", artifacts=(str(tmp_path / "missing.jar"),))
        took = []
        for number in range(8):  # a busy machine is slow now and then, not each time
            nobody = Target(registries=(f"zookeeper://192.0.2.{number + 80}:2181",))
            began = time.monotonic()
            await invoker.prepare([query(nobody), query(lost), query(Target())], timeout_s=0.3)
            took.append(time.monotonic() - began)
            if took[-1] < 1.5:
                break
        assert took[-1] < 1.5, took  # the silent registry alone is given 1.5 s
        ok(await invoker.invoke(query(Target(registries=(sample_world.registry,)))))
        await invoker.close()

    asyncio.run(use())


def test_preparing_without_a_jvm(tmp_path: Path) -> None:
    jar = tmp_path / "bridge.jar"
    jar.write_text("no jar")

    async def use() -> None:
        invoker = DubboInvoker(Bridge("calls", tmp_path, jar=jar))
        await invoker.prepare([query(NOBODY)])
        assert cause(await invoker.invoke(query(NOBODY))) is Cause.BRIDGE_LOST
        await invoker.close()

    asyncio.run(use())


def test_a_full_jvm_is_replaced_and_its_calls_end_in_peace(tmp_path: Path, sample_world: WorldState) -> None:
    plain = Target(registries=(sample_world.registry,))
    release = threading.Event()

    def answer(body: bytes) -> bytes:
        release.wait(PATIENCE_S)
        return returns("late")

    async def use(slow: DubboCall) -> None:
        bridge = Bridge("calls", tmp_path, limits=JvmLimits(loaders=1))
        invoker = DubboInvoker(bridge)
        ok(await invoker.invoke(query(plain)))  # no classes of anybody's: no loader
        await asyncio.sleep(1.5)
        first = bridge.pid
        assert first is not None
        under_way = [asyncio.create_task(invoker.invoke(slow)) for _ in range(16)]
        ok(await invoker.invoke(query(typed(sample_world.registry))))
        await until(lambda: bridge.pid != first)
        assert alive(first)
        assert not any(task.done() for task in under_way)
        ok(await invoker.invoke(query(plain)))
        release.set()
        assert {ok(each) for each in await asyncio.gather(*under_way)} == {'"late"'}
        await until(lambda: not alive(first))
        second = bridge.pid
        assert second is not None
        await bridge.close()
        assert not alive(second)

    with scripted_provider(answer) as held:
        to = Target(url=held.address)
        asyncio.run(use(DubboCall("com.example.Echo", "hi", TEXT, '["x"]', to, timeout_ms=PATIENCE_S * 1000)))


def test_closing_ends_the_full_jvm_and_the_fresh_one(tmp_path: Path, sample_world: WorldState) -> None:
    slow = DubboCall(NOTIFY, "waitFor", ("long",), "[60000]", Target(registries=(sample_world.registry,)), 90_000)

    async def use() -> None:
        bridge = Bridge("calls", tmp_path, limits=JvmLimits(classes_mb=1))
        invoker = DubboInvoker(bridge)
        under_way = asyncio.create_task(invoker.invoke(slow))
        await until(lambda: bridge.pid is not None)
        first = bridge.pid
        assert first is not None
        await until(lambda: bridge.pid != first)
        second = bridge.pid
        assert second is not None
        await bridge.close()
        assert cause(await under_way) is Cause.BRIDGE_LOST
        assert not alive(first)
        assert not alive(second)

    asyncio.run(use())


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()
