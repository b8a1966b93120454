"""JSON ↔ Java, exact or refused: each value goes into a method of the declared type and comes back."""

import asyncio
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bridge_calls import cause, ok
from java_provider import JAVAC

from workbench.invokers import Bridge, ToolInvoker
from workbench.model.json import loads
from workbench.model.result import Cause
from workbench.plugin_api import Answer, ToolCall

pytestmark = pytest.mark.xdist_group("invoke-types")  # one process starts what they share

TYPES = {
    "int": "int", "Long": "java.lang.Long", "bytes": "byte", "dec": "java.math.BigDecimal",
    "big": "java.math.BigInteger",
    "flt": "float", "dbl": "double", "chr": "char", "bool": "boolean", "str": "String", "obj": "Object",
    "date": "java.util.Date", "stamp": "java.sql.Timestamp", "ldt": "java.time.LocalDateTime",
    "instant": "java.time.Instant",
    "ld": "java.time.LocalDate", "dur": "java.time.Duration", "ym": "java.time.YearMonth", "uuid": "java.util.UUID",
    "cur": "java.util.Currency", "loc": "java.util.Locale", "raw": "byte[]", "ints": "int[]", "grid": "String[][]",
    "opt": "java.util.Optional<Integer>", "color": "Zoo.Color", "colors": "java.util.EnumMap<Zoo.Color, Integer>",
    "byLong": "java.util.Map<Long, java.util.List<java.math.BigDecimal>>",
    "byPoint": "java.util.Map<Zoo.Point, String>",
    "set": "java.util.SortedSet<Integer>", "queue": "java.util.Deque<String>", "point": "Zoo.Point",
    "box": "Zoo.Box<Zoo.Point>",
    "shape": "Zoo.Shape", "shapes": "java.util.List<? extends Zoo.Shape>", "node": "Zoo.Node", "strict": "Zoo.Strict",
    "deep3": "Zoo.Deep3", "sealed": "java.util.Map<Zoo.Color, Zoo.Sealed>",
    "times": "java.util.Map<java.time.Instant, java.util.Map<java.time.Duration, java.time.ZoneOffset>>",
    "marked": "Zoo.Marked", "texts": "java.util.Map<String, Object>", "list": "java.util.List<Object>",
}  # fmt: skip
SOURCE = """
public class Zoo {
    public enum Color { RED, GREEN { public String toString() { return "verde"; } } }
    public record Point(int x, long y) {
        public Point { if (x < 0) throw new IllegalArgumentException("x < 0"); }
    }
    public static class Base<T> { protected T value; private transient int skipped = 1; static int shared = 2; }
    public static class Box<T> extends Base<T> {
        private java.util.List<T> more; private final String name; private int size = 7;
        Box() { this.name = "unset"; }
    }
    public interface Shape {}
    public static class Circle implements Shape { double radius; String color = "red"; }
    public static class Square implements Shape { java.math.BigDecimal side; }
    public static class Node { String name; Node next; java.util.List<Node> all; }
    public static class Strict {
        private final String key;
        public Strict(String key) { this.key = java.util.Objects.requireNonNull(key); }
    }
    public static class Marked { String $class; Integer $ref; Marked $entries; Object $value; Integer $$class; }
    public static class Deep1<T, U> { T[] all; java.util.Map<U, T[][]> by; }
    public static class Deep2<V> extends Deep1<V, java.time.LocalDate> { java.util.List<? extends V[]> more; }
    public static class Deep3 extends Deep2<java.math.BigDecimal> { int own; }
    public sealed interface Sealed permits One, Two {}
    public record One(int n) implements Sealed { public One { n = Math.abs(n); } }
    public static final class Two implements Sealed { java.util.Optional<java.util.Optional<Long>> twice; }
    public static long timers() {
        return Thread.getAllStackTraces().keySet().stream().filter(one -> one.getName().startsWith("Timer-")).count();
    }
    %s
}
"""
Echo = Callable[[str, str], Answer]


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zoo")
    methods = "\n    ".join(
        f"public static {java} {name}({java} value) {{ return value; }}"
        for name, java in TYPES.items()
        if name != "int"
    )
    methods += "\n    public static int int_(int value) { return value; }"
    (folder / "Zoo.java").write_text(SOURCE % methods)
    subprocess.run([*JAVAC, "--release", "17", "-d", folder / "classes", folder / "Zoo.java"], check=True)
    subprocess.run(["jar", "cf", folder / "zoo.jar", "-C", folder / "classes", "."], check=True)
    return folder / "zoo.jar"


