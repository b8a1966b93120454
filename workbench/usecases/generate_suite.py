"""A suite of atomic cases, made from artifacts: `workbench generate`. What a person wrote is never overwritten."""

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from workbench.catalog.diff import compare
from workbench.catalog.generate import generate_cases
from workbench.catalog.merge import merge
from workbench.catalog.missing import Missing, method_key, missing_cases
from workbench.discovery.asking import Ask
from workbench.errors import UsageError
from workbench.files import add_missing_ids, append_cases, read_contracts, read_suite, write_contract, write_suite
from workbench.files.atomic import write_text
from workbench.files.generated import read_generated, write_generated
from workbench.files.layout import SUITE_FILE
from workbench.files.writer import suite_texts
from workbench.model.contract import Contract
from workbench.model.contract import Warning as ContractWarning
from workbench.model.suite import Environment, Scenario, Suite, SuiteFile
from workbench.model.words import plural
from workbench.settings import Settings
from workbench.usecases.maven import coordinates
from workbench.usecases.read_contract import read_contract
from workbench.usecases.resolve import SAMPLES, resolved

ENVIRONMENT = "default"
_NAMED = 5


class SuiteRequest(Struct, frozen=True, kw_only=True):
    """`artifacts` and `sources` are paths or samples://NAME; empty names are made from the folder's."""

    folder: Path
    artifacts: tuple[str, ...]
    sources: tuple[str, ...] = ()
    interfaces: tuple[str, ...] = ()  # globs
    registry: str = SAMPLES
    name: str = ""
    subsystem: str = ""
    again: bool = False  # also the cases that were deleted


class SuiteReport(Struct, frozen=True, kw_only=True):
    """What was written; of the scenario files that were there before, `extended` got the cases of new methods at
    their end, `kept` stayed as they are. `cases` counts the new ones."""

    folder: str
    written: tuple[str, ...] = ()
    extended: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    interfaces: int = 0
    cases: int = 0
    notes: tuple[str, ...] = ()
    warnings: tuple[ContractWarning, ...] = ()


def generate_suite(request: SuiteRequest, settings: Settings, ask: Ask | None = None) -> SuiteReport:
    """Write a new suite, or add to the one that is there; without artifacts from what the registry, or by `ask` a
    provider, tells.

    Raises ArtifactError, RegistryError, SuiteError, UsageError.
    """
    names = request.artifacts or (request.registry,)
    contract = read_contract(names, settings, sources=request.sources, interfaces=request.interfaces, ask=ask)
    generated = generate_cases(contract)
    if not generated.cases:
        raise UsageError("no interface with methods was found", where=", ".join(names), hint=_hint(request))
    suite = Suite(file=_suite_file(request), scenarios=generated.scenarios)
    if (request.folder / SUITE_FILE).is_file():
        return _add(request, suite, contract)
    if request.folder.is_dir() and any(request.folder.iterdir()):
        hint = "name a new or empty folder, or one with a suite.yaml to add to"
        raise UsageError("the folder is not empty and holds no suite", where=str(request.folder), hint=hint)
    by_name = dict(sorted(suite.scenarios.items(), key=lambda item: f"{item[0]}.yaml"))
    write_suite(add_missing_ids(replace(suite, scenarios=by_name)), request.folder)
    write_contract(request.folder, contract)
    write_generated(request.folder, keys_of(suite))
    return _report(request, suite, contract, written=(SUITE_FILE, *map(_file, suite.scenarios)))


def _hint(request: SuiteRequest) -> str:
    if request.interfaces:
        return "do the globs fit? `workbench contract show` shows all interfaces"
    return "is it an API jar?" if request.artifacts else "it has no metadata: give API jars with --artifact"


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
    if text.startswith(SAMPLES) or (coordinates(text) and not Path(text).exists()):
        return text
    return Path(os.path.relpath(resolved(Path(text)), folder.resolve())).as_posix()


