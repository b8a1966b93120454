"""Values that only a provider of their own shows: float fields, and times in the environment's zone."""

import json
import time
from collections.abc import Iterator

import pytest
from bridge_calls import Caller, cause, ok
from java_provider import java_provider

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
    /** Its field is public, and it is not: Dubbo's provider cannot make a generic answer of it. */
    static class Shut implements java.io.Serializable { public String name = "n"; }
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
    sources = {"odd.OddFacade": API, "odd.Main": MAIN}
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
