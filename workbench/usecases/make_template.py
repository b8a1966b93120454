"""A request for a method, made from artifacts: `workbench template`."""

from collections.abc import Sequence

from workbench.catalog.template import DEPTH, build_template
from workbench.model.targets import MethodTarget, find_interface, find_method
from workbench.model.template import StepTemplate
from workbench.plugin_api import ParseLimits
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.resolve import artifact_paths


def make_template(
    target: MethodTarget,
    artifacts: Sequence[str],
    *,
    sources: Sequence[str] = (),
    limits: ParseLimits | None = None,
    depth: int = DEPTH,
) -> StepTemplate:
    """Request and answer skeleton of one method.

    `artifacts`: paths or samples://NAME. Raises UsageError with overloads or near names, ArtifactError.
    """
    paths, source_paths = artifact_paths(artifacts), artifact_paths(sources)
    # The class may be one that no rule recognises as a service; a simple name searches the recognised ones.
    named = (target.interface,) if "." in target.interface else ()
    contract = import_artifact(paths, sources=source_paths, interfaces=named, limits=limits)
    if named and contract.interface(target.interface) is None:
        contract = import_artifact(paths, sources=source_paths, limits=limits)
    interface = find_interface(contract, target.interface)
    return build_template(contract, interface.name, find_method(contract, target), depth=depth)
