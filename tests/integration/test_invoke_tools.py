"""Tool jars in the second JVM: methods are found, what they print is kept, and what they break is only that JVM."""

import asyncio
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bridge_calls import cause, ok
from java_provider import JAVAC, compile_jar

from workbench.invokers import Bridge, ToolInvoker
from workbench.model.json import loads
from workbench.model.result import Cause
from workbench.plugin_api import Answer, ToolCall
from workbench.usecases.samples import sample_artifact

pytestmark = pytest.mark.xdist_group("invoke-tools")  # one process starts what they share

Tool = Callable[..., Answer]
ROGUE = """
package rogue;
import java.util.concurrent.*;
public class Rogue {
    public static void exit(int code) { System.exit(code); }
    public static int fill() {
        java.util.List<long[]> all = new java.util.ArrayList<>();
        while (true) all.add(new long[1 << 22]);
    }
    public static void sleep(long millis) throws InterruptedException { Thread.sleep(millis); }
    public static void spin() { while (true) Thread.onSpinWait(); }
    public static int deep() { return 1 + deep(); }
    public static String fail(String text) { throw new IllegalStateException(text, new java.io.IOException("below")); }
    public static String both(String text) { return "text"; }
    public static String both(CharSequence text) { return "sequence"; }
    public static java.math.BigDecimal twice(java.math.BigDecimal amount) { return amount.add(amount); }
    public static String day(java.util.Date day) { return day.toInstant().toString(); }
    public static java.util.Date epoch() { return new java.util.Date(0); }
    private static final ExecutorService POOL = Executors.newFixedThreadPool(1, work -> {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    });
    public static void pooled(String text) throws Exception { POOL.submit(() -> System.out.println(text)).get(); }
    private static final CountDownLatch GO = new CountDownLatch(1);
    private static final CountDownLatch WAITS = new CountDownLatch(1);
    public static void await() throws InterruptedException { WAITS.countDown(); GO.await(); }
    public static boolean waiting() throws InterruptedException { return WAITS.await(15, TimeUnit.SECONDS); }
    public static void go() { GO.countDown(); }
    public static void parallel() { java.util.stream.IntStream.range(0, 64).parallel().forEach(System.out::println); }
    public static void swap() { System.setOut(new java.io.PrintStream(new java.io.ByteArrayOutputStream())); }
    public static void close() { System.out.close(); System.err.close(); }
    public static int read() throws java.io.IOException { return System.in.read(); }
    static class Mute extends RuntimeException { public String getMessage() { throw new AssertionError("mute"); } }
    public static void mute() { throw new Mute(); }
    public static java.util.List<String> sour() {
        return new java.util.AbstractList<>() {
            public String get(int index) { throw new AssertionError("sour"); }
            public int size() { return 1; }
        };
    }
    public static void chatter(int lines) {
        for (int i = 0; i < lines; i++) System.out.println("line " + i);
    }
}
"""


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def invoker(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ToolInvoker]:
    invoker = ToolInvoker(Bridge("tools", tmp_path_factory.mktemp("tools")))
    yield invoker
    runner.run(invoker.close())


