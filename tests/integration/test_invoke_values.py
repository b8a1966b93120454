"""Values that only a provider of their own shows: float fields, and times in the environment's zone."""

import json
import time
from collections.abc import Iterator

import msgspec
import pytest
from bridge_calls import Caller, cause, ok
from java_provider import java_provider

from workbench.model.contract import Contract, Interface, Method, Parameter
from workbench.model.plan import Target
from workbench.model.result import Cause

pytestmark = pytest.mark.xdist_group("invoke-values")  # one process starts what they share

API = """
package odd;
public interface OddFacade {
    class Base implements java.io.Serializable { private float inherited = 0.25f; }
    class Meter extends Base {
        private float narrow = 0.1f; private int next = 7; private Float wide = 0.3f; private double real = 0.5;
        private transient float unsent = 9f;
        @Override public String toString() { return narrow + "|" + next + "|" + wide + "|" + real; }
    }
    Meter measure();
    String seen(Meter meter);
    String scaled(Float factor);
    long millis(java.util.Date at);
    java.util.Date at(long millis);
    java.sql.Date day(java.sql.Date day);
    java.util.Calendar calendar(java.util.Calendar at);
    interface Shape extends java.io.Serializable { String getName(); int getSize(); }
    Shape seenAs(Shape shape);
    Object shut();
    String any(Object value);
    class Order<T> implements java.io.Serializable {
        public String name;
        public Line line;
        public class Line implements java.io.Serializable { public T item; public String order() { return name; } }
    }
    String order(Order<Long>.Line line);
    String ordered(Order<Long> order);
    class Stamp extends java.util.Date { public String clock = "c"; }
    java.util.Date stamp();
    String clock(Stamp stamp);
    class Failed extends Exception { public Failed next; public Failed(String text, Throwable by) { super(text, by); } }
    Failed failed();
    String reason(Failed failed);
    java.util.SortedMap<String, Long> sorted();
    class Kept implements java.io.Serializable { public Object any; }
    Kept kept();
    class Money extends Number {
        public long cents;
        public int intValue() { return (int) cents; }
        public long longValue() { return cents; }
        public float floatValue() { return cents; }
        public double doubleValue() { return cents; }
    }
    class Masked implements CharSequence, java.io.Serializable {
        public String secret;
        public int length() { return secret.length(); }
        public char charAt(int at) { return secret.charAt(at); }
        public CharSequence subSequence(int from, int to) { return secret.subSequence(from, to); }
    }
    class Price extends java.math.BigDecimal { public String unit; public Price() { super(0); } }
    class Release implements Comparable<Release>, java.io.Serializable {
        public int major;
        public int compareTo(Release other) { return major - other.major; }
    }
    enum Way { HERE, THERE { @Override public String toString() { return "there!"; } } }
    class Open implements java.io.Serializable {
        public Number number; public CharSequence text; public java.math.BigDecimal price;
        public Comparable<?> release; public Enum<?> way;
    }
    Open open();
    String opened(Open open);
    java.util.SortedMap<Integer, String> numbered();
    class Ways implements java.io.Serializable { public java.util.EnumMap<Way, Long> map; }
    Ways ways();
}
"""
ASIDE = """
package odd;
/** No signature leads here. */
public class Aside implements java.io.Serializable {
    private java.util.UUID id;
    private Inner inner;
    public java.util.UUID getId() { return id; }
    public void setId(java.util.UUID id) { this.id = id; }
    public Inner getInner() { return inner; }
    public void setInner(Inner inner) { this.inner = inner; }
    public static class Inner implements java.io.Serializable {
        private java.time.Duration time;
        public java.time.Duration getTime() { return time; }
        public void setTime(java.time.Duration time) { this.time = time; }
    }
}
"""
MAIN = """
package odd;
import org.apache.dubbo.config.*;
public class Main implements OddFacade {
    public Meter measure() { return new Meter(); }
    public String seen(Meter meter) { return meter.toString(); }
    public String scaled(Float factor) { return String.valueOf(factor); }
    public long millis(java.util.Date at) { return at.getTime(); }
    public java.util.Date at(long millis) { return new java.util.Date(millis); }
    public java.sql.Date day(java.sql.Date day) { return day; }
    public java.util.Calendar calendar(java.util.Calendar at) { return at; }
    public Shape seenAs(Shape shape) { return shape; }
    public String order(Order<Long>.Line line) { return line.item + " " + (line.getClass().getDeclaringClass()); }
    public String ordered(Order<Long> order) { return order.line.item + " of " + order.line.order(); }
    public java.util.Date stamp() { return new Stamp(); }
    public String clock(Stamp stamp) { return stamp.clock; }
    public Failed failed() {
        Failed failed = new Failed("first", new IllegalStateException("why"));
        failed.next = new Failed("second", null);
        return failed;
    }
    public String reason(Failed it) { return it.getMessage() + " " + it.getCause() + " " + it.next.getMessage(); }
    public java.util.SortedMap<String, Long> sorted() {
        return java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(java.util.Map.of("a", 1L)));
    }
    public Kept kept() {
        Kept kept = new Kept();
        kept.any = new Aside();
        return kept;
    }
    public Open open() {
        Open open = new Open();
        open.number = new Money();
        ((Money) open.number).cents = 5;
        open.text = new Masked();
        ((Masked) open.text).secret = "s";
        open.price = new Price();
        ((Price) open.price).unit = "kg";
        open.release = new Release();
        open.way = Way.THERE;
        return open;
    }
    public String opened(Open it) {
        return ((Money) it.number).cents + ((Masked) it.text).secret + ((Price) it.price).unit
            + ((Release) it.release).major + it.way;
    }
    public java.util.SortedMap<Integer, String> numbered() { return new java.util.TreeMap<>(java.util.Map.of(7, "x")); }
    public Ways ways() {
        Ways ways = new Ways();
        ways.map = new java.util.EnumMap<>(java.util.Map.of(Way.THERE, 1L));
        return ways;
    }
    /** Its field is public, and it is not: Dubbo's provider cannot make a generic answer of it. */
    static class Shut implements java.io.Serializable { public String name = "n"; }
    public String any(Object value) { return ((Aside) value).getId() + " " + ((Aside) value).getInner().getTime(); }
    public Object shut() { return new Shut(); }
    public static void main(String[] arguments) throws Exception {
        ApplicationConfig application = new ApplicationConfig("odd");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        application.setSerializeCheckStatus("DISABLE");
        ServiceConfig<OddFacade> service = new ServiceConfig<>();
        service.setApplication(application);
        service.setInterface(OddFacade.class);
        service.setRef(new Main());
        ProtocolConfig protocol = new ProtocolConfig("dubbo", Integer.parseInt(arguments[0]));
        protocol.setSerialization("hessian2");
        protocol.setPreferSerialization("hessian2,fastjson2");
        service.setProtocol(protocol);
        service.setRegistry(new RegistryConfig("N/A"));
        service.export();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
"""
FACADE = "odd.OddFacade"
NOON_UTC = 1767268800000  # 2026-01-01T12:00:00Z


