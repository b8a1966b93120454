"""Groups of cases in folders and in the database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.errors import ErrorGroup, NotFoundError, PlanError, UsageError
from workbench.files import read_suite
from workbench.model.suite import CaseGroup
from workbench.storage import Author, Storage
from workbench.usecases.case_groups import copy_group, remove_group, set_group, show_groups, suite_of
from workbench.usecases.import_suite import import_suite
from workbench.usecases.rearrange import remove
from workbench.usecases.secret_box import SecretBox

EXAMPLE = Path(__file__).parents[3] / "examples" / "suites" / "pay-order"
LI = Author("li")
PAID, REFUSED = "b4n8c2ze", "d7f2k9qx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "suite", ignore=shutil.ignore_patterns(".workbench"))


@pytest.fixture
def filled(folder: Path, tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "files", SecretBox(tmp_path / "key")) as storage:
        import_suite(folder, storage, LI)
        yield storage


def test_defined_shown_and_removed_in_a_folder(folder: Path) -> None:
    shown = set_group(str(folder), "release", CaseGroup(cases=("paying twice", PAID), owner="li"), None, LI)
    assert [each.id for each in shown.members] == [REFUSED, PAID]
    before = (folder / "scenarios" / "refusals.yaml").read_bytes()
    assert read_suite(folder).file.case_groups == {"release": CaseGroup(cases=("paying twice", PAID), owner="li")}
    assert (folder / "scenarios" / "refusals.yaml").read_bytes() == before
    remove_group(str(folder), "release", None, LI)
    assert (folder / "suite.yaml").read_bytes() == (EXAMPLE / "suite.yaml").read_bytes()


def test_what_makes_no_group_is_refused(folder: Path) -> None:
    for name, group, error, words in (
        ("a", CaseGroup(cases=("paying twic",)), PlanError, "there is no such case"),
        ("a", CaseGroup(owner="li"), UsageError, "empty"),
        (" ", CaseGroup(cases=(PAID,)), UsageError, "name of a group"),
    ):
        with pytest.raises(error, match=words):
            set_group(str(folder), name, group, None, LI)
    with pytest.raises(NotFoundError, match="no group"):
        remove_group(str(folder), "a", None, LI)
    assert (folder / "suite.yaml").read_bytes() == (EXAMPLE / "suite.yaml").read_bytes()


def test_a_group_that_names_a_case_which_is_gone_says_so_and_hinders_no_other(filled: Storage) -> None:
    set_group("order", "a", CaseGroup(cases=(PAID,)), filled, LI)
    set_group("order", "b", CaseGroup(tags=("negative",)), filled, LI)
    remove("order", PAID, filled, LI)
    first, second = show_groups(suite_of("order", filled))
    assert (first.name, first.members) == ("a", ())
    assert PAID in first.problem
    assert second.problem == ""
    assert len(second.members) > 1


def test_copied_with_its_cases_into_another_version(filled: Storage) -> None:
    set_group("order@1.0.0", "release", CaseGroup(cases=(REFUSED, PAID), description="text"), filled, LI)
    filled.suites.new_version("order", "1.0.0", "2.0.0", LI)
    with pytest.raises(UsageError, match="has a group release"):
        copy_group("order@1.0.0", "release", "order@2.0.0", filled, LI)
    before = filled.saves.all("order", "2.0.0")
    done = copy_group("order@1.0.0", "release", "order@2.0.0", filled, LI, as_name="again")
    assert len(filled.saves.all("order", "2.0.0")) == len(before) + 1
    (shown,) = show_groups(suite_of("order@2.0.0", filled), "again")
    assert [each.case for each in shown.members] == ["paying twice", "order, pay, notify"]
    assert [each.id for each in shown.members] == list(done.cases.values())
    assert {REFUSED, PAID} == set(done.cases)
    assert not {REFUSED, PAID} & set(done.cases.values())
    assert shown.group.description == "text"


def test_what_its_cases_name_has_to_be_there_or_to_come_along(filled: Storage, tmp_path: Path) -> None:
    set_group("order", "release", CaseGroup(cases=(PAID,)), filled, LI)
    other = tmp_path / "other"
    (other / "scenarios").mkdir(parents=True)
    dependencies = "dependencies: { order: {}, trade: {}, notify: {}, tool-util: { tool: [x.jar] } }\n"
    (other / "suite.yaml").write_text(f"suite: b\nsubsystem: billing\nversion: '1'\n{dependencies}")
    import_suite(other, filled, LI)
    with pytest.raises(ErrorGroup) as caught:
        copy_group("order", "release", "billing", filled, LI)
    assert "dataset orders" in str(caught.value)
    done = copy_group("order", "release", "billing", filled, LI, with_references=True)
    assert "dataset orders" in done.brought
    suite = suite_of("billing", filled)
    assert [scenario.scenario for scenario in suite.scenarios.values()] == ["Pay an order"]
    (shown,) = show_groups(suite)
    assert len(shown.members) == 1