@pytest.fixture(scope="module")
def rogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A jar of a class that misbehaves on request."""
    folder = tmp_path_factory.mktemp("rogue")
    source = folder / "Rogue.java"
    source.write_text(ROGUE)
    subprocess.run([*JAVAC, "--release", "17", "-d", folder / "classes", source], check=True)
    subprocess.run(["jar", "cf", folder / "rogue.jar", "-C", folder / "classes", "."], check=True)
    return folder / "rogue.jar"


@pytest.fixture
def tool(runner: asyncio.Runner, invoker: ToolInvoker) -> Tool:
    def call(name: str, arguments: str, erased: tuple[str, ...] | None = None, timeout_ms: int = 20_000) -> Answer:
        class_name, method = f"com.example.util.{name}".split("#")
        jars = (str(sample_artifact("tool-util-1.0.0.jar")),)
        return runner.run(
            invoker.invoke(ToolCall("tool-util", jars, class_name, method, erased, arguments, timeout_ms))
        )

    return call


@pytest.fixture
def misbehave(runner: asyncio.Runner, invoker: ToolInvoker, rogue: Path) -> Tool:
    def call(method: str, arguments: str, erased: tuple[str, ...] | None = None, timeout_ms: int = 20_000) -> Answer:
        tool_call = ToolCall("rogue", (str(rogue),), "rogue.Rogue", method, erased, arguments, timeout_ms)
        return runner.run(invoker.invoke(tool_call))

    return call


def test_what_a_tool_prints_is_its_log(tool: Tool) -> None:
    answer = tool("LogUtil#print", '["支付 😀"]')
    assert loads(ok(answer)) == "[INFO] 支付 😀"
    assert [(entry.level, entry.text) for entry in answer.log] == [("INFO", "[INFO] 支付 😀")]
    assert abs(answer.log[0].at_us - time.time_ns() // 1000) < 60_000_000
    assert answer.mode == "tool"


def test_an_instance_method_gets_a_new_object(tool: Tool) -> None:
    assert [ok(tool("LogUtil#add", '["x"]')) for _ in range(2)] == ["1", "1"]


def test_overloads_by_arity_kind_and_types(tool: Tool) -> None:
    by_map = ok(tool("SignUtil#sign", '[{"b":"2","a":"1"},"key"]'))
    assert by_map == ok(tool("SignUtil#sign", '["a=1&b=2","key"]'))
    assert by_map == ok(tool("SignUtil#sign", '["a=1&b=2","key"]', ("java.lang.String", "java.lang.String")))
    assert by_map != ok(tool("SignUtil#sign", '["a=1&b=2"]'))


def test_variable_arguments_may_be_spread_or_an_array(tool: Tool) -> None:
    assert loads(ok(tool("LogUtil#format", '["{} and {}", 1, "x"]'))) == "1 and x"
    assert loads(ok(tool("LogUtil#format", '["{} and {}", [1, "x"]]'))) == "1 and x"
    assert loads(ok(tool("LogUtil#format", '["none"]'))) == "none"


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("SignUtil#sgn", '["a"]', "did you mean sign"),
        ("SignUtl#sign", '["a"]', "SignUtl is not in the tool tool-util"),
        ("SignUtil#sign", "[1,2,3]", "sign(java.util.Map,java.lang.String)"),
        ("SignUtil#signText", '["a"]', "no constructor without parameters"),
    ],
)
def test_what_is_not_there(tool: Tool, name: str, arguments: str, said: str) -> None:
    answer = tool(name, arguments)
    assert cause(answer) is Cause.TOOL
    assert answer.failure is not None
    assert said in answer.failure.message + answer.failure.hint


def test_overloads_that_fit_equally_well_are_an_error(misbehave: Tool) -> None:
    answer = misbehave("both", '["x"]')
    assert cause(answer) is Cause.TOOL
    assert answer.failure is not None
    assert "several overloads" in answer.failure.message
    assert loads(ok(misbehave("both", '["x"]', ("java.lang.String",)))) == "text"


def test_an_exception_of_a_tool(misbehave: Tool) -> None:
    answer = misbehave("fail", '["no key"]')
    assert cause(answer) is Cause.TOOL
    assert answer.exception is not None
    assert (answer.exception.class_name, answer.exception.message) == ("java.lang.IllegalStateException", "no key")
    assert [each.class_name for each in answer.exception.causes] == ["java.io.IOException"]


def test_numbers_stay_exact(misbehave: Tool) -> None:
    assert ok(misbehave("twice", "[5000000000.10]")) == "10000000000.20"


def test_much_output_is_cut(misbehave: Tool) -> None:
    answer = misbehave("chatter", "[1500]")
    ok(answer)
    assert answer.log[0].text == "line 0"
    assert "more lines were left out" in answer.log[-1].text


def test_a_long_line_is_cut_and_says_so(runner: asyncio.Runner, invoker: ToolInvoker, tmp_path: Path) -> None:
    """What goes through a logger. What is printed is broken into several lines, never inside of a character."""
    source = """
        package talk;
        public class Talk {
            public static void log() {
                java.util.logging.Logger.getLogger("t").info("支".repeat(20_000) + "end");
            }
            public static void print() { System.out.print("ab" + "支".repeat(20_000)); }
        }
        """
    jar = compile_jar(tmp_path / "talk", {"talk.Talk": source})

    def lines(method: str) -> list[str]:
        call = ToolCall("talk", (str(jar),), "talk.Talk", method, (), "[]", 20_000)
        answer = runner.run(invoker.invoke(call))
        ok(answer)
        return [entry.text for entry in answer.log]

    assert lines("log") == ["t: " + "支" * 16_381 + "… (+3622)"]
    printed = lines("print")
    assert len(printed) == 4
    assert "".join(printed) == "ab" + "支" * 20_000


def test_threads_of_a_pool_print_into_the_log_of_the_call_under_way(misbehave: Tool) -> None:
    """Its first call has started them, or the JDK has: not each call its own."""
    for text in ("first", "second"):
        assert [line.text for line in misbehave("pooled", f'["{text}"]').log] == [text]
    for _ in range(2):
        assert sorted(int(line.text) for line in misbehave("parallel", "[]").log) == list(range(64))


def test_a_pool_that_several_calls_share_prints_into_the_log_of_each(
    runner: asyncio.Runner, invoker: ToolInvoker, rogue: Path, misbehave: Tool
) -> None:
    """Nobody can tell whose line it is; so nobody misses it, and it says so."""
    ok(misbehave("pooled", '["first"]'))

    def call(method: str, arguments: str) -> ToolCall:
        return ToolCall("rogue", (str(rogue),), "rogue.Rogue", method, None, arguments, 20_000)

    async def both() -> list[Answer]:
        waiting = asyncio.create_task(invoker.invoke(call("await", "[]")))
        assert loads(ok(await invoker.invoke(call("waiting", "[]")))) is True
        return [
            await invoker.invoke(call("pooled", '["a line"]')),
            await invoker.invoke(call("go", "[]")),
            await waiting,
        ]

    pooled, _, waiting = runner.run(both())
    for answer in (pooled, waiting):
        ok(answer)
        assert [line.text for line in answer.log] == ["(a thread that several calls share) a line"]


@pytest.mark.parametrize("method", ["swap", "close"])
def test_a_tool_that_takes_the_streams_away(misbehave: Tool, method: str) -> None:
    ok(misbehave(method, "[]"))
    assert [line.text for line in misbehave("chatter", "[2]").log] == ["line 0", "line 1"]


def test_a_tool_finds_nothing_to_read(misbehave: Tool) -> None:
    assert ok(misbehave("read", "[]")) == "-1"


@pytest.mark.parametrize(("method", "said"), [("mute", "rogue.Rogue$Mute: its getMessage threw"), ("sour", "sour")])
def test_errors_outside_of_the_method_end_the_call_too(misbehave: Tool, method: str, said: str) -> None:
    answer = misbehave(method, "[]", timeout_ms=60_000)
    assert cause(answer) is Cause.TOOL
    assert answer.failure is not None
    assert said in answer.failure.message


def test_a_tool_that_calls_system_exit_ends_its_own_jvm_only(misbehave: Tool, tool: Tool) -> None:
    answer = misbehave("exit", "[5]")
    assert cause(answer) is Cause.TOOL
    assert answer.failure is not None
    assert "exit code 5" in answer.failure.message
    ok(tool("LogUtil#print", '["still there"]'))


def test_a_tool_that_takes_all_memory(misbehave: Tool, tool: Tool) -> None:
    answer = misbehave("fill", "[]", timeout_ms=60_000)
    assert cause(answer) is Cause.TOOL
    assert answer.failure is not None
    assert "memory" in answer.failure.message
    ok(tool("LogUtil#print", '["still there"]'))


def test_an_endless_recursion_is_an_exception(misbehave: Tool) -> None:
    answer = misbehave("deep", "[]")
    assert cause(answer) is Cause.TOOL
    assert answer.exception is not None
    assert answer.exception.class_name == "java.lang.StackOverflowError"


def test_a_tool_that_takes_too_long(misbehave: Tool, tool: Tool) -> None:
    began = time.monotonic()
    assert cause(misbehave("sleep", "[60000]", timeout_ms=300)) is Cause.TIMEOUT
    assert time.monotonic() - began < 30
    ok(tool("LogUtil#print", '["still there"]'))


def test_tools_that_never_end_do_not_gather(misbehave: Tool, tool: Tool, invoker: ToolInvoker) -> None:
    bridge = invoker._bridge
    ok(tool("LogUtil#print", '["there"]'))
    first = bridge.pid
    for _ in range(8):
        assert cause(misbehave("spin", "[]", timeout_ms=50)) is Cause.TIMEOUT
    end = time.monotonic() + 180
    while bridge.running is not None:
        assert time.monotonic() < end
        time.sleep(0.1)
    ok(tool("LogUtil#print", '["a fresh one"]'))
    assert bridge.pid != first


@pytest.mark.parametrize(
    ("zone", "instant", "shown"),
    [
        ("Asia/Shanghai", "2026-01-30T16:00:00Z", "1970-01-01 08:00:00"),
        ("UTC", "2026-01-31T00:00:00Z", "1970-01-01 00:00:00"),
        ("+05:30", "2026-01-30T18:30:00Z", "1970-01-01 05:30:00"),
    ],
)
def test_times_are_those_of_the_environments_zone(
    runner: asyncio.Runner, invoker: ToolInvoker, rogue: Path, zone: str, instant: str, shown: str
) -> None:
    def call(method: str, arguments: str) -> Answer:
        tool_call = ToolCall("rogue", (str(rogue),), "rogue.Rogue", method, None, arguments, 20_000, zone)
        return runner.run(invoker.invoke(tool_call))

    assert loads(ok(call("day", '["2026-01-31 00:00:00"]'))) == instant
    assert loads(ok(call("epoch", "[]"))).startswith(shown)


def test_a_time_zone_that_is_none(runner: asyncio.Runner, invoker: ToolInvoker, rogue: Path) -> None:
    tool_call = ToolCall("rogue", (str(rogue),), "rogue.Rogue", "epoch", None, "[]", 20_000, "Mars/Base")
    assert cause(runner.run(invoker.invoke(tool_call))) == Cause.CONFIG


LIBRARY = 'package lib; public class Library { public static final String VERSION() { return "%s"; } }'
USER = """
package user;
public class User {
    private static final java.util.logging.Logger LOG = java.util.logging.Logger.getLogger("user");
    public static String version() {
        LOG.warning("logged " + lib.Library.VERSION());
        return lib.Library.VERSION();
    }
}
"""


def test_two_releases_of_one_library_do_not_meet(runner: asyncio.Runner, invoker: ToolInvoker, tmp_path: Path) -> None:
    calls = []
    for version in ("1.0", "2.0"):
        jar = compile_jar(tmp_path / version, {"lib.Library": LIBRARY % version, "user.User": USER})
        calls.append(ToolCall(f"tool-{version}", (str(jar),), "user.User", "version", (), "[]", 20_000))

    async def both() -> list[Answer]:
        # one after the other first: the JDK shows a new logger to other threads before it has its parent
        first = [await invoker.invoke(call) for call in calls]
        return first + await asyncio.gather(*(invoker.invoke(call) for call in calls * 99))

    answers: list[Answer] = runner.run(both())
    assert [ok(answer) for answer in answers] == ['"1.0"', '"2.0"'] * 100
    for answer in answers:
        assert [(line.level, line.text) for line in answer.log] == [("WARN", f"user: logged {loads(ok(answer))}")]