@pytest.fixture(scope="module")
def echo(zoo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Echo]:
    with asyncio.Runner() as runner:
        invoker = ToolInvoker(Bridge("tools", tmp_path_factory.mktemp("tools")))

        def call(name: str, value: str) -> Answer:
            method = "int_" if name == "int" else name
            tool = ToolCall("zoo", (str(zoo),), "Zoo", method, None, f"[{value}]", timeout_ms=20_000)
            return runner.run(invoker.invoke(tool))

        yield call
        runner.run(invoker.close())


SAME = [
    ("int", "2147483647"), ("Long", "9223372036854775807"), ("Long", "null"), ("bytes", "-128"),
    ("dec", "5000000000.10"), ("dec", "1E+3"), ("dec", "0.00"), ("dec", "123456789012345678901234567890.12345"),
    ("big", "123456789012345678901234567890"), ("flt", "0.1"), ("dbl", "1.7976931348623157E308"), ("dbl", '"NaN"'),
    ("dbl", '"-Infinity"'), ("chr", '"支"'), ("bool", "true"), ("str", '"😀\\u0000\\\\\\"\\n"'), ("str", "null"),
    ("date", '"2026-02-28 09:08:07"'), ("date", '"2026-02-28 09:08:07.123"'),
    ("stamp", '"2026-02-28 09:08:07.123456789"'),
    ("ldt", '"2026-02-28T09:08:07.500"'), ("instant", '"2026-02-28T09:08:07.123456Z"'), ("ld", '"2026-02-28"'),
    ("dur", '"PT1H30M"'), ("ym", '"2026-02"'), ("uuid", '"123e4567-e89b-12d3-a456-426614174000"'), ("cur", '"CNY"'),
    ("loc", '"zh-Hans-CN"'), ("raw", '"AQID/w=="'), ("ints", "[1,-2,3]"), ("grid", '[["a"],[],["b",null]]'),
    ("opt", "5"), ("opt", "null"), ("color", '"GREEN"'), ("colors", '{"RED":1,"GREEN":2}'),
    ("byLong", '{"9007199254740993":[1.10,2]}'),
    ("byPoint", '{"$entries":[[{"x":1,"y":2},"a"]]}'),
    ("set", "[1,2,3]"), ("queue", '["a","b"]'), ("point", '{"x":1,"y":9007199254740993}'),
    ("box", '{"value":{"x":1,"y":2},"more":[{"x":3,"y":4},null],"name":"n","size":8}'),
    ("shape", '{"$class":"Zoo$Circle","radius":1.5,"color":null}'),
    ("shapes", '[{"$class":"Zoo$Square","side":1.50},{"$class":"Zoo$Circle","radius":2.0,"color":"blue"}]'),
    ("strict", '{"key":"k"}'), ("obj", '{"a":[1,2.50,"x",null,true],"b":{}}'), ("obj", "12345678901234567890"),
    ("node", '{"name":"a","next":{"name":"b","next":{"$ref":"$"},"all":null},"all":null}'),
    ("deep3", '{"all":[1.50,null],"by":{"2026-02-28":[[1E+3],[]]},"more":[[2.0],null],"own":3}'),
    ("sealed", '{"GREEN":{"$class":"Zoo$One","n":5},"RED":{"$class":"Zoo$Two","twice":7}}'),
    ("times", '{"2026-02-28T09:08:07.123Z":{"PT1H30M":"+08:00"}}'), ("dec", "1E+400"),
    ("dec", "1E-400"),
    ("obj", '{"a":1E+3,"b":-5000000000,"c":-0.00}'), ("str", '"' + "支😀" * 300_000 + '"'),
    ("marked", '{"$$class":"a","$$ref":1,"$$entries":null,"$$value":{"$$ref":"$[0]","$$$value":2},"$$$class":3}'),
    ("texts", '{"$$class":"a","$$ref":"b","$$entries":[],"$$value":1,"$$$class":{"$$class":"c"},"$other":2,"$":3}'),
    ("texts", '{"a":{"$$ref":"$[0]"},"b":{"$ref":"$"}}'), ("list", '[1,{"$ref":"$"}]'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), SAME)
def test_a_value_comes_back_as_it_went(echo: Echo, name: str, value: str) -> None:
    sent = value
    if "$ref" in value:  # in the request the path begins with the argument
        sent = value.replace('"$ref":"$"', '"$ref":"$[0]"')
    response = ok(echo(name, sent))
    assert loads(response) == loads(value)
    if name in {"dec", "big", "Long", "byLong"}:
        assert response == value


OTHER = [
    ("int", '"5"', "5"), ("int", "5.0", "5"), ("str", "19.90", '"19.90"'), ("dec", '"0.10"', "0.10"),
    ("date", "1772269687000", None), ("date", '"2026-02-28"', '"2026-02-28 00:00:00"'),
    ("ldt", '"2026-02-28 09:08:07"', '"2026-02-28T09:08:07"'), ("raw", "[1,2,3,-1]", '"AQID/w=="'),
    ("color", '{"name":"RED"}', '"RED"'), ("point", '{"x":1}', '{"x":1,"y":0}'),
    ("box", '{"value":null}', '{"value":null,"more":null,"name":"unset","size":7}'),
    ("shape", '{"class":"Zoo$Square","side":1}', '{"$class":"Zoo$Square","side":1}'),
    ("set", "[3,1,2]", "[1,2,3]"), ("loc", '"zh_CN"', '"zh-CN"'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "expected"), OTHER)
