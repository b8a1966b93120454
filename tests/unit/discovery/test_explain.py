import pytest

from workbench.discovery.explain import explain
from workbench.model.registry import Provider, RegistryView, Rule, Service
from workbench.model.result import Cause

X = "com.x.PayFacade"


def _view(*providers: Provider, rules: tuple[Rule, ...] = ()) -> RegistryView:
    services = (Service(interface=X, providers=providers), Service(interface="com.x.Empty"))
    return RegistryView(address="zookeeper://h:1", services=services, rules=rules)


def _one(**fields: object) -> Provider:
    return Provider(address="h:2", interface=X, application="trade", **fields)  # type: ignore[arg-type]


def test_nothing_to_explain() -> None:
    assert explain(_view(_one()), X) is None
    assert explain(_view(_one(group="g", version="1")), X, group="g", version="1") is None
    assert explain(_view(_one(group="g", version="1")), X, group="*", version="*") is None
    assert explain(_view(_one(group="g", version="1")), X, group="f, g", version="1") is None
    assert explain(_view(_one(incomplete=True)), X, group="any") is None
    assert explain(_view(_one()), X, tag="gray") is None  # falls back to providers without a tag
    assert explain(_view(_one(tag="gray")), X, tag="gray") is None


@pytest.mark.parametrize(
    ("view", "asked", "cause", "said"),
    [
        (_view(_one()), {"interface": "com.x.PayFacde"}, Cause.NO_PROVIDER, f"did you mean {X}"),
        (_view(_one()), {"interface": "com.x.Empty"}, Cause.NO_PROVIDER, "no provider of com.x.Empty is registered"),
        (
            _view(_one(version="1.0")),
            {"version": "2.0"},
            Cause.VERSION_MISMATCH,
            "offered with version 1.0 at zookeeper://h:1; asked for",
        ),
        (_view(_one(version="1.0")), {}, Cause.VERSION_MISMATCH, "--version 1.0"),
        (_view(_one(version="1.0", group="g")), {}, Cause.VERSION_MISMATCH, "with group g and version 1.0 at"),
        (_view(_one(version="1.0")), {}, Cause.VERSION_MISMATCH, "asked for: neither group nor version"),
        (_view(_one(group="g")), {}, Cause.VERSION_MISMATCH, "--group g"),
        (_view(_one()), {"group": "g"}, Cause.VERSION_MISMATCH, "no --group"),
        (_view(_one(group="g")), {"group": "f,h"}, Cause.VERSION_MISMATCH, "asked for: group f,h"),
        (_view(_one(disabled=True)), {}, Cause.NO_PROVIDER, "all providers of com.x.PayFacade are disabled: h:2"),
        (_view(_one(tag="gray")), {}, Cause.NO_PROVIDER, "have another tag (gray), the call has no tag"),
        (_view(_one(tag="gray")), {"tag": "blue"}, Cause.NO_PROVIDER, "the call has tag blue"),
    ],
)
def test_reasons(view: RegistryView, asked: dict[str, str], cause: Cause, said: str) -> None:
    failure = explain(view, **({"interface": X} | asked))
    assert failure is not None
    assert failure.cause is cause
    assert said in f"{failure.message} → {failure.hint}"


def test_rules_that_may_be_the_reason_are_named() -> None:
    rules = (Rule("trade", "tag-router"), Rule("other", "tag-router"))
    failure = explain(_view(_one(disabled=True), rules=rules), X)
    assert failure is not None
    assert "trade.tag-router" in failure.hint
    assert "other" not in failure.hint
