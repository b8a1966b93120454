"""What a registry does not hold, asked of the running providers: their `org.apache.dubbo.metadata.MetadataService`.

Applications that keep their metadata to themselves (storage type `local`) offer that service, under the application's
name as group and version 1.0.0, at the port that their instance names in `dubbo.metadata-service.url-params`. Seen on
2.7.23, 3.2.19 and 3.3.6: `getExportedURLs("*")` gives the URL of each service; `getServiceDefinition` gives methods and
types in 2.7 and an empty text in 3.x. Providers that register by interface only do not offer it.

Applications on 3.3 that speak tri name a second form of it (`meta-v` 2.0.0), MetadataServiceV2 by protobuf's IDL, whose
`getMetadataInfo` gives what the metadata centre would hold. Where they speak dubbo too, only this is at the named port.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from msgspec import Struct

from workbench.discovery.instances import Instance, read_instance
from workbench.discovery.metadata import read_parameters
from workbench.discovery.raw import RawRegistry
from workbench.discovery.urls import DubboUrl, host_port, parse_url
from workbench.errors import JsonError
from workbench.model.json import dumps, loads

INTERFACE: Final = "org.apache.dubbo.metadata.MetadataService"
INTERFACE_V2: Final = "org.apache.dubbo.metadata.MetadataServiceV2"
TOLD: Final = "metadata service of "
_PARAMS: Final = "dubbo.metadata-service.url-params"
_FORM: Final = "meta-v"
_REQUEST_V2: Final = "org.apache.dubbo.metadata.MetadataRequest"
_TEXT: Final = "java.lang.String"
_TRIED: Final = 2  # instances of an application, one after the other


class Question(Struct, frozen=True):
    """A call of a MetadataService at `url` (`dubbo://HOST:PORT`), whose group is `application`."""

    url: str
    application: str
    method: str
    erased: tuple[str, ...]
    arguments: str  # JSON array text
    interface: str = INTERFACE
    version: str = "1.0.0"


class Told(Struct, frozen=True):
    """JSON text of the answer, or the problem that took its place."""

    text: str = ""
    problem: str = ""


Ask = Callable[[Sequence[Question]], Sequence[Told]]
_Place = tuple[str, str]  # application, revision


def ask_providers(raw: RawRegistry, ask: Ask, wanted: Callable[[str], bool]) -> None:
    """Add to `raw` what providers tell of services that the registry tells too little of; problems become warnings."""
    open_ = {place: instances for place, instances in _places(raw).items() if _lacks(raw, place, wanted)}
    answered: dict[_Place, tuple[Instance, list[DubboUrl]]] = {}
    for attempt in range(_TRIED):
        left = {place: some[attempt:] for place, some in open_.items() if place not in answered}
        answered |= _exported(raw, ask, [(place, some[0]) for place, some in left.items() if some])
    for place, (_, urls) in answered.items():
        raw.revisions.setdefault(place, _as_metadata(urls))
    _ask_definitions(raw, ask, answered.values(), wanted)


def _places(raw: RawRegistry) -> dict[_Place, list[Instance]]:
    """Instances that have the service, by what they offer."""
    found: dict[_Place, list[Instance]] = {}
    for application, texts in raw.instances.items():
        for text in texts:
            with suppress(ValueError):  # told when the view is assembled
                instance = read_instance(application, text)
                if instance.revision != "0" and service_url(instance):
                    found.setdefault((application, instance.revision), []).append(instance)
    return found


def _lacks(raw: RawRegistry, place: _Place, wanted: Callable[[str], bool]) -> bool:
    """Whether the registry has not its metadata, or no definition of an interface that it is mapped to."""
    if place not in raw.revisions:
        return True
    mapped = (*raw.mapping.items(), *raw.old_mapping.items())
    named = {name for name, applications in mapped if place[0] in applications and wanted(name)}
    return bool(named - _defined(raw))


def _defined(raw: RawRegistry) -> set[str]:
    names = set()
    for text in raw.definitions.values():
        with suppress(ValueError):
            names.add(read_parameters(text)[0])
    return names


def service_url(instance: Instance) -> str:
    """Where an instance's MetadataService is; "" when it does not say so. 2.7 keeps the parameters by protocol."""
    with suppress(JsonError, ValueError):
        params: Any = loads(instance.metadata.get(_PARAMS, ""))
        if isinstance(params, dict) and "port" not in params:
            params = next(({"protocol": key, **one} for key, one in params.items() if isinstance(one, dict)), {})
        if isinstance(params, dict) and str(params.get("port", "")).isdigit():
            host, port = instance.endpoints[0][1].rpartition(":")[0], params["port"]
            return f"{params.get('protocol') or 'dubbo'}://{host_port(f'{host}:{port}')}"
    return ""


