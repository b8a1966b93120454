"""The contracts of a suite: parsed from its artifacts, kept in its folder, written by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from workbench.catalog.merge import merge
from workbench.files import read_contracts, read_manual
from workbench.model.contract import Contract
from workbench.model.suite import SuiteFile
from workbench.plugin_api import ParseLimits, Parser
from workbench.settings import Settings
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.maven import Fetch
from workbench.usecases.resolve import artifact_paths, source_paths


def suite_artifacts(file: SuiteFile, folder: Path, fetch: Fetch | None) -> dict[str, tuple[str, ...]]:
    """Paths of the artifacts of the suite's own subsystem and of its dependencies, where they have any."""
    named = {file.subsystem: file.artifacts} | {name: each.artifacts for name, each in file.dependencies.items()}
    return {name: tuple(map(str, artifact_paths(paths, fetch, base=folder))) for name, paths in named.items() if paths}


def suite_sources(file: SuiteFile, folder: Path, settings: Settings) -> dict[str, list[Path]]:
    """The sources jars of the same, named in suite.yaml or fetched beside artifacts by coordinates."""
    parts = {file.subsystem: file} | dict(file.dependencies)
    return {name: source_paths(one.sources, one.artifacts, settings, base=folder) for name, one in parts.items()}


def suite_contracts(
    file: SuiteFile,
    folder: Path,
    artifacts: Mapping[str, Sequence[str]],
    *,
    limits: ParseLimits,
    parsers: Sequence[Parser] | None = None,
    sources: Mapping[str, Sequence[Path]] = MappingProxyType({}),
) -> dict[str, Contract]:
    """By subsystem. Of the own one the artifacts, else interfaces.json; of a dependency what interfaces/ keeps, else
    its artifacts. What is written by hand is merged in. `sources` only tell names of parameters and Javadoc: a run does
    without."""
    kept = read_contracts(folder)
    own = kept.pop("", None)
    if own is not None and file.subsystem not in artifacts:
        kept[file.subsystem] = own
    contracts = {
        name: import_artifact(
            [Path(path) for path in paths], sources=sources.get(name, ()), limits=limits, parsers=parsers
        )
        for name, paths in artifacts.items()
        if name not in kept
    } | kept
    for name, manual in read_manual(folder).items():
        subsystem = name or file.subsystem
        contracts[subsystem] = merge([contracts[subsystem], manual]) if subsystem in contracts else manual
    return contracts
