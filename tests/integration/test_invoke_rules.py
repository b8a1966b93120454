"""Rules of the registry: honoured, and named when they leave a call nobody. They concern the group `ruled` alone."""

from collections.abc import Callable, Iterator

import pytest
from bridge_calls import ask_until, cause, ok
from calls_world import CALLS_FACADE, Calls
from kazoo.client import KazooClient

from workbench.discovery.readers import read_registry
from workbench.model.result import Cause

pytestmark = pytest.mark.xdist_group("calls")
CONFIG = "/dubbo/config/dubbo"
SERVICE = f"{CALLS_FACADE}::ruled"
Put = Callable[[str, str], None]


@pytest.fixture
def put(calls: Calls) -> Iterator[Put]:
    """Write a rule; it goes with the test."""
    client = KazooClient(calls.world.registry.removeprefix("zookeeper://"), timeout=10)
    client.start(timeout=30)
    written = []

    def write(key: str, text: str) -> None:
        client.create(f"{CONFIG}/{key}", text.encode(), makepath=True)
        written.append(f"{CONFIG}/{key}")

    yield write
    for path in written:
        client.delete(path)
    ask_until(lambda: calls("where", group="ruled"), lambda answer: answer.failure is None)
    client.stop()
    client.close()


def lost(calls: Calls, **options: object) -> str:
    """The message of a call that rules leave nobody."""
    answer = ask_until(lambda: calls("where", group="ruled", **options), lambda answer: answer.failure is not None)
    assert cause(answer) is Cause.NO_PROVIDER
    assert answer.failure is not None
    assert "workbench services" in answer.failure.hint
    return answer.failure.message


def only(calls: Calls, provider: str, **options: object) -> None:
    """All calls go there."""
    there = calls.world.at(provider)
    ask_until(
        lambda: calls("where", group="ruled", **options),
        lambda _: {calls("where", group="ruled", **options).provider for _ in range(6)} == {there},
    )


def test_a_condition_route(calls: Calls, put: Put) -> None:
    port = calls.world.port("ruled two")
    put(f"{SERVICE}.condition-router", f"force: true\nenabled: true\nconditions:\n  - '=> port={port}'\n")
    only(calls, "ruled two")
    view = read_registry(calls.world.registry, interfaces=[CALLS_FACADE])
    (rule,) = (rule for rule in view.rules if rule.key == SERVICE)
    assert (rule.force, rule.says) == (True, (f"=> port={port}",))


def test_a_condition_route_that_leaves_nobody(calls: Calls, put: Put) -> None:
    put(f"{SERVICE}.condition-router", "force: true\nenabled: true\nconditions:\n  - 'method=where => port=1'\n")
    message = lost(calls)
    assert f"the rule {SERVICE}.condition-router leaves none of the 2 providers" in message
    ok(calls("notes", group="ruled"))  # the rule is about another method


def test_a_condition_route_about_the_consumer(calls: Calls, put: Put) -> None:
    put(
        "ruled.condition-router",
        "force: true\nenabled: true\nscope: application\nconditions:\n  - 'application=shop => port=1'\n",
    )
    assert "the rule ruled.condition-router" in lost(calls, target={"consumer": "shop"})
    ok(calls("where", group="ruled"))


def test_dynamic_tags(calls: Calls, put: Put) -> None:
    address = f"'{calls.world.at('ruled two')}'"
    put(
        "ruled.tag-router",
        f"force: true\nenabled: true\nkey: ruled\ntags:\n  - name: gray\n    addresses: [{address}]\n",
    )
    only(calls, "ruled two", tag="gray")
    only(calls, "ruled one")
    message = lost(calls, tag="white", attachments={"dubbo.force.tag": "true"})
    assert "no provider has the tag white" in message
    assert "rule ruled.tag-router" in message


def configurator(calls: Calls, key: str, provider: str, parameters: str) -> str:
    scope = "application" if key == "ruled" else "service"
    addresses = f"['*:{calls.world.port(provider)}']" if provider else "['0.0.0.0']"
    head = f"configVersion: v3.0\nscope: {scope}\nkey: {key}\nconfigs:\n"
    return f"{head}  - side: provider\n    addresses: {addresses}\n    parameters: {{{parameters}}}\n"


def test_a_configurator_that_changes_weights(calls: Calls, put: Put) -> None:
    put(f"{SERVICE}.configurators", configurator(calls, SERVICE, "ruled one", "weight: 0"))
    only(calls, "ruled two")
