"""A contract by whatever names it: artifacts, a registry, a suite, a saved contract. `workbench contract`."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from workbench.catalog.merge import merge
from workbench.discovery.asking import Ask
from workbench.discovery.assemble import wanted
from workbench.errors import JsonError, UsageError
from workbench.files import read_suite
from workbench.files.layout import SUITE_FILE
from workbench.model.contract import Contract
from workbench.model.json import loads
from workbench.planning.trim import trim
from workbench.settings import Settings
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.list_services import list_services
from workbench.usecases.maven import fetcher
from workbench.usecases.resolve import SAMPLES, artifact_paths, source_paths
from workbench.usecases.suite_contracts import suite_artifacts, suite_contracts, suite_sources


def read_contract(
    names: Sequence[str],
    settings: Settings,
    *,
    sources: Sequence[str] = (),
    interfaces: Sequence[str] = (),
    ask: Ask | None = None,
) -> Contract:
    """The contract of all together, merged.

    A name is an artifact (a path or samples://NAME), a registry address or file, a suite folder, or a contract as
    `--json` prints it. Artifacts are read as one class path. `interfaces`: globs. `ask`: see
    list_services. Raises WorkbenchError of many kinds.
    """
    if not names:
        raise UsageError(
            "nothing to read a contract from", hint="name artifacts, a suite folder, or --registry ADDRESS"
        )
    artifacts, contracts = [], []
    for name in names:
        contract = _other(name, settings, interfaces, ask)
        if contract is None:
            artifacts.append(name)
        else:
            contracts.append(contract)
    if artifacts:
        paths = artifact_paths(artifacts, fetcher(settings))
        named = source_paths(sources, artifacts, settings)
        parsed = import_artifact(paths, sources=named, interfaces=interfaces, limits=settings.parse_limits)
        contracts.insert(0, parsed)
    return contracts[0] if len(contracts) == 1 else merge(contracts)


def _other(name: str, settings: Settings, interfaces: Sequence[str], ask: Ask | None) -> Contract | None:
    """What is no artifact; None for what is one."""
    path = Path(name)
    if _is_registry(name):
        return list_services(settings, name, interfaces=interfaces, ask=ask).contract()
    if path.is_dir():
        return narrowed(_suite(path, settings), interfaces)
    if path.suffix == ".json" and path.is_file():
        return _saved(path, settings, interfaces)
    if path.suffix in (".txt", ".urls") and path.is_file():
        return list_services(settings, name, interfaces=interfaces).contract()
    return None


def _is_registry(name: str) -> bool:
    return name == SAMPLES or ("://" in name and not name.startswith(SAMPLES))


def narrowed(contract: Contract, globs: Sequence[str]) -> Contract:
    """With only the interfaces that match, and the types that these need."""
    if not globs:
        return contract
    names = [one.name for one in contract.interfaces if wanted(one.name, globs)]
    return replace(trim(contract, names), warnings=contract.warnings)


def _suite(folder: Path, settings: Settings) -> Contract:
    """Of a suite's own subsystem and of its dependencies, as a run sees them."""
    if not (folder / SUITE_FILE).is_file():
        hint = "name a suite folder (it has a suite.yaml), or the jar that was built from this one"
        raise UsageError("this folder is no suite", where=str(folder), hint=hint)
    file = read_suite(folder, names=False).file
    artifacts = suite_artifacts(file, folder, fetcher(settings))
    sources = suite_sources(file, folder, settings)
    contracts = list(suite_contracts(file, folder, artifacts, sources=sources, limits=settings.parse_limits).values())
    if not contracts:
        hint = "name artifacts in suite.yaml, or make interfaces.json with `workbench generate`"
        raise UsageError("the suite has no contract", where=str(folder), hint=hint)
    return merge(contracts)


def _saved(path: Path, settings: Settings, interfaces: Sequence[str]) -> Contract:
    """A contract, or a registry file with provider URLs and definitions."""
    raw = path.read_bytes()
    document = loads(raw, where=str(path))
    if isinstance(document, list) or (isinstance(document, dict) and document.keys() & {"urls", "definitions"}):
        return list_services(settings, str(path), interfaces=interfaces).contract()
    hint = "give what `workbench contract show --json` printed, or a registry file"
    if not (isinstance(document, dict) and document.keys() & {"interfaces", "types", "warnings"}):
        raise JsonError("this is no contract: it has neither interfaces nor types", where=str(path), hint=hint)
    try:
        contract = msgspec.json.decode(raw, type=Contract)
    except msgspec.ValidationError as error:
        raise JsonError(f"this is no contract: {error}", where=str(path), hint=hint) from error
    return narrowed(contract, interfaces)
