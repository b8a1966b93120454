"""The generated part of a suite folder: interfaces.json, and interfaces/<dependency>.json."""

from pathlib import Path

import msgspec

from workbench.errors import SuiteError
from workbench.files.atomic import write_text
from workbench.files.layout import INTERFACES
from workbench.model.contract import Contract
from workbench.model.json import pretty

_decoder = msgspec.json.Decoder(Contract)
_OWN = "interfaces.json"


def read_contracts(folder: Path) -> dict[str, Contract]:
    """The contracts that are there: "" is the suite's own subsystem, the others are dependencies. Raises SuiteError."""
    paths = {path.stem: path for path in sorted((folder / INTERFACES).glob("*.json"))}
    if (folder / _OWN).is_file():
        paths = {"": folder / _OWN, **paths}
    return {name: _read(path) for name, path in paths.items()}


def write_contract(folder: Path, contract: Contract, dependency: str = "") -> Path:
    """Write the contract of the suite's own subsystem or of a dependency; gives the file."""
    path = folder / INTERFACES / f"{dependency}.json" if dependency else folder / _OWN
    write_text(path, pretty(contract) + "\n")
    return path


def _read(path: Path) -> Contract:
    hint = "it is a generated file: make it again with `workbench parse` or `workbench generate`"
    try:
        return _decoder.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SuiteError(f"this is no contract: {error}", where=str(path), hint=hint) from error
