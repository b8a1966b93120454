"""The order of scenarios goes out with a folder and comes back with it; what a run does is in that order."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.errors import ErrorGroup
from workbench.files import read_suite
from workbench.storage import Author, Storage
from workbench.usecases.export_suite import export_suite, folder_of
from workbench.usecases.import_suite import Imported, import_suite
from workbench.usecases.rearrange import Place, move
from workbench.usecases.secret_box import SecretBox

LI = Author("li")
SUITE = "suite: s\nsubsystem: order\nversion: 1.0.0\n"


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "files", SecretBox(tmp_path / "key")) as opened:
        yield opened


def scenario(folder: Path, name: str, title: str = "s") -> None:
    path = folder / "scenarios" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"id: {name[0] * 8}\nscenario: {title}\n", "utf-8")


def done(imported: Imported) -> list[tuple[str, str]]:
    return [(each.what, each.key) for each in imported.changes]


def order(storage: Storage) -> str:
    return "".join(each.id[0] for each in storage.suites.get("order", "1.0.0").suite.scenarios.values())


@pytest.fixture
def folder(storage: Storage, tmp_path: Path) -> Path:
    """Exported from a version whose scenarios stand as b, c, a."""
    first = tmp_path / "first"
    for name in ("aa", "bb", "cc"):
        scenario(first, name)
    (first / "suite.yaml").write_text(SUITE, "utf-8")
    import_suite(first, storage, LI)
    move("order@1.0.0", "a" * 8, Place(behind="c" * 8), storage, LI)
    assert order(storage) == "bca"
    export_suite("order@1.0.0", storage, tmp_path / "out")
    return tmp_path / "out"


def test_an_export_that_comes_back_changes_nothing(folder: Path, storage: Storage) -> None:
    assert done(import_suite(folder, storage, LI)) == []
    assert done(import_suite(folder, storage, LI, replace_all=True)) == []
    assert order(storage) == "bca"


def test_a_changed_scenario_stays_where_it_was_moved_to(folder: Path, storage: Storage) -> None:
    scenario(folder, "aa", "other")
    assert done(import_suite(folder, storage, LI)) == [("changed", "a" * 8)]
    assert order(storage) == "bca"


def test_who_moves_one_meanwhile_loses_nothing(folder: Path, storage: Storage) -> None:
    scenario(folder, "bb", "other")
    move("order@1.0.0", "c" * 8, Place(behind="a" * 8), storage, LI)
    assert ("changed", "b" * 8) in done(import_suite(folder, storage, LI))
    assert order(storage) == "bac"


def test_a_new_file_is_the_last(folder: Path, storage: Storage) -> None:
    (folder / "scenarios" / "bd.yaml").write_text("id: dddddddd\nscenario: d\n", "utf-8")
    import_suite(folder, storage, LI)
    assert order(storage) == "bcad"


def test_a_file_that_the_order_names_has_to_be_there(folder: Path, storage: Storage) -> None:
    (folder / "scenarios" / "cc.yaml").rename(folder / "scenarios" / "cd.yaml")
    with pytest.raises(ErrorGroup) as caught:
        import_suite(folder, storage, LI)
    (error,) = caught.value.errors
    assert (error.message, error.hint) == (
        "there is no scenarios/cc.yaml",
        "take it out, or name the file so; known: aa, bb, cd",
    )
    assert error.where.startswith(f"{folder / 'suite.yaml'}:")
    assert order(storage) == "bca"


def test_an_order_that_is_taken_out_is_that_of_names(folder: Path, storage: Storage) -> None:
    path = folder / "suite.yaml"
    text = path.read_text("utf-8")
    assert text.endswith("\norder: [bb, cc, aa]\n")
    path.write_text(text.replace("order: [bb, cc, aa]\n", ""), "utf-8")
    import_suite(folder, storage, LI)
    assert order(storage) == "abc"


def test_a_run_of_the_version_has_its_order_and_so_has_another_database(
    folder: Path, storage: Storage, tmp_path: Path
) -> None:
    assert list(read_suite(folder_of("order@1.0.0", storage, tmp_path / "runs")).scenarios) == ["bb", "cc", "aa"]
    with Storage(f"sqlite:///{tmp_path}/o.db", tmp_path / "others", SecretBox(tmp_path / "key")) as other:
        import_suite(folder, other, LI)
        assert order(other) == "bca"