class Odd:
    """The provider: its address and its API's jar."""

    def __init__(self, url: str, jar: str) -> None:
        self.url, self.jar = url, jar

    def target(self, timezone: str = "", *, typed: bool = True) -> Target:
        return Target(url=self.url, artifacts=(self.jar,) if typed else (), timezone=timezone)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Odd]:
    sources = {"odd.OddFacade": API, "odd.Aside": ASIDE, "odd.Main": MAIN}
    with java_provider(tmp_path_factory.mktemp("odd"), sources, "odd.Main") as provider:
        yield Odd(provider.url, provider.jar)


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


def test_float_fields_of_answers_are_what_was_sent(call: Caller, odd: Odd) -> None:
    for _ in range(2):
        answer = call(odd.target(), FACADE, "measure", (), "[]")
        assert answer.mode == "typed"
        assert ok(answer) == '{"inherited":0.25,"narrow":0.1,"next":7,"wide":0.3,"real":0.5}'
        assert answer.warnings == ()


def test_float_fields_of_requests_are_warned_of(call: Caller, odd: Odd) -> None:
    meter = '[{"inherited":0.5,"narrow":1.5,"next":3,"wide":2.5,"real":0.75}]'
    answer = call(odd.target(), FACADE, "seen", None, meter)
    assert ok(answer) != '"1.5|3|2.5|0.75"', "this provider's hessian-lite reads float fields well: drop the warning"
    (warning,) = answer.warnings
    assert "odd.OddFacade$Base" in warning or "odd.OddFacade$Meter" in warning
    assert "serialization: fastjson2" in warning
    better = call(odd.target(), FACADE, "seen", None, meter, serialization="fastjson2")
    assert ok(better) == '"1.5|3|2.5|0.75"'
    assert better.warnings == ()
    assert call(odd.target(), FACADE, "scaled", None, "[0.1]").warnings == ()


