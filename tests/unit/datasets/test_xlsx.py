"""Cells keep what the tester sees. Workbooks are made with openpyxl and xlsxwriter, as other programs make them."""

import contextlib
import datetime as dt
import warnings
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from workbench_datasets import package
from workbench_datasets.sheet_cells import SheetCells, styles_of
from workbench_datasets.xlsx import XlsxFormat

from workbench.errors import DatasetError
from workbench.model.dataset import Column, Dataset

NOON = dt.datetime.fromisoformat("2026-01-31T10:00:00")  # spreadsheets know no zones


def book(path: Path, *cells: tuple[Any, str], header: tuple[Any, ...] | None = None, epoch: str = "1900") -> Path:
    """One data row; each cell is (value, number format)."""
    workbook = openpyxl.Workbook()
    if epoch == "1904":
        workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = workbook.active
    sheet.title = "S"
    sheet.append(list(header) if header else [f"c{at}" for at in range(len(cells))])
    for at, (value, code) in enumerate(cells, 1):
        cell = sheet.cell(2, at, value)
        cell.number_format = code
    workbook.save(path)
    return path


def read(path: Path, **options: str) -> Dataset:
    return XlsxFormat().read(path, **options)


SEEN = [
    ("00123", "General", "00123"),
    (123, "00000", "00123"),
    (123, '"ORD"00000', "ORD00123"),
    (123456789, "000-00-0000", "123-45-6789"),
    (1234567, "00000", "1234567"),
    (-7, "000", "-007"),
    (5.5, "00.00", "05.50"),
    (0, "0000", "0000"),
    (42, "General", 42),
    (42.0, "General", 42),
    (-0.5, "General", Decimal("-0.5")),
    (19.9, "General", Decimal("19.9")),
    (0.1 + 0.2, "General", Decimal("0.3")),
    (19.9, "0.00", Decimal("19.90")),
    (20, "0.00", Decimal("20.00")),
    (1234.5, "#,##0.00", Decimal("1234.50")),
    (1234.5, '"$"#,##0.00_);[Red]("$"#,##0.00)', Decimal("1234.50")),
    (-1234.5, '"$"#,##0.00_);[Red]("$"#,##0.00)', Decimal("-1234.50")),
    (1234.5, "[$¥-804]#,##0.00", Decimal("1234.50")),
    (0, r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)', Decimal("0.00")),
    (3, '0"个"', 3),
    (1.5, "0.0##", Decimal("1.5")),
    (1.25, "0.0##", Decimal("1.25")),
    (0.125, "0.0%", "12.5%"),
    (0.5, "0%", "50%"),
    (123, "@", "123"),
    (12345.678, "0.00E+00", Decimal("12345.678")),
    (True, "General", True),
    (False, "General", False),
    (NOON.date(), "yyyy-mm-dd", "2026-01-31"),
    (NOON, "yyyy-mm-dd hh:mm:ss", "2026-01-31 10:00:00"),
    (NOON, "yyyy/m/d h:mm", "2026/1/31 10:00"),
    (NOON, 'yyyy"年"m"月"d"日"', "2026年1月31日"),
    (NOON, '[$-804]yyyy"年"m"月"d"日";@', "2026年1月31日"),
    (NOON, "yyyymmdd", "20260131"),
    (NOON, "yyyy-mm-dd hh:mm:ss.000", "2026-01-31 10:00:00.000"),
    (NOON.replace(hour=0), "mm-dd-yy", "2026-01-31"),
    (NOON, "m/d/yy h:mm", "2026-01-31 10:00:00"),
    (NOON.replace(hour=0), "m/d/yy h:mm", "2026-01-31 00:00:00"),
    (NOON, "d-mmm-yy", "2026-01-31 10:00:00"),
    (dt.time(9, 5), "h:mm", "9:05"),
    (dt.time(21, 5, 7), "hh:mm:ss", "21:05:07"),
    (dt.time(21, 5), "h:mm AM/PM", "21:05:00"),
    (dt.timedelta(hours=26, minutes=30), "[h]:mm:ss", "26:30:00"),
    (dt.timedelta(minutes=90), "[mm]:ss", "90:00"),
    ("  lead and trail ", "General", "  lead and trail "),
    ("支付订单", "General", "支付订单"),
]


