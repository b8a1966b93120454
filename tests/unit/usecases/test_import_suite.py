"""Folder → database → folder: the same bytes, and a warning for whatever would come back otherwise."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from workbench import plugins
from workbench.errors import ErrorGroup, StorageError, UsageError
from workbench.files import format_suite, read_manual, read_suite, write_contract
from workbench.model.contract import Contract, Interface
from workbench.model.json import Json
from workbench.model.plan import RunPlan
from workbench.plugin_api import ParseLimits
from workbench.storage import Author, Snapshot, Storage, StoredFile
from workbench.usecases.export_suite import export_suite, folder_of
from workbench.usecases.import_suite import Imported, import_suite
from workbench.usecases.launch_run import Readers, RunRequest, plan_run
from workbench.usecases.secret_box import SecretBox

EXAMPLES = sorted((Path(__file__).parents[3] / "examples" / "suites").iterdir())
LI = Author("li", "first")
EARLY = """\
id: ssssssss
scenario: Pay
cases:
  - id: cccccccc
    case: pay
    steps:
      - { id: aaaaaaaa, step: a, script: x = 1 }
  - id: dddddddd
    case: later
    steps:
      - { id: bbbbbbbb, step: b, script: x = 7 }
"""
SUITE = """\
# head of the suite
suite: pay
subsystem: order
version: 1.0.0
artifacts: [lib/api.jar]
dependencies:
  # what it pays with
  trade:
    tool: [tools/sign.jar]
    version: 2.0.0
environments:
  # for the system test
  sit:
    config:
      big: 9007199254740993
      price: 1.50
      password: "00123"
    secrets: [password]
"""
SCENARIO = """\
# head
id: 7k2mq9xa
scenario: Pay
setup:
  # cleans
  - id: aaaaaaaa
    step: clean
    script: |
      pass
cases:
  # first line
  #
  # second line
  - id: bbbbbbbb
    case: pay
    dataset: rows
    steps:
      # of the step
      - id: cccccccc
        step: look
        dubbo: com.example.A#get(long)
        request: |
          [9007199254740993, 1.50]
      - id: dddddddd
        step: log in
        use: common.login
"""
SHARED = """\
# of the group
login:
  steps:
    - id: eeeeeeee
      script: |
        pass
