"""A plan carries of each contract only what its steps can need."""

from collections.abc import Iterable, Mapping

from workbench.model.contract import Contract, Interface, TypeDef
from workbench.model.javatype import names_in


def trim(contract: Contract, texts: Iterable[str]) -> Contract:
    """Interfaces whose name occurs in a text of the steps or scripts, and the types they lead to."""
    named = {name for text in texts for name in names_in(text)}
    kept = tuple(interface for interface in contract.interfaces if interface.name in named)
    wanted = [name for interface in kept for name in _names_of(interface)]
    wanted += named & contract.types.keys()  # subclasses that a request names with $class
    return Contract(kept, closure(wanted, contract.types))


def closure(names: Iterable[str], types: Mapping[str, TypeDef]) -> dict[str, TypeDef]:
    """These types and all that they lead to."""
    wanted = list(names)
    kept: dict[str, TypeDef] = {}
    while wanted:
        name = wanted.pop()
        if name in kept or name not in types:
            continue
        kept[name] = types[name]
        wanted += names_in(" ".join(_mentions(types[name])))
    return kept


def _names_of(interface: Interface) -> list[str]:
    text = " ".join(
        part
        for method in interface.methods
        for part in (method.returns, *(parameter.type for parameter in method.parameters), *method.throws)
    )
    return names_in(text)


def _mentions(type_: TypeDef) -> Iterable[str]:
    yield from (type_.super, *type_.interfaces, *type_.parameters, *type_.permits)
    yield from (field.type for field in type_.fields)