def test_an_interface_without_its_classes(call: Caller, odd: Odd) -> None:
    """The provider makes a proxy of the request; what comes back is what its getters give."""
    shape = ("odd.OddFacade$Shape",)
    answer = call(odd.target(typed=False), FACADE, "seenAs", shape, '[{"name":"n","size":9007}]')
    assert json.loads(ok(answer)) == {"name": "n", "size": 9007}


def test_an_answer_that_the_provider_cannot_make_generic(call: Caller, odd: Odd) -> None:
    """The request was right, and the method has done its work."""
    answer = call(odd.target(typed=False), FACADE, "shut", (), "[]")
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    assert "cannot make a generic answer of what the method gave" in answer.failure.message
    assert "odd.Main$Shut" in answer.failure.message
    assert "API artifact" in answer.failure.hint


SKIPPED = '["2026-03-29 02:30:00"]'


@pytest.mark.parametrize(
    ("zone", "noon"),
    [
        ("UTC", "2026-01-01 12:00:00"),
        ("Asia/Shanghai", "2026-01-01 20:00:00"),
        ("America/New_York", "2026-01-01 07:00:00"),
        ("+05:30", "2026-01-01 17:30:00"),
    ],
)
def test_dates_are_read_and_written_in_the_zone_of_the_environment(
    call: Caller, odd: Odd, zone: str, noon: str
) -> None:
    to = odd.target(zone)
    assert ok(call(to, FACADE, "millis", None, f'["{noon}"]')) == str(NOON_UTC)
    assert ok(call(to, FACADE, "at", None, f"[{NOON_UTC}]")) == f'"{noon}"'
    assert ok(call(odd.target(zone, typed=False), FACADE, "at", ("long",), f"[{NOON_UTC}]")) == f'"{noon}"'
    assert ok(call(to, FACADE, "day", None, '["2026-01-01"]')) == '"2026-01-01"'
    assert ok(call(to, FACADE, "calendar", None, f'["{noon}"]')) == f'"{noon}"'


def test_zones_of_concurrent_calls_do_not_mix(call: Caller, odd: Odd) -> None:
    began = time.monotonic()
    while time.monotonic() - began < 1:
        for zone, hour in (("UTC", 12), ("Asia/Tokyo", 21)):
            assert ok(call(odd.target(zone), FACADE, "at", None, f"[{NOON_UTC}]")) == f'"2026-01-01 {hour}:00:00"'


def test_a_zone_that_is_none(call: Caller, odd: Odd) -> None:
    answer = call(odd.target("Mars/Base"), FACADE, "at", None, "[0]")
    assert cause(answer) is Cause.CONFIG
    assert answer.failure is not None
    assert "Mars/Base" in answer.failure.message


