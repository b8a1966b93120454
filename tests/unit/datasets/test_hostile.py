"""Tables that somebody made to do harm, or that another program broke: refused in words, in bounded memory."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path

import pytest
import xlsxwriter
from workbench_datasets import csv as csv_format
from workbench_datasets import package
from workbench_datasets.columns import MAX_FATAL
from workbench_datasets.csv import CsvFormat
from workbench_datasets.json import JsonFormat
from workbench_datasets.xlsx import XlsxFormat

from workbench.errors import DatasetError, JsonError
from workbench.model import json

Bytes = Callable[[bytes], bytes]
Change = Callable[[str, bytes], bytes | None]
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def workbook(path: Path, change: Change = lambda name, data: data, more: Mapping[str, bytes] = {}) -> Path:
    """Columns a and b, one row of texts 1 and 2; parts changed, left out (None) or added."""
    whole = io.BytesIO()
    with xlsxwriter.Workbook(whole) as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_row(1, 0, ["1", "2"])
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = change(name, source.read(name))
            if data is not None:
                target.writestr(name, data)
        for name, data in more.items():
            target.writestr(name, data)
    return path


def only(part: str, change: Bytes) -> Change:
    return lambda name, data: change(data) if name == part else data


def in_front(data: bytes) -> bytes:
    head, tail = data.split(b"?>", 1)
    return head + b"?>" + LAUGHS + tail


def in_utf_16(data: bytes) -> bytes:
    return data.decode().replace("UTF-8", "UTF-16").encode("utf-16")


def refused(path: Path, message: str) -> None:
    with pytest.raises(DatasetError) as caught:
        XlsxFormat().read(path)
    assert message in str(caught.value)
    assert caught.value.where.startswith(path.name)


class TestXlsx:
    def test_the_workbook_itself_is_good(self, tmp_path: Path) -> None:
        assert XlsxFormat().read(workbook(tmp_path / "a.xlsx")).rows == ({"a": "1", "b": "2"},)

    @pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "[Content_Types].xml",
                                      "xl/styles.xml", "xl/_rels/workbook.xml.rels", "docProps/core.xml"])  # fmt: skip
    @pytest.mark.parametrize("coded", [lambda data: data, in_utf_16])
    def test_entities_in_any_part_and_encoding(
        self, tmp_path: Path, part: str, coded: Callable[[bytes], bytes]
    ) -> None:
        path = workbook(tmp_path / "a.xlsx", only(part, lambda data: coded(in_front(data))))
        refused(path, "declares a document type")

    @pytest.mark.parametrize("name", ["xl/worksheets/evil.bin", "xl/media/evil.svg"])
    def test_entities_in_a_sheet_under_another_name(self, tmp_path: Path, name: str) -> None:
        def change(part: str, data: bytes) -> bytes | None:
            target = f"/{name}".encode()
            return None if part == SHEET else data.replace(b"worksheets/sheet1.xml", target) if "rels" in part else data

        refused(workbook(tmp_path / "a.xlsx", change, {name: in_front(sheet_of(tmp_path))}), "declares a document type")

    def test_a_picture_may_declare_what_it_likes(self, tmp_path: Path) -> None:
        path = workbook(tmp_path / "a.xlsx", more={"xl/media/image1.svg": b"<!DOCTYPE svg><svg/>"})
        assert len(XlsxFormat().read(path).rows) == 1

    @pytest.mark.parametrize(("part", "bound"), [("xl/sharedStrings.xml", "MAX_TEXTS"), ("xl/styles.xml", "MAX_WHOLE"),
                             ("xl/workbook.xml", "MAX_WHOLE"), ("[Content_Types].xml", "MAX_WHOLE"),
                             ("xl/_rels/workbook.xml.rels", "MAX_WHOLE")])  # fmt: skip
    def test_what_is_held_in_memory_has_bounds(
        self, tmp_path: Path, part: str, bound: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(package, bound, 20_000)
        path = workbook(tmp_path / "a.xlsx", only(part, lambda data: data + b" " * 20_000))
        refused(path, "at most 20000 are read")
        refused(path, part)

    def test_text_indexes_beyond_the_texts(self, tmp_path: Path) -> None:
        path = workbook(tmp_path / "a.xlsx", only(SHEET, lambda data: data.replace(b"<v>3</v>", b"<v>99</v>")))
        refused(path, "B2: the cell cannot be read")

    @pytest.mark.parametrize("said", [b"A1:XFD1048576", b"A1", b"Z9:A1"])
    def test_dimensions_are_not_believed(self, tmp_path: Path, said: bytes) -> None:
        path = workbook(tmp_path / "a.xlsx", only(SHEET, lambda data: data.replace(b'ref="A1:B2"', b'ref="%s"' % said)))
        assert XlsxFormat().read(path).rows == ({"a": "1", "b": "2"},)

    def test_macros_are_not_looked_at(self, tmp_path: Path) -> None:
        path = workbook(tmp_path / "a.xlsm", more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 Auto_Open"})
        assert XlsxFormat().read(path).rows == ({"a": "1", "b": "2"},)

    def test_links_to_the_outside_are_not_followed(self, tmp_path: Path) -> None:
        cell = b'<c r="A2" t="str"><f>WEBSERVICE("http://127.0.0.1:9/x")</f><v>seen</v></c>'
        path = workbook(
            tmp_path / "a.xlsx", only(SHEET, lambda data: data.replace(b'<c r="A2" t="s"><v>2</v></c>', cell))
        )
        assert XlsxFormat().read(path).rows == ({"a": "seen", "b": "2"},)

    def test_wrong_cells_without_end_are_counted(self, tmp_path: Path) -> None:
        rows = b"".join(
            b'<row r="%d"><c r="A%d" t="e"><v>#N/A</v></c></row>' % (n, n) for n in range(3, MAX_FATAL + 103)
        )
        path = workbook(
            tmp_path / "a.xlsx", only(SHEET, lambda data: data.replace(b"</sheetData>", rows + b"</sheetData>"))
        )
        with XlsxFormat().open(path) as table:
            assert len(list(table.rows)) == 1
            problems = table.problems
        assert len(problems) == MAX_FATAL + 1
        assert (problems[-1].message, problems[-1].fatal) == ("100 more cells have such problems", True)

    def test_two_parts_of_one_name(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        workbook(path)
        with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(SHEET, b"<nothing/>")
        refused(path, "two parts of one name")


def sheet_of(tmp_path: Path) -> bytes:
    with zipfile.ZipFile(workbook(tmp_path / "plain.xlsx")) as archive:
        return archive.read(SHEET)


class TestCsv:
    def read(self, tmp_path: Path, content: bytes) -> list[dict[str, object]]:
        path = tmp_path / "a.csv"
        path.write_bytes(content)
        return list(CsvFormat().read(path).rows)

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    @pytest.mark.parametrize("block", [1, 2, 3, 5, 7, 1000])
    def test_records_that_blocks_cut(
        self, tmp_path: Path, block: int, mark: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(csv_format, "_BLOCK", block)
        monkeypatch.setattr(csv_format, "SAMPLE", 18)
        text = 'sep=;\r\na;"b";c\r\n1;"x""y\r\nz";\r\n;;"";\r\n\r\n订;😀;"3"\r4;5;6'
        found = self.read(tmp_path, mark + text.encode())
        assert found == [
            {"a": "1", "b": 'x"y\r\nz'}, {"c": ""}, {"a": "订", "b": "😀", "c": "3"}, {"a": "4", "b": "5", "c": "6"},
        ]  # fmt: skip

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    @pytest.mark.parametrize("text", ["a,b\n1,2\n", "名,b\r\n订单一二三四五六七八,é\r\n"])
    def test_utf_16_without_a_mark(self, tmp_path: Path, encoding: str, text: str) -> None:
        (row,) = self.read(tmp_path, text.encode(encoding))
        assert list(row.values()) == text.splitlines()[1].split(",")

    @pytest.mark.parametrize("text", ["a,b\nx\0y,2\n", "a,b\nx\0yz,2\n", "a,b\n" + "1,2\n" * 400_000 + "\0,2\n"])
    def test_a_nul_is_no_utf_16(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(DatasetError, match="a NUL character") as caught:
            self.read(tmp_path, text.encode())
        assert caught.value.where == f"a.csv:{text.count(chr(10))}"

    @pytest.mark.parametrize(
        "content", [b"a,b\ncaf\xe9,1\n", "a,b\n订,é\n".encode() + "单,1\n".encode("gb18030") + b"\xff\n"]
    )
    def test_what_is_in_no_encoding_says_where(self, tmp_path: Path, content: bytes) -> None:
        with pytest.raises(DatasetError, match="neither utf-8 nor gb18030 text") as caught:
            self.read(tmp_path, content)
        assert caught.value.where.startswith("a.csv:")

    def test_a_guess_is_told(self, tmp_path: Path) -> None:
        """Bytes of Latin-1 may be those of GB18030, too: nobody can know, so somebody has to look."""
        path = tmp_path / "a.csv"
        path.write_bytes(b"a,b\ncaf\xe9s,1\n")
        (problem,) = CsvFormat().read(path).problems
        assert ("read as gb18030" in problem.message, problem.fatal) == (True, False)

    def test_a_quote_that_never_ends_is_not_looked_for_without_end(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(csv_format, "_LONGEST", 10_000)
        monkeypatch.setattr(csv_format, "_BLOCK", 1_000)
        with pytest.raises(DatasetError, match="a quoted field does not end") as caught:
            self.read(tmp_path, b'a,b\n1,"2\n' + b"3,4\n" * 100_000)
        assert caught.value.where == "a.csv:2"

    def test_rows_have_a_bound(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(csv_format, "MAX_ROWS", 5)
        assert len(self.read(tmp_path, b"a\n" + b"1\n" * 5)) == 5
        with pytest.raises(DatasetError, match="more than 5 rows"):
            self.read(tmp_path, b"a\n" + b"1\n" * 6)

    def test_memory_does_not_grow_with_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(b"a,b\n" + b"some text,another text\n" * 1_000_000)
        with CsvFormat().open(path) as table:
            list(islice(table.rows, 10))
            tracemalloc.start()
            try:
                assert sum(1 for _ in islice(table.rows, 60_000)) == 60_000
                assert tracemalloc.get_traced_memory()[1] < 12_000_000  # kept, these rows take 26 MB
            finally:
                tracemalloc.stop()


class TestJson:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('[{"a": 1, "b": 2, "a": 3}]', 'the key "a" stands twice'),
            ('{"rows": [], "rows": [{"a": 1}]}', 'the key "rows" stands twice'),
            ('[{"a": {"b": {"c": 1, "c": 2}}}]', 'the key "c" stands twice'),
            ("[" * 100_000, "nested too deeply"),
            ('[{"a": ' + "[" * 3_000 + "]" * 3_000 + "}]", "nested too deeply"),
            ('[{"a": ' + "1" * 300_000 + "}]", "digits"),
            ('[{"a": 1e99999999999999999999}]', "exponent"),
            ('[{"a": NaN}]', "not JSON"),
            ('[{"a": "\\ud800"}]', "half of a character"),
        ],
    )
    def test_what_is_refused(self, tmp_path: Path, text: str, message: str) -> None:
        path = tmp_path / "a.json"
        path.write_text(text)
        with pytest.raises(JsonError) as caught:
            JsonFormat().read(path)
        assert message in str(caught.value)
        assert caught.value.where.startswith("a.json")

    @pytest.mark.parametrize("number", ["1" * 4000, "1e400", "-0.000000000000000000000000000001", "5000000000.10"])
    def test_numbers_of_any_size_are_kept(self, tmp_path: Path, number: str) -> None:
        path = tmp_path / "a.json"
        path.write_text(f'[{{"a": {number}}}]')
        dataset = JsonFormat().read(path)
        JsonFormat().write(dataset, tmp_path / "b.json")
        assert JsonFormat().read(tmp_path / "b.json").rows == dataset.rows
        assert str(JsonFormat().read(tmp_path / "b.json").rows[0]["a"]) == str(json.number(number))
