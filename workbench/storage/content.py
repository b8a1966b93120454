"""Suite ↔ documents: what becomes one revision each, and how it stands in the database.

The body of a document is compact JSON of its model type with defaults left out, so equal content has equal bytes and
one hash, whichever database it is in. The subsystem's and version's names stand in their own tables and in no body:
a new version changes no document.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from workbench.errors import NotFoundError, StorageError
from workbench.model import json
from workbench.model.contract import Contract
from workbench.model.dataset import Column
from workbench.model.json import Json
from workbench.model.noted import DocumentKind
from workbench.model.suite import Case, Environment, Scenario, SharedSteps, Suite, SuiteFile
from workbench.storage.vault import NoVault, Vault, seal

T = TypeVar("T")


class StoredTable(Struct, frozen=True):
    """Rows of a dataset: its columns, the hashes of its chunks (rows.py) and how many rows they hold."""

    columns: tuple[Column, ...]
    chunks: tuple[str, ...]
    rows: int

    @property
    def hash(self) -> str:
        return hashlib.sha256(json.dump_bytes(self)).hexdigest()


class StoredFile(Struct, frozen=True, omit_defaults=True):
    """A file of a suite: `path` in the folder, with `/`. Of most files the store has the bytes (`sha256` is their
    address there); of a dataset that can be read the database has the rows (`table`), and these two are empty."""

    path: str
    sha256: str
    size: int
    table: StoredTable | None = None


class Config(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Environments and configuration of a suite: they change at other times, and by other people, than the rest."""

    environments: Mapping[str, Environment] = field(default_factory=dict)
    default_environment: str = ""
    config: Mapping[str, Json] = field(default_factory=dict)


class Snapshot(Struct, frozen=True):
    """All that a version holds. `contracts`: "" is the subsystem's own, the others are dependencies'."""

    suite: Suite
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    datasets: Mapping[str, StoredFile] = field(default_factory=dict)  # by name, without the file's ending
    artifacts: tuple[StoredFile, ...] = ()


class Document(Struct, frozen=True, kw_only=True):
    """One document and its place in a version. `key`: a scenario's or case's id, the name of a shared file, dependency
    or dataset, an artifact's path, or "" for what a version has once."""

    kind: DocumentKind
    key: str
    body: str
    scenario: str = ""  # key of a case's scenario
    position: int = 0
    name: str = ""  # of a scenario's file

    @property
    def hash(self) -> str:
        return content_hash(self.kind, self.body)


def content_hash(kind: str, body: str) -> str:
    return hashlib.sha256(f"{kind}\n{body}".encode()).hexdigest()


_TYPES: Final[Mapping[str, Any]] = {
    "suite": SuiteFile,
    "config": Config,
    "shared": dict[str, SharedSteps],
    "scenario": Scenario,
    "case": Case,
    "contract": Contract,
    "dataset": StoredFile,
    "artifact": StoredFile,
}
_NO_VAULT: Final = NoVault()
_decoders = {kind: json.decoder_for(type_) for kind, type_ in _TYPES.items()}


def decode(kind: str, body: str, where: str = "") -> Any:
    """The model of a body. Raises StorageError when it is none."""
    try:
        return _decoders[kind].decode(body)
    except msgspec.DecodeError as problem:
        try:  # integers beyond 4,300 digits, that a typed decoder refuses
            return msgspec.convert(json.loads(body), _TYPES[kind])
        except msgspec.ValidationError:
            raise StorageError(f"this is no {kind}: {problem}", where=where) from problem


def canonical(kind: str, body: str, vault: Vault = _NO_VAULT, where: str = "") -> str:
    """The one form of a body, its secrets sealed. Raises StorageError when it is none."""
    value = decode(kind, body, where)
    return json.dumps(seal(value, vault) if kind == "config" else value)


def documents_of(snapshot: Snapshot, vault: Vault = _NO_VAULT) -> list[Document]:
    """Scenarios and cases need ids. Scenarios stand before their cases. Secrets are sealed."""
    suite = snapshot.suite
    file = seal(suite.file, vault)
    own = replace(suite.file, subsystem="", version="", environments={}, default_environment="", config={})
    config = Config(file.environments, file.default_environment, file.config)
    found = [_document("suite", "", own), _document("config", "", config)]
    found += [_document("contract", name, contract) for name, contract in snapshot.contracts.items()]
    found += [_document("dataset", name, file) for name, file in snapshot.datasets.items()]
    found += [_document("artifact", file.path, file) for file in snapshot.artifacts]
    found += _shared(suite.shared)
    for place, (slug, scenario) in enumerate(suite.scenarios.items()):
        found.append(_document("scenario", scenario.id, replace(scenario, cases=()), position=place, name=slug))
        found += [
            _document("case", case.id, case, scenario=scenario.id, position=number)
            for number, case in enumerate(scenario.cases)
        ]
    return found


def _document(kind: DocumentKind, key: str, value: Any, **place: Any) -> Document:
    return Document(kind=kind, key=key, body=json.dumps(value), **place)


def _shared(groups: Mapping[str, SharedSteps]) -> Iterator[Document]:
    """One document a file; both orders, of files and of groups, are kept."""
    files: dict[str, dict[str, SharedSteps]] = {}
    for name, group in groups.items():
        stem, _, rest = name.partition(".")
        files.setdefault(stem, {})[rest] = group
    for place, (stem, inside) in enumerate(files.items()):
        yield _document("shared", stem, inside, position=place)


def snapshot_of(documents: Iterable[Document], subsystem: str, version: str) -> Snapshot:
    """The inverse, its secrets sealed. Raises StorageError for bodies that cannot be read,
    NotFoundError without a suite."""
    by_kind: dict[str, list[Document]] = {kind: [] for kind in _TYPES}
    for document in sorted(documents, key=lambda each: each.position):
        by_kind[document.kind].append(document)
    models = {kind: {each.key: _model(each, subsystem) for each in found} for kind, found in by_kind.items()}
    if "" not in models["suite"]:
        hint = "import one into it, or restore an earlier save of it"
        raise NotFoundError("this version holds no suite", where=f"{subsystem}@{version}", hint=hint)
    config = models["config"].get("", Config())
    file = replace(
        models["suite"][""],
        subsystem=subsystem,
        version=version,
        environments=config.environments,
        default_environment=config.default_environment,
        config=config.config,
    )
    shared = {f"{stem}.{name}": group for stem, groups in models["shared"].items() for name, group in groups.items()}
    suite = Suite(file=file, scenarios=_scenarios(by_kind, models), shared=shared)
    return Snapshot(suite, models["contract"], models["dataset"], tuple(models["artifact"].values()))


def _model(document: Document, subsystem: str) -> Any:
    return decode(document.kind, document.body, f"{subsystem}: {document.kind} {document.key}".rstrip())


def _scenarios(by_kind: Mapping[str, list[Document]], models: Mapping[str, Mapping[str, Any]]) -> dict[str, Scenario]:
    cases: dict[str, tuple[Case, ...]] = {}
    ordered = sorted(by_kind["case"], key=lambda each: each.scenario)  # stable: positions stay in order
    for scenario, group in groupby(ordered, key=lambda each: each.scenario):
        cases[scenario] = tuple(models["case"][each.key] for each in group)
    return {
        each.name: replace(models["scenario"][each.key], cases=cases.get(each.key, ())) for each in by_kind["scenario"]
    }
