"""A request for a method, made from artifacts or from what a registry tells: `workbench template`."""

from collections.abc import Sequence

from workbench.catalog.template import DEPTH, build_template
from workbench.discovery.asking import Ask
from workbench.errors import UsageError
from workbench.model.contract import Contract
from workbench.model.registry import Service
from workbench.model.targets import MethodTarget, find_interface, find_method
from workbench.model.template import StepTemplate
from workbench.settings import Settings
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.list_services import list_services
from workbench.usecases.maven import fetcher
from workbench.usecases.resolve import artifact_paths, source_paths


def make_template(
    target: MethodTarget,
    artifacts: Sequence[str],
    settings: Settings,
    *,
    sources: Sequence[str] = (),
    registry: str = "",
    depth: int = DEPTH,
    ask: Ask | None = None,
) -> StepTemplate:
    """Request and answer skeleton of one method.

    `artifacts`: paths or samples://NAME; without them what the registry, or by `ask` a provider, tells counts. Raises
    UsageError with overloads or near names, ArtifactError, RegistryError.
    """
    if artifacts:
        contract = _parsed(target, artifacts, settings, sources)
    else:
        contract = _registered(target, registry, settings, ask)
    interface = find_interface(contract, target.interface)
    return build_template(contract, interface.name, find_method(contract, target), depth=depth)


def _untold(service: Service) -> str:
    told = " and its provider tells the names of its methods only" if service.method_names else ""
    return f"the registry has no metadata of {service.interface}{',' if told else ''}{told}"


def _parsed(target: MethodTarget, artifacts: Sequence[str], settings: Settings, sources: Sequence[str]) -> Contract:
    paths, named_sources = artifact_paths(artifacts, fetcher(settings)), source_paths(sources, artifacts, settings)
    limits = settings.parse_limits
    # The class may be one that no rule recognises as a service; a simple name searches the recognised ones.
    named = (target.interface,) if "." in target.interface else ()
    contract = import_artifact(paths, sources=named_sources, interfaces=named, limits=limits)
    if named and contract.interface(target.interface) is None:
        contract = import_artifact(paths, sources=named_sources, limits=limits)
    return contract


def _registered(target: MethodTarget, registry: str, settings: Settings, ask: Ask | None) -> Contract:
    if not registry:
        hint = "give the API jar, fat jar or war that has the class with --artifact, or a --registry that has metadata"
        raise UsageError("no artifact", where="--artifact", hint=hint)
    view = list_services(settings, registry, interfaces=(target.interface,), ask=ask)
    contract = view.contract()
    if not contract.interfaces and view.services:
        hint = "give its API jar with --artifact"
        raise UsageError(_untold(view.services[0]), where=view.address, hint=hint)
    return contract
