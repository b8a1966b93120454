"""CSV and JSON as other programs write them: encodings, delimiters, quotes, and what is refused with its line."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from workbench_datasets.csv import CsvFormat
from workbench_datasets.json import JsonFormat

from workbench.errors import DatasetError, JsonError
from workbench.model.dataset import Column, ColumnType, Dataset
from workbench.model.json import Json


def csv(tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> Dataset:
    path = tmp_path / "orders.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return CsvFormat().read(path)


def json(tmp_path: Path, content: str) -> Dataset:
    path = tmp_path / "orders.json"
    path.write_text(content, "utf-8")
    return JsonFormat().read(path)


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-16-le", "utf-16-be"])
    def test_encodings_of_excel_and_of_others(self, tmp_path: Path, encoding: str) -> None:
        dataset = csv(tmp_path, "买家,city\n00123,上海\n", encoding)
        assert dataset.columns == (Column("买家"), Column("city"))
        assert dataset.rows == ({"买家": "00123", "city": "上海"},)

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_delimiters(self, tmp_path: Path, delimiter: str) -> None:
        others = ",;\t|".replace(delimiter, "")
        content = delimiter.join(["id", f'"a{others}"', "c"]) + "\r\n" + delimiter.join(["1", "x y", '"2,50"']) + "\r\n"
        assert csv(tmp_path, content).rows == ({"id": "1", f"a{others}": "x y", "c": "2,50"},)

    def test_the_delimiter_may_be_said_as_excel_does(self, tmp_path: Path) -> None:
        assert csv(tmp_path, "sep=;\na,b;c\n1,2;3\n").rows == ({"a,b": "1,2", "c": "3"},)

    def test_quotes_breaks_and_blanks_stay(self, tmp_path: Path) -> None:
        dataset = csv(tmp_path, 'a,b\r\n"line 1\r\nline ""2"""," x "\r\n5" pipe,y\r\n')
        assert dataset.rows == ({"a": 'line 1\r\nline "2"', "b": " x "}, {"a": '5" pipe', "b": "y"})
        assert dataset.row_names == ("orders.csv:2", "orders.csv:4"), "the line in the file, not the number of the row"

    def test_missing_is_not_empty(self, tmp_path: Path) -> None:
        dataset = csv(tmp_path, 'a,b,c\n,"",x\n1\n\n,,\n,2,\n')
        assert dataset.rows == ({"b": "", "c": "x"}, {"a": "1"}, {"b": "2"})

    def test_everything_is_text_unless_its_column_says_otherwise(self, tmp_path: Path) -> None:
        content = "id,amount:number,rate:number,gift:bool,day:date,note:auto\n00123,19.90,12.5%,TRUE,2026/1/31,1.0\n"
        (row,) = csv(tmp_path, content).rows
        assert row == {
            "id": "00123", "amount": Decimal("19.90"), "rate": Decimal("0.125"), "gift": True, "day": "2026-01-31",
            "note": "1.0",
        }  # fmt: skip
        assert str(row["amount"]) == "19.90"

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("", "orders.csv: the file is empty"),
            ("\n\n", "orders.csv:1: the first line names the columns"),
            ("a,b,a\n1,2,3\n", "orders.csv:1!column 3: the column 'a' stands twice, first in column 1"),
            ("a,b\n1,2,3\n", "orders.csv:2!column 3: a value beyond the columns"),
            ('a,b\n1,2\n"x,3\n4,5\n', "orders.csv:3: a quoted field does not end"),
            ('a,b\n"x"y,3\n', "orders.csv:2: text after the closing quote: 'y,3"),
            ("n:number\nx\n1\n1_0\n", "orders.csv: 2 cells cannot be read\n  2!n: 'x' is not a number"),
            ("n:number\n1\n1_0\n", "orders.csv:3!n: '1_0' is not a number"),
            (b"a\xff\xff\n", "orders.csv:1: neither utf-8 nor gb18030 text"),
            (b"PK\x03\x04....", "orders.csv: this is a zip or .xlsx file"),
        ],
    )
    def test_what_is_refused_and_where(self, tmp_path: Path, content: str | bytes, message: str) -> None:
        with pytest.raises(DatasetError) as caught:
            csv(tmp_path, content)
        assert message in str(caught.value)

    def test_blanks_around_a_name_are_said(self, tmp_path: Path) -> None:
        (problem,) = csv(tmp_path, "a, b\n1,2\n").problems
        assert (problem.where, problem.fatal) == ("orders.csv:1!column 2", False)