def test_a_time_that_the_clock_skips_is_refused(call: Caller, odd: Odd) -> None:
    for typed in (True, False):
        answer = call(odd.target("Europe/Berlin", typed=typed), FACADE, "millis", ("java.util.Date",), SKIPPED)
        assert cause(answer) is Cause.SERIALIZATION
        assert "does not exist in Europe/Berlin" in str(answer.failure)
    assert ok(call(odd.target("UTC"), FACADE, "millis", None, SKIPPED)) == "1774751400000"


def test_a_time_that_the_clock_shows_twice_is_told_apart(call: Caller, odd: Odd) -> None:
    to = odd.target("Europe/Berlin")
    first, second = 1792888200000, 1792891800000
    assert ok(call(to, FACADE, "at", None, f"[{first}]")) == '"2026-10-25 02:30:00"'
    assert ok(call(to, FACADE, "at", None, f"[{second}]")) == '"2026-10-25 02:30:00+01:00"'
    assert ok(call(to, FACADE, "millis", None, '["2026-10-25 02:30:00"]')) == str(first)
    assert ok(call(to, FACADE, "millis", None, '["2026-10-25 02:30:00+01:00"]')) == str(second)


def test_digits_that_a_date_cannot_hold_are_refused(call: Caller, odd: Odd) -> None:
    answer = call(odd.target("UTC"), FACADE, "millis", None, '["2026-01-01 12:00:00.1234"]')
    assert "would lose digits as java.util.Date" in str(answer.failure)
    assert ok(call(odd.target("UTC"), FACADE, "millis", None, '["2026-01-01 12:00:00.123000"]')) == str(NOON_UTC + 123)


ANY = Method("any", (Parameter("value", "java.lang.Object"),), ("java.lang.Object",), "java.lang.String")


def knowing(odd: Odd) -> Target:
    """With a contract, which has only what signatures lead to."""
    return msgspec.structs.replace(odd.target(), contract=Contract((Interface(FACADE, (ANY,)),), {}))


@pytest.mark.parametrize("mode", ["typed", "generic"])
def test_a_class_that_no_signature_leads_to(call: Caller, odd: Odd, mode: str) -> None:
    """The artifacts have it, and tell generic calls, too, what its fields are."""
    number = "123e4567-e89b-12d3-a456-426614174000"
    aside = f'[{{"$class":"odd.Aside","id":"{number}","inner":{{"time":"PT5S"}}}}]'
    assert ok(call(knowing(odd), FACADE, "any", ANY.erased, aside, mode=mode)) == f'"{number} PT5S"'


@pytest.mark.parametrize("entries", ['[1,"a"],[1,"b"]', '[null,"a"],[null,"b"]', '[[1],"a"],[[1],"b"]'])
def test_a_map_with_one_key_twice_is_not_sent(call: Caller, odd: Odd, entries: str) -> None:
    answer = call(knowing(odd), FACADE, "any", ANY.erased, f'[{{"$entries":[{entries}]}}]')
    assert answer.failure is not None
    assert "stands twice" in answer.failure.message


def test_a_class_that_nothing_here_has(call: Caller, odd: Odd) -> None:
    answer = call(knowing(odd), FACADE, "any", ANY.erased, '[{"$class":"odd.Nobody"}]', mode="generic")
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    assert "neither in the contract nor in the artifacts" in answer.failure.message


def test_an_object_of_an_inner_class_knows_the_one_around_it(call: Caller, odd: Odd) -> None:
    order = '[{"name":"n","line":{"item":5}}]'
    assert ok(call(odd.target(), FACADE, "ordered", ("odd.OddFacade$Order",), order)) == '"5 of n"'
    alone = call(odd.target(), FACADE, "order", ("odd.OddFacade$Order$Line",), '[{"item":5}]')
    assert "5 class odd.OddFacade$Order" in ok(alone)


