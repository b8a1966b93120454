"""The law of every dataset format: what is written comes back equal, values and types."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbench_datasets.csv import CsvFormat
from workbench_datasets.json import JsonFormat
from workbench_datasets.xlsx import XlsxFormat

from workbench.errors import DatasetError
from workbench.model import json
from workbench.model.dataset import Column, Dataset

CAREFUL = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        ["00123", "=1+2", "+1", "@x", " lead", "trail ", "", "\n", "a\r\nb", '"', ",", ";", "\t", "_x0041_", "_x000D_",
         "true", "null", "1e5", "订单", "\ufffe", "\x00", "💥", "#N/A", "'", "sep=;", "12345678901234567890"]
    ),
)  # fmt: skip
decimals = st.decimals(allow_nan=False, allow_infinity=False)
numbers = st.one_of(st.integers(), st.integers(-(10**40), 10**40), decimals)
cells = st.one_of(texts, numbers, st.booleans(), st.none())
nested = st.recursive(
    cells, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=6
)
names = st.lists(texts.filter(lambda name: name.strip()), min_size=1, max_size=4, unique=True)
types = st.sampled_from(["auto", "text", "number", "date", "bool"])


@st.composite
def tables(draw: st.DrawFn, values: st.SearchStrategy[object], kinds: st.SearchStrategy[str] = types) -> Dataset:
    columns = tuple(Column(name, draw(kinds)) for name in draw(names))
    keys = st.sampled_from([column.name for column in columns])
    rows = draw(st.lists(st.dictionaries(keys, values, min_size=1), max_size=5))
    return Dataset("data", columns, tuple(rows))


def same(left: Dataset, right: Dataset) -> bool:
    """Equal in value, type and scale: 1 is not true, and 1.0 not 1.00."""
    return left.columns == right.columns and [json.dumps(row) for row in ordered(left)] == [
        json.dumps(row) for row in ordered(right)
    ]


def ordered(dataset: Dataset) -> list[dict[str, object]]:
    return [{c.name: row[c.name] for c in dataset.columns if c.name in row} for row in dataset.rows]


@CAREFUL
@given(tables(cells | nested))
def test_xlsx(tmp_path: Path, dataset: Dataset) -> None:
    path = tmp_path / "data.xlsx"
    XlsxFormat().write(dataset, path)
    back = XlsxFormat().read(path)
    assert same(back, dataset), (ordered(back), ordered(dataset))


@CAREFUL
@given(tables(nested))
def test_json(tmp_path: Path, dataset: Dataset) -> None:
    path = tmp_path / "data.json"
    JsonFormat().write(dataset, path)
    assert same(JsonFormat().read(path), dataset)


@CAREFUL
@given(tables(texts, st.sampled_from(["auto", "text"])))
def test_csv_text(tmp_path: Path, dataset: Dataset) -> None:
    path = tmp_path / "data.csv"
    CsvFormat().write(dataset, path)
    back = CsvFormat().read(path)
    assert same(back, dataset), (ordered(back), ordered(dataset))


@CAREFUL
@given(tables(cells | nested))
def test_csv_writes_exactly_or_not_at_all(tmp_path: Path, dataset: Dataset) -> None:
    path = tmp_path / "data.csv"
    try:
        CsvFormat().write(dataset, path)
    except DatasetError:
        return
    back = CsvFormat().read(path)
    assert same(back, dataset), (ordered(back), ordered(dataset))


def test_csv_typed_columns(tmp_path: Path) -> None:
    columns = (Column("amount", "number"), Column("gift", "bool"), Column("a:number", "auto"))
    rows = ({"amount": Decimal("19.90"), "gift": True, "a:number": "5"}, {"amount": 2**70, "gift": False})
    path = tmp_path / "data.csv"
    CsvFormat().write(Dataset("data", columns, rows), path)
    assert same(CsvFormat().read(path), Dataset("data", columns, rows))
    assert path.read_text("utf-8-sig").splitlines()[0] == "amount:number,gift:bool,a:number:auto"


@pytest.mark.parametrize("kind", [XlsxFormat, CsvFormat])
def test_what_no_table_can_hold_is_refused_and_leaves_the_old_file(tmp_path: Path, kind: type) -> None:
    path = tmp_path / f"data{kind.suffixes[0]}"
    path.write_bytes(b"old")
    for rows in ([{}], [{"other": 1}], [{"a": "\ud800"}], [{"a": "x", "b": "\udfff"}]):
        with pytest.raises(DatasetError):
            kind().write(Dataset("data", (Column("a"), Column("b")), tuple(rows)), path)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_text_longer_than_a_cell_is_refused_with_its_place(tmp_path: Path) -> None:
    dataset = Dataset("data", (Column("a"),), ({"a": "ok"}, {"a": "x" * 32_768}))
    with pytest.raises(DatasetError, match="row 3 column 1"):
        XlsxFormat().write(dataset, tmp_path / "data.xlsx")


def test_text_never_becomes_a_formula(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "data.xlsx"
    XlsxFormat().write(Dataset("data", (Column("a"),), ({"a": "=1+2"},)), path)
    cell = openpyxl.load_workbook(path).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) != ("f", "=1+2")
    assert XlsxFormat().read(path).rows == ({"a": "=1+2"},)
