"""A suite of atomic cases, made from artifacts: `workbench generate`. What a person wrote is never overwritten."""

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from workbench.catalog.generate import generate_cases
from workbench.errors import UsageError
from workbench.files import add_missing_ids, read_suite, write_contract, write_suite
from workbench.files.atomic import write_text
from workbench.files.layout import SUITE_FILE
from workbench.files.writer import suite_texts
from workbench.model.contract import Contract
from workbench.model.contract import Warning as ContractWarning
from workbench.model.suite import Environment, Suite, SuiteFile
from workbench.plugin_api import ParseLimits
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.resolve import SAMPLES, artifact_paths, resolved

ENVIRONMENT = "default"


class SuiteRequest(Struct, frozen=True, kw_only=True):
    """`artifacts` and `sources` are paths or samples://NAME; empty names are made from the folder's."""

    folder: Path
    artifacts: tuple[str, ...]
    sources: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()  # globs
    registry: str = SAMPLES
    name: str = ""
    subsystem: str = ""


class SuiteReport(Struct, frozen=True, kw_only=True):
    """What was written; `kept` are scenario files that were there before and stayed as they are."""

    folder: str
    written: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    interfaces: int = 0
    cases: int = 0
    notes: tuple[str, ...] = ()
    warnings: tuple[ContractWarning, ...] = ()


def generate_suite(request: SuiteRequest, limits: ParseLimits | None = None) -> SuiteReport:
    """Write a new suite, or add scenarios to the one that is there. Raises ArtifactError, SuiteError, UsageError."""
    paths = artifact_paths(request.artifacts)
    sources = artifact_paths(request.sources)
    contract = import_artifact(paths, sources=sources, interfaces=request.interfaces, limits=limits)
    generated = generate_cases(contract)
    if not generated.cases:
        raise UsageError("no interface with methods was found", where=", ".join(request.artifacts), hint=_hint(request))
    suite = Suite(file=_suite_file(request), scenarios=generated.scenarios)
    if (request.folder / SUITE_FILE).is_file():
        return _add(request, suite, contract)
    if request.folder.is_dir() and any(request.folder.iterdir()):
        hint = "name a new or empty folder, or one with a suite.yaml to add to"
        raise UsageError("the folder is not empty and holds no suite", where=str(request.folder), hint=hint)
    write_suite(add_missing_ids(suite), request.folder)
    write_contract(request.folder, contract)
    return _report(request, suite, contract, written=(SUITE_FILE, *map(_file, suite.scenarios)))


def _hint(request: SuiteRequest) -> str:
    return "do the globs fit? `workbench parse` shows all interfaces" if request.interfaces else "is it an API jar?"


def _suite_file(request: SuiteRequest) -> SuiteFile:
    name = request.name or request.folder.resolve().name
    return SuiteFile(
        suite=name,
        subsystem=request.subsystem or name,
        artifacts=tuple(_from_folder(text, request.folder) for text in request.artifacts),
        sources=tuple(_from_folder(text, request.folder) for text in request.sources),
        environments={ENVIRONMENT: Environment(registries=(request.registry,))},
    )


def _from_folder(text: str, folder: Path) -> str:
    """As suite.yaml has it: relative to the folder, so that both can be moved together."""
    if text.startswith(SAMPLES):
        return text
    return Path(os.path.relpath(resolved(Path(text)), folder.resolve())).as_posix()


def _add(request: SuiteRequest, fresh: Suite, contract: Contract) -> SuiteReport:
    """Scenarios that are not there yet. suite.yaml is a person's: what it lacks is told, not written."""
    known = read_suite(request.folder)
    kept = tuple(_file(slug) for slug in fresh.scenarios if slug in known.scenarios)
    new = Suite(file=known.file, scenarios={s: one for s, one in fresh.scenarios.items() if s not in known.scenarios})
    texts = suite_texts(add_missing_ids(new))
    written = tuple(_file(slug) for slug in new.scenarios)
    for name in written:
        write_text(request.folder / name, texts[name])
    there = {_resolved(text, request.folder) for text in known.file.artifacts}
    missing = [text for text in fresh.file.artifacts if _resolved(text, request.folder) not in there]
    notes = tuple(f"{SUITE_FILE} does not name {text}: add it to artifacts" for text in missing)
    return _report(request, new, contract, written=written, kept=kept, notes=notes)


def _resolved(text: str, folder: Path) -> str:
    return text if text.startswith(SAMPLES) else str(resolved(folder / text))


def _report(
    request: SuiteRequest,
    suite: Suite,
    contract: Contract,
    *,
    written: Sequence[str],
    kept: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> SuiteReport:
    return SuiteReport(
        folder=str(request.folder),
        written=tuple(written),
        kept=tuple(kept),
        interfaces=len(suite.scenarios),
        cases=sum(len(scenario.cases) for scenario in suite.scenarios.values()),
        notes=tuple(notes),
        warnings=contract.warnings,
    )


def _file(slug: str) -> str:
    return f"scenarios/{slug}.yaml"
