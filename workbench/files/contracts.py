"""The generated part of a suite folder: interfaces.json, and interfaces/<dependency>.json."""

from pathlib import Path

import msgspec

from workbench.errors import SuiteError
from workbench.files.atomic import write_text
from workbench.files.layout import INTERFACES, OWN_CONTRACT
from workbench.files.names import coded, decoded
from workbench.model.contract import Contract
from workbench.model.json import pretty

_decoder = msgspec.json.Decoder(Contract)


def read_contracts(folder: Path) -> dict[str, Contract]:
    """The contracts that are there: "" is the suite's own subsystem, the others are dependencies. Raises SuiteError."""
    return {name: _read(path) for name, path in contract_files(folder).items()}


def contract_files(folder: Path) -> dict[str, Path]:
    """The files of contracts that are there, by the same names."""
    paths = {decoded(path.stem): path for path in sorted((folder / INTERFACES).glob("*.json"))}
    return {"": folder / OWN_CONTRACT, **paths} if (folder / OWN_CONTRACT).is_file() else paths


def write_contract(folder: Path, contract: Contract, dependency: str = "") -> Path:
    """Write the contract of the suite's own subsystem or of a dependency; gives the file. Raises SuiteError for a
    dependency whose name is too long for a file."""
    path = folder / contract_path(dependency)
    write_text(path, contract_text(contract))
    return path


def contract_path(dependency: str = "") -> str:
    """Where its contract stands in a suite's folder. Raises SuiteError as above."""
    return f"{INTERFACES}/{coded(dependency)}.json" if dependency else OWN_CONTRACT


def contract_text(contract: Contract) -> str:
    """What its file holds."""
    return pretty(contract) + "\n"


def _read(path: Path) -> Contract:
    hint = "it is a generated file: make it again with `workbench parse` or `workbench generate`"
    try:
        return _decoder.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SuiteError(f"this is no contract: {error}", where=str(path), hint=hint) from error
