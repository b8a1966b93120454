"""Rows of a dataset from a contract: one plain request, and for each value of it what stands at the edges of its type:
every constant of an enum, the smallest and largest number, nothing, empty and long texts, null where null fits.

One value differs from the plain request at a time, so that a failure tells which one it was.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from msgspec import Struct

from workbench.catalog.template import build_template
from workbench.expr.binding import COLLECTIONS, Binder
from workbench.model.contract import Contract, Method, TypeDef
from workbench.model.dataset import Column, Dataset
from workbench.model.javatype import BOXES, JavaType, bounds_of, parse_type
from workbench.model.json import Json, dumps, pretty
from workbench.model.streams import written_parts

MOST_ROWS: Final = 1000
LONG_TEXT: Final = 4000
WHAT: Final = "what"  # the column that says which value differs
_BITS: Final = {"byte": 8, "short": 16, "int": 32, "long": 64}
_TEXTS: Final[tuple[Json, ...]] = ("", " ", "x" * LONG_TEXT, "支付 😀 'quoted' \"<b>\" \\", None)
_DECIMALS: Final[tuple[Json, ...]] = tuple(map(Decimal, ("0", "-0.01", "0.01", "0.0000000001", "99999999999999.99")))
_EDGES: Final[Mapping[str, tuple[Json, ...]]] = {
    "boolean": (True, False),
    "char": ("a", "中"),
    "float": (Decimal("0"), Decimal("-1.5"), Decimal("3.4028235E+38")),
    "double": (Decimal("0"), Decimal("-1.5"), Decimal("1.7976931348623157E+308")),
    "java.lang.String": _TEXTS,
    "java.lang.CharSequence": _TEXTS,
    "java.math.BigDecimal": (*_DECIMALS, None),
    "java.math.BigInteger": (0, -1, 2**63, 10**30, None),
    "java.util.Date": ("1970-01-01 00:00:00", "2038-01-19 03:14:08", None),
    "java.sql.Timestamp": ("1970-01-01 00:00:00", "2038-01-19 03:14:08", None),
    "java.sql.Date": ("1970-01-01", "2028-02-29", None),
    "java.time.LocalDate": ("0001-01-01", "2028-02-29", "9999-12-31", None),
    "java.time.LocalTime": ("00:00:00", "23:59:59.999999999", None),
    "java.time.LocalDateTime": ("0001-01-01T00:00:00", "9999-12-31T23:59:59.999999999", None),
    "java.time.Instant": ("1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", None),
}


class Rows(Struct, frozen=True):
    """`request` reads each value from its column. `notes` say what was left out."""

    dataset: Dataset
    request: str
    notes: tuple[str, ...] = ()


class _Leaf(Struct, frozen=True):
    column: str
    plain: Json
    edges: tuple[Json, ...]


def boundary_rows(contract: Contract, interface: str, method: Method, name: str) -> Rows:
    """At most MOST_ROWS rows; the first is the plain request."""
    template = build_template(contract, interface, method)
    variables = bounds_of(method.type_parameters)
    walk = _Walk(contract.types)
    parameters, _ = written_parts(method)
    request = [
        # fields of the only argument are told without its name
        walk.value(
            given,
            parse_type(parameter.type).substitute(variables),
            "" if len(parameters) == 1 and isinstance(given, dict) else parameter.name,
        )
        for given, parameter in zip(template.request, parameters, strict=True)
    ]
    plain = {leaf.column: leaf.plain for leaf in walk.leaves}
    rows = [{WHAT: "as it is", **plain}]
    rows += [{**plain, WHAT: _told(leaf, edge), leaf.column: edge} for leaf, edge in _edges(walk.leaves)]
    notes = [*template.notes, *walk.notes]
    if len(rows) > MOST_ROWS:
        notes.append(f"{len(rows) - MOST_ROWS} rows more than {MOST_ROWS} are left out")
    columns = tuple(map(Column, (WHAT, *plain)))
    kept = tuple({column.name: row[column.name] for column in columns} for row in rows[:MOST_ROWS])
    return Rows(Dataset(name, columns, kept), pretty(request), tuple(dict.fromkeys(notes)))


def _edges(leaves: list[_Leaf]) -> Iterator[tuple[_Leaf, Json]]:
    for leaf in leaves:
        for edge in leaf.edges:
            if edge != leaf.plain or type(edge) is not type(leaf.plain):
                yield leaf, edge


def _told(leaf: _Leaf, edge: Json) -> str:
    text = dumps(edge)
    return f"{leaf.column} = {text}" if len(text) <= 40 else f"{leaf.column}: {len(str(edge))} characters"


class _Walk:
    """Goes through a plain request with the types that are declared, and puts `${row.…}` where a value varies."""

    def __init__(self, types: Mapping[str, TypeDef]) -> None:
        self._types, self._binder = types, Binder(types)
        self.leaves: list[_Leaf] = []
        self.notes: list[str] = []

    def value(self, given: Json, type_: JavaType, path: str) -> Json:
        if isinstance(given, list) and len(given) == 1:
            item = type_.element if type_.dimensions else _argument(type_)
            return [self.value(given[0], item, f"{path}_1")] if item is not None else given
        if isinstance(given, dict):
            return self._object(given, type_, path)
        edges = self._edges(type_)
        if not edges:
            if given is not None:
                self.notes.append(f"{path}: {type_} stays as it is")
            return given
        column = self._column(path.replace(".", "_"))
        self.leaves.append(_Leaf(column, given, edges))
        return f"${{row.{column}}}"

    def _column(self, name: str) -> str:
        """`a.b` and `a_b` must not share one."""
        taken = {leaf.column for leaf in self.leaves} | {WHAT}
        while name in taken:
            name = f"{name}_2"
        return name

    def _object(self, given: dict[str, Json], type_: JavaType, path: str) -> Json:
        named = given.get("$class")
        fields = self._binder.fields(JavaType(named) if isinstance(named, str) else type_).fields
        if given and not fields:
            self.notes.append(f"{path}: {type_} stays as it is")
        return {
            key: self.value(each, fields[key], f"{path}.{key}".lstrip("."))
            if key in fields and key.isidentifier()
            else each
            for key, each in given.items()
        }

    def _edges(self, type_: JavaType) -> tuple[Json, ...]:
        if type_.dimensions:
            return ()
        name = type_.name
        definition = self._types.get(name)
        if definition is not None and definition.constants:
            return (*definition.constants, None)
        simple = BOXES.get(name, name)
        null: tuple[Json, ...] = (None,) if simple != name else ()
        if simple in _BITS:
            bound = 2 ** (_BITS[simple] - 1)
            return (0, -1, -bound, bound - 1, *null)
        return (*_EDGES.get(simple, ()), *null)


def _argument(type_: JavaType) -> JavaType | None:
    return type_.arguments[0] if type_.name in COLLECTIONS and type_.arguments else None