@pytest.mark.parametrize(("value", "code", "seen"), SEEN)
def test_a_case_gets_what_the_tester_sees(tmp_path: Path, value: Any, code: str, seen: Any) -> None:
    dataset = read(book(tmp_path / "a.xlsx", (value, code)))
    got = dataset.rows[0]["c0"]
    assert (got, type(got)) == (seen, type(seen))
    if isinstance(seen, Decimal):
        assert str(got) == str(seen), "the scale is part of what is seen"
    assert dataset.problems == ()


def test_dates_of_the_1904_system_are_the_same_days(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", (NOON, "yyyy-mm-dd"), epoch="1904")
    assert read(path).rows == ({"c0": "2026-01-31"},)


def test_chinese_built_in_dates_without_a_format_code_are_dates(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", (46053, "0.00"))
    patch(path, "xl/styles.xml", b'numFmtId="2"', b'numFmtId="31"')
    assert read(path).rows == ({"c0": "2026-01-31"},)


def test_rounding_and_unknown_formats_are_said(tmp_path: Path) -> None:
    dataset = read(book(tmp_path / "a.xlsx", (19.999, "0.00"), (0.5, "# ?/?"), (12000, "0,"), (7, "[>5]0;000")))
    assert dataset.rows == ({"c0": Decimal("20.00"), "c1": Decimal("0.5"), "c2": 12000, "c3": 7},)
    assert [problem.where for problem in dataset.problems] == [f"a.xlsx!S!{cell}2" for cell in "ABCD"]
    assert "holds 19.999 and shows 20.00" in dataset.problems[0].message
    assert not any(problem.fatal for problem in dataset.problems)


@pytest.mark.parametrize("typed", [1234567890123456789.0, 1234567890123450])
def test_digits_that_excel_lost_are_reported_with_the_cell(tmp_path: Path, typed: float) -> None:
    dataset = read(book(tmp_path / "a.xlsx", ("1234567890123456789", "@"), (typed, "0")))
    assert dataset.rows[0]["c0"] == "1234567890123456789"
    (problem,) = dataset.problems
    assert (problem.where, problem.fatal) == ("a.xlsx!S!B2", False)
    assert "format the column as text" in problem.message


def test_errors_and_formulas_without_a_value_are_refused_all_at_once(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("=1+2", "General"), ("#N/A", "General"), ("x", "General"))
    with pytest.raises(DatasetError) as caught:
        read(path)
    text = str(caught.value)
    assert "2 cells cannot be read" in text
    assert "A2: the formula has no computed value" in text
    assert "B2: the cell shows the error #N/A" in text


def test_a_formula_gives_its_computed_value(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as workbook:
        sheet = workbook.add_worksheet("S")
        sheet.write_row(0, 0, ["sum", "text", "none"])
        sheet.write_formula(1, 0, "=1+2", None, 3)
        sheet.write_formula(1, 1, '="a"&"b"', None, "ab")
        sheet.write_formula(1, 2, '=""', None, "EMPTY")
    patch(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", b"<v>EMPTY</v>", b"<v></v>")
    dataset = read(tmp_path / "a.xlsx")
    assert dataset.rows == ({"sum": 3, "text": "ab", "none": ""},)


def test_a_zero_that_nobody_computed_is_said(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as workbook:
        sheet = workbook.add_worksheet("S")
        sheet.write_row(0, 0, ["sum", "zero"])
        sheet.write_formula(1, 0, "=1+2")
        sheet.write_number(1, 1, 0)
    dataset = read(tmp_path / "a.xlsx")
    assert dataset.rows == ({"sum": 0, "zero": 0},)
    (problem,) = dataset.problems
    assert problem.where == "a.xlsx!S!A2"
    assert "may never have been computed" in problem.message


def test_empty_is_not_missing_and_merged_cells_hold_the_first(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as workbook:
        sheet = workbook.add_worksheet("S")
        sheet.write_row(0, 0, ["a", "b", "c"])
        sheet.write_string(1, 0, "")
        sheet.write_blank(1, 1, None, workbook.add_format({"bold": True}))
        sheet.write_string(1, 2, "x")
        sheet.merge_range("A4:B4", "merged")
    dataset = read(tmp_path / "a.xlsx")
    assert dataset.rows == ({"a": "", "c": "x"}, {"a": "merged"})
    assert dataset.row_names == ("a.xlsx!S!row 2", "a.xlsx!S!row 4")


def test_declared_types(tmp_path: Path) -> None:
    header = ("id:text", "rate:number", "paid:bool", "day:date", "ratio:other")
    cells = ((123, "0"), (0.125, "0.0%"), ("TRUE", "@"), (NOON.date(), "d/m/yyyy"), (1, "0"))
    dataset = read(book(tmp_path / "a.xlsx", *cells, header=header))
    assert dataset.columns == (
        Column("id", "text"), Column("rate", "number"), Column("paid", "bool"), Column("day", "date"),
        Column("ratio:other"),
    )  # fmt: skip
    row = dataset.rows[0]
    assert row == {"id": "123", "rate": Decimal("0.125"), "paid": True, "day": "2026-01-31", "ratio:other": 1}


def test_a_value_against_its_declared_type_is_refused_with_the_cell(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("nineteen", "@"), header=("amount:number",))
    with pytest.raises(DatasetError, match=r"a\.xlsx!S!A2: 'nineteen' is not a number"):
        read(path)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (("a", "a"), "a.xlsx!S!B1: the column 'a' stands twice, first in A1"),
        (("a", None), "a.xlsx!S!B2: a value in a column without a name"),
        ((None, None), "a.xlsx!S!A1: the first row names the columns"),
    ],
)
def test_headers_that_name_nothing_or_twice(tmp_path: Path, header: tuple[Any, ...], message: str) -> None:
    path = book(tmp_path / "a.xlsx", (1, "0"), (2, "0"), header=header)
    with pytest.raises(DatasetError) as caught:
        read(path)
    assert message in str(caught.value)


def test_the_first_visible_sheet_unless_one_is_named(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for title, state in (("hidden", "hidden"), ("data", "visible"), ("other", "visible")):
        sheet = workbook.create_sheet(title)
        sheet.sheet_state = state
        sheet.append(["from"])
        sheet.append([title])
    workbook.remove(workbook.worksheets[0])
    workbook.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").rows == ({"from": "data"},)
    assert read(tmp_path / "a.xlsx", sheet="hidden").rows == ({"from": "hidden"},)
    with pytest.raises(DatasetError, match=r"no sheet 'Data'(.|\n)*hidden, data, other"):
        read(tmp_path / "a.xlsx", sheet="Data")


def patch(path: Path, part: str, old: bytes, new: bytes) -> None:
    """Change one part of a package, as programs that we do not have would write it."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    assert old in parts[part] or new == b"", parts[part][:2000]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)


def test_wrong_dimensions_do_not_hide_cells(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", (1, "0"), (2, "0"))
    patch(path, "xl/worksheets/sheet1.xml", b'ref="A1:B2"', b'ref="A1"')
    assert read(path).rows == ({"c0": 1, "c1": 2},)


def test_control_characters_of_excel(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet().write_column(0, 0, ["c0", "one_TWO"])
    patch(path, "xl/sharedStrings.xml", b"one_TWO", b"one_x000D_two")
    assert read(path).rows == ({"c0": "one\rtwo"},)


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (b"_x0041_", "A"),
        (b"_x005F_x000D_", "_x000D_"),  # somebody typed _x000D_
        (b"a_x000a__x000A_b", "a\n\nb"),
        (b"_xD83D__xDE00_", "\U0001f600"),
        (b"_xD83D_ and _xZZZZ_ _x00_", "_xD83D_ and _xZZZZ_ _x00_"),
    ],
)
def test_escapes_of_excel_are_read_as_excel_shows_them(tmp_path: Path, written: bytes, seen: str) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.add_worksheet().write_column(0, 0, ["c0", "one_TWO"])
    patch(path, "xl/sharedStrings.xml", b"one_TWO", written)
    assert read(path).rows == ({"c0": seen},)


@pytest.mark.parametrize(("value", "code"), [(1, '"yes";;"no"'), (5, ";;;"), (7, '"x"')])
def test_a_format_that_shows_no_digit_is_told(tmp_path: Path, value: int, code: str) -> None:
    dataset = read(book(tmp_path / "a.xlsx", (value, code)))
    assert dataset.rows == ({"c0": value},)
    (problem,) = dataset.problems
    assert f"shown with the format {code!r}; the case gets {value}" in problem.message


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        (b'<c r="A2"><v>NaN</v></c>', "A2"),
        (b'<c r="A2" t="b"><v>yes</v></c>', "A2"),
        (b'<c r="A2" t="s"><v>99</v></c>', "A2"),
        (b'<c r="A2" t="d"><v>soon</v></c>', "A2"),
        (b'<c r="A2" s="x"><v>1</v></c>', "A2"),
        (b'<c t="b"><v>yes</v></c>', "A2"),
        (b'<c r="ZZZZ2"><v>1</v></c>', "ZZZZ2"),
        (b'<c r="XFE2"><v>1</v></c>', "XFE2"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path, cell: bytes, place: str) -> None:
    path = book(tmp_path / "a.xlsx", (12345, "General"))
    patch(path, "xl/worksheets/sheet1.xml", b'<c r="A2" t="n"><v>12345</v></c>', cell)
    with pytest.raises(DatasetError, match="the cell cannot be read") as caught:
        read(path)
    assert caught.value.where == f"a.xlsx!S!{place}"


class TestBroken:
    def check(self, path: Path, message: str) -> None:
        with pytest.raises(DatasetError) as caught:
            read(path)
        assert message in str(caught.value)
        assert caught.value.where.startswith(path.name)

    def test_not_a_workbook(self, tmp_path: Path) -> None:
        for content, message in (
            (b"", "the file is empty"),
            (b"a,b\n1,2\n", "this is not an .xlsx workbook"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 64, "old .xls"),
            (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
            (b"PK\x03\x04 and nothing more", "the workbook is damaged"),
        ):
            path = tmp_path / "a.xlsx"
            path.write_bytes(content)
            self.check(path, message)

    def test_missing(self, tmp_path: Path) -> None:
        self.check(tmp_path / "none.xlsx", "cannot be read: No such file")

    def test_truncated_anywhere(self, tmp_path: Path) -> None:
        whole = book(tmp_path / "whole.xlsx", (1, "0")).read_bytes()
        for size in range(8, len(whole), 97):
            path = tmp_path / "a.xlsx"
            path.write_bytes(whole[:size])
            self.check(path, "")

    def test_any_flipped_byte_is_an_answer_or_an_error(self, tmp_path: Path) -> None:
        whole = book(tmp_path / "whole.xlsx", (1, "0"), ("text", "@")).read_bytes()
        path = tmp_path / "a.xlsx"
        for at in range(0, len(whole), 31):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
            with contextlib.suppress(DatasetError):  # any other exception is a defect
                read(path)

    def test_a_part_that_is_not_xml(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.xlsx", (1, "0"))
        patch(path, "xl/worksheets/sheet1.xml", b"</sheetData>", b"</sheetDat")
        self.check(path, "the workbook is damaged")

    def test_a_document_type(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.xlsx", (1, "0"))
        patch(path, "xl/worksheets/sheet1.xml", b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet")
        self.check(path, "declares a document type")

    def test_a_row_number_beyond_the_sheet(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.xlsx", (1, "0"))
        patch(path, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="99999999999"')
        self.check(path, "more than 1048576 rows")

    def test_a_column_beyond_the_sheet(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.xlsx", (1, "0"))
        patch(path, "xl/worksheets/sheet1.xml", b'r="A2"', b'r="XFE2"')
        self.check(path, "XFE2 is beyond column 16384")

    def test_the_last_row_and_column_are_read(self, tmp_path: Path) -> None:
        path = book(tmp_path / "a.xlsx", (1, "0"), (2, "0"))
        patch(path, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="1048576"')
        patch(path, "xl/worksheets/sheet1.xml", b'r="B', b'r="XFD')
        dataset = read(path)
        assert dataset.rows == ({"c0": 1, "c1": 2},)
        assert dataset.row_names == ("a.xlsx!S!row 1048576",)

    def test_a_bomb(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = book(tmp_path / "a.xlsx", (1, "0"))
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/bomb.xml", b" " * 3_000_000)
        monkeypatch.setattr(package, "RATIO_FROM", 1_000_000)
        self.check(path, "grows suspiciously")
        monkeypatch.setattr(package, "MAX_TOTAL", 2_000_000)
        self.check(path, "at most 2000000 are read")
        monkeypatch.setattr(package, "MAX_PARTS", 3)
        self.check(path, "at most 3 are read")


def test_the_pass_over_a_sheet_sees_what_openpyxl_sees(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as workbook:
        sheet = workbook.add_worksheet()
        codes = ["General", "0.00", "@", "00000", "yyyy-mm-dd", "[h]:mm:ss", "h:mm", "m/d/yy", "0.0%", "mm-dd-yy"]
        formats = [workbook.add_format({"num_format": code}) for code in codes]
        values = ["text", "", " 张三😀\n", 1, -1.5, 0.1 + 0.2, 1e300, 2**53 + 1, True, False, 45000, 45000.25, 0, -1]
        for number, value in enumerate(values):
            for at, form in enumerate(formats):
                sheet.write(number * 3, at * 2, value, form)  # with rows and columns between that are not there
        sheet.write_rich_string(50, 0, "a", formats[1], "b", formats[2], "c")
        sheet.write_formula(51, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(51, 1, '="x"', None, "x")
        sheet.write_blank(52, 3, None, formats[4])
    extra = b'<row r="60"><c r="B60" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r>'
    extra += b'<rPh sb="0" eb="1"><t>no</t></rPh></is></c>'
    extra += b'<c t="d"><v>2026-01-31T10:00:00</v></c><c r="F60" t="str"><f>A1</f></c><c r="G60" t="inlineStr"/></row>'
    patch(path, "xl/worksheets/sheet1.xml", b"</sheetData>", extra + b"</sheetData>")
    warned = warnings.catch_warnings()
    with warned, contextlib.closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
        warnings.simplefilter("ignore")
        worksheet = book.worksheets[0]
        worksheet.reset_dimensions()
        wanted = {
            (cell.row, cell.column): (cell.value, cell.data_type, cell.number_format)
            for row in worksheet.iter_rows()
            for cell in row
            if hasattr(cell, "column")  # else it is not there
        }
        cells = SheetCells(styles_of(book), worksheet._shared_strings, book.epoch)
        with worksheet._get_source() as stream:
            found = [cell for _, row in cells.rows(stream) for cell in row]
    assert {(cell.row, cell.column): (cell.value, cell.data_type, cell.style.code) for cell in found} == wanted
    assert [type(cell.value) for cell in found] == [type(value) for value, _, _ in wanted.values()]
    assert [cell.coordinate for cell in found if cell.formula] == ["A52", "B52", "F60"]
