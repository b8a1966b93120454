"""Thousands of interfaces and artifacts in turn: memory stays bounded, and no call is harmed when a JVM is replaced."""

import asyncio
import os
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from bridge_calls import NOTIFY, ok
from java_provider import JAVAC
from kazoo.client import KazooClient
from scripted_provider import ScriptedProvider, returns, scripted_provider

from workbench.invokers import Bridge, DubboInvoker
from workbench.model.plan import Target
from workbench.plugin_api import Answer, DubboCall
from workbench.usecases.samples import SampleProcess, WorldState

MANY = 2_000
AT_ONCE = 20
JVM_MB = 1_200  # heap 768, classes 512 and what Java itself takes, never all at once
OWN_GROWTH_MB = 64


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """2,000 jars, each with an interface and a type of its own."""
    folder = tmp_path_factory.mktemp("many")
    sources = []
    for number in range(MANY):
        source = folder / f"F{number}.java"
        source.write_text(
            f"package many; public interface F{number} {{ String ask(Q{number} q); }} "
            f"class Q{number} implements java.io.Serializable {{ String text; int number; }}"
        )
        sources.append(source)
    (folder / "all").write_text("\n".join(map(str, sources)))
    subprocess.run([*JAVAC, "--release", "17", "-d", folder / "classes", f"@{folder / 'all'}"], check=True)
    return [_jar(folder, number) for number in range(MANY)]


def _jar(folder: Path, number: int) -> Path:
    jar = folder / f"f{number}.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        for name in (f"many/F{number}.class", f"many/Q{number}.class"):
            archive.write(folder / "classes" / name, name)
    return jar


@pytest.fixture
def provider(zookeeper: SampleProcess) -> Iterator[ScriptedProvider]:
    """Offers every one of them, and is registered for each."""
    with scripted_provider(lambda body: returns("pong")) as found:
        client = KazooClient(zookeeper.address.removeprefix("zookeeper://"), timeout=10)
        client.start(timeout=30)
        try:
            for number in range(MANY):
                url = f"{found.address}/many.F{number}?interface=many.F{number}&methods=ask&side=provider&release=3.3.6"
                client.create(f"/dubbo/many.F{number}/providers/{quote(url, safe='')}", makepath=True)
        finally:
            client.stop()
            client.close()
        yield found


@pytest.mark.matrix
@pytest.mark.parametrize("typed", [True, False])
def test_thousands_of_interfaces_and_artifacts_in_turn(
    tmp_path: Path,
    sample_world: WorldState,
    zookeeper: SampleProcess,
    provider: ScriptedProvider,
    artifacts: list[Path],
    typed: bool,
) -> None:
    slow = DubboCall(NOTIFY, "waitFor", ("long",), "[20000]", Target(registries=(sample_world.registry,)), 120_000)

    def call(number: int) -> DubboCall:
        jars = (str(artifacts[number]),) if typed else ()
        to = Target(registries=(zookeeper.address,), artifacts=jars)
        return DubboCall(f"many.F{number}", "ask", (f"many.Q{number}",), '[{"text":"x","number":1}]', to, 60_000)

    async def use() -> None:
        bridge = Bridge("calls", tmp_path)
        invoker = DubboInvoker(bridge)
        pids: set[int] = set()
        under_way: list[asyncio.Task[Answer]] = []
        own: list[int] = []
        for first in range(0, MANY, AT_ONCE):
            if first % 100 == 0:
                under_way.append(asyncio.create_task(invoker.invoke(slow)))
            answers = await asyncio.gather(*(invoker.invoke(call(n)) for n in range(first, first + AT_ONCE)))
            assert {ok(answer) for answer in answers} == {'"pong"'}
            alive = children()
            assert len(alive) <= 2
            pids.update(alive)
            assert all(megabytes(pid) < JVM_MB for pid in alive)
            own.append(megabytes(os.getpid()))
        for answer in await asyncio.gather(*under_way):
            ok(answer)
        print("JVMs", len(pids), "own MB", own[len(own) // 4], own[-1])
        assert not typed or len(pids) >= 5
        assert own[-1] - own[len(own) // 4] < OWN_GROWTH_MB
        await bridge.close()

    asyncio.run(use())


def children() -> list[int]:
    """JVMs of this process that have not ended."""
    pids = [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return [pid for pid in pids if b"bridge.jar" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def megabytes(pid: int) -> int:
    """Resident memory."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
    except FileNotFoundError:
        return 0
