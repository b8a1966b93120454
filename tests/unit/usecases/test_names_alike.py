"""Names that differ in case only: on Linux two files, on macOS and Windows one, of which none may be lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.errors import ErrorGroup
from workbench.files import write_contract
from workbench.model.contract import Contract
from workbench.storage import Author, Storage
from workbench.usecases import names_alike
from workbench.usecases.export_suite import export_suite, folder_of
from workbench.usecases.import_suite import import_suite
from workbench.usecases.secret_box import SecretBox

LI = Author("li")
SUITE = (
    "suite: s\nsubsystem: order\nversion: '1'\ndependencies:\n  Trade: { version: '1' }\n  trade: { version: '1' }\n"
)
TOLD = [
    "scenarios/Pay.yaml and scenarios/pay.yaml",
    "shared/Log.yaml and shared/log.yaml",
    "interfaces/Trade.json and interfaces/trade.json",
    "datasets/Rows.csv and datasets/rows.csv",
    "interfaces/Trade.yaml and interfaces/trade.yaml",
]


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "files", SecretBox(tmp_path / "key")) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "suite"
    for name, text in {
        "suite.yaml": SUITE,
        "scenarios/Pay.yaml": "id: aaaaaaaa\nscenario: a\n",
        "scenarios/pay.yaml": "id: bbbbbbbb\nscenario: b\n",
        "shared/Log.yaml": "a:\n  steps: []\n",
        "shared/log.yaml": "b:\n  steps: []\n",
        "datasets/Rows.csv": "n\n1\n",
        "datasets/rows.csv": "n\n2\n",
        "interfaces/Trade.yaml": "interfaces: {}\n",
        "interfaces/trade.yaml": "interfaces: {}\ntypes: {}\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    write_contract(root, Contract(), "Trade")
    write_contract(root, Contract(), "trade")
    if names_alike.one_for_both(root):
        pytest.skip("there is one file for both here")
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_files_come_back_as_two_and_are_told(folder: Path, storage: Storage, tmp_path: Path) -> None:
    warnings = [each for each in import_suite(folder, storage, LI).warnings if "in case only" in each]
    assert warnings == [
        f"{names} differ in case only: macOS and Windows have one file for both: rename one" for names in TOLD
    ]
    export_suite("order", storage, tmp_path / "out")
    held = {name for name in contents(tmp_path / "out") if not name.startswith(".")}
    assert held == {name for name in contents(folder) if not name.startswith(".")}
    assert import_suite(tmp_path / "out", storage, LI).changes == []


def test_where_both_would_be_one_file_none_is_written(
    folder: Path, storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_suite(folder, storage, LI)
    monkeypatch.setattr(names_alike, "one_for_both", lambda _: True)
    for write in (
        lambda: export_suite("order", storage, tmp_path / "out"),
        lambda: folder_of("order", storage, tmp_path / "suites"),
    ):
        with pytest.raises(ErrorGroup) as caught:
            write()
        told = [each.message for each in caught.value.errors]
        assert told == [f"{names} would be one file here" for names in TOLD]
    assert not (tmp_path / "out").exists()
    assert list((tmp_path / "suites").iterdir()) == []


def test_what_others_saved_is_not_written_over_ones_own(
    folder: Path, storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("scenarios/pay.yaml", "shared/log.yaml", "datasets/rows.csv", "interfaces/trade.yaml"):
        (folder / name).unlink()
    (folder / "interfaces/trade.json").unlink()
    import_suite(folder, storage, LI)
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / "datasets/rows.csv").write_text("n\n3\n")
    import_suite(other, storage, LI)
    (folder / "datasets/more.csv").write_text("n\n4\n")
    monkeypatch.setattr(names_alike, "one_for_both", lambda _: True)
    with pytest.raises(ErrorGroup, match=r"datasets/Rows\.csv and datasets/rows\.csv would be one file here"):
        import_suite(folder, storage, LI)
    assert set(storage.suites.get("order", "1").datasets) == {"Rows", "rows"}
    assert not (folder / "datasets/rows.csv").exists()


def test_a_folder_says_itself_what_it_can_hold(tmp_path: Path) -> None:
    (tmp_path / "probe-a").touch()
    assert names_alike.one_for_both(tmp_path) == (tmp_path / "probe-A").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["probe-a"]
