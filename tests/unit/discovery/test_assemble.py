"""From raw texts to a view: both levels merged, rules applied, oddities told."""

import pytest

from workbench.discovery.assemble import assemble, wanted
from workbench.discovery.raw import RawRegistry
from workbench.model.json import dumps
from workbench.model.registry import Provider

X, Y = "com.x.Facade", "com.y.Facade"


def _url(port: int = 1, **parameters: str) -> str:
    return f"dubbo://10.0.0.5:{port}/{X}?interface={X}&" + "&".join(
        f"{key}={value}" for key, value in parameters.items()
    )


def _instance(
    port: int = 1, storage: str = "local", revision: str = "r1", protocols: tuple[str, ...] = ("dubbo",)
) -> str:
    endpoints = [{"port": port + index, "protocol": protocol} for index, protocol in enumerate(protocols)]
    metadata = {
        "dubbo.endpoints": dumps(endpoints),
        "dubbo.metadata.revision": revision,
        "dubbo.metadata.storage-type": storage,
    }
    return dumps({"name": "trade", "address": "10.0.0.5", "port": port, "payload": {"metadata": metadata}})


def _providers(raw: RawRegistry, interface: str = X) -> list[Provider]:
    service = assemble(raw).service(interface)
    return list(service.providers) if service else []


def test_an_application_with_local_metadata_gives_way_to_its_interface_level_entries() -> None:
    raw = RawRegistry("z", providers={X: [_url(group="g")]}, mapping={X: ["trade"]}, instances={"trade": [_instance()]})
    (one,) = _providers(raw)
    assert (one.level, one.group, one.incomplete) == ("both", "g", False)


def test_an_application_alone_is_shown_with_what_is_not_known() -> None:
    raw = RawRegistry(
        "z", mapping={X: ["trade"], Y: ["other"]}, instances={"trade": [_instance(protocols=("dubbo", "tri"))]}
    )
    dubbo, tri = _providers(raw)
    assert (dubbo.address, dubbo.protocol, dubbo.level, dubbo.incomplete) == (
        "10.0.0.5:1",
        "dubbo",
        "application",
        True,
    )
    assert (tri.address, tri.protocol) == ("10.0.0.5:2", "tri")
    assert _providers(raw, Y) == []


def _declared(version: str) -> str:
    parameters = {"application": "trade", "group": "g", "version": version, "weight": "7", "release": "3.3.6"}
    return dumps({"canonicalName": X, "parameters": parameters})


def test_metadata_completes_what_an_application_keeps_to_itself() -> None:
    raw = RawRegistry(
        "z", mapping={X: ["trade"]}, instances={"trade": [_instance()]}, definitions={"a": _declared("1.0")}
    )
    (one,) = _providers(raw)
    assert (one.group, one.version, one.weight, one.level, one.incomplete) == ("g", "1.0", 7, "application", False)
    raw.providers[X] = [_url(group="g", version="1.0")]
    assert [one.level for one in _providers(raw)] == ["both"]


def test_metadata_of_two_versions_completes_what_both_say() -> None:
    definitions = {"a": _declared("1.0"), "b": _declared("2.0")}
    raw = RawRegistry("z", mapping={X: ["trade"]}, instances={"trade": [_instance()]}, definitions=definitions)
    (one,) = _providers(raw)
    assert (one.version, one.incomplete) == ("", True)
    assert (one.group, one.weight, one.release) == ("g", 7, "3.3.6")


def test_remote_metadata_tells_group_version_and_protocol() -> None:
    services = {
        f"g/{X}:1.0.0:dubbo": {
            "name": X,
            "group": "g",
            "version": "1.0.0",
            "protocol": "dubbo",
            "params": {"methods": "pay", "release": "3.3.6", "weight": "7"},
        },
        f"{Y}:tri": {"name": Y, "protocol": "tri", "params": {}},
    }
    raw = RawRegistry(
        "z",
        instances={"trade": [_instance(storage="remote", protocols=("dubbo", "tri"))]},
        revisions={("trade", "r1"): dumps({"app": "trade", "services": services})},
    )
    (one,) = _providers(raw)
    assert (one.group, one.version, one.methods, one.weight, one.level) == ("g", "1.0.0", ("pay",), 7, "application")
    assert [other.address for other in _providers(raw, Y)] == ["10.0.0.5:2"]