class TestJson:
    def test_a_list_of_objects(self, tmp_path: Path) -> None:
        dataset = json(tmp_path, '[{"a": 19.90}, {"b": {"c": [9007199254740993]}, "a": null}]')
        assert dataset.columns == (Column("a"), Column("b"))
        assert dataset.rows == ({"a": Decimal("19.90")}, {"b": {"c": [9007199254740993]}, "a": None})
        assert str(dataset.rows[0]["a"]) == "19.90"
        assert dataset.row_names == ("orders.json!row 1", "orders.json!row 2")

    def test_columns_and_rows(self, tmp_path: Path) -> None:
        text = '{"columns": ["a", {"name": "b", "type": "number"}], "rows": [["00123", 5], {"b": 6}, ["7"], []]}'
        dataset = json(tmp_path, text)
        assert dataset.columns == (Column("a"), Column("b", "number"))
        assert dataset.rows == ({"a": "00123", "b": 5}, {"b": 6}, {"a": "7"}, {})

    @pytest.mark.parametrize(
        "text",
        ["5", '{"a": 1}', "[1]", '{"rows": 1}', '{"columns": ["a", "a"], "rows": []}', '{"columns": [5], "rows": []}',
         '{"columns": [{"name": "a", "type": "int"}], "rows": []}', '{"columns": ["a"], "rows": [[1, 2]]}',
         '{"columns": ["a"], "rows": [{"b": 1}]}', '{"columns": 5, "rows": []}'],
    )  # fmt: skip
    def test_what_is_no_table(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(DatasetError, match=r"orders\.json"):
            json(tmp_path, text)

    def test_what_is_no_json(self, tmp_path: Path) -> None:
        with pytest.raises(JsonError, match=r"orders\.json"):
            json(tmp_path, '[{"a": 1},\n{"a": }]')

    def test_rows_are_lines_that_can_be_compared(self, tmp_path: Path) -> None:
        dataset = Dataset("orders", (Column("a"), Column("b", "date")), ({"a": Decimal("1.0")}, {"b": "2026-01-31"}))
        JsonFormat().write(dataset, tmp_path / "orders.json")
        assert (tmp_path / "orders.json").read_text("utf-8").splitlines() == [
            "{", '  "columns": ["a",{"name":"b","type":"date"}],', '  "rows": [', '    {"a":1.0},',
            '    {"b":"2026-01-31"}', "  ]", "}",
        ]  # fmt: skip


def test_the_formats_load_like_foreign_ones() -> None:
    from importlib.metadata import entry_points

    found: dict[str, Any] = {}
    for point in entry_points(group="workbench.datasets"):
        for suffix in point.load()().suffixes:
            found[suffix] = point.name
    assert found == {".xlsx": "xlsx", ".xlsm": "xlsx", ".csv": "csv", ".tsv": "csv", ".json": "json"}


@pytest.mark.parametrize(
    ("value", "kind", "told"),
    [
        ("x", "number", '"x" would not come back from text, read as number → declare the column as n:text, or'),
        (Decimal("2.50"), "text", "2.50 would not come back from text, read as text → declare the column as n:number"),
        (True, "number", "true would not come back from text, read as number → declare the column as n:bool"),
        ([1], "text", "[1] would not come back from text, read as text → write an .xlsx or .json dataset"),
    ],
)
def test_what_a_text_cannot_hold_is_told_with_the_type_that_could(
    tmp_path: Path, value: Json, kind: ColumnType, told: str
) -> None:
    dataset = Dataset("orders", (Column("n", kind),), ({"n": value},))
    with pytest.raises(DatasetError) as caught:
        CsvFormat().write(dataset, tmp_path / "orders.csv")
    assert told in f"{caught.value.message} → {caught.value.hint}"
    assert list(tmp_path.iterdir()) == []