def _exported(
    raw: RawRegistry, ask: Ask, asked: Sequence[tuple[_Place, Instance]]
) -> Iterator[tuple[_Place, tuple[Instance, list[DubboUrl]]]]:
    """The URLs that instances tell; who tells none is warned of."""
    questions = [_first(one) for _, one in asked]
    for (place, instance), question, told in zip(asked, questions, ask(questions) if questions else (), strict=True):
        where = f"{TOLD}{question.url}"
        urls = _services(told, instance) if question.interface == INTERFACE_V2 else _urls(raw, where, _texts(told))
        if urls is None:
            raw.warn(where, told.problem or "its answer is no list of services")
            continue
        yield place, (instance, [url for url in urls if _interface(url) not in (INTERFACE, INTERFACE_V2)])


def _first(instance: Instance) -> Question:
    """What an instance offers."""
    if not instance.metadata.get(_FORM, "").startswith("2."):
        return _question(instance, "getExportedURLs", "*")
    asked = dumps([{"revision": instance.revision}])
    return Question(
        service_url(instance), instance.application, "getMetadataInfo", (_REQUEST_V2,), asked, INTERFACE_V2, "2.0.0"
    )


def _question(instance: Instance, method: str, *arguments: str | None) -> Question:
    erased = (_TEXT,) * len(arguments)
    return Question(service_url(instance), instance.application, method, erased, dumps(list(arguments)))


def _texts(told: Told) -> list[str] | None:
    with suppress(JsonError):
        answer = loads(told.text) if not told.problem else None
        if isinstance(answer, list):
            return [text for text in answer if isinstance(text, str)]
    return None


def _services(told: Told, instance: Instance) -> list[DubboUrl] | None:
    """What a MetadataInfoV2 holds: `{"services": {key: {name, group, version, protocol, port, params}}}`."""
    with suppress(JsonError):
        info = loads(told.text) if not told.problem else None
        services = info.get("services", {}) if isinstance(info, dict) else None
        if isinstance(services, dict):
            host = instance.endpoints[0][1].rpartition(":")[0]
            return [_service(host, one) for one in services.values() if isinstance(one, dict) and one.get("name")]
    return None


def _service(host: str, service: dict[str, Any]) -> DubboUrl:
    params = service.get("params")
    parameters = {key: str(value) for key, value in params.items()} if isinstance(params, dict) else {}
    parameters |= {key: str(service[key]) for key in ("group", "version") if service.get(key)}
    name = str(service.get("name", ""))
    protocol = str(service.get("protocol") or "dubbo")
    return DubboUrl(protocol, f"{host}:{service.get('port', 0)}", name, {**parameters, "interface": name})


def _urls(raw: RawRegistry, where: str, texts: list[str] | None) -> list[DubboUrl] | None:
    urls = []
    for text in texts or ():
        try:
            urls.append(parse_url(text))
        except ValueError as error:
            raw.warn(where, f"{text[:200]!r} cannot be read: {error}")
    return None if texts is None else urls


def _interface(url: DubboUrl) -> str:
    return url.parameters.get("interface") or url.path


def _as_metadata(urls: Iterable[DubboUrl]) -> str:
    """In the form in which the metadata centre keeps it (MetadataInfo)."""
    services = {
        f"{index}": {
            "name": _interface(url),
            "group": url.parameters.get("group", ""),
            "version": url.parameters.get("version", ""),
            "protocol": url.protocol,
            "params": url.parameters,
        }
        for index, url in enumerate(urls)
    }
    return dumps({"services": services})


def _ask_definitions(
    raw: RawRegistry, ask: Ask, answered: Iterable[tuple[Instance, list[DubboUrl]]], wanted: Callable[[str], bool]
) -> None:
    """Of each interface that no definition is known of; 3.x has none to give."""
    known = _defined(raw)
    asked: dict[str, Question] = {}
    for instance, urls in answered:
        for url in urls:
            name, parameters = _interface(url), url.parameters
            if wanted(name) and name not in known and not parameters.get("release", "").startswith("3."):
                keys = (parameters.get("version"), parameters.get("group"))
                asked.setdefault(name, _question(instance, "getServiceDefinition", name, *keys))
    for (name, question), told in zip(asked.items(), ask(list(asked.values())) if asked else (), strict=True):
        where = f"{TOLD}{question.url}"
        definition = None
        with suppress(JsonError):
            definition = loads(told.text) if not told.problem else None
        if isinstance(definition, str) and definition:
            raw.definitions[f"{where} {name}"] = definition
        elif told.problem:
            raw.warn(where, f"{name}: {told.problem}")
