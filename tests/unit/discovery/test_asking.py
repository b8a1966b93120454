"""What is asked of providers, and what their answers add to a reading of a registry."""

from collections.abc import Sequence

import pytest

from workbench.discovery.asking import Question, Told, ask_providers
from workbench.discovery.assemble import assemble, wanted
from workbench.discovery.raw import RawRegistry
from workbench.model.json import dumps
from workbench.model.registry import RegistryView

X, Y = "com.x.Facade", "com.y.Facade"
V2 = {"dubbo": {"version": "1.0.0", "port": "20881", "release": "2.7.23"}}
V3 = {"version": "1.0.0", "port": "20880", "protocol": "tri", "release": "3.3.6"}
DEFINITION = dumps({"canonicalName": X, "methods": [{"name": "get", "parameterTypes": ["long"]}]})


def _instance(port: int, params: object, revision: str = "r") -> str:
    metadata = {
        "dubbo.endpoints": dumps([{"port": port, "protocol": "dubbo"}]),
        "dubbo.metadata.revision": revision,
        "dubbo.metadata-service.url-params": dumps(params),
    }
    return dumps({"address": "::1", "port": port, "payload": {"metadata": metadata}})


def _url(interface: str, release: str = "2.7.23") -> str:
    return f"dubbo://[::1]:1/{interface}?interface={interface}&group=g&version=1.2&methods=get&release={release}"


class Providers:
    """Answers by method; notes what it was asked."""

    def __init__(self, exported: Sequence[Told], definition: Told = Told(dumps(DEFINITION))) -> None:  # noqa: B008
        self.exported = list(exported)
        self.definition = definition
        self.asked: list[Question] = []

    def __call__(self, questions: Sequence[Question]) -> list[Told]:
        self.asked += questions
        return [self.definition if one.method == "getServiceDefinition" else self.exported.pop(0) for one in questions]

    def read(self, raw: RawRegistry, *globs: str) -> RegistryView:
        ask_providers(raw, self, lambda name: wanted(name, globs))
        return assemble(raw, globs)


def test_a_provider_tells_its_services_their_methods_and_types() -> None:
    providers = Providers([Told(dumps([_url(X), _url("org.apache.dubbo.metadata.MetadataService")]))])
    view = providers.read(RawRegistry("z", instances={"shop": [_instance(1, V2)]}))
    (service,) = view.services
    (provider,) = service.providers
    assert (provider.address, provider.group, provider.version) == ("[::1]:1", "g", "1.2")
    assert (provider.incomplete, provider.unmapped) == (False, True)
    assert [method.signature for method in service.methods] == ["get(long)"]
    assert service.origin == "metadata service of dubbo://[::1]:20881"
    assert view.contract().interfaces[0].origin == service.origin
    first, second = providers.asked
    assert (first.url, first.application, first.arguments) == ("dubbo://[::1]:20881", "shop", '["*"]')
    assert (second.method, second.arguments) == ("getServiceDefinition", dumps([X, "1.2", "g"]))


def test_three_has_no_definitions_and_names_its_protocol() -> None:
    providers = Providers([Told(dumps([_url(X, "3.3.6")]))])
    (service,) = providers.read(RawRegistry("z", instances={"shop": [_instance(1, V3)]})).services
    assert (service.methods, service.method_names) == ((), ("get",))
    assert [one.url for one in providers.asked] == ["tri://[::1]:20880"]


