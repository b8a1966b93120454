"""Who answers a call: group and version, tag, weight, pinned instance, protocol, token, host map; and who cannot."""

import json
from typing import Any

import pytest
from bridge_calls import cause, ok
from calls_world import AWAY, Calls

from workbench.model.result import Cause
from workbench.plugin_api import Answer

pytestmark = pytest.mark.xdist_group("calls")


def where(answer: Answer) -> dict[str, Any]:
    """The instance that says it answered; the result must name the same."""
    spot: dict[str, Any] = json.loads(ok(answer))
    assert answer.provider.endswith(f":{spot['port']}"), (answer.provider, spot)
    return spot


def test_group_and_version(calls: Calls) -> None:
    assert where(calls("where"))["group"] is None
    spot = where(calls("where", group="blue", version="2.0.0"))
    assert (spot["group"], spot["version"], spot["tag"]) == ("blue", "2.0.0", None)
    lost = calls("where", group="blue", version="1.0.0")
    assert cause(lost) is Cause.VERSION_MISMATCH


@pytest.mark.parametrize(
    ("group", "version", "answers"), [("*", "*", None), ("blue", "*", "blue"), ("*", "2.0.0", "blue")]
)
def test_any_group_or_version(calls: Calls, group: str, version: str, answers: str | None) -> None:
    spot = where(calls("where", group=group, version=version))
    assert answers is None or (spot["group"], spot["version"]) == (answers, "2.0.0")


def test_any_group_of_a_version_that_is_not_there(calls: Calls) -> None:
    lost = calls("where", group="*", version="7.0.0")
    assert cause(lost) is Cause.VERSION_MISMATCH
    assert lost.failure is not None
    assert "group blue and version 2.0.0" in lost.failure.message


@pytest.mark.parametrize("group", ["none,blue", "blue,many"])
def test_one_of_several_groups(calls: Calls, group: str) -> None:
    spot = where(calls("where", group=group, version="2.0.0"))
    assert (spot["group"], spot["version"]) == ("blue", "2.0.0")


@pytest.mark.parametrize("group", ["none,blue", "*"])
def test_several_groups_and_a_tag(calls: Calls, group: str) -> None:
    """Dubbo's directories pass over all routers then, for every consumer (RegistryDirectory, multiGroup)."""
    forced = {"dubbo.force.tag": "true"}
    answer = calls("where", group=group, version="2.0.0", tag="white", attachments=forced)
    assert where(answer)["group"] == "blue"
    assert any("tag white" in warning and "group " + group in warning for warning in answer.warnings)


def test_any_version_of_a_provider_that_has_none(calls: Calls) -> None:
    """As for a Java consumer: found by interface; by application the `*` itself is sent, and refused."""
    old, new = ({"registries": (f"{calls.world.registry}/{root}",)} for root in ("old", "new"))
    assert where(calls("where", version="*", target=old))["version"] is None
    for group in ("", "*"):
        lost = calls("where", version="*", group=group, target=new)
        assert cause(lost) is Cause.VERSION_MISMATCH
        assert lost.failure is not None
        assert lost.failure.hint.endswith("write neither group nor version")
    listed = calls("where", version="*", group="safe,none")
    assert cause(listed) is Cause.VERSION_MISMATCH
    assert listed.failure is not None
    assert listed.failure.hint.endswith("write group safe")


def test_any_version_at_an_address(calls: Calls) -> None:
    lost = calls("where", group="blue", version="*", url=calls.world.addresses["blue"][0])
    assert cause(lost) is Cause.VERSION_MISMATCH
    assert lost.failure is not None
    assert "write the version itself" in lost.failure.hint


def test_group_and_version_at_an_address_over_tri(calls: Calls) -> None:
    """The provider's Dubbo takes any (TriplePathResolver), so an answer proves nothing of them."""
    url = calls.world.addresses["many"][1]
    answer = calls("where", group="wrong", version="7", url=url)
    assert where(answer)["group"] == "many"
    (warning,) = answer.warnings
    assert warning.startswith("group wrong and version 7 may not be held to")
    assert calls("where", url=url).warnings == ()
    refused = calls("where", group="wrong", version="7", url=calls.world.addresses["many"][0])
    assert cause(refused) is Cause.VERSION_MISMATCH