def _add(request: SuiteRequest, fresh: Suite, contract: Contract) -> SuiteReport:
    """Scenarios and cases that are not there yet. suite.yaml is a person's: what it lacks is told, not written."""
    folder = request.folder
    known = read_suite(folder, names=False)
    made = read_generated(folder)
    missing = missing_cases(known.scenarios, fresh.scenarios, frozenset() if request.again else made)
    whole = with_ids(known, missing)
    new = replace(whole, scenarios={slug: whole.scenarios[slug] for slug in missing.scenarios}, shared={})
    texts = suite_texts(new)
    for name in map(_file, new.scenarios):
        write_text(folder / name, texts[name])
    added, notes = _append(folder, whole, missing)
    unwritten = {method_key(case) for slug, cases in missing.cases.items() if slug not in added for case in cases}
    write_generated(folder, (made | keys_of(fresh)) - unwritten)
    return _report(
        request,
        replace(new, scenarios={**new.scenarios, **added}),
        _renewed(folder, contract),
        written=tuple(map(_file, new.scenarios)),
        extended=tuple(map(_file, added)),
        kept=tuple(_file(slug) for slug in missing.cases if slug not in added),
        notes=[
            *(f"{SUITE_FILE} does not name {text}: add it to artifacts" for text in _unnamed(request, known)),
            *notes,
            *withheld_notes(missing),
        ],
    )


def keys_of(suite: Suite) -> frozenset[str]:
    return frozenset(method_key(case) for scenario in suite.scenarios.values() for case in scenario.cases)


def withheld_notes(missing: Missing) -> list[str]:
    if not missing.withheld:
        return []
    names = ", ".join(missing.withheld[:_NAMED]) + (", …" if len(missing.withheld) > _NAMED else "")
    return [f"{plural(len(missing.withheld), 'case')} deleted before stay deleted ({names}): --again makes them"]


def _append(folder: Path, whole: Suite, missing: Missing) -> tuple[dict[str, Scenario], list[str]]:
    """The scenarios that got cases, with nothing but these, and what is to be said of the others."""
    added, notes = {}, []
    for slug, cases in missing.cases.items():
        with_ids = whole.scenarios[slug].cases[len(whole.scenarios[slug].cases) - len(cases) :]
        if cases and append_cases(folder / _file(slug), with_ids):
            added[slug] = replace(whole.scenarios[slug], cases=with_ids)
        elif cases:
            names = ", ".join(case.case for case in cases)
            notes.append(f"{_file(slug)} lacks {names}: bring it into form with `workbench fmt`, then generate again")
    return added, notes


def _renewed(folder: Path, contract: Contract) -> Contract:
    """Write interfaces.json anew; interfaces that are not looked at this time stay in it. What the new contract breaks
    of the old one becomes a warning."""
    old = read_contracts(folder).get("", Contract())
    merged = merge([contract, old])
    told = {"warnings": contract.warnings, "contradictions": contract.contradictions}
    write_contract(folder, replace(merged, **told))
    seen = {interface.name for interface in contract.interfaces}
    looked_at = replace(old, interfaces=tuple(one for one in old.interfaces if one.name in seen))
    changes = compare(looked_at, contract).changes
    broken = (ContractWarning(one.place, f"{one.severity}: {one.element} {one.action}, {one.why}") for one in changes)
    grave = tuple(text for text, one in zip(broken, changes, strict=True) if one.severity != "compatible")
    return replace(merged, warnings=(*contract.warnings, *grave))


def with_ids(known: Suite, missing: Missing) -> Suite:
    """The suite as it would be with everything in it, so that no id stands twice."""
    there = {
        slug: replace(scenario, cases=(*scenario.cases, *missing.cases.get(slug, ())))
        for slug, scenario in known.scenarios.items()
    }
    return add_missing_ids(replace(known, scenarios={**there, **missing.scenarios}))


def _unnamed(request: SuiteRequest, known: Suite) -> list[str]:
    there = {_resolved(text, request.folder) for text in known.file.artifacts}
    wanted = (_from_folder(text, request.folder) for text in request.artifacts)
    return [text for text in wanted if _resolved(text, request.folder) not in there]


def _resolved(text: str, folder: Path) -> str:
    return text if text.startswith(SAMPLES) or coordinates(text) else str(resolved(folder / text))


def _report(
    request: SuiteRequest,
    suite: Suite,
    contract: Contract,
    *,
    written: Sequence[str],
    extended: Sequence[str] = (),
    kept: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> SuiteReport:
    return SuiteReport(
        folder=str(request.folder),
        written=tuple(written),
        extended=tuple(extended),
        kept=tuple(kept),
        interfaces=len(suite.scenarios),
        cases=sum(len(scenario.cases) for scenario in suite.scenarios.values()),
        notes=tuple(notes),
        warnings=contract.warnings,
    )


def _file(slug: str) -> str:
    return f"scenarios/{slug}.yaml"
