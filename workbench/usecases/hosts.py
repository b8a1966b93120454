"""Which hosts run a subsystem, what is deployed there, and whether what they say of themselves agrees with it."""

import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from workbench.catalog.diff import compare
from workbench.discovery.asking import Ask
from workbench.errors import UsageError
from workbench.model.contract import Contract
from workbench.model.near import did_you_mean
from workbench.model.registry import Provider, RegistryView, Service
from workbench.planning.trim import trim
from workbench.settings import Settings
from workbench.storage import Author, Storage
from workbench.storage.filestore import digest
from workbench.storage.hosts import Deployment
from workbench.usecases.export_suite import parse_address
from workbench.usecases.list_services import list_services
from workbench.usecases.stored_runs import must_be_known
from workbench.usecases.take_artifact import artifacts_of


class HostRow(Struct, frozen=True, kw_only=True):
    """`running`: it is registered; None: nobody looked. `disagrees`: where its metadata is not what is deployed."""

    host: str
    environment: str = ""
    version: str = ""
    artifact: str = ""
    sha256: str = ""
    deployed_us: int = 0
    author: str = ""
    running: bool | None = None
    interfaces: tuple[str, ...] = ()
    disagrees: tuple[str, ...] = ()


def deployed(
    address: str,
    host: str,
    storage: Storage,
    author: Author,
    *,
    environment: str = "",
    artifact: str = "",
    file: Path | None = None,
    sha256: str = "",
) -> Deployment:
    """Say that a version is deployed on a host now. `artifact`: one of the version's, its only one without; `file`:
    what was deployed, for its hash, or `sha256` itself. Raises NotFoundError, UsageError."""
    subsystem, version = parse_address(address, storage)
    known = {each.name: each for each in artifacts_of(address, storage) if not each.dependency}
    if artifact and artifact not in known:
        raise UsageError(f"{subsystem}@{version} has no artifact {artifact!r}", hint=did_you_mean(artifact, known))
    name = artifact or (next(iter(known)) if len(known) == 1 else "")
    sha256 = sha256 or (digest(file) if file else known[name].sha256 if name else "")
    made = Deployment(
        subsystem=subsystem,
        environment=environment,
        host=host,
        version=version,
        artifact=name or (file.name if file else ""),
        sha256=sha256,
        deployed_us=time.time_ns() // 1000,
        author=author.name,
    )
    storage.hosts.note(made, author)
    return made


def hosts(
    subsystem: str,
    storage: Storage,
    settings: Settings,
    *,
    environment: str = "",
    registry: str = "",
    ask: Ask | None = None,
) -> list[HostRow]:
    """What is known of the hosts of a subsystem; with a `registry` also who runs, and what disagrees. Raises
    RegistryError, NotFoundError."""
    must_be_known(subsystem, storage)
    noted = [each for each in storage.hosts.current(subsystem) if environment in ("", each.environment)]
    if not registry:
        return [_row(each) for each in noted]
    contracts = {each.version: _contract(subsystem, each.version, storage) for each in noted}
    latest = _contract(subsystem, storage.suites.latest(subsystem), storage)
    names = {one.name for each in (*contracts.values(), latest) for one in each.interfaces}
    view = list_services(settings, registry, interfaces=tuple(sorted(names)) or ("*",), ask=ask)
    running = _running(view)
    rows = [_seen(each, contracts[each.version], running, view) for each in noted]
    told = {address for each in noted for address in running if _meant(each.host, address)}
    return rows + [
        HostRow(host=address, running=True, interfaces=tuple(sorted(each.interface for each in offers)),
                disagrees=("nobody said what is deployed here",))
        for address, offers in sorted(running.items()) if address not in told
    ]  # fmt: skip


def _row(noted: Deployment, **seen: object) -> HostRow:
    fields = ("host", "environment", "version", "artifact", "sha256", "deployed_us", "author")
    values: dict[str, object] = {name: getattr(noted, name) for name in fields}
    return HostRow(**values, **seen)  # type: ignore[arg-type]


def _contract(subsystem: str, version: str, storage: Storage) -> Contract:
    """As it was when the version got its artifacts; empty where nobody looked."""
    return storage.suites.get(subsystem, version).contracts.get("", Contract())


def _running(view: RegistryView) -> dict[str, list[Provider]]:
    """Address → what it offers."""
    found: dict[str, list[Provider]] = {}
    for service in view.services:
        for provider in service.providers:
            found.setdefault(provider.address, []).append(provider)
    return found


def _meant(host: str, address: str) -> bool:
    return host in (address, address.rpartition(":")[0])


def _seen(noted: Deployment, contract: Contract, running: Mapping[str, list[Provider]], view: RegistryView) -> HostRow:
    offers = [each for address, all_ in running.items() if _meant(noted.host, address) for each in all_]
    if not offers:
        return _row(noted, running=False, disagrees=("no provider is registered at this host",))
    interfaces = tuple(sorted({each.interface for each in offers}))
    return _row(noted, running=True, interfaces=interfaces, disagrees=tuple(_disagreements(contract, offers, view)))


def _disagreements(contract: Contract, offers: Iterable[Provider], view: RegistryView) -> Iterator[str]:
    if not contract.interfaces:
        yield "the version keeps no contract: `workbench artifact add` makes one"
        return
    offered = {each.interface: each for each in offers}
    for interface in contract.interfaces:
        provider = offered.get(interface.name)
        if provider is None:
            yield f"does not offer {interface.name}"
            continue
        known, here = {method.name for method in interface.methods}, set(provider.methods) - {"*", "$invoke", "$echo"}
        if here:
            yield from (f"lacks {interface.name}#{name}" for name in sorted(known - here))
            yield from (f"has {interface.name}#{name}, which the artifact has not" for name in sorted(here - known))
        service = view.service(interface.name)
        if service is not None and service.methods and here <= known <= here:
            yield from _metadata(contract, service, view)


def _metadata(contract: Contract, service: Service, view: RegistryView) -> Iterator[str]:
    """What the registry's metadata says otherwise than the contract; it is of the service, not of one host."""
    diff = compare(trim(contract, [service.interface]), trim(view.contract(), [service.interface]))
    for change in diff.changes:
        if change.severity != "compatible":
            yield f"its metadata has {change.place} otherwise: {change.rule}"
