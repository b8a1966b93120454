"""Classes that the provider's STRICT allow-list does not have: refused, and told with what mends it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from ages import AGES
from bridge_calls import Caller, ask_until, cause, is_caused, ok
from java_provider import JavaProvider, java_provider

from workbench.model.plan import Target
from workbench.model.result import SIDE_OF, Cause, Side
from workbench.plugin_api import Answer
from workbench.usecases.samples_files import samples_dir

pytestmark = pytest.mark.xdist_group("invoke-refused")  # one process starts what they share

SOURCES = {
    "com.guard.api.GuardFacade": """
package com.guard.api;
import java.util.List;
public interface GuardFacade {
    class Base implements java.io.Serializable { public String name = "base"; }
    class Known extends Base { public String extra = "known"; }
    class Holder implements java.io.Serializable { public Base value; }
    String take(Base value);
    String hold(Holder holder);
    String takeAll(List<Base> values);
    Base give(String kind);
    Holder giveHeld(String kind);
    List<Base> giveAll(String kind);
    String fail(String kind);
    abstract class Shape implements java.io.Serializable { public String name; }
    class Square extends Shape { }
    String shape(Shape shape);
    record Pair(int left, Long right) implements java.io.Serializable { }
    String pair(Pair pair);
}
""",
    "org.hidden.deep.Secret": """
package org.hidden.deep;
public class Secret extends com.guard.api.GuardFacade.Base { public String secret = "s"; }
""",
    "org.hidden.deep.Hexagon": """
package org.hidden.deep;
public class Hexagon extends com.guard.api.GuardFacade.Shape { }
""",
    "org.hidden.deep.SecretException": """
package org.hidden.deep;
public class SecretException extends RuntimeException { public SecretException(String text) { super(text); } }
""",
    "com.guard.api.Main": """
