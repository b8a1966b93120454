"""Turn artifacts into one contract: each file goes to the parser that accepts it, the outcomes are merged."""

from collections.abc import Sequence
from pathlib import Path

from workbench.errors import ArtifactError
from workbench.model.contract import Contract, Interface, TypeDef, Warning
from workbench.plugin_api import ParseLimits, Parser
from workbench.plugins import parsers as installed_parsers


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
        _check_file(path)
    available = installed_parsers() if parsers is None else parsers
    contracts = [
        parser.parse(group, sources=sources, interfaces=interfaces, limits=limits or ParseLimits())
        for parser, group in _groups(paths, available)
    ]
    return merge_contracts(contracts)


def merge_contracts(contracts: Sequence[Contract]) -> Contract:
    """Of an interface (by name, group and version) or type that stands in several, the first one counts."""
    if len(contracts) == 1:
        return contracts[0]
    interfaces: dict[tuple[str, str, str], Interface] = {}
    types: dict[str, TypeDef] = {}
    warnings: dict[Warning, None] = {}
    for contract in contracts:
        for interface in contract.interfaces:
            interfaces.setdefault((interface.name, interface.group, interface.version), interface)
        types = {**contract.types, **types}
        warnings |= dict.fromkeys(contract.warnings)
    ordered = tuple(interfaces[key] for key in sorted(interfaces))
    return Contract(interfaces=ordered, types=dict(sorted(types.items())), warnings=tuple(warnings))


def _check_file(path: Path) -> None:
    if not path.exists():
        raise ArtifactError("there is no such file", where=str(path))
    if not path.is_file():
        raise ArtifactError("is a folder", where=str(path), hint="give the jar or war that is built from it")


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
