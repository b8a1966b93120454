"""Contracts, positions, and the editing operations on a folder."""

from pathlib import Path

import pytest

from workbench.errors import ErrorGroup, SuiteError
from workbench.files import Places, dataset_files, format_suite, new_id, read_contracts, read_suite, write_contract
from workbench.model.contract import Contract, Interface, Method, TypeDef
from workbench.model.suite import Case, Scenario, ScriptStep, Suite, SuiteFile
from workbench.usecases.edit_suite import add_case, add_scenario, save, slug_of

CONTRACT = Contract(
    interfaces=(Interface(name="com.example.A", methods=(Method(name="get", erased=("long",)),)),),
    types={"com.example.T": TypeDef(kind="enum", constants=("A",))},
)


def test_contracts_by_dependency(tmp_path: Path) -> None:
    assert read_contracts(tmp_path) == {}
    assert write_contract(tmp_path, CONTRACT) == tmp_path / "interfaces.json"
    assert write_contract(tmp_path, Contract(), "trade") == tmp_path / "interfaces/trade.json"
    assert read_contracts(tmp_path) == {"": CONTRACT, "trade": Contract()}
    assert (tmp_path / "interfaces.json").read_text().startswith('{\n  "interfaces"')


@pytest.mark.parametrize("text", ["{", "[]", '{"interfaces": [{"nam": 1}]}', "\xff"])
def test_a_damaged_contract_says_how_to_make_it_again(tmp_path: Path, text: str) -> None:
    (tmp_path / "interfaces.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(SuiteError, match="no contract") as caught:
        read_contracts(tmp_path)
    assert caught.value.where == str(tmp_path / "interfaces.json")
    assert "workbench" in caught.value.hint


def test_new_ids() -> None:
    ids = {new_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert set("".join(ids)) == set("0123456789abcdefghjkmnpqrstvwxyz")
    assert {len(one) for one in ids} == {8}


def test_datasets(tmp_path: Path) -> None:
    assert dataset_files(tmp_path) == {}
    (tmp_path / "datasets").mkdir()
    for name in ("a.csv", "b.XLSX", "notes.md", "~$b.xlsx", ".c.csv"):
        (tmp_path / "datasets" / name).touch()
    assert {name: path.name for name, path in dataset_files(tmp_path).items()} == {"a": "a.csv", "b": "b.XLSX"}
    (tmp_path / "datasets/a.json").touch()
    with pytest.raises(ErrorGroup, match=r"the dataset a is also in a\.csv"):
        dataset_files(tmp_path)


def test_a_suite_grows_and_is_saved_in_canonical_form(tmp_path: Path) -> None:
    suite = Suite(file=SuiteFile(suite="s", subsystem="o"))
    suite = add_scenario(suite, Scenario(scenario="Pay an order"))
    suite = add_scenario(suite, Scenario(scenario="Pay the order"))
    suite = add_scenario(suite, Scenario(scenario="x"), "com.example.Facade")
    suite = add_case(suite, "pay-order", Case(case="c", steps=(ScriptStep(script="a = 1"),)))
    assert list(suite.scenarios) == ["pay-order", "pay-order-2", "com.example.Facade"]
    saved = save(suite, tmp_path)
    assert read_suite(tmp_path) == saved
    assert format_suite(tmp_path) == []
    step = saved.scenarios["pay-order"].cases[0].steps[0]
    assert step.id
    here = tmp_path / "scenarios" / "pay-order.yaml"
    assert Places(tmp_path).where("scenarios/pay-order.yaml", ("cases", 0, "steps", 0, "script")) == f"{here}:8:17"
    with pytest.raises(SuiteError, match="there is no scenario pay-ordr") as caught:
        add_case(suite, "pay-ordr", Case(case="c"))
    assert "pay-order" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Pay an order", "pay-order"),
        ("订单/支付", "订单-支付"),
        ("a", "a"),
        ("../x", "x"),
        ("!?", "scenario"),
        ("A.b_c", "a-b-c"),
    ],
)
def test_slugs_make_file_names(name: str, slug: str) -> None:
    assert slug_of(name) == slug
