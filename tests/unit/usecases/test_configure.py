"""Configuration of a version: items, secrets that are nowhere in the database, tables in and out."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from workbench import plugins
from workbench.errors import (
    ConflictError,
    DatasetError,
    ErrorGroup,
    ExpressionError,
    NotFoundError,
    SettingsError,
    StorageError,
    UsageError,
)
from workbench.model.suite import Environment, Suite, SuiteFile
from workbench.storage import Author, Snapshot, Storage
from workbench.usecases import configure
from workbench.usecases.config_tables import export_table, import_table
from workbench.usecases.configure import ALL, Change, put, set_masks, show
from workbench.usecases.secret_box import SecretBox

LI = Author("li")
FORMATS = plugins.dataset_formats()
CONFIG = {
    "limit": Decimal("1.50"),
    "big": 2**70,
    "zip": "00123",
    "=1+2": "=1+2",
    "tags": ["a", {"b": None}],
    "mixed": 1,
}
OWN = {"password": "geheim-42", "on": True, "mixed": "one", "名": "张三 😀 \u202eabc <b>'; DROP TABLE runs"}


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "files", SecretBox(tmp_path)) as opened:
        opened.suites.put(Snapshot(Suite(file=suite())), LI)
        yield opened


def suite(version: str = "1") -> SuiteFile:
    sit = Environment(config=OWN, secrets=("password",), mask=("response.phone",))
    environments = {"sit": sit, "uat": Environment()}
    return SuiteFile(suite="s", subsystem="order", version=version, config=CONFIG, environments=environments)


def values(storage: Storage) -> dict[tuple[str, str], object]:
    items = show("order", storage).items
    return {
        (item.key, place): "secret" if cell.secret else cell.value
        for item in items
        for place, cell in item.cells.items()
    }


def test_items_have_a_type_and_a_value_for_each_environment(storage: Storage) -> None:
    held = show("order", storage)
    assert {item.key: [cell.type for cell in item.cells.values()] for item in held.items} == {
        "limit": ["number"], "big": ["number"], "zip": ["text"], "=1+2": ["text"], "tags": ["json"],
        "mixed": ["number", "text"], "password": ["text"], "on": ["bool"], "名": ["text"],
    }  # fmt: skip
    assert held.masks == {"sit": ("response.phone",)}
    assert values(storage)["password", "sit"] == "secret"


def test_secrets_are_nowhere_in_the_database(storage: Storage, tmp_path: Path) -> None:
    put("order", lambda _: [Change(key="token", environment="uat", value="top-77", secret=True)], storage, LI)
    put("order", lambda _: [Change(key="common", value="deep-55", secret=True)], storage, LI)
    storage.database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("w.db*"))
    assert b"$secret" in stored
    assert b"00123" in stored
    assert [text for text in (b"geheim-42", b"top-77", b"deep-55") if text in stored] == []
    assert configure.load("order", storage)[3].environments["sit"].secrets == ("password", "common")


def test_what_becomes_a_secret_by_one_and_gets_a_value_by_another_is_sealed(storage: Storage, tmp_path: Path) -> None:
    def both(config: configure.Config) -> list[Change]:
        put("order", lambda _: [Change(key="on", environment="sit", value="plain-99")], storage, Author("wang"))
        return [
            Change(key="zip", environment="uat", value="1"),
            Change(key="limit", value=Decimal("1.50"), secret=True),
        ]

    put("order", both, storage, LI)
    assert values(storage)["on", "sit"] == "plain-99"
    assert values(storage)["limit", ALL] == "secret"


def test_two_values_for_one_place_are_a_conflict(storage: Storage) -> None:
    def late(config: configure.Config) -> list[Change]:
        put("order", lambda _: [Change(key="zip", value="1")], storage, Author("wang"))
        return [Change(key="zip", value="2")]

    with pytest.raises(ConflictError, match="config//config/zip"):
        put("order", late, storage, LI)
    assert values(storage)["zip", ALL] == "1"


def test_bad_changes_are_refused(storage: Storage) -> None:
    for change in (Change(key=" ", value=1), Change(key="a\nb", value=1), Change(key="a", environment="sut", value=1)):
        with pytest.raises(UsageError):
            put("order", lambda _, change=change: [change], storage, LI)
    with pytest.raises(ExpressionError):
        set_masks("order", "sit", ("response.[",), storage, LI)
    set_masks("order", "uat", ("response.name",), storage, LI)
    assert show("order", storage).masks == {"sit": ("response.phone",), "uat": ("response.name",)}


def test_without_a_key_or_with_another_nothing_is_written_or_shown(storage: Storage, tmp_path: Path) -> None:
    with Storage(f"sqlite:///{tmp_path}/other.db", tmp_path / "o") as keyless:
        with pytest.raises(StorageError, match="no key"):
            keyless.suites.put(Snapshot(Suite(file=suite())), LI)
        with pytest.raises(UsageError):
            keyless.suites.get("order", "1")
    another = SecretBox(tmp_path / "another")
    with (
        Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "o", another) as stranger,
        pytest.raises(SettingsError, match="cannot be opened with this key"),
    ):
        show("order", stranger)


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json", "properties"])
def test_a_table_brings_every_digit_back(storage: Storage, tmp_path: Path, ending: str) -> None:
    before, path = values(storage), tmp_path / f"config.{ending}"
    assert export_table("order", path, storage, FORMATS) == 9
    assert b"geheim-42" not in path.read_bytes()
    lines = import_table("order", path, storage, FORMATS, LI, preview=True).lines
    assert [line.what for line in lines] == ["unchanged"] * 9
    keys = [each for each in before if each[0] != "password"]
    put("order", lambda _: [Change(key=key, environment=place) for key, place in keys], storage, LI)
    assert values(storage) == {("password", "sit"): "secret"}
    assert {line.what for line in import_table("order", path, storage, FORMATS, LI).lines} == {"new"}
    assert values(storage) == before
    assert str(values(storage)["limit", ALL]) == "1.50"


def test_a_key_that_looks_like_one_of_an_environment_comes_back(storage: Storage, tmp_path: Path) -> None:
    """In .properties `key[sit]` is the value of sit; all others have to be told apart from it."""
    put("order", lambda _: [Change(key=key, value=key) for key in ("list[0]", "[x]", "a[b][sit]")], storage, LI)
    before, path = values(storage), tmp_path / "config.properties"
    export_table("order", path, storage, FORMATS)
    assert {line.what for line in import_table("order", path, storage, FORMATS, LI).lines} == {"unchanged"}
    assert values(storage) == before


def test_a_preview_tells_each_cell_and_problems_save_nothing(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / "config.csv"
    path.write_text(
        "key,type,*,sit,sut\nzip,,00124,,\nlimit,,1.50,,\nbig,,x1,,\non,,,false,\non,,,true,\nnew,nmber,1,,\n"
        "zip,,,,5\npassword,,,other,\ntoken,secret,,t-1,\n"
    )
    before = values(storage)
    lines = import_table("order", path, storage, FORMATS, LI, preview=True).lines
    assert [(line.what, line.where) for line in lines] == [
        ("changed", "config.csv:2 *"), ("unchanged", "config.csv:3 *"), ("problem", "config.csv:4 *"),
        ("changed", "config.csv:5 sit"), ("problem", "config.csv:6 sit"), ("problem", "config.csv:7 *"),
        ("problem", "config.csv:8 sut"), ("changed", "config.csv:9 sit"), ("new", "config.csv:10 sit"),
    ]  # fmt: skip
    assert "did you mean sit" in lines[6].problem
    assert [line.secret for line in lines[7:]] == [True, True]
    assert [text for text in ("t-1", "other") if text in repr(lines)] == []
    with pytest.raises(ErrorGroup) as caught:
        import_table("order", path, storage, FORMATS, LI)
    assert len(caught.value.errors) == 4
    assert values(storage) == before


def test_secrets_of_a_table_are_sealed(storage: Storage, tmp_path: Path) -> None:
    path = tmp_path / "config.csv"
    path.write_text("key,type,sit\npassword,secret,new-1\ntoken,secret,new-2\n")
    import_table("order", path, storage, FORMATS, LI)
    assert values(storage)["token", "sit"] == "secret"
    config = configure.load("order", storage)[3].environments["sit"]
    assert [storage.vault.open(config.config[key]) for key in config.secrets] == ["new-1", "new-2"]


def test_a_file_that_is_no_table_is_refused(storage: Storage, tmp_path: Path) -> None:
    (tmp_path / "config.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match=r"no table is made of \.txt"):
        export_table("order", tmp_path / "config.txt", storage, FORMATS)
    with pytest.raises(DatasetError, match="no column key"):
        import_table("order", tmp_path / "config.csv", storage, FORMATS, LI)


def test_what_is_not_there_cannot_be_removed(storage: Storage) -> None:
    for change, hint in (
        (Change(key="limti"), "did you mean limit?"),
        (Change(key="password"), "it has one in sit"),
        (Change(key="big", environment="sit"), "it has one for all"),
    ):
        with pytest.raises(NotFoundError, match="no value of") as refused:
            put("order", lambda config, change=change: [change], storage, LI)
        assert refused.value.hint == hint
    assert show("order", storage).revision == 1
