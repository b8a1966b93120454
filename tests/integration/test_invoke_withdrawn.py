"""Calls that nobody waits for any more, for their run was cut off: a bridge that lives on does no more of them."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from ages import AGES, OPENED
from bridge_calls import TEXT, ok, until
from java_provider import JavaProvider, java_provider
from msgspec.structs import replace

from workbench.invokers import Bridge, DubboInvoker
from workbench.model.plan import Target
from workbench.plugin_api import Answer, DubboCall

pytestmark = pytest.mark.xdist_group("invoke-withdrawn")  # one process starts what they share

RADIO = "com.example.Radio"
RADIO_JAVA = """
package com.example;
import org.apache.dubbo.common.stream.StreamObserver;
public interface Radio {
    StreamObserver<String> talk(StreamObserver<String> out);
    String hold(String file) throws InterruptedException;
    String heard(String what);
}
"""
STUDIO = """
package com.example;
import java.nio.file.*;
import java.util.Queue;
import java.util.concurrent.*;
import org.apache.dubbo.common.stream.StreamObserver;
import org.apache.dubbo.config.*;
import org.apache.dubbo.config.bootstrap.DubboBootstrap;
public class Studio implements Radio {
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    public StreamObserver<String> talk(StreamObserver<String> out) {
        return new StreamObserver<String>() {
            public void onNext(String word) {
                heard.add(word);
            }
            public void onError(Throwable cancelled) {
                heard.add("talk cancelled");
            }
            public void onCompleted() {
                heard.add("all of it");
            }
        };
    }
    public String hold(String file) throws InterruptedException {
        heard.add("hold " + file);
        System.err.println("holds");
        while (!Files.exists(Path.of(file.split("[?]")[0]))) {
            Thread.sleep(10);
        }
        return file;
    }
    public String heard(String what) {
        return String.join(",", heard);
    }
    public static void main(String[] arguments) throws Exception {
        ApplicationConfig application = new ApplicationConfig("studio");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        ProtocolConfig protocol = new ProtocolConfig(System.getProperty("protocol"), Integer.parseInt(arguments[0]));
        protocol.setSerialization("hessian2");
        if (Boolean.getBoolean("narrow")) {
            protocol.setThreadpool("fixed");
            protocol.setThreads(1);
            protocol.setQueues(0);
        }
        ServiceConfig<Radio> service = new ServiceConfig<>();
        service.setInterface(Radio.class);
        service.setRef(new Studio());
        DubboBootstrap.getInstance().application(application).registry(new RegistryConfig("N/A")).protocol(protocol)
            .service(service).start();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
"""
LONG_MS = 3_600_000
Ask = Callable[..., "asyncio.Task[Answer]"]


@pytest.fixture(params=["3.3", "3.2"])
def studio(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[JavaProvider]:
    with _studio(tmp_path, request.param, "tri") as up:
        yield up


@contextmanager
def _studio(folder: Path, release: str, protocol: str, *more: str) -> Iterator[JavaProvider]:
    libraries = "" if release == "3.3" else os.fspath(AGES / f"dubbo-{release}" / "target" / "lib" / "*")
    sources = {RADIO: RADIO_JAVA, "com.example.Studio": STUDIO}
    jvm = (f"-Dprotocol={protocol}", *more, *OPENED)
    with java_provider(folder, sources, "com.example.Studio", dubbo=libraries, jvm=jvm) as up:
        yield replace(up, url=up.url.replace("dubbo:", f"{protocol}:"))


@asynccontextmanager
async def asking(provider: JavaProvider, folder: Path) -> AsyncIterator[Ask]:
    bridge = Bridge("calls", folder, brief=True)
    invoker = DubboInvoker(bridge)
    target = Target(url=provider.url, artifacts=(provider.jar,))

    def ask(
        method: str, erased: tuple[str, ...] = TEXT, arguments: str = '["x"]', url: str = ""
    ) -> "asyncio.Task[Answer]":
        call = DubboCall(RADIO, method, erased, arguments, target, timeout_ms=LONG_MS, url=url)
        return asyncio.create_task(invoker.invoke(call))

    try:
        yield ask
    finally:
        await bridge.close()


OBSERVER = "org.apache.dubbo.common.stream.StreamObserver"


def test_a_stream_of_which_nobody_waits_for_the_end_is_cancelled(studio: JavaProvider, tmp_path: Path) -> None:
    async def use() -> None:
        async with asking(studio, tmp_path) as ask:
            talk = ask("talk", (OBSERVER,), '["a", "b"]')
            for said in ("all of it", "talk cancelled"):
                async with asyncio.timeout(180):
                    while said not in ok(await ask("heard")):
                        continue  # each asks the provider
                talk.cancel()

    asyncio.run(use())


def test_a_call_that_waits_for_a_free_thread_is_not_sent_when_nobody_waits_for_it(tmp_path: Path) -> None:
    """The provider refuses it unread, so it is sent again until its timeout, but not beyond the end of its run."""
    free = tmp_path / "free"

    async def use(studio: JavaProvider) -> None:
        async with asking(studio, tmp_path) as ask:
            first = ask("hold", arguments=f'["{free}"]')
            await until(lambda: "holds" in studio.log.read_text())
            second = ask("hold", arguments=f'["{free}?second"]')
            await until(lambda: "exhausted" in studio.log.read_text().lower())
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            await ask("heard", url="dubbo://[::1]:1")  # the bridge has read what came before
            free.touch()
            ok(await first)
            assert "second" not in ok(await ask("heard"))

    with _studio(tmp_path, "3.3", "dubbo", "-Dnarrow=true") as studio:
        asyncio.run(use(studio))
