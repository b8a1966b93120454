"""`sources:` of a suite: names of parameters and Javadoc, from the folder and from the database."""

import zipfile
from pathlib import Path

import pytest
from java_provider import compile_jar

from workbench import cli
from workbench.files import read_contracts
from workbench.model.contract import Contract
from workbench.settings import Settings
from workbench.usecases.read_contract import read_contract

FACADE = "com.x.PayFacade"
JAVA = """
package com.x;
public interface PayFacade {
    /** Pays an order. */
    String pay(String orderId, long amountInCents);
}
"""
SUITE = "suite: Pay\nsubsystem: pay\nversion: 1.0.0\nartifacts: [pay-api.jar]\nsources: [pay-api-sources.jar]\n"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    folder = tmp_path / "suite"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "suite.yaml").write_text(SUITE)
    compile_jar(tmp_path, {FACADE: JAVA}).rename(folder / "pay-api.jar")
    with zipfile.ZipFile(folder / "pay-api-sources.jar", "w") as jar:
        jar.writestr("com/x/PayFacade.java", JAVA)
    return folder


def assert_told(contract: Contract) -> None:
    interface = contract.interface(FACADE)
    assert interface is not None
    (method,) = interface.methods
    assert [(each.name, each.origin) for each in method.parameters] == [
        ("orderId", "pay-api-sources.jar"),
        ("amountInCents", "pay-api-sources.jar"),
    ]
    assert method.doc == "Pays an order."


def test_names_and_javadoc_of_a_suite(suite: Path) -> None:
    assert_told(read_contract([str(suite)], Settings()))


def test_names_and_javadoc_of_a_version_and_of_what_is_made_of_it(
    suite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ["import", "suite"],
        ["artifact", "add", "pay@1.0.0", "suite/pay-api.jar"],
        ["generate", "--rows", "PayFacade#pay", "--into", "pay@1.0.0"],
        ["export", "pay@1.0.0", "--out", "back"],
    ):
        assert cli.execute(arguments) == 0
    assert_told(read_contracts(tmp_path / "back")[""])
    assert '"orderId","amountInCents"' in (tmp_path / "back/datasets/pay-facade-pay.json").read_text()