def test_a_date_of_the_api_is_written_by_its_fields_as_hessian_does(call: Caller, odd: Odd) -> None:
    stamp = ok(call(odd.target(), FACADE, "stamp", (), "[]"))
    assert json.loads(stamp) == {"$class": "odd.OddFacade$Stamp", "clock": "c"}
    assert ok(call(odd.target(), FACADE, "clock", ("odd.OddFacade$Stamp",), '[{"clock":"d"}]')) == '"d"'


def test_an_exception_as_a_value_comes_without_its_traces(call: Caller, odd: Odd) -> None:
    failed = ok(call(odd.target(), FACADE, "failed", (), "[]"))
    inner = {"detailMessage": "second", "cause": None, "next": None}
    cause = {"$class": "java.lang.IllegalStateException", "detailMessage": "why", "cause": None}
    assert json.loads(failed) == {"detailMessage": "first", "cause": cause, "next": inner}
    said = ok(call(odd.target(), FACADE, "reason", ("odd.OddFacade$Failed",), f"[{failed}]"))
    assert said == '"first java.lang.IllegalStateException: why second"'


def test_an_answer_that_is_not_of_its_declared_type(call: Caller, odd: Odd) -> None:
    """Hessian makes a HashMap of what it does not know; a consumer's proxy cannot hand it on."""
    answer = call(odd.target(), FACADE, "sorted", (), "[]")
    assert ok(answer) == '{"a":1}'
    assert "ClassCastException: the answer is a java.util.HashMap, where java.util.SortedMap" in answer.warnings[0]


def test_a_generic_answer_with_its_classes_says_that_of_the_object(call: Caller, odd: Odd) -> None:
    answer = call(odd.target(typed=False), FACADE, "kept", (), "[]", show_classes=True)
    assert json.loads(ok(answer))["any"] == {"$class": "odd.Aside", "id": None, "inner": None}


def test_the_apis_own_classes_where_one_of_the_jdk_is_declared(call: Caller, odd: Odd) -> None:
    """An answer names the class, and is good as a request."""
    answer = ok(call(odd.target(), FACADE, "open", (), "[]", show_classes=True))
    shown = json.loads(answer)
    assert shown["number"] == {"$class": "odd.OddFacade$Money", "cents": 5}
    assert shown["text"] == {"$class": "odd.OddFacade$Masked", "secret": "s"}
    assert shown["way"] == {"$class": "odd.OddFacade$Way", "$value": "THERE"}
    opened = call(odd.target(), FACADE, "opened", ("odd.OddFacade$Open",), f"[{answer}]")
    assert ok(opened) == '"5skg0there!"'


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('{"$class":"odd.OddFacade$Masked","secret":"s"}', "odd.OddFacade$Masked is no java.lang.Number"),
        ('{"$class":"java.lang.Number","cents":5}', "java.lang.Number cannot be read from an object"),
    ],
)
def test_a_class_that_is_not_what_is_declared(call: Caller, odd: Odd, wrong: str, said: str) -> None:
    answer = call(odd.target(), FACADE, "opened", ("odd.OddFacade$Open",), f'[{{"number":{wrong}}}]')
    assert cause(answer) is Cause.SERIALIZATION
    assert said in str(answer.failure)


def test_a_generic_answer_with_a_sorted_map_of_numbers(call: Caller, odd: Odd) -> None:
    assert ok(call(odd.target(typed=False), FACADE, "numbered", (), "[]")) == '{"7":"x"}'


def test_what_a_serialization_cannot_read_is_no_missing_method(call: Caller, odd: Odd) -> None:
    """fastjson2 finds no constructor for an EnumMap: `NoSuchMethodException: java.util.EnumMap.<init>()`."""
    answer = call(odd.target(), FACADE, "ways", (), "[]", serialization="fastjson2")
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    assert "serialization: hessian2" in answer.failure.hint