def test_applications_on_three_that_speak_tri_have_a_form_of_their_own() -> None:
    """Seen on 3.3.6: where dubbo and tri are spoken, the first form is not at the port that the instance names."""
    name = "com.x.Service"
    service = {"name": name, "group": "g&h", "version": "1.2", "protocol": "tri", "port": 20880, "path": X}
    own = {"name": "org.apache.dubbo.metadata.MetadataServiceV2", "protocol": "tri", "port": 20880}
    info = {"app": "shop", "services": {"a": {**service, "params": {"methods": "get", "release": "3.3.6"}}, "b": own}}
    metadata = {
        "dubbo.endpoints": dumps([{"port": 20881, "protocol": "dubbo"}, {"port": 20880, "protocol": "tri"}]),
        "dubbo.metadata.revision": "r",
        "dubbo.metadata-service.url-params": dumps({**V3, "version": "2.0.0"}),
        "meta-v": "2.0.0",
    }
    instance = dumps({"address": "::1", "port": 20881, "payload": {"metadata": metadata}})
    providers = Providers([Told(dumps(info))])
    view = providers.read(RawRegistry("z", instances={"shop": [instance]}))
    ((found,),) = (service.providers for service in view.services)
    assert (found.interface, found.protocol, found.address) == (name, "tri", "[::1]:20880")
    assert (found.group, found.version, found.incomplete) == ("g&h", "1.2", False)
    assert view.warnings == ()
    (asked,) = providers.asked
    assert (asked.interface, asked.method, asked.version) == (own["name"], "getMetadataInfo", "2.0.0")
    assert (asked.url, asked.arguments) == ("tri://[::1]:20880", '[{"revision":"r"}]')


@pytest.mark.parametrize(
    "answer", ["null", '"text"', "{", "[1]", '{"services": 5}', '{"services": {"a": {"port": "x"}}}']
)
def test_odd_answers_of_that_form_are_told(answer: str) -> None:
    metadata = {
        "dubbo.endpoints": dumps([{"port": 1, "protocol": "tri"}]),
        "dubbo.metadata-service.url-params": dumps(V3),
        "meta-v": "2.0.0",
    }
    raw = RawRegistry(
        "z", instances={"shop": [dumps({"address": "::1", "port": 1, "payload": {"metadata": metadata}})]}
    )
    view = Providers([Told(answer)]).read(raw)
    assert view.services == ()
    assert view.warnings or '"a"' in answer


def test_what_the_registry_holds_is_not_asked() -> None:
    providers = Providers([])
    raw = RawRegistry("z", mapping={X: ["shop"]}, instances={"shop": [_instance(1, V2)]})
    raw.revisions["shop", "r"] = dumps({"services": {"a": {"name": X}}})
    raw.definitions["somewhere"] = DEFINITION
    assert providers.read(raw).services[0].origin == ""
    assert providers.asked == []


def test_the_next_instance_is_asked_when_one_does_not_answer() -> None:
    providers = Providers([Told(problem="does not answer"), Told(dumps([_url(X)]))])
    view = providers.read(RawRegistry("z", instances={"shop": [_instance(1, V2), _instance(2, V2)]}))
    assert [one.interface for one in view.services] == [X]
    assert [(one.where, one.message) for one in view.warnings] == [
        ("metadata service of dubbo://[::1]:20881", "does not answer")
    ]


def test_only_what_is_wanted_is_asked_and_shown() -> None:
    providers = Providers([Told(dumps([_url(X), _url(Y)]))])
    view = providers.read(RawRegistry("z", instances={"shop": [_instance(1, V2)]}), "com.x.*")
    assert [one.interface for one in view.services] == [X]
    assert len(providers.asked) == 2


@pytest.mark.parametrize("answer", ["null", '"text"', "{", "[1]", '["no url"]'])
def test_odd_answers_are_told_and_harm_nothing(answer: str) -> None:
    raw = RawRegistry("z", mapping={X: ["shop"]}, instances={"shop": [_instance(1, V2)]})
    view = Providers([Told(answer)], Told("[")).read(raw)
    assert all(service.methods == () for service in view.services)


@pytest.mark.parametrize("params", [{}, "x", {"port": "none"}, {"dubbo": 1}, [], {"dubbo": {"port": "9" * 9}}])
def test_odd_places_are_not_asked_or_not_found(params: object) -> None:
    providers = Providers([Told(problem="no")])
    providers.read(RawRegistry("z", instances={"shop": [_instance(1, params)]}))
    assert len(providers.asked) <= 1
