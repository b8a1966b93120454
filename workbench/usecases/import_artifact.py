"""Turn artifacts into one contract: each file goes to the parser that accepts it, the outcomes are merged."""

from collections.abc import Sequence, Set
from pathlib import Path

from msgspec.structs import replace

from workbench.catalog.merge import merge
from workbench.errors import ArtifactError
from workbench.model.contract import Contract
from workbench.planning.trim import trim
from workbench.plugin_api import ParseLimits, Parser
from workbench.plugins import parsers as installed_parsers
from workbench.usecases.maven import is_needed
from workbench.usecases.resolve import check_file


def import_artifact(
    paths: Sequence[Path],
    *,
    sources: Sequence[Path] = (),
    interfaces: Sequence[str] = (),
    limits: ParseLimits | None = None,
    parsers: Sequence[Parser] | None = None,
) -> Contract:
    """The contract of all artifacts together.

    Files of one parser are parsed as one class path. `interfaces`: globs that narrow the outcome and also name
    interfaces that no rule recognises. `parsers`: the installed ones when None. Raises ArtifactError, LimitError.
    """
    for path in (*paths, *sources):
        check_file(path, str(path))
    available = installed_parsers() if parsers is None else parsers
    contracts = [
        parser.parse(group, sources=sources, interfaces=interfaces, limits=limits or ParseLimits())
        for parser, group in _groups(paths, available)
    ]
    contract = contracts[0] if len(contracts) == 1 else merge(contracts)
    needed = {path.name for path in paths if is_needed(path)}
    return _without(contract, needed, interfaces) if needed else contract


def _without(contract: Contract, needed: Set[str], named: Sequence[str]) -> Contract:
    """Without the services of jars that are only there for their types, unless they are named."""
    kept = [one.name for one in contract.interfaces if one.name in named or one.origin.partition("!")[0] not in needed]
    return replace(trim(contract, kept), warnings=contract.warnings, contradictions=contract.contradictions)


def _groups(paths: Sequence[Path], parsers: Sequence[Parser]) -> list[tuple[Parser, list[Path]]]:
    """Paths by the first parser that accepts them, in the order given."""
    groups: dict[str, tuple[Parser, list[Path]]] = {}
    for path in paths:
        parser = next((parser for parser in parsers if parser.accepts(path)), None)
        if parser is None:
            names = ", ".join(parser.name for parser in parsers) or "none"
            hint = f"give a jar, war or ear; installed parsers: {names}"
            raise ArtifactError("no parser knows this kind of file", where=str(path), hint=hint)
        groups.setdefault(parser.name, (parser, []))[1].append(path)
    return list(groups.values())
