"""Governance rules: what they say, and what they do to providers."""

import pytest

from workbench.discovery.assemble import assemble
from workbench.discovery.raw import RawRegistry
from workbench.discovery.rules import concerns, govern, matches, understand
from workbench.model.registry import Provider, Rule

X = "com.x.PayFacade"
TAGS = """\
force: true
enabled: true
key: trade
tags:
  - name: gray
    addresses: ["10.0.0.5:20880"]
  - name: env
    match: [{key: env, value: {exact: gray}}]
"""
WEIGHTS = """\
configVersion: v3.0
scope: service
key: com.x.PayFacade
configs:
  - addresses: ["10.0.0.5"]
    side: provider
    parameters: {weight: 7, timeout: 3000}
  - side: consumer
    parameters: {weight: 1}
  - side: provider
    enabled: false
    parameters: {disabled: true}
  - side: provider
    match: {param: [{key: env, value: {exact: gray}}]}
    parameters: {disabled: true}
"""
CONDITIONS = (
    'force: true\nenabled: false\nconditions:\n  - "method=pay => address=10.0.0.5:*"\n  - "=> host != 10.0.0.6"\n'
)


MIGRATION = f"""
key: shop
step: FORCE_INTERFACE
threshold: 0.5
force: true
interfaces:
  - {{serviceKey: '{X}:1.0.0', step: FORCE_APPLICATION, proportion: 30}}
applications:
  - {{serviceKey: trade, step: APPLICATION_FIRST}}
"""


def _one(address: str = "10.0.0.5:20880", **fields: object) -> Provider:
    return Provider(address=address, interface=X, application="trade", **fields)  # type: ignore[arg-type]


def _governed(provider: Provider, *rules: Rule) -> Provider:
    (changed,) = govern([provider], [understand(rule) for rule in rules])
    return changed


def test_what_rules_say() -> None:
    tags = understand(Rule("trade", "tag-router", TAGS))
    assert (tags.enabled, tags.force) == (True, True)
    assert tags.says[0] == "tag gray: 10.0.0.5:20880"
    assert tags.says[1].startswith("tag env: where ")
    conditions = understand(Rule(X, "condition-router", CONDITIONS))
    assert (conditions.enabled, conditions.says) == (False, ("method=pay => address=10.0.0.5:*", "=> host != 10.0.0.6"))
    weights = understand(Rule(X, "configurators", WEIGHTS))
    assert weights.says[:3] == (
        "provider 10.0.0.5: weight=7, timeout=3000",
        "consumer: weight=1",
        "provider: disabled=true (disabled)",
    )
    migration = understand(Rule("shop", "migration", MIGRATION))
    assert migration.says == (
        "step: FORCE_INTERFACE",
        "force: true",
        "threshold: 0.5",
        f"{X}:1.0.0: FORCE_APPLICATION (proportion=30)",
        "trade: APPLICATION_FIRST",
    )
    script = understand(Rule("shop", "script-router", "type: javascript\nscript: '1'\n"))
    assert script.says == ("a script in javascript",)


@pytest.mark.parametrize("text", ["[", "just a text", "- a list"])
def test_what_is_no_rule(text: str) -> None:
    with pytest.raises(ValueError, match="no"):
        understand(Rule(X, "configurators", text))


def test_configurators_change_the_providers_they_name() -> None:
    rule = Rule(X, "configurators", WEIGHTS)
    changed = _governed(_one(), rule)
    assert (changed.weight, changed.disabled, changed.rules) == (7, False, (f"{X}.configurators",))
    assert _governed(_one("10.0.0.6:20880"), rule) == _one("10.0.0.6:20880")


@pytest.mark.parametrize(
    ("parameters", "disabled"),
    [("disabled: true", True), ("disabled: false", False), ("enabled: false", True), ("enabled: true", False)],
)
def test_configurators_of_an_application_disable(parameters: str, disabled: bool) -> None:
    text = f"scope: application\nkey: trade\nconfigs:\n  - addresses: ['0.0.0.0']\n    parameters: {{{parameters}}}\n"
    assert _governed(_one(disabled=not disabled), Rule("trade", "configurators", text)).disabled is disabled


def test_configurators_of_an_application_for_some_services() -> None:
    text = "key: trade\nconfigs:\n  - services: ['blue/com.x.Other:1.0']\n    parameters: {disabled: true}\n"
    assert not _governed(_one(), Rule("trade", "configurators", text)).disabled
    assert _governed(_one(), Rule("trade", "configurators", text.replace("Other", "PayFacade"))).disabled


def test_dynamic_tags() -> None:
    rule = Rule("trade", "tag-router", TAGS)
    assert (_governed(_one(), rule).tag, _governed(_one("10.0.0.6:20880"), rule).tag) == ("gray", "")
    assert _governed(_one(), Rule("trade", "tag-router", TAGS.replace("enabled: true", "enabled: false"))).tag == ""


@pytest.mark.parametrize(
    ("key", "hit"),
    [
        (X, True), (f"{X}:1.0:blue", True), (f"{X}:1.0:", False), (f"{X}::", False), (f"{X}:*:blue", True),
        ("com.x.Other", False), ("trade", True), ("order", False),
    ],
)  # fmt: skip
def test_whom_a_rule_concerns(key: str, hit: bool) -> None:
    assert concerns(Rule(key, "condition-router"), _one(group="blue", version="1.0")) is hit


@pytest.mark.parametrize(
    ("pattern", "address", "hit"),
    [
        ("10.0.0.5", "10.0.0.5:1", True), ("10.0.0.5:1", "10.0.0.5:1", True), ("10.0.0.5:2", "10.0.0.5:1", False),
        ("10.0.*.*", "10.0.0.5:1", True), ("*:1", "10.0.0.5:1", True), ("*:2", "10.0.0.5:1", False),
        ("0.0.0.0", "10.0.0.5:1", True), ("[::1]:1", "[::1]:1", True), ("::1", "[::1]:1", True),
        ("[::1]:2", "[::1]:1", False),
    ],
)  # fmt: skip
def test_address_patterns(pattern: str, address: str, hit: bool) -> None:
    assert matches(pattern, address) is hit


def test_rules_in_a_view() -> None:
    url = f"dubbo://10.0.0.5:20880/{X}?interface={X}&application=trade"
    raw = RawRegistry("zookeeper://h:1", providers={X: [url]})
    raw.rules = [Rule(X, "configurators", WEIGHTS), Rule("trade", "tag-router", "[")]
    view = assemble(raw)
    (provider,) = view.services[0].providers
    assert (provider.weight, provider.rules) == (7, (f"{X}.configurators",))
    assert [(warning.where, warning.message[:27]) for warning in view.warnings] == [
        ("trade.tag-router", "a rule that cannot be read:")
    ]