"""


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "files", SecretBox(tmp_path / "key")) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "suite"
    for name, text in {
        "suite.yaml": SUITE,
        "scenarios/pay.yaml": SCENARIO,
        "shared/common.yaml": SHARED,
        "datasets/rows.csv": "n\r\n00123\r\n",
        "lib/api.jar": "PK\x05\x06" + "\0" * 18,  # a jar with nothing in it
        "tools/sign.jar": "tool",
        "generated.json": "[]",
        "interfaces/manual.yaml": "# by hand\r\ninterfaces:\n  com.example.A: { methods: [void get(long id)] }\n",
        "interfaces/trade.yaml": "interfaces: {}\n",
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    write_contract(root, Contract(interfaces=(Interface(name="com.example.A"),)))
    write_contract(root, Contract(), "trade")
    return root


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def done(imported: Imported) -> list[tuple[str, str, str]]:
    return [(each.what, each.kind, each.key) for each in imported.changes]


def test_a_suite_comes_back_byte_by_byte(folder: Path, storage: Storage, tmp_path: Path) -> None:
    imported = import_suite(folder, storage, LI)
    assert imported.warnings == []
    assert (imported.subsystem, imported.version, imported.cases) == ("order", "1.0.0", 1)
    assert export_suite("order", storage, tmp_path / "out") == ("order", "1.0.0")
    assert contents(tmp_path / "out") == contents(folder)
    assert import_suite(tmp_path / "out", storage, LI).changes == []


def test_interfaces_written_by_hand_go_with_their_version(folder: Path, storage: Storage, tmp_path: Path) -> None:
    (folder / "interfaces/trade.yaml").write_text("interfaces: 7\n")
    with pytest.raises(ErrorGroup, match="interfaces/trade"):
        import_suite(folder, storage, LI)
    (folder / "interfaces/trade.yaml").unlink()
    import_suite(folder, storage, LI)
    assert "com.example.A" in str(read_manual(folder_of("order", storage, tmp_path / "runs")))
    shutil.copytree(folder, tmp_path / "out")
    (tmp_path / "out/interfaces/notify.yaml").write_text("interfaces: {}\n")
    export_suite("order", storage, tmp_path / "out", replace=True)
    assert contents(tmp_path / "out") == contents(folder)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_examples_come_back_byte_by_byte(example: Path, storage: Storage, tmp_path: Path) -> None:
    shutil.copytree(example, tmp_path / "in", ignore=shutil.ignore_patterns(".workbench"))
    imported = import_suite(tmp_path / "in", storage, LI)
    assert imported.warnings == []
    export_suite(imported.subsystem, storage, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(tmp_path / "in")


@pytest.fixture
def early(storage: Storage, tmp_path: Path) -> Path:
    """An export of what an earlier release has saved: texts of it have no line end."""
    root = tmp_path / "early"
    for name, text in {"suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n", "scenarios/s.yaml": EARLY}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    storage.joins.bring(Snapshot(read_suite(root)), None, LI)
    export_suite("order", storage, tmp_path / "out")
    assert b"|-" in contents(tmp_path / "out")["scenarios/s.yaml"]
    return tmp_path / "out"


def test_what_an_earlier_release_saved_is_not_changed_by_its_export(
    early: Path, storage: Storage, tmp_path: Path
) -> None:
    hashes = storage.suites.hashes("order", "1")
    assert import_suite(early, storage, LI).changes == []
    assert storage.suites.hashes("order", "1") == hashes
    export_suite("order", storage, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(early)
    edit(early / "scenarios/s.yaml", "case: later", "case: at last")
    assert done(import_suite(early, storage, LI)) == [("changed", "case", "dddddddd")]
    format_suite(early)
    assert done(import_suite(early, storage, LI)) == [("changed", "case", "cccccccc")]
    assert import_suite(early, storage, LI).warnings == []


def test_what_others_changed_of_it_is_no_conflict(early: Path, storage: Storage, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(early, other)
    edit(other / "scenarios/s.yaml", "x = 1", "x = 2")
    assert done(import_suite(other, storage, LI)) == [("changed", "case", "cccccccc")]
    edit(early / "scenarios/s.yaml", "x = 7", "x = 8")
    assert done(import_suite(early, storage, LI)) == [("changed", "case", "dddddddd")]
    text = (early / "scenarios/s.yaml").read_text()
    assert "x = 2\n" in text
    assert "x = 8\n" in text


def test_another_database_has_the_same_hashes(folder: Path, storage: Storage, tmp_path: Path) -> None:
    import_suite(folder, storage, LI)
    export_suite("order", storage, tmp_path / "out")
    with Storage(f"sqlite:///{tmp_path}/other.db", tmp_path / "other", storage.vault) as other:
        import_suite(tmp_path / "out", other, Author("wang"))
        assert other.suites.hashes("order", "1.0.0") == storage.suites.hashes("order", "1.0.0")


def test_one_changed_case_is_one_revision(folder: Path, storage: Storage) -> None:
    import_suite(folder, storage, LI)
    edit(folder / "scenarios/pay.yaml", "case: pay", "case: pays")
    assert done(import_suite(folder, storage, LI)) == [("changed", "case", "bbbbbbbb")]
    edit(folder / "datasets/rows.csv", "00123", "00124")
    assert done(import_suite(folder, storage, LI)) == [("changed", "dataset", "rows")]
    (folder / "shared/common.yaml").unlink()
    edit(folder / "scenarios/pay.yaml", "use: common.login", "script: |\n          pass")
    assert done(import_suite(folder, storage, LI)) == [("changed", "case", "bbbbbbbb"), ("removed", "shared", "common")]


def test_another_version_by_option(folder: Path, storage: Storage, tmp_path: Path) -> None:
    import_suite(folder, storage, LI)
    imported = import_suite(folder, storage, LI, version="2.0.0")
    assert {each.what for each in imported.changes} == {"added"}
    assert storage.suites.hashes("order", "2.0.0") == storage.suites.hashes("order", "1.0.0")
    export_suite("order", storage, tmp_path / "out")
    assert read_suite(tmp_path / "out").file.version == "2.0.0"
    assert len(storage.suites.versions()) == 2


def test_a_suite_without_a_version(folder: Path, storage: Storage, tmp_path: Path) -> None:
    edit(folder / "suite.yaml", "version: 1.0.0\n", "")
    import_suite(folder, storage, LI)
    export_suite("order@", storage, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(folder)


def test_what_would_come_back_otherwise_is_told(folder: Path, storage: Storage) -> None:
    scenario = folder / "scenarios/pay.yaml"
    edit(scenario, "case: pay\n", "case: pay   # inline\n    # before a key\n")
    scenario.write_text(scenario.read_text() + "# at the end\n")
    edit(folder / "interfaces.json", "  ", "\t")
    edit(folder / "suite.yaml", "[lib/api.jar]", "[lib/api.jar, ../other.jar, lib/missing.jar]")
    for name in ("README.md", "datasets/notes.txt", "other/x", ".hidden"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    warnings = [each.replace(f"{folder}/", "") for each in import_suite(folder, storage, LI).warnings]
    assert [each.partition(" ")[0] for each in warnings] == [
        "../other.jar:",
        "lib/missing.jar:",
        "scenarios/pay.yaml:",
        "scenarios/pay.yaml:15:",
        "scenarios/pay.yaml:16:",
        "scenarios/pay.yaml:28:",
        "interfaces.json:",
        "README.md:",
        "datasets/notes.txt:",
        "other:",
    ]
    assert "'inline' moves" in warnings[3]


@pytest.fixture
def other(folder: Path, storage: Storage, tmp_path: Path) -> Path:
    """A second folder of the same save."""
    import_suite(folder, storage, LI)
    export_suite("order", storage, tmp_path / "second")
    return tmp_path / "second"


def test_what_others_saved_comes_into_the_folder(folder: Path, other: Path, storage: Storage, tmp_path: Path) -> None:
    edit(other / "scenarios/pay.yaml", "step: look", "step: looks")
    edit(other / "datasets/rows.csv", "00123", "00124")
    (other / "tools/sign.jar").unlink()
    edit(other / "suite.yaml", "tools/sign.jar", "tools/other.jar")
    (other / "tools/other.jar").write_bytes(b"other tool")
    write_contract(other, Contract(interfaces=(Interface(name="com.example.B"),)), "trade")
    import_suite(other, storage, Author("wang"))
    edit(folder / "scenarios/pay.yaml", "case: pay", "case: pays")
    edit(folder / "suite.yaml", "price: 1.50", "price: 1.60")
    edit(folder / "shared/common.yaml", "# of the group\n", "# of the group   \n")  # its own form stays
    imported = import_suite(folder, storage, LI)
    assert imported.merged == [("case", "bbbbbbbb")]
    assert imported.updated == [
        "suite.yaml",
        "scenarios/pay.yaml",
        "interfaces/trade.json",
        "datasets/rows.csv",
        "tools/other.jar",
    ]
    assert not (folder / "tools/sign.jar").exists()
    assert (folder / "shared/common.yaml").read_text().startswith("# of the group   \n")
    text = (folder / "scenarios/pay.yaml").read_text()
    assert "case: pays" in text
    assert "step: looks" in text
    assert "price: 1.60" in (folder / "suite.yaml").read_text()
    assert import_suite(folder, storage, LI).changes == []
    again = import_suite(other, storage, LI)
    assert (again.changes, again.merged) == ([], [])
    assert "suite.yaml" in again.updated
    (folder / "shared/common.yaml").write_bytes((other / "shared/common.yaml").read_bytes())
    assert contents(other) == contents(folder)


def test_what_does_not_fit_together_is_told(folder: Path, other: Path, storage: Storage) -> None:
    (other / "shared/common.yaml").unlink()
    edit(other / "scenarios/pay.yaml", "use: common.login", "script: |\n          pass")
    import_suite(other, storage, Author("wang"))
    text = (folder / "scenarios/pay.yaml").read_text()
    (folder / "scenarios/pay.yaml").write_text(text + "      - id: ffffffff\n        use: common.login\n")
    before = contents(folder)
    for dry_run in (True, False):
        with pytest.raises(ErrorGroup) as group:
            import_suite(folder, storage, LI, dry_run=dry_run)
        (error,) = group.value.errors
        assert "case bbbbbbbb" in str(error)
        assert "no shared group common.login" in str(error)
        assert "both together are not" in error.hint
    assert contents(folder) == before
    assert len(storage.saves.all("order", "1.0.0")) == 2
    (folder / "scenarios/pay.yaml").write_text(text + "      - id: ffffffff\n        script: |\n          pass\n")
    assert import_suite(folder, storage, LI).merged == [("case", "bbbbbbbb")]


def test_a_union_that_no_run_could_read_is_refused(folder: Path, other: Path, storage: Storage) -> None:
    """One gives a group a parameter that must be given, the other uses the group once more."""
    (other / "shared/common.yaml").write_text(
        "login:\n  parameters: {who: null}\n  steps:\n  - id: eeeeeeee\n    step: e\n    script: |\n      pass\n"
    )
    edit(other / "scenarios/pay.yaml", "use: common.login", "use: common.login\n        with: {who: a}")
    import_suite(other, storage, Author("wang"))
    text = (folder / "scenarios/pay.yaml").read_text()
    new = "  - id: nnnnnnnn\n    case: new\n    steps:\n      - id: ffffffff\n        use: common.login\n"
    (folder / "scenarios/pay.yaml").write_text(text + new)
    with pytest.raises(ErrorGroup, match=r"common\.login wants the parameter who") as group:
        import_suite(folder, storage, LI)
    assert [each.where for each in group.value.errors] == ["case nnnnnnnn/steps/0/use"]


def test_an_id_that_both_gave_is_told(folder: Path, other: Path, storage: Storage) -> None:
    for place, case in ((other, "oooooooo"), (folder, "nnnnnnnn")):
        text = (place / "scenarios/pay.yaml").read_text()
        new = f"  - id: {case}\n    case: new\n    steps:\n      - id: ffffffff\n        script: |\n          pass\n"
        (place / "scenarios/pay.yaml").write_text(text + new)
    import_suite(other, storage, Author("wang"))
    with pytest.raises(ErrorGroup, match="the id ffffffff stands in"):
        import_suite(folder, storage, LI)


def test_a_folder_knows_each_version_that_it_was_made_one_with(folder: Path, other: Path, storage: Storage) -> None:
    import_suite(folder, storage, LI, version="2.0.0")
    edit(folder / "scenarios/pay.yaml", "case: pay", "case: pays")
    for version in ("1.0.0", "2.0.0"):
        assert done(import_suite(folder, storage, LI, version=version)) == [("changed", "case", "bbbbbbbb")]
    edit(other / "scenarios/pay.yaml", "step: look", "step: looks")
    with pytest.raises(UsageError, match="does not tell which save"):
        import_suite(other, storage, LI, version="2.0.0")
    import_suite(other, storage, LI)
    import_suite(folder, storage, LI)  # gets what the other changed in 1.0.0: that is no change of this folder
    with pytest.raises(UsageError, match="does not tell which save"):
        import_suite(folder, storage, LI, version="2.0.0")
    assert read_suite(folder).file.version == "1.0.0"


def test_a_folder_of_another_database_is_refused(folder: Path, storage: Storage, tmp_path: Path) -> None:
    import_suite(folder, storage, LI)
    with Storage(f"sqlite:///{tmp_path}/b.db", tmp_path / "b", storage.vault) as elsewhere:
        shutil.copytree(folder, tmp_path / "copy")
        edit(tmp_path / "copy/scenarios/pay.yaml", "case: pay", "case: pays")
        import_suite(tmp_path / "copy", elsewhere, LI, replace_all=True)
        edit(folder / "scenarios/pay.yaml", "step: look", "step: looks")
        with pytest.raises(UsageError, match="another database"):
            import_suite(folder, elsewhere, LI)
        assert import_suite(folder, storage, LI).merged == []


def test_missing_ids_are_told_and_stay_the_same(folder: Path, storage: Storage) -> None:
    edit(folder / "scenarios/pay.yaml", "    - id: cccccccc\n        step: look", "    - step: look")
    assert "ids are missing" in import_suite(folder, storage, LI).warnings[0]
    assert import_suite(folder, storage, LI).changes == []


def test_a_suite_with_errors_is_not_taken(folder: Path, storage: Storage) -> None:
    edit(folder / "scenarios/pay.yaml", "dataset: rows", "dataset: row")
    with pytest.raises(ErrorGroup):
        import_suite(folder, storage, LI)
    assert storage.suites.versions() == []


def test_a_folder_with_something_in_it_is_not_written_over(folder: Path, storage: Storage, tmp_path: Path) -> None:
    import_suite(folder, storage, LI)
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    for name in ("scenarios/more.yaml", "shared/more.yaml", "datasets/more.csv", "tools/more.jar", "README.md"):
        (other / name).write_text("scenario: x\n")
    (other / "interfaces/more.json").write_text("{}")
    edit(other / "scenarios/pay.yaml", "case: pay", "case: pays")
    before = contents(other)
    with pytest.raises(UsageError, match="not an empty folder"):
        export_suite("order", storage, other)
    assert contents(other) == before
    export_suite("order", storage, other, replace=True)
    assert contents(other) == contents(folder) | {"README.md": b"scenario: x\n"}


def test_an_export_that_fails_changes_nothing(folder: Path, storage: Storage, tmp_path: Path) -> None:
    """The last of its files cannot be read; all others could have been written before."""
    import_suite(folder, storage, LI)
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / "scenarios/more.yaml").write_text("scenario: x\n")
    edit(other / "scenarios/pay.yaml", "case: pay", "case: pays")
    before = contents(other)
    lost = storage.suites.get("order", "1.0.0").artifacts[-1]
    storage.files.path(lost.sha256).unlink()
    with pytest.raises(StorageError):
        export_suite("order", storage, other, replace=True)
    assert contents(other) == before
    (tmp_path / "empty").mkdir()
    for out in ("new/folder", "empty"):
        with pytest.raises(StorageError):
            export_suite("order", storage, tmp_path / out)
    assert not (tmp_path / "new/folder").exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_paths_that_lead_out_are_refused(storage: Storage, tmp_path: Path, folder: Path) -> None:
    suite = read_suite(folder)
    bad = StoredFile("../evil.jar", *storage.files.put(folder / "lib/api.jar"))
    storage.suites.put(Snapshot(suite, artifacts=(bad,)), LI)
    with pytest.raises(StorageError, match="leads out"):
        export_suite("order", storage, tmp_path / "out")
    assert not (tmp_path / "evil.jar").exists()


def test_a_run_of_the_database_has_the_same_plan(folder: Path, storage: Storage, tmp_path: Path) -> None:
    import_suite(folder, storage, LI)
    root = tmp_path / "suites"
    kept = folder_of("order@1.0.0", storage, root)
    box = SecretBox(tmp_path / "key")
    from_files, from_database = plan(folder, box), plan(kept, box)
    assert from_database.config["password"] == "00123"
    assert "00123" not in (kept / "suite.yaml").read_text()
    assert from_database != from_files  # artifacts have other paths, and only they
    assert moved(from_database, kept, folder) == from_files
    assert [item.row for item in from_files.items] == [0]
    assert folder_of("order@1.0.0", storage, root) == kept
    edit(folder / "scenarios/pay.yaml", "case: pay", "case: pays")
    import_suite(folder, storage, LI)
    assert folder_of("order", storage, root) != kept
    assert kept.is_dir()  # a run may be going on in it
    assert sorted(path.parent for path in root.glob("*/suite.yaml")) == sorted(root.iterdir())


def test_folders_of_old_versions_go_away(folder: Path, storage: Storage, tmp_path: Path) -> None:
    import_suite(folder, storage, LI)
    old = folder_of("order", storage, tmp_path / "suites")
    os.utime(old, (0, 0))
    edit(folder / "scenarios/pay.yaml", "case: pay", "case: pays")
    import_suite(folder, storage, LI)
    new = folder_of("order", storage, tmp_path / "suites")
    assert list((tmp_path / "suites").iterdir()) == [new]


def plan(folder: Path, box: SecretBox) -> RunPlan:
    """With secrets open, that are sealed anew for each plan."""

    def opened(config: Mapping[str, Json], secrets: tuple[str, ...]) -> dict[str, Json]:
        return {key: box.open(value) for key, value in box.seal_config(config, secrets).items()}

    readers = Readers(plugins.dataset_formats(), tuple(plugins.parsers()), ParseLimits(), folder, opened)
    return replace(plan_run(RunRequest(folder=folder), readers), id="", created_us=0)


def moved(plan: RunPlan, old: Path, new: Path) -> RunPlan:
    def move(path: str) -> str:
        return path.replace(str(old), str(new))

    targets = {
        name: replace(each, artifacts=tuple(map(move, each.artifacts)), tool=tuple(map(move, each.tool)))
        for name, each in plan.targets.items()
    }
    remarks = tuple(replace(each, where=move(each.where)) for each in plan.remarks)
    return replace(plan, targets=targets, remarks=remarks)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
