"""Tags that no selection could name: refused where they are saved, readable where they are already."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from workbench.cli import execute
from workbench.errors import ErrorGroup
from workbench.files import format_suite, read_suite
from workbench.model import json
from workbench.model.suite import Case, CaseGroup, Scenario, Suite, SuiteFile
from workbench.storage import Author, Snapshot, Storage
from workbench.usecases import compose, revise
from workbench.usecases.case_groups import set_group
from workbench.usecases.export_suite import export_suite
from workbench.usecases.import_suite import import_suite
from workbench.usecases.rearrange import Place

LI = Author("li")
ONE = "order@1"
BAD = pytest.mark.parametrize("tag", ["", "  ", "!slow", "!", " smoke", "smoke\n"])
GOOD = ("smoke", "P0!", "two words", "a,b", "慢", "-x")


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path) as opened:
        yield opened


def held(storage: Storage, *tags: str) -> Suite:
    """A version that has the tags, as an older release let them in."""
    case = Case(id="cccccccc", case="c", tags=tags)
    scenario = Scenario(id="ssssssss", scenario="s", cases=(case,))
    suite = Suite(file=SuiteFile(suite="s", subsystem="order", version="1"), scenarios={"s": scenario})
    storage.suites.put(Snapshot(suite), LI)
    return suite


def save(storage: Storage, **changes: Any) -> None:
    document = revise.find("cccccccc", storage)
    number, text = revise.body(document, storage)
    revise.save(document, json.dumps(json.loads(text) | changes), number, storage, LI)


def refused(group: pytest.ExceptionInfo[ErrorGroup], place: str) -> None:
    (error,) = group.value.errors
    assert error.where.endswith(place)
    assert "a tag is a word" in error.hint


@BAD
def test_new_ones_are_refused(storage: Storage, tag: str) -> None:
    held(storage, "smoke")
    with pytest.raises(ErrorGroup) as found:
        save(storage, tags=["smoke", tag])
    refused(found, "/tags/1")
    with pytest.raises(ErrorGroup) as found:
        compose.add(ONE, Case(case="x", tags=(tag,)), Place(into="ssssssss"), storage, LI)
    refused(found, "/tags/0")
    with pytest.raises(ErrorGroup) as found:
        compose.add(ONE, Scenario(scenario="x", cases=(Case(case="y", tags=(tag,)),)), Place(), storage, LI)
    refused(found, "/cases/0/tags/0")
    with pytest.raises(ErrorGroup) as found:
        set_group(ONE, "g", CaseGroup(cases=("c",), tags=(f"!{tag}",)), storage, LI)
    refused(found, "/case_groups/g/tags/0")


def test_others_are_kept(storage: Storage) -> None:
    held(storage)
    save(storage, tags=list(GOOD))
    assert storage.suites.get("order", "1").suite.scenarios["s"].cases[0].tags == GOOD


@BAD
def test_those_that_are_there_stay_and_are_told(storage: Storage, tmp_path: Path, tag: str) -> None:
    suite = held(storage, tag)
    save(storage, owner="li")
    folder = tmp_path / "out"
    export_suite(ONE, storage, folder)
    assert read_suite(folder).scenarios["s"].cases[0].tags == (tag,)
    (warning,) = import_suite(folder, storage, LI).warnings
    assert "scenarios/s.yaml/cases/0/tags/0" in warning
    with pytest.raises(ErrorGroup) as found:
        import_suite(folder, storage, LI, "2")
    refused(found, "scenarios/s.yaml/cases/0/tags/0")
    with pytest.raises(ErrorGroup) as found:
        format_suite(folder, check=True)
    refused(found, "scenarios/s.yaml/cases/0/tags/0")
    assert storage.suites.get("order", "1").suite == replace(
        suite, scenarios={"s": replace(suite.scenarios["s"], cases=(replace(_case(suite), owner="li"),))}
    )


def _case(suite: Suite) -> Case:
    return suite.scenarios["s"].cases[0]


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "suite.yaml").write_text("suite: s\nsubsystem: order\nversion: '1'\n")
    (tmp_path / "scenarios/s.yaml").write_text("id: ssssssss\nscenario: s\ntags: ['!slow']\n")
    assert execute(["fmt", str(tmp_path), "--check"]) == 2
    assert "begins with !, which means `without`" in capsys.readouterr().err
