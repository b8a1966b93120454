"""Several contracts as one: artifacts of a version, what a person wrote by hand, and what a registry tells.

Each element comes from the source that knows most: bytecode tells everything; a person means what they write; a
registry's metadata lacks names, exceptions and generics. What sources say differently is listed, never hidden.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from workbench.catalog.contradictions import type_contradictions
from workbench.catalog.merge_interfaces import merged_interface
from workbench.model.contract import Contract, Contradiction, Field, Interface, TypeDef, Warning

BYTECODE, MANUAL, METADATA = range(3)
Key = tuple[str, str, str]


def merge(contracts: Iterable[Contract]) -> Contract:
    """Interfaces (by name, group and version) and types of all. Of two the better known stays, of two alike the first.

    What an artifact does not have is not mixed in: methods that only a registry knows become contradictions. What a
    person wrote is added, and marked by its origin.
    """
    interfaces: dict[Key, Interface] = {}
    types: dict[str, TypeDef] = {}
    warnings: list[Warning] = []
    contradictions: list[Contradiction] = []
    for contract in sorted(contracts, key=_rank):
        rank = _rank(contract)
        warnings += contract.warnings
        contradictions += contract.contradictions
        for interface in contract.interfaces:
            for key in _keys(interface, interfaces, rank):
                known = interfaces.setdefault(key, interface)
                if known is not interface:
                    by_hand = rank == MANUAL or known.recognised_by == "manual"
                    interfaces[key], found = merged_interface(known, interface, add=by_hand)
                    contradictions += found
        contradictions += type_contradictions(types, contract.types, whole=rank != MANUAL)
        for name, definition in contract.types.items():
            types[name] = _merged_type(types[name], definition) if name in types else definition
    ordered = tuple(interfaces[key] for key in sorted(interfaces))
    return Contract(ordered, dict(sorted(types.items())), _distinct(warnings), tuple(dict.fromkeys(contradictions)))


def _rank(contract: Contract) -> int:
    """A contract that was merged before counts as bytecode as soon as any of it is."""
    kinds = {interface.recognised_by for interface in contract.interfaces}
    if not kinds or kinds - {"registry", "manual"}:
        return BYTECODE
    return MANUAL if "manual" in kinds else METADATA


def _keys(interface: Interface, known: dict[Key, Interface], rank: int) -> Sequence[Key]:
    """An API jar names no group and version, nor does most of what is written by hand: it is the same service."""
    own = (interface.name, interface.group, interface.version)
    same = [key for key in known if key[0] == interface.name]
    if rank == BYTECODE or own in known or not same:
        return [own]
    if not (interface.group or interface.version):
        return same
    return [key for key in same if key[1:] == ("", "")] or [own]


def _merged_type(known: TypeDef, other: TypeDef) -> TypeDef:
    if known == other:
        return known
    docs = {field.name: field.doc for field in other.fields if field.doc}
    fields = tuple(_described(field, docs) for field in known.fields)
    others = [origin for origin in (other.origin, *other.seen_in) if origin and origin != known.origin]
    seen = tuple(dict.fromkeys((*known.seen_in, *others)))
    return replace(known, fields=fields, doc=known.doc or other.doc, seen_in=seen)


def _described(field: Field, docs: dict[str, str]) -> Field:
    return replace(field, doc=docs[field.name]) if not field.doc and field.name in docs else field


def _distinct(warnings: list[Warning]) -> tuple[Warning, ...]:
    return tuple(dict.fromkeys(warnings))
