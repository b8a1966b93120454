"""What registries say is set beside the contracts of the subsystems that are called by them, and of no others."""

from collections.abc import Sequence

from workbench.model.contract import Contract, Interface, Method
from workbench.model.plan import RunPlan, Target
from workbench.usecases.registry_metadata import registry_metadata, with_metadata

JAR = Contract((Interface("com.x.Pay", (Method("find", returns="long"),), "api-jar", "pay.jar"),))
SEEN = Contract((Interface("com.x.Pay", (Method("find", returns="java.lang.String"),), "registry", "zk"),))


def plan(**targets: Target) -> RunPlan:
    return RunPlan(id="r", created_us=0, suite="s", subsystem="pay", targets=targets)


def test_what_registries_say_is_merged_and_each_is_asked_once():
    asked: list[tuple[str, tuple[str, ...]]] = []

    def ask(registry: str, names: Sequence[str]) -> Contract:
        asked.append((registry, tuple(names)))
        return SEEN

    registries = ("zookeeper://127.0.0.1:1",)
    known = Target(registries=registries, contract=JAR)
    pinned = Target(registries=registries, url="dubbo://[::1]:1", contract=JAR)
    targets = plan(pay=known, twin=known, pinned=pinned, unknown=Target(registries=registries))
    contracts = {"pay": JAR, "twin": JAR, "pinned": JAR}
    merged = with_metadata(targets, contracts, ask)
    assert asked == [("zookeeper://127.0.0.1:1", ("com.x.Pay",))]
    (found,) = merged["pay"].contradictions
    assert [(claim.origin, claim.says) for claim in found.claims] == [("pay.jar", "long"), ("zk", "java.lang.String")]
    assert merged["pinned"] == JAR
    assert "unknown" not in merged


def test_a_registry_that_does_not_answer_says_nothing():
    assert registry_metadata("nacos://127.0.0.1:1", ["com.x.Pay"]) == Contract()
