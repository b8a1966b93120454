"""Where two sources say different things of a type."""

from collections.abc import Iterator, Mapping

from workbench.catalog.shapes import Shapes
from workbench.model.contract import Claim, Contract, Contradiction, Field, TypeDef
from workbench.model.javatype import OBJECT, PRIMITIVES, parse_type


def differ(mine: str, theirs: str) -> bool:
    """Whether two declared types are of unlike classes. Type arguments are not compared: metadata leaves them out of
    the application's own classes, and has Object where the source has a type variable."""
    one, other = parse_type(mine), parse_type(theirs)
    if one.erased == other.erased or OBJECT in (one.erased, other.erased):
        return False
    return all("." in type_.name or type_.name in (*PRIMITIVES, "void") for type_ in (one, other))


def type_contradictions(
    known: Mapping[str, TypeDef], others: Mapping[str, TypeDef], *, whole: bool
) -> Iterator[Contradiction]:
    """Of the types that both have. `whole`: others hold every field, so that a missing one says something."""
    common = [name for name in others if name in known and known[name] != others[name]]
    if not common:
        return
    mine, theirs = Shapes(Contract(types=known)), Shapes(Contract(types=others))
    for name in sorted(common):
        origins = (known[name].origin or "?", others[name].origin or "?")
        kinds = (known[name].kind, others[name].kind)
        if kinds[0] != kinds[1]:
            if "record" not in kinds:  # metadata calls a record a class
                yield Contradiction(name, "kind", _claims(origins, kinds))
        elif kinds[0] == "enum":
            constants = tuple(", ".join(one.constants) for one in (known[name], others[name]))
            if set(known[name].constants) != set(others[name].constants):
                yield Contradiction(name, "constants", _claims(origins, (constants[0], constants[1])))
        else:
            yield from _fields(name, mine, theirs, origins, whole=whole)


def _fields(
    name: str, mine: Shapes, theirs: Shapes, origins: tuple[str, str], *, whole: bool
) -> Iterator[Contradiction]:
    left, right = mine.declared(name), theirs.declared(name)
    for key in sorted(left.keys() & right.keys()):
        if differ(left[key].type, right[key].type):
            claims = _claims(origins, (left[key].type, right[key].type))
            yield Contradiction(f"{name}.{key}", "field", claims)
    if not whole or not (left and right):
        return
    for key in sorted(left.keys() ^ right.keys()):
        field = left.get(key) or right[key]
        if not field.transient:
            says = (_text(left.get(key)), _text(right.get(key)))
            yield Contradiction(f"{name}.{key}", "field", _claims(origins, says))


def _text(field: Field | None) -> str:
    return field.type if field else ""


def _claims(origins: tuple[str, str], says: tuple[str, str]) -> tuple[Claim, Claim]:
    return Claim(origins[0], says[0]), Claim(origins[1], says[1])
