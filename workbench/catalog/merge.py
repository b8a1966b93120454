"""Several contracts as one: artifacts of a version, or an artifact and what a registry tells."""

from collections.abc import Iterable

from msgspec.structs import replace

from workbench.model.contract import Contract, Interface, Method, TypeDef, Warning

# How much is known: bytecode tells everything, a registry's metadata lacks names, exceptions and generics.
_POOR = "registry"


def merge(contracts: Iterable[Contract]) -> Contract:
    """Interfaces (by name, group and version) and types of all. Of two the richer stays, of two equally rich ones the
    first; methods that only the other has are told as a warning, never mixed in."""
    interfaces: dict[tuple[str, str, str], Interface] = {}
    types: dict[str, TypeDef] = {}
    warnings: list[Warning] = []
    for contract in sorted(contracts, key=_is_poor):
        warnings.extend(contract.warnings)
        for interface in contract.interfaces:
            key = (interface.name, interface.group, interface.version)
            known = interfaces.setdefault(key, interface)
            if known is not interface:
                interfaces[key] = _completed(known, interface)
                warnings.extend(_differences(known, interface))
        for name, definition in contract.types.items():
            types.setdefault(name, definition)
    ordered = tuple(interfaces[key] for key in sorted(interfaces))
    return Contract(ordered, dict(sorted(types.items())), tuple(dict.fromkeys(warnings)))


def _is_poor(contract: Contract) -> bool:
    return any(interface.recognised_by == _POOR for interface in contract.interfaces)


def _completed(known: Interface, other: Interface) -> Interface:
    """A bare API jar does not name the implementation; the provider's jar may."""
    return replace(known, implementation=known.implementation or other.implementation)


def _differences(known: Interface, other: Interface) -> Iterable[Warning]:
    missing = sorted(_wire(other.methods) - _wire(known.methods))
    if missing:
        where = other.origin or known.origin
        yield Warning(where, f"{other.name} has {', '.join(missing)} here, but not in {known.origin}")


def _wire(methods: tuple[Method, ...]) -> set[str]:
    return {method.signature for method in methods}
