"""Application-level registration (Dubbo 3): instances of applications → providers of interfaces.

`/services/<application>/<host:port>` holds `{address, port, payload: {metadata: {…}}}`; its metadata names the
endpoints (`dubbo.endpoints`, JSON in JSON), a revision and where that revision's MetadataInfo is kept:
`remote` in the metadata centre, `local` only in the provider, which may be asked for it (asking.py); unless it was,
group and version stay unknown here.
"""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from workbench.discovery.raw import RawRegistry
from workbench.discovery.urls import host_port, plain_version, release, weight
from workbench.errors import JsonError
from workbench.model.json import loads
from workbench.model.registry import Provider


class Instance(Struct, frozen=True):
    application: str
    endpoints: tuple[tuple[str, str], ...]  # (protocol, host:port)
    revision: str
    storage: str
    metadata: dict[str, str]
    enabled: bool = True


def read_instance(application: str, text: str) -> Instance:
    """Raises ValueError when the node is no instance."""
    document = _object(text)
    metadata = _metadata(document)
    host, port = document.get("address"), document.get("port")
    if not isinstance(host, str) or not host:
        raise ValueError("no address")
    endpoints = [
        (str(one.get("protocol") or "dubbo"), host_port(f"{host}:{one['port']}"))
        for one in _list(metadata.get("dubbo.endpoints", "[]"))
        if one.get("port")
    ]
    return Instance(
        application,
        tuple(endpoints or [("dubbo", host_port(f"{host}:{port}"))]),
        metadata.get("dubbo.metadata.revision", ""),
        metadata.get("dubbo.metadata.storage-type", "local"),
        metadata,
        enabled=document.get("enabled", True) is not False,
    )


def application_providers(raw: RawRegistry) -> Iterable[Provider]:
    """Providers of all instances, by their metadata where it is there, by the mapping otherwise."""
    for application, texts in raw.instances.items():
        for text in texts:
            try:
                instance = read_instance(application, text)
            except ValueError as error:
                raw.warn(f"/services/{application}", f"an instance that cannot be read: {error}")
                continue
            yield from _of_instance(raw, instance)


def _of_instance(raw: RawRegistry, instance: Instance) -> Iterable[Provider]:
    text = raw.revisions.get((instance.application, instance.revision))
    if text is not None:
        try:
            return [
                replace(one, unmapped=instance.application not in raw.mapping.get(one.interface, ()))
                for one in _by_metadata(instance, _object(text))
            ]
        except ValueError as error:
            raw.warn(f"metadata {instance.application}/{instance.revision}", f"cannot be read: {error}")
    return list(_by_mapping(raw, instance))


def _by_metadata(instance: Instance, info: dict[str, Any]) -> Iterable[Provider]:
    services = info.get("services")
    for service in services.values() if isinstance(services, dict) else ():
        if not isinstance(service, dict) or not isinstance(service.get("name"), str):
            continue
        raw_params = service.get("params")
        params = {key: str(value) for key, value in raw_params.items()} if isinstance(raw_params, dict) else {}
        for protocol, address in instance.endpoints:
            if service.get("protocol", protocol) == protocol:
                yield _provider(instance, protocol, address, service, params)


def _provider(
    instance: Instance, protocol: str, address: str, service: dict[str, Any], params: dict[str, str]
) -> Provider:
    timeout = params.get("timeout", "")
    return Provider(
        address=address,
        protocol=protocol,
        interface=service["name"],
        group=service.get("group") or "",
        version=plain_version(service.get("version") or ""),
        tag=params.get("dubbo.tag") or params.get("tag") or instance.metadata.get("dubbo.tag", ""),
        weight=weight(params if "weight" in params else instance.metadata),
        release=release(params),
        application=instance.application,
        level="application",
        methods=tuple(sorted(name for name in params.get("methods", "").split(",") if name)),
        serialization=params.get("serialization") or params.get("prefer.serialization", ""),
        timeout_ms=int(timeout) if timeout.isdigit() else None,
        disabled=not instance.enabled,
        parameters=params,
    )


def _by_mapping(raw: RawRegistry, instance: Instance) -> Iterable[Provider]:
    interfaces = {
        name: name not in raw.mapping or instance.application not in raw.mapping[name]
        for mapping in (raw.mapping, raw.old_mapping)
        for name, applications in mapping.items()
        if instance.application in applications
    }
    if not interfaces:
        raw.warn(f"/services/{instance.application}", "no mapping tells which interfaces this application offers")
    for interface, unmapped in interfaces.items():
        for protocol, address in instance.endpoints:
            made = _provider(instance, protocol, address, {"name": interface}, {})
            yield replace(made, incomplete=True, unmapped=unmapped)


def _metadata(document: dict[str, Any]) -> dict[str, str]:
    payload = document.get("payload")
    metadata = payload.get("metadata") if isinstance(payload, dict) else None
    return {key: str(value) for key, value in metadata.items()} if isinstance(metadata, dict) else {}


def _object(text: str) -> dict[str, Any]:
    document = _json(text)
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return document


def _list(text: str) -> list[dict[str, Any]]:
    document = _json(text)
    return [one for one in document if isinstance(one, dict)] if isinstance(document, list) else []


def _json(text: str) -> Any:
    try:
        return loads(text)
    except JsonError as error:
        raise ValueError(error.message) from error
