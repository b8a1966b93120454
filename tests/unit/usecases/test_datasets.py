"""Datasets of a version: in from files, edited, out again, with every digit."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from workbench import plugins
from workbench.errors import ConflictError, DatasetError, NotFoundError, StaleError, UsageError
from workbench.model import json
from workbench.model.dataset import Column, Dataset
from workbench.model.suite import Case, Scenario, Suite, SuiteFile
from workbench.storage import Author, Choices, Snapshot, Storage
from workbench.storage.rows import CHUNK
from workbench.usecases import dataset_columns as columns
from workbench.usecases import datasets as use
from workbench.usecases.export_suite import export_suite
from workbench.usecases.import_suite import import_suite

LI = Author("li")


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "files") as opened:
        case = Case(id="c", case="pay", dataset="orders")
        suite = Suite(
            file=SuiteFile(suite="s", subsystem="order", version="1"),
            scenarios={"s": Scenario(id="s", scenario="s", cases=(case,))},
        )
        opened.suites.put(Snapshot(suite), LI)
        yield opened


def book(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet("notes").write_string(0, 0, "nothing here")
        sheet = workbook.add_worksheet("orders")
        sheet.write_string(0, 0, "a title above")
        sheet.write_row(2, 0, ["id", "amount:number", "mail"])
        sheet.write_row(3, 0, ["00123", 1.5])
        sheet.write_string(3, 2, "=1+2")
        sheet.write_number(4, 0, 7, workbook.add_format({"num_format": "00000"}))
        sheet.write_number(5, 0, 12345678901234567890)
    return path


def rows(storage: Storage, name: str = "orders") -> list[dict[str, object]]:
    return list(use.rows_of("order", name, storage).rows)


def test_sheet_and_header_are_chosen(storage: Storage, tmp_path: Path) -> None:
    path = book(tmp_path / "orders.xlsx")
    seen = use.preview(path, sheet="orders", header=3)
    assert seen.sheets == ("notes", "orders")
    assert [(column.name, column.type) for column in seen.columns] == [
        ("id", "auto"),
        ("amount", "number"),
        ("mail", "auto"),
    ]
    assert [problem.where for problem in seen.problems] == ["orders.xlsx!orders!A6"]
    assert not seen.problems[0].fatal
    saved = use.bring_in("order", path, storage, LI, sheet="orders", header=3)
    assert (saved.rows, [each.what for each in saved.changes]) == (3, ["added"])
    assert rows(storage)[:2] == [{"id": "00123", "amount": Decimal("1.5"), "mail": "=1+2"}, {"id": "00007"}]
    assert use.export("order", "orders", tmp_path / "out.xlsx", storage) == use.Exported(3, "1")
    assert use.preview(tmp_path / "out.xlsx").rows == tuple(rows(storage))
    (info,) = use.list_datasets("order", storage)
    assert (info.path, info.rows, info.used_by) == ("datasets/orders.xlsx", 3, ("c",))


def test_unreadable_cells_are_told_and_nothing_is_saved(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["a", "b:number"])
        sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        sheet.write_row(2, 0, ["x", "many"])
    assert [(problem.where, problem.fatal) for problem in use.preview(path).problems] == [
        ("orders.xlsx!Sheet1!A2", True), ("orders.xlsx!Sheet1!B3", True),
    ]  # fmt: skip
    with pytest.raises(DatasetError, match="and 1 more cells"):
        use.bring_in("order", path, storage, LI)
    assert use.list_datasets("order", storage) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_any_encoding_and_delimiter(storage: Storage, tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = 'id,名:text,n:number\n00123,张三,1.50\n,"a""b",\n'.replace(",", delimiter)
    path = tmp_path / "orders.csv"
    path.write_bytes(text.encode(encoding))
    use.bring_in("order", path, storage, LI)
    assert rows(storage) == [{"id": "00123", "名": "张三", "n": Decimal("1.50")}, {"名": 'a"b'}]
    use.export("order", "orders", tmp_path / "out.csv", storage)
    assert (tmp_path / "out.csv").read_bytes() == path.read_bytes()  # the same rows, so the same bytes


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "json"])
def test_a_columns_cells_are_converted_to_its_new_type(storage: Storage, tmp_path: Path, suffix: str) -> None:
    table = Dataset("orders", (Column("id", "text"), Column("n", "text")), (
        {"id": "1234567890123456789", "n": "1.50"}, {"id": "7"}, {"id": "00123", "n": ""},
    ))  # fmt: skip
    plugins.dataset_formats()[f".{suffix}"].write(table, tmp_path / f"orders.{suffix}")
    use.bring_in("order", tmp_path / f"orders.{suffix}", storage, LI)
    before = rows(storage)
    seen = columns.preview_column("order", "orders", "id", "number", storage)
    assert (seen.cells, seen.changed, seen.unfit) == (3, 2, 1)
    assert [each.where for each in seen.problems] == ["orders row 3 id"]
    with pytest.raises(DatasetError, match=r"1 cell cannot become number(.|\n)*row 3 id: \"00123\" would lose"):
        columns.change_column("order", "orders", "id", storage, LI, kind="number")
    assert (rows(storage), use.rows_of("order", "orders", storage).columns) == (before, table.columns)
    columns.change_column("order", "orders", "n", storage, LI, kind="number", new="amount")
    assert json.dumps(rows(storage)[0]["amount"]) == "1.50"
    assert use.rows_of("order", "orders", storage).columns[1] == Column("amount", "number")
    use.set_cell("order", "orders", 3, "id", "123", storage, LI)
    columns.change_column("order", "orders", "id", storage, LI, kind="number")
    assert [row["id"] for row in rows(storage)] == [1234567890123456789, 7, 123]
    use.export("order", "orders", tmp_path / f"out.{suffix}", storage)
    assert plugins.dataset_formats()[f".{suffix}"].read(tmp_path / f"out.{suffix}").rows == tuple(rows(storage))
    columns.change_column("order", "orders", "id", storage, LI, kind="text")
    assert [row["id"] for row in rows(storage)] == ["1234567890123456789", "7", "123"]


def test_cells_that_cannot_be_converted_are_kept_when_told(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "orders.json").write_text('[{"id": "00123"}, {"id": "7"}]')
    use.bring_in("order", tmp_path / "orders.json", storage, LI)
    columns.change_column("order", "orders", "id", storage, LI, kind="number", keep=True)
    assert [row["id"] for row in rows(storage)] == ["00123", 7]
    (tmp_path / "orders.csv").write_text("id\n00123\n7\n")
    use.bring_in("order", tmp_path / "orders.csv", storage, LI)
    with pytest.raises(DatasetError):  # its reader would take 00123 for a number
        columns.change_column("order", "orders", "id", storage, LI, kind="number", keep=True)
    assert [row["id"] for row in rows(storage)] == ["00123", "7"]


def test_rows_and_columns_are_edited(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    path.write_text(json.dumps([{"id": f"{n:05d}", "n": n} for n in range(CHUNK + 2)]))
    use.bring_in("order", path, storage, LI)
    use.set_cell("order", "orders", CHUNK + 1, "n", Decimal("1.50"), storage, LI)
    use.set_cell("order", "orders", 1, "n", UNSET, storage, LI)
    use.insert_rows("order", "orders", [{"n": 2**70, "id": "new"}], storage, LI, before=2)
    use.delete_rows("order", "orders", [3, CHUNK + 3], storage, LI)
    columns.add_column("order", "orders", Column("mail", "text"), storage, LI, "a@b")
    columns.change_column("order", "orders", "n", storage, LI, new="amount")
    found = use.rows_of("order", "orders", storage, 0, 5000)
    assert found.total == CHUNK + 1
    assert found.columns == (Column("id"), Column("amount"), Column("mail", "text"))
    assert found.rows[:2] == ({"id": "00000", "mail": "a@b"}, {"id": "new", "amount": 2**70, "mail": "a@b"})
    assert json.dumps(found.rows[-1]) == '{"id":"01000","amount":1.50,"mail":"a@b"}'
    columns.remove_column("order", "orders", "amount", storage, LI)
    assert [column.name for column in use.rows_of("order", "orders", storage).columns] == ["id", "mail"]
    for work in (
        lambda: use.set_cell("order", "orders", 0, "id", "x", storage, LI),
        lambda: use.set_cell("order", "orders", CHUNK + 2, "id", "x", storage, LI),
        lambda: use.set_cell("order", "orders", 1, "ix", "x", storage, LI),
        lambda: use.insert_rows("order", "orders", [{"ix": 1}], storage, LI),
        lambda: use.delete_rows("order", "order", [1], storage, LI),
    ):
        with pytest.raises(NotFoundError):
            work()
    with pytest.raises(UsageError, match="cases are run once"):
        use.remove("order", "orders", storage, LI)


def test_what_the_file_cannot_hold_is_refused_at_once(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text("id,n:number\n1,2\n")
    use.bring_in("order", tmp_path / "orders.csv", storage, LI)
    with pytest.raises(DatasetError, match="would not come back"):
        use.set_cell("order", "orders", 1, "id", 5, storage, LI)
    use.set_cell("order", "orders", 1, "n", Decimal("2.50"), storage, LI)
    assert rows(storage) == [{"id": "1", "n": Decimal("2.50")}]


def test_an_edited_dataset_goes_through_files_to_another_database(storage: Storage, tmp_path: Path) -> None:
    book(tmp_path / "orders.xlsx")
    use.bring_in("order", tmp_path / "orders.xlsx", storage, LI, sheet="orders", header=3)
    use.set_cell("order", "orders", 1, "id", "00124", storage, LI)
    export_suite("order", storage, tmp_path / "out")
    assert import_suite(tmp_path / "out", storage, LI).changes == []
    with Storage(f"sqlite:///{tmp_path}/other.db", tmp_path / "other") as other:
        import_suite(tmp_path / "out", other, Author("wang"))
        assert other.suites.hashes("order", "1") == storage.suites.hashes("order", "1")
        export_suite("order", other, tmp_path / "again")
    name = "datasets/orders.xlsx"
    assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_a_file_that_is_no_table_stays_a_file(storage: Storage, tmp_path: Path) -> None:
    export_suite("order", storage, tmp_path / "in")
    (tmp_path / "in/datasets").mkdir()
    (tmp_path / "in/datasets/orders.csv").write_bytes(b'a,b\n"1\n')
    import_suite(tmp_path / "in", storage, LI)
    assert [(each.name, each.rows) for each in use.list_datasets("order", storage)] == [("orders", None)]
    with pytest.raises(DatasetError, match="no table that can be read"):
        rows(storage)
    export_suite("order", storage, tmp_path / "out")
    assert (tmp_path / "out/datasets/orders.csv").read_bytes() == b'a,b\n"1\n'


def brought(storage: Storage, tmp_path: Path, text: str, seen: str | None, joining: Choices | None = None) -> use.Saved:
    path = tmp_path / "orders.csv"
    path.write_text(text)
    return use.bring_in("order", path, storage, replace(LI, seen=seen), joining=joining)


def test_a_file_that_was_made_of_an_earlier_revision_is_put_together_with_what_others_saved(
    storage: Storage, tmp_path: Path
) -> None:
    brought(storage, tmp_path, "id,n\n1,a\n2,b\n3,c\n", "")
    brought(storage, tmp_path, "id,n\n1,a\n2,theirs\n3,c\n4,d\n", "1")
    mine = "id,n,m\n1,mine,x\n2,b,x\n3,c,x\n"
    with pytest.raises(StaleError, match="revision 2") as stale:
        brought(storage, tmp_path, mine, "1")
    sides = [json.loads(text) for text in (stale.value.base, stale.value.mine, stale.value.theirs)]
    assert [side["row/2/n"] for side in sides] == ["b", "b", "theirs"]
    assert [side.get("row/1/n") for side in sides] == ["a", "mine", "a"]
    assert [side.get("new row/4") for side in sides] == [None, None, {"id": "4", "n": "d"}]
    done = brought(storage, tmp_path, mine, "1", Choices())
    assert (done.merged, done.tag, done.rows) == (True, "3", 4)
    assert rows(storage) == [
        {"id": "1", "n": "mine", "m": "x"}, {"id": "2", "n": "theirs", "m": "x"}, {"id": "3", "n": "c", "m": "x"},
        {"id": "4", "n": "d"},
    ]  # fmt: skip
    with pytest.raises(ConflictError) as clash:
        brought(storage, tmp_path, "id,n\n1,a\n2,other\n3,c\n", "1", Choices())
    assert clash.value.places == ("dataset/orders/row/2/n",)
    brought(storage, tmp_path, "id,n\n1,a\n2,other\n3,c\n", "1", Choices({(): "mine"}))
    assert rows(storage)[1] == {"id": "2", "n": "other", "m": "x"}


@pytest.mark.parametrize("seen", ["77", "99999999999999999999", "abc"])
def test_a_revision_that_there_is_not_is_told_with_what_there_is(storage: Storage, tmp_path: Path, seen: str) -> None:
    brought(storage, tmp_path, "id\n1\n", "")
    with pytest.raises(StaleError, match="somebody else changed it"):
        brought(storage, tmp_path, "id\n2\n", seen, Choices())
    assert rows(storage) == [{"id": "1"}]


def test_two_files_of_other_kinds_are_no_mixture(storage: Storage, tmp_path: Path) -> None:
    """Of a dataset that each made another kind of file all is taken from one side."""
    brought(storage, tmp_path, "id\n1\n", "")
    (tmp_path / "orders.json").write_text('[{"id": "1"}, {"id": "2"}, {"id": "3"}]')
    use.bring_in("order", tmp_path / "orders.json", storage, replace(LI, seen="1"))
    export_to = tmp_path / "orders.xlsx"
    plugins.dataset_formats()[".xlsx"].write(Dataset("orders", (Column("k"),), ({"k": "x"},)), export_to)
    said = replace(LI, seen="1")
    with pytest.raises(ConflictError):
        use.bring_in("order", export_to, storage, said, joining=Choices())
    use.bring_in("order", export_to, storage, said, joining=Choices({(): "mine"}))
    (info,) = use.list_datasets("order", storage)
    assert (info.path, info.rows, rows(storage)) == ("datasets/orders.xlsx", 1, [{"k": "x"}])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.one_of(TEXT, st.integers(), st.booleans(), st.decimals(allow_nan=False, allow_infinity=False), st.none())


@given(st.lists(st.dictionaries(st.sampled_from("abc"), VALUES, min_size=1), min_size=1, max_size=5))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_goes_out_as_excel_comes_back(storage: Storage, tmp_path: Path, given_: list[dict[str, object]]) -> None:
    ordered = [{key: row[key] for key in "abc" if key in row} for row in given_]
    path = tmp_path / "orders.json"
    path.write_text(json.dumps({"columns": ["a", "b", "c"], "rows": ordered}))
    use.bring_in("order", path, storage, LI)
    use.export("order", "orders", tmp_path / "out.xlsx", storage)
    back = plugins.dataset_formats()[".xlsx"].read(tmp_path / "out.xlsx")
    assert [json.dumps(row) for row in back.rows] == [json.dumps(row) for row in ordered]
