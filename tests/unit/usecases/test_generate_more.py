"""Cases for chosen interfaces of a stored version, and drafts with edge values."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.errors import UsageError
from workbench.files import read_suite, write_contract
from workbench.model import json
from workbench.model.contract import Contract, Interface, Method, Parameter
from workbench.storage import Author, Storage
from workbench.usecases.export_suite import export_suite
from workbench.usecases.generate_more import generate_into, generate_rows
from workbench.usecases.import_suite import import_suite
from workbench.usecases.rearrange import remove

LI = Author("li")
PAY = Method("pay", (Parameter("id", "long"),), ("long",), "void")
CONTRACT = Contract(
    (
        Interface("com.x.PayFacade", (PAY, Method("stop"))),
        Interface("com.x.StockFacade", (Method("count", (), (), "int"),)),
    )
)
SCENARIO = """scenario: PayFacade
description: com.x.PayFacade
cases:
  # as a person wrote it
  - case: my own
    steps:
      - step: pay
        dubbo: com.x.PayFacade#pay(long)
        request: '[7]'
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    suite = tmp_path / "suite"
    (suite / "scenarios").mkdir(parents=True)
    (suite / "suite.yaml").write_text("suite: s\nsubsystem: order\nversion: '1'\n")
    (suite / "scenarios" / "pay-facade.yaml").write_text(SCENARIO)
    write_contract(suite, CONTRACT)
    return suite


@pytest.fixture
def storage(folder: Path, tmp_path: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{tmp_path}/w.db", tmp_path / "files") as opened:
        import_suite(folder, opened, LI)
        yield opened


def cases(storage: Storage) -> dict[str, list[str]]:
    found = storage.suites.get("order", "1").suite.scenarios
    return {slug: [case.case for case in scenario.cases] for slug, scenario in found.items()}


def test_what_has_no_case_gets_one_in_one_save(storage: Storage) -> None:
    before = len(storage.saves.all("order", "1"))
    seen = generate_into("order", (), storage, LI, preview=True)
    assert seen.cases == {"PayFacade": ["stop"], "StockFacade": ["count"]}
    assert cases(storage) == {"pay-facade": ["my own"]}
    done = generate_into("order", (), storage, LI)
    assert done.cases == seen.cases
    assert len(storage.saves.all("order", "1")) == before + 1
    assert cases(storage) == {"pay-facade": ["my own", "stop"], "stock-facade": ["count"]}
    assert generate_into("order", (), storage, LI).cases == {}


def test_chosen_interfaces_alone(storage: Storage) -> None:
    assert generate_into("order", ("Stock*",), storage, LI).cases == {"StockFacade": ["count"]}
    with pytest.raises(UsageError, match="no interface fits Stok") as caught:
        generate_into("order", ("Stok*",), storage, LI)
    assert "StockFacade" in caught.value.hint


def test_what_was_removed_stays_away_unless_it_is_wanted(storage: Storage, tmp_path: Path) -> None:
    generate_into("order", (), storage, LI)
    stop = next(
        case.id
        for scenario in storage.suites.get("order", "1").suite.scenarios.values()
        for case in scenario.cases
        if case.case == "stop"
    )
    remove("order", stop, storage, LI)
    again = generate_into("order", (), storage, LI)
    assert again.cases == {}
    assert "stop" in again.notes[0]
    assert generate_into("order", (), storage, LI, again=True).cases == {"PayFacade": ["stop"]}
    export_suite("order", storage, tmp_path / "out")
    assert (tmp_path / "out" / "generated.json").is_file()


def test_a_version_without_a_contract_is_told(storage: Storage, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "suite.yaml").write_text("suite: b\nsubsystem: bare\nversion: '1'\n")
    import_suite(bare, storage, LI)
    with pytest.raises(UsageError, match="no contract"):
        generate_into("bare", (), storage, LI)


def test_edge_values_without_a_contract(folder: Path) -> None:
    (folder / "interfaces.json").unlink()
    with pytest.raises(UsageError, match="no contract of its own") as told:
        generate_rows(str(folder), "PayFacade#pay", None, LI)
    assert "--artifact JAR" in told.value.hint


def test_edge_values_as_a_draft_in_a_folder(folder: Path) -> None:
    made = generate_rows(str(folder), "PayFacade#pay", None, LI)
    assert (made.dataset, made.rows) == ("pay-facade-pay", 5)
    rows = json.loads((folder / "datasets" / "pay-facade-pay.json").read_text())["rows"]
    assert [row["id"] for row in rows] == [1, 0, -1, -(2**63), 2**63 - 1]
    text = (folder / "scenarios" / "pay-facade.yaml").read_text()
    assert text.startswith(SCENARIO)
    draft = read_suite(folder).scenarios["pay-facade"].cases[-1]
    assert (draft.id, draft.state, draft.dataset) == (made.case, "draft", "pay-facade-pay")
    with pytest.raises(UsageError, match="there is a dataset"):
        generate_rows(str(folder), "PayFacade#pay", None, LI)
    assert generate_rows(str(folder), "PayFacade#pay", None, LI, "more").dataset == "more"


def test_edge_values_as_a_draft_in_a_version(storage: Storage, tmp_path: Path) -> None:
    made = generate_rows("order", "com.x.StockFacade#count", storage, LI)
    assert (made.where, made.rows) == ("order@1", 1)
    generate_rows("order", "com.x.PayFacade#pay(long)", storage, LI)
    export_suite("order", storage, tmp_path / "out")
    assert len(json.loads((tmp_path / "out" / "datasets" / "pay-facade-pay.json").read_text())["rows"]) == 5
    assert [case.state for case in read_suite(tmp_path / "out").scenarios["pay-facade"].cases] == ["ready", "draft"]


def test_a_glob_that_meets_nothing_is_told_beside_others(storage: Storage) -> None:
    with pytest.raises(UsageError, match="no interface fits Stok\\*\n"):
        generate_into("order@1", ["Pay*", "Stok*"], storage, LI)


@pytest.mark.parametrize("name", ["../../out", "a/b", ".a", "字" * 80])
def test_rows_want_a_name_that_makes_a_file(name: str, folder: Path, storage: Storage) -> None:
    for source, where in (("order@1", storage), (str(folder), None)):
        with pytest.raises(UsageError, match="cannot be the name of a dataset"):
            generate_rows(source, "PayFacade#pay", where, LI, name)
    assert storage.suites.get("order", "1").datasets == {}
