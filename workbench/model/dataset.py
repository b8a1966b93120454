"""Named rows that drive a case, once a row."""

from typing import Literal

from msgspec import Struct

from workbench.model.json import Json

ColumnType = Literal["auto", "text", "number", "date", "bool"]


class Column(Struct, frozen=True, omit_defaults=True):
    name: str
    type: ColumnType = "auto"


class CellProblem(Struct, frozen=True):
    """A cell whose value is doubtful (digits lost by Excel, a formula without a value)."""

    where: str  # orders.xlsx!Sheet1!C7
    message: str
    fatal: bool = False


class Dataset(Struct, frozen=True, omit_defaults=True):
    """Rows in order; a cell that is missing has no key, an empty one is "" (or null where the file says null).

    Values are exact JSON values: text, int, Decimal, bool, None; JSON datasets may nest.
    """

    name: str
    columns: tuple[Column, ...] = ()
    rows: tuple[dict[str, Json], ...] = ()
    row_names: tuple[str, ...] = ()  # where each row came from: "orders.xlsx!Sheet1!row 7"
    problems: tuple[CellProblem, ...] = ()