package com.guard.api;
import java.util.List;
import org.apache.dubbo.config.*;
public class Main implements GuardFacade {
    public String take(Base value) { return value.getClass().getName(); }
    public String hold(Holder holder) { return holder.value.getClass().getName(); }
    public String takeAll(List<Base> values) {
        StringBuilder names = new StringBuilder();
        for (Base each : values) { names.append(each.name); }
        return names.toString();
    }
    public Base give(String kind) { return kind.equals("secret") ? new org.hidden.deep.Secret() : new Known(); }
    public Holder giveHeld(String kind) { Holder holder = new Holder(); holder.value = give(kind); return holder; }
    public List<Base> giveAll(String kind) { return List.of(give(kind)); }
    public String shape(Shape shape) { return shape == null ? "nothing" : shape.getClass().getName(); }
    public String pair(Pair pair) { return pair.toString(); }
    public String fail(String kind) {
        if (kind.equals("error")) { throw new StackOverflowError("thrown"); }
        throw new IllegalStateException("outer", new org.hidden.deep.SecretException("inner"));
    }
    public static void main(String[] arguments) throws Exception {
        ApplicationConfig application = new ApplicationConfig("guard");
        application.setQosEnable(false);
        application.setEnableFileCache(false);
        ServiceConfig<GuardFacade> service = new ServiceConfig<>();
        service.setApplication(application);
        service.setInterface(GuardFacade.class);
        service.setRef(new Main());
        ProtocolConfig protocol = new ProtocolConfig("dubbo", Integer.parseInt(arguments[0]));
        protocol.setExtProtocol("tri"); // answers at the same port
        service.setProtocol(protocol);
        service.setRegistry(new RegistryConfig("N/A"));
        service.export();
        System.out.println("READY");
        System.in.read();
        System.exit(0);
    }
}
""",
}
FACADE = "com.guard.api.GuardFacade"
ALLOW_LIST = "security/serialize.allowlist"
BASE, HOLDER, LIST, TEXT = (f"{FACADE}$Base",), (f"{FACADE}$Holder",), ("java.util.List",), ("java.lang.String",)
SECRET, HIDDEN_SHAPE = "org.hidden.deep.Secret", "org.hidden.deep.Hexagon"


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JavaProvider]:
    """With the Dubbo of the samples, whose own lists of allowed classes are as Dubbo delivers them."""
    dubbo = samples_dir() / "trade-provider.jar"
    with java_provider(tmp_path_factory.mktemp("guard"), SOURCES, "com.guard.api.Main", str(dubbo)) as provider:
        yield provider


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    caller = Caller(tmp_path_factory.mktemp("bridge"))
    yield caller
    caller.close()


def typed(guard: JavaProvider, protocol: str = "dubbo") -> Target:
    return Target(url=guard.url.replace("dubbo", protocol, 1), artifacts=(guard.jar,))


def refused(answer: Answer, name: str = SECRET) -> str:
    """The message of an answer that has to name the class and what mends it."""
    assert cause(answer) is Cause.SERIALIZATION, answer.failure
    assert answer.failure is not None
    assert SIDE_OF[answer.failure.cause] is Side.CASE
    assert name in answer.failure.message
    assert f"add {name} to {ALLOW_LIST}" in answer.failure.hint
    return answer.failure.message


def test_a_trusted_subclass_needs_no_word(call: Caller, guard: JavaProvider) -> None:
    answer = call(typed(guard), FACADE, "take", BASE, f'[{{"$class":"{FACADE}$Known","name":"a"}}]')
    assert ok(answer) == f'"{FACADE}$Known"'
    assert answer.warnings == ()


@pytest.mark.parametrize(
    ("method", "types", "request_text"),
    [("take", BASE, f'{{"$class":"{SECRET}"}}'), ("hold", HOLDER, f'{{"value":{{"$class":"{SECRET}"}}}}')],
)
def test_a_subclass_that_the_provider_reads_as_its_base_is_warned_of(
    call: Caller, guard: JavaProvider, method: str, types: tuple[str, ...], request_text: str
) -> None:
    """The provider says nothing: it takes the declared type, and answers."""
    answer = call(typed(guard), FACADE, method, types, f"[{request_text}]")
    assert ok(answer) == f'"{FACADE}$Base"'
    (warning,) = answer.warnings
    assert SECRET in warning
    assert ALLOW_LIST in warning


def test_a_refused_element_of_a_list_is_no_exception_of_the_product(call: Caller, guard: JavaProvider) -> None:
    answer = call(typed(guard), FACADE, "takeAll", LIST, f'[[{{"$class":"{SECRET}","name":"a"}}]]')
    assert "HashMap" in refused(answer)


def test_a_refused_class_where_the_declared_one_is_abstract(call: Caller, guard: JavaProvider) -> None:
    answer = call(typed(guard), FACADE, "shape", (f"{FACADE}$Shape",), f'[{{"$class":"{HIDDEN_SHAPE}","name":"a"}}]')
    refused(answer, HIDDEN_SHAPE)


def test_a_request_that_the_provider_cannot_read_over_tri(call: Caller, guard: JavaProvider) -> None:
    shape = (f"{FACADE}$Shape",)
    answer = call(typed(guard, "tri"), FACADE, "shape", shape, f'[{{"$class":"{HIDDEN_SHAPE}","name":"a"}}]')
    assert "cannot read the request" in refused(answer, HIDDEN_SHAPE)
    other = call(typed(guard, "tri"), FACADE, "take", BASE, '[{"name":"a"}]', serialization="fastjson2")
    assert cause(other) is Cause.SERIALIZATION, other.failure
    assert other.failure is not None
    assert "in serialization fastjson2" in other.failure.message


def test_an_answer_that_the_provider_may_not_send_over_tri(call: Caller, guard: JavaProvider) -> None:
    """Its Dubbo says no word of why, and now and then closes the connection: calls after it wait for the next one."""
    target = typed(guard, "tri")
    closed = 0
    for method in ("give", "giveHeld", "giveAll", "fail") * 3:
        answer = call(target, FACADE, method, TEXT, '["secret"]')
        assert answer.failure is not None
        if cause(answer) is Cause.NETWORK:
            assert "closed the connection before" in answer.failure.message
            closed += 1
            continue
        assert cause(answer) is Cause.SERIALIZATION, answer.failure
        assert "cannot read the request or not send its answer" in answer.failure.message
        assert ALLOW_LIST in answer.failure.hint
        known = call(target, FACADE, "give", TEXT, '["known"]')
        assert known.failure is None or "closed the connection" in known.failure.message
    assert closed < 12
    ask_until(lambda: call(target, FACADE, "give", TEXT, '["known"]'), is_caused(None))


@pytest.mark.matrix
def test_a_provider_on_3_2_over_tri(call: Caller, tmp_path: Path) -> None:
    """It has words of its own for the same."""
    libraries = AGES / "dubbo-3.2" / "target" / "lib"
    dubbo = os.pathsep.join(map(str, sorted(libraries.glob("*.jar"))))
    with java_provider(tmp_path, SOURCES, "com.guard.api.Main", dubbo) as provider:
        target = typed(provider, "tri")
        assert "Known" in ok(call(target, FACADE, "give", TEXT, '["known"]'))
        assert "cannot send its answer" in refused(call(target, FACADE, "give", TEXT, '["secret"]'))
        for way in (target, typed(provider)):
            emptied = call(way, FACADE, "giveAll", TEXT, '["known"]')
            assert cause(emptied) is Cause.SERIALIZATION
            assert emptied.failure is not None
            assert "List.of" in emptied.failure.message
        unread = call(target, FACADE, "pair", (f"{FACADE}$Pair",), '[{"left":1,"right":2}]')
        assert cause(unread) is Cause.SERIALIZATION, unread.failure
        assert unread.failure is not None
        assert "the provider cannot read the request: com.guard.api.GuardFacade$Pair.left: " in unread.failure.message
        assert "a record in it where the provider is on Dubbo before 3.3" in unread.failure.hint
        assert cause(call(target, FACADE, "fail", TEXT, '["error"]')) is Cause.PROVIDER_EXCEPTION
        for to in (target, Target(url=target.url)):
            other = call(to, FACADE, "take", BASE, '[{"name":"a"}]', serialization="fastjson2")
            assert cause(other) is Cause.SERIALIZATION, other.failure
            assert other.failure is not None
            assert "does not read fastjson2" in other.failure.message


@pytest.mark.parametrize("method", ["give", "giveHeld", "giveAll"])
def test_an_answer_that_the_provider_may_not_send(call: Caller, guard: JavaProvider, method: str) -> None:
    assert "Known" in ok(call(typed(guard), FACADE, method, TEXT, '["known"]'))
    assert "cannot send its answer" in refused(call(typed(guard), FACADE, method, TEXT, '["secret"]'))


def test_an_exception_with_a_cause_that_the_provider_may_not_send(call: Caller, guard: JavaProvider) -> None:
    answer = call(typed(guard), FACADE, "fail", TEXT, '["x"]')
    assert "cannot send its answer" in refused(answer, "org.hidden.deep.SecretException")


@pytest.mark.parametrize(
    ("method", "types", "request_text"),
    [
        ("take", BASE, f'{{"class":"{SECRET}"}}'),
        ("hold", HOLDER, f'{{"value":{{"class":"{SECRET}"}}}}'),
        ("takeAll", LIST, f'[{{"class":"{SECRET}"}}]'),
    ],
)
def test_generic_calls_are_refused_too(
    call: Caller, guard: JavaProvider, method: str, types: tuple[str, ...], request_text: str
) -> None:
    refused(call(Target(url=guard.url), FACADE, method, types, f"[{request_text}]"))


@pytest.mark.parametrize("with_classes", [True, False])
def test_a_serialization_that_the_provider_does_not_read(call: Caller, guard: JavaProvider, with_classes: bool) -> None:
    """Dubbo's words for it are those for a wrong version."""
    to = typed(guard) if with_classes else Target(url=guard.url)
    answer = call(to, FACADE, "take", BASE, '[{"name":"a"}]', serialization="fastjson2")
    assert cause(answer) is Cause.SERIALIZATION, answer.failure
    assert answer.failure is not None
    assert "fastjson2" in answer.failure.message
    assert "it reads hessian2" in answer.failure.message
    wrong = call(to, FACADE, "take", BASE, '[{"name":"a"}]', serialization="fastjson2", version="9.9")
    assert cause(wrong) is Cause.VERSION_MISMATCH


OUTSIDE = ("javax.script.ScriptEngineManager", "java.lang.ProcessBuilder", "org.apache.dubbo.config.ApplicationConfig")


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("value", ['{"$class":"%s"}', '{"$class":"%s","$value":{}}'])
def test_a_typed_request_names_classes_of_the_artifacts_only(
    guard: JavaProvider, call: Caller, name: str, value: str
) -> None:
    answer = call(typed(guard), FACADE, "take", BASE, f"[{value % name}]")
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    assert f'"$class" may not name {name}' in answer.failure.message


@pytest.mark.parametrize("name", OUTSIDE[:2])
def test_a_generic_request_names_no_class_of_the_platform_but_plain_values(
    guard: JavaProvider, call: Caller, name: str
) -> None:
    """Unless it is wrong on purpose: then the provider says what it thinks of it."""
    target, request = Target(url=guard.url), f'[{{"$class":"{name}"}}]'
    answer = call(target, FACADE, "take", BASE, request)
    assert cause(answer) is Cause.SERIALIZATION
    assert answer.failure is not None
    assert f'"$class" may not name {name}' in answer.failure.message
    answer = call(target, FACADE, "take", BASE, request, unchecked=True)
    assert answer.failure is None or "may not name" not in answer.failure.message