def test_what_may_be_written_in_another_way(echo: Echo, name: str, value: str, expected: str | None) -> None:
    response = ok(echo(name, value))
    assert expected is None or loads(response) == loads(expected)


WRONG = [
    ("chr", '"😀"', "one character"), ("sealed", '{"verde":null}', "no constant"),
    ("sealed", '{"RED":{"n":1}}', "abstract"),
    ("deep3", '{"all":["x"]}', "request[0].all[0]"), ("times", '{"x":{}}', "request[0].x"),
    ("int", "2147483648", "int holds"), ("int", "1.5", "whole number"), ("int", '"x"', "int cannot be read"),
    ("int", "null", "cannot be null"), ("bytes", "128", "byte holds"), ("flt", "1e39", "Infinity"),
    ("dbl", "1e400", "Infinity"), ("bool", "1", "true or false"), ("chr", '"ab"', "one character"),
    ("str", "{}", "in quotes"), ("color", '"verde"', "RED, GREEN"), ("color", "1", "no constant"),
    ("date", '"28.02.2026"', "java.util.Date"), ("ld", '"2026-02-30"', "LocalDate"), ("uuid", '"1-1-1-1-1"', "UUID"),
    ("raw", '"***"', "base64"), ("ints", '["x",1,null]', "request[0][0]"), ("point", '{"x":-1}', "x < 0"),
    ("point", '{"x":1,"z":2}', "no field z"), ("shape", '{"radius":1}', '"$class"'),
    ("shape", '{"$class":"java.lang.String"}', "is no Zoo$Shape"),
    ("shape", '{"$class":"Nope"}', "not in the artifacts"),
    ("box", '{"value":{"x":"a","y":1.5}}', "request[0].value.y"), ("box", '{"skipped":1}', "no field skipped"),
    ("box", '{"Size":1}', "did you mean size"), ("byLong", '{"x":[]}', "request[0].x"), ("set", "[1,1]", "twice"),
    ("node", '{"next":{"$ref":"$[0].all"}}', "no object stands"), ("dec", '"1,5"', "cannot be read"),
    ("marked", '{"$ref":1}', '"$$ref"'), ("marked", '{"$value":1}', '"$$value"'), ("marked", '{"$class":5}', "as text"),
    ("texts", '{"$ref":1}', '"$$ref"'), ("texts", '{"a":{"$entries":1,"b":2}}', '"$$entries"'),
    ("texts", '{"$class":5}', "as text"), ("texts", '{"$class":"java.lang.String"}', "is no java.util.Map"),
    ("node", '{"all":[{"$ref":"$[0].all"}]}', "which is no Zoo$Node"),
    ("obj", '{"$class":"java.lang.Object"}', "no class"),
    ("str", '"\\ud800"', "surrogate"), ("obj", "[" * 600 + "]" * 600, "deep"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_what_does_not_fit_is_refused_with_its_place(echo: Echo, name: str, value: str, said: str) -> None:
    answer = echo(name, value)
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    assert said in answer.failure.message


def test_every_problem_of_a_request_is_named_at_once(echo: Echo) -> None:
    answer = echo("box", '{"value":{"x":"a","y":1.5,"q":0},"size":2147483648}')
    assert answer.failure is not None
    places = [line.split(": ")[0] for line in answer.failure.message.splitlines()]
    assert places == [f"request[0].{where}" for where in ("value.q", "value.x", "value.y", "size")]


@pytest.mark.parametrize("name", ["java.util.Timer", "javax.naming.InitialContext", "java.util.Timer[]"])
@pytest.mark.parametrize("value", ['{"$class":"%s"}', '{"$class":"%s","$value":[{}]}', '[{"a":{"$class":"%s"}}]'])
def test_no_object_of_a_class_outside_of_the_artifacts_is_made(echo: Echo, name: str, value: str) -> None:
    """A Timer starts a thread when it is made."""
    answer = echo("obj", value % name)
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    assert "no class of the artifacts" in answer.failure.message
    assert ok(echo("timers", "")) == "0"


@pytest.mark.parametrize("name", ["Zoo$Circle", "java.util.TreeMap", "java.util.HashMap"])
def test_classes_of_the_artifacts_and_collections_of_the_jdk_may_be_named(echo: Echo, name: str) -> None:
    assert ok(echo("obj", f'{{"$class":"{name}"}}'))