def test_remote_metadata_and_interface_level_merge() -> None:
    info = dumps({"services": {"k": {"name": X, "group": "g", "protocol": "dubbo"}}})
    raw = RawRegistry(
        "z",
        providers={X: [_url(group="g"), _url(group="h")]},
        instances={"trade": [_instance()]},
        revisions={("trade", "r1"): info},
    )
    assert [(one.group, one.level) for one in _providers(raw)] == [("g", "both"), ("h", "interface")]


@pytest.mark.parametrize(
    ("override", "disabled", "weight"),
    [
        (f"override://0.0.0.0/{X}?disabled=true", True, 100),
        (f"override://10.0.0.5:1/{X}?weight=5", False, 5),
        (f"override://10.0.0.5/{X}?weight=5", False, 5),
        (f"override://10.0.0.6:1/{X}?disabled=true", False, 100),
        (f"override://0.0.0.0/{X}?disabled=true&enabled=false", False, 100),
        (f"override://0.0.0.0/{X}?disabled=true&group=other", False, 100),
    ],
)
def test_override_rules(override: str, disabled: bool, weight: int) -> None:
    raw = RawRegistry("z", providers={X: [_url()]}, overrides={X: [override]})
    (one,) = _providers(raw)
    assert (one.disabled, one.weight) == (disabled, weight)
    assert [rule.text for rule in assemble(raw).rules] == [override]


def test_oddities_become_warnings_and_hide_nothing() -> None:
    raw = RawRegistry(
        "z",
        providers={X: ["dubbo://broken", _url()]},
        overrides={X: ["nonsense"]},
        instances={"trade": ["{", "{}", dumps({"address": "h", "port": None})]},
        definitions={"/m": "nonsense"},
    )
    view = assemble(raw)
    assert len(view.services[0].providers) == 1
    assert len(view.warnings) == 6
    assert any("dubbo://broken" in warning.message for warning in view.warnings)


def test_empty_and_own_interfaces() -> None:
    raw = RawRegistry("z", providers={X: [f"empty://10.0.0.5:1/{X}"], "org.apache.dubbo.metadata.MetadataService": []})
    view = assemble(raw)
    assert [service.interface for service in view.services] == [X]
    assert view.services[0].providers == ()


def test_an_interface_that_was_only_asked_for_is_no_service() -> None:
    view = assemble(RawRegistry("z", providers={X: [_url()], Y: []}))
    assert [service.interface for service in view.services] == [X]


def test_metadata_of_two_releases_is_shown_together_and_told() -> None:
    def definition(*types: str) -> str:
        return dumps({"canonicalName": X, "methods": [{"name": "pay", "parameterTypes": [one]} for one in types]})

    raw = RawRegistry("z", providers={X: []}, definitions={"a": definition("int"), "b": definition("int", "long")})
    view = assemble(raw)
    assert [method.signature for method in view.services[0].methods] == ["pay(int)", "pay(long)"]
    assert view.warnings[0].where == "b"
    assert [method.signature for method in view.contract().interfaces[0].methods] == ["pay(int)", "pay(long)"]


def test_method_names_come_from_metadata_and_providers() -> None:
    view = assemble(RawRegistry("z", providers={X: [_url(methods="b,a"), _url(2, methods="*")]}))
    assert view.services[0].method_names == ("a", "b")
    assert view.contract().interfaces == ()


@pytest.mark.parametrize(
    ("globs", "hit"), [((), True), (("com.x.*",), True), (("*Facade",), True), (("Facade",), True), (("X*",), False)]
)
def test_globs(globs: tuple[str, ...], hit: bool) -> None:
    assert wanted(X, globs) is hit
