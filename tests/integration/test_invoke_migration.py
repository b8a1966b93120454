"""Migration rules: which of Dubbo's two levels of registration a consumer calls, as the registry's rule says for it."""

import time
from collections.abc import Callable, Iterator

import pytest
from bridge_calls import cause, ok
from calls_world import CALLS_FACADE, Calls
from kazoo.client import KazooClient

from workbench.discovery.readers import read_registry
from workbench.model.result import Cause
from workbench.plugin_api import Answer

pytestmark = pytest.mark.xdist_group("calls")
STEPS = ("FORCE_INTERFACE", "APPLICATION_FIRST", "FORCE_APPLICATION")
Put = Callable[[str, str, str], None]


@pytest.fixture
def put(calls: Calls) -> Iterator[Put]:
    """Write the rule of a consumer below a root: `put("levels", "shop", text)`; it goes with the test."""
    client = KazooClient(calls.world.registry.removeprefix("zookeeper://"), timeout=10)
    client.start(timeout=30)
    written = []

    def write(root: str, consumer: str, text: str) -> None:
        path = f"/{root}/config/DUBBO_SERVICEDISCOVERY_MIGRATION/{consumer}.migration"
        if client.exists(path):
            client.set(path, text.encode())
            return
        client.create(path, text.encode(), makepath=True)
        written.append(path)

    yield write
    for path in written:
        client.delete(path)
    client.stop()
    client.close()


def ask(calls: Calls, root: str, consumer: str) -> Answer:
    return calls("where", target={"registries": (f"{calls.world.registry}/{root}",), "consumer": consumer})


def reached(calls: Calls, root: str, consumer: str) -> set[str]:
    answers = [ask(calls, root, consumer) for _ in range(6)]
    assert all(ok(answer) for answer in answers)
    return {answer.provider for answer in answers}


def rule(consumer: str, step: str, more: str = "") -> str:
    return f"key: {consumer}\nstep: {step}\n{more}"


@pytest.mark.parametrize(("step", "level"), list(zip(STEPS, ("old", "new", "new"), strict=True)))
def test_a_rule_chooses_the_level(calls: Calls, put: Put, step: str, level: str) -> None:
    """One provider is registered by interface only, the other one by application only."""
    consumer = f"{calls.mode}-{step.lower()}"
    put("levels", consumer, rule(consumer, step))
    assert reached(calls, "levels", consumer) == {calls.world.at(level)}


def test_without_a_rule_applications_come_first(calls: Calls) -> None:
    assert reached(calls, "levels", f"{calls.mode}-unruled") == {calls.world.at("new")}


@pytest.mark.parametrize("step", STEPS)
def test_a_provider_at_both_levels_is_found_whatever_the_rule(calls: Calls, put: Put, step: str) -> None:
    consumer = f"{calls.mode}-{step.lower()}"
    put("both", consumer, rule(consumer, step))
    assert reached(calls, "both", consumer) == {calls.world.at("both levels")}


@pytest.mark.parametrize("provider", ["old", "new"])
def test_applications_first_takes_what_there_is(calls: Calls, put: Put, provider: str) -> None:
    consumer = f"{calls.mode}-first"
    put(provider, consumer, rule(consumer, "APPLICATION_FIRST"))
    assert reached(calls, provider, consumer) == {calls.world.at(f"{provider} alone")}


@pytest.mark.parametrize(
    ("step", "provider", "other"),
    [("FORCE_APPLICATION", "old", "interface"), ("FORCE_INTERFACE", "new", "application")],
)
def test_a_rule_that_leaves_nobody_is_named(calls: Calls, put: Put, step: str, provider: str, other: str) -> None:
    consumer = f"{calls.mode}-forced"
    put(provider, consumer, rule(consumer, step))
    lost = ask(calls, provider, consumer)
    assert cause(lost) is Cause.NO_PROVIDER, lost.failure
    assert lost.failure is not None
    assert f"the rule {consumer}.migration (step {step})" in lost.failure.message
    assert f"registered by {other} only" in lost.failure.message
    assert "workbench services" in lost.failure.hint


def test_a_rule_about_one_interface(calls: Calls, put: Put) -> None:
    consumer = f"{calls.mode}-one"
    one = f"interfaces:\n  - serviceKey: {CALLS_FACADE}\n    step: FORCE_INTERFACE\n"
    put("levels", consumer, rule(consumer, "FORCE_APPLICATION", one))
    assert reached(calls, "levels", consumer) == {calls.world.at("old")}


def test_a_rule_that_changes(calls: Calls, put: Put) -> None:
    """Without `force: true` Dubbo changes levels only where the other one has as many providers as `threshold` says."""
    consumer = f"{calls.mode}-changing"
    for step, level in zip(STEPS, ("old", "new", "new"), strict=True):
        put("levels", consumer, rule(consumer, step, "force: true\n"))
        end = time.monotonic() + 180
        while (there := reached(calls, "levels", consumer)) != {calls.world.at(level)}:
            assert time.monotonic() < end, (step, there)
            time.sleep(0.1)


def test_services_show_the_rule(calls: Calls, put: Put) -> None:
    put("levels", "shop", rule("shop", "FORCE_INTERFACE"))
    view = read_registry(f"{calls.world.registry}/levels", interfaces=[CALLS_FACADE])
    (found,) = (each for each in view.rules if each.kind == "migration" and each.key == "shop")
    assert found.says == ("step: FORCE_INTERFACE",)
