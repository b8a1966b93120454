"""What the registries of a run say of the interfaces that it calls, beside what the suite's contracts say of them.

It is only looked for contradictions, so nobody waits long for it: a registry that does not answer soon is passed over,
and the run itself will tell that it is down.
"""

from collections.abc import Callable, Mapping, Sequence

from workbench.catalog.merge import merge
from workbench.discovery.readers import read_registry
from workbench.errors import WorkbenchError
from workbench.model.contract import Contract
from workbench.model.plan import RunPlan, Target
from workbench.usecases.list_services import credentials

Metadata = Callable[[str, Sequence[str]], Contract]
"""A registry's address and names of interfaces → what its metadata says of them; an empty one when it is not known."""
_PATIENCE_S = 2.0


def registry_metadata(registry: str, interfaces: Sequence[str]) -> Contract:
    """A Metadata."""
    try:
        view = read_registry(registry, timeout_s=_PATIENCE_S, credentials=credentials(), interfaces=interfaces)
    except WorkbenchError:
        return Contract()
    return view.contract()


def with_metadata(plan: RunPlan, contracts: Mapping[str, Contract], ask: Metadata) -> dict[str, Contract]:
    """The contracts, merged with what the registries of their subsystems say of the interfaces that the plan names.

    Pinned subsystems have no registry; what no contract holds cannot be contradicted.
    """
    asked: dict[tuple[str, tuple[str, ...]], Contract] = {}
    merged = dict(contracts)
    for subsystem, target in plan.targets.items():
        names = tuple(interface.name for interface in target.contract.interfaces)
        for registry in _registries(target) if names else ():
            key = (registry, names)
            if key not in asked:
                asked[key] = ask(*key)
            merged[subsystem] = merge([merged[subsystem], asked[key]])
    return merged


def _registries(target: Target) -> tuple[str, ...]:
    return () if target.url else target.registries
