"""Interfaces and types with what the Javadoc of a sources jar says of them; methods have theirs already."""

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from workbench.model.contract import Field, Interface, TypeDef
from workbench_parsers.sources.library import SourceLibrary


def documented(
    interfaces: Iterable[Interface], types: Mapping[str, TypeDef], library: SourceLibrary
) -> tuple[tuple[Interface, ...], dict[str, TypeDef]]:
    """The same, with `doc` filled where the sources have a comment."""
    told = tuple(replace(one, doc=library.doc(one.name)) for one in interfaces)
    return told, {name: _type(name, definition, library) for name, definition in types.items()}


def _type(name: str, definition: TypeDef, library: SourceLibrary) -> TypeDef:
    if not library.origin(name):
        return definition
    fields = tuple(_field(name, field, library) for field in definition.fields)
    return replace(definition, doc=library.doc(name), fields=fields)


def _field(owner: str, field: Field, library: SourceLibrary) -> Field:
    doc = library.doc(owner, field.name)
    return replace(field, doc=doc) if doc else field