def test_a_tag_finds_its_own_and_falls_back_to_those_without(calls: Calls) -> None:
    assert where(calls("where", group="blue", version="2.0.0", tag="gray"))["tag"] == "gray"
    assert where(calls("where", group="blue", version="2.0.0", tag="white"))["tag"] is None
    assert where(calls("where", group="blue", version="2.0.0"))["tag"] is None


def test_a_forced_tag_that_nobody_has(calls: Calls) -> None:
    forced = {"dubbo.force.tag": "true"}
    lost = calls("where", group="blue", version="2.0.0", tag="white", attachments=forced)
    assert cause(lost) is Cause.NO_PROVIDER
    assert lost.failure is not None
    assert "no provider has the tag white" in lost.failure.message
    assert "dubbo.force.tag" in lost.failure.message
    assert "2 providers" in lost.failure.message


def test_weights(calls: Calls) -> None:
    heavy = calls.world.port("heavy")
    assert {where(calls("where", group="weights"))["port"] for _ in range(8)} == {heavy}


def test_a_pinned_instance_answers_whatever_its_weight_and_tag(calls: Calls) -> None:
    light = calls.world.addresses["light"][0]
    assert where(calls("where", group="weights", url=light))["port"] == calls.world.port("light")
    gray = calls.world.addresses["gray"][0]
    assert where(calls("where", group="blue", version="2.0.0", url=gray))["tag"] == "gray"


@pytest.mark.parametrize(("protocol", "place"), [("dubbo", 0), ("tri", 1)])
def test_the_steps_protocol_chooses_the_port(calls: Calls, protocol: str, place: int) -> None:
    answer = calls("where", group="many", protocol=protocol)
    assert where(answer)["protocol"] == protocol
    assert answer.provider == calls.world.at("many", place)


def test_a_protocol_that_is_not_spoken_here(calls: Calls) -> None:
    lost = calls("where", group="many", protocol="rest")
    assert cause(lost) is Cause.CONFIG
    assert lost.failure is not None
    assert "protocol rest" in lost.failure.message


# Each protocol has a filter of its own for it, with words of its own.
SAFE = pytest.mark.parametrize(("provider", "group"), [("safe", "safe"), ("safe over tri", "safer")])


@SAFE
def test_a_registry_knows_the_token(calls: Calls, provider: str, group: str) -> None:
    assert where(calls("where", group=group))["group"] == group


@SAFE
def test_a_pinned_address_knows_no_token(calls: Calls, provider: str, group: str) -> None:
    (url,) = calls.world.addresses[provider]
    for attachments, told in (({}, "none"), ({"token": "secret-8"}, "another one")):
        refused = calls("where", group=group, url=url, attachments=attachments)
        assert cause(refused) is Cause.AUTH
        assert refused.failure is not None
        assert told in refused.failure.message
        assert "secret" not in refused.failure.message
        assert "token=" in refused.failure.hint
        assert refused.provider == calls.world.at(provider)
        assert not any("connection" in warning for warning in refused.warnings)
    where(calls("where", group=group, url=f"{url}?token=secret-7"))
    where(calls("where", group=group, url=url, attachments={"token": "secret-7"}))


@pytest.mark.parametrize(("provider", "root"), [("away by interface", "away-1"), ("away by application", "away-2")])
def test_a_registered_address_that_only_its_own_network_knows(calls: Calls, provider: str, root: str) -> None:
    registries = (f"{calls.world.registry}/{root}",)
    lost = calls("where", target={"registries": registries})
    assert cause(lost) is Cause.NETWORK
    assert lost.failure is not None
    assert AWAY in lost.failure.message
    assert "host" in lost.failure.hint
    found = calls("where", target={"registries": registries, "hosts": {AWAY: "[::1]"}})
    where(found)
    assert found.provider == calls.world.at(provider)


def test_a_method_that_calls_back(calls: Calls) -> None:
    for listener in ("{}", "null"):
        refused = calls("listen", ("java.lang.String", "com.example.calls.Listener"), f'["news",{listener}]')
        assert cause(refused) is Cause.CONFIG
        assert refused.failure is not None
        assert "argument 2" in refused.failure.message
