"""Bulk generation into what is there: cases for chosen interfaces of a version in the database, in one save; and a
draft case with a dataset of edge values for one method, in a folder or a version."""

from collections.abc import Container, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from msgspec.structs import replace

from workbench import plugins
from workbench.catalog.boundary import Rows, boundary_rows
from workbench.catalog.generate import atomic_step, free_slug, generate_cases, slug
from workbench.catalog.missing import missing_cases
from workbench.errors import UsageError
from workbench.files import (
    add_missing_ids,
    append_cases,
    dataset_files,
    read_contracts,
    read_suite,
    update_suite,
)
from workbench.files.generated import GENERATED, read_generated, write_generated
from workbench.files.layout import DATASETS, SCENARIOS
from workbench.model.contract import Contract, Interface, Method
from workbench.model.suite import Case, Scenario, Suite
from workbench.model.targets import find_interface, find_method, parse_target
from workbench.storage import Author, Change, Snapshot, Storage, StoredFile
from workbench.usecases.export_suite import parse_address
from workbench.usecases.generate_suite import keys_of, with_ids, withheld_notes
from workbench.usecases.tables import check_name, store_dataset


class Into(Struct, frozen=True, kw_only=True):
    """What came into a version. `cases`: names of the new ones, by scenario."""

    version: str
    cases: dict[str, list[str]]
    changes: list[Change]
    notes: list[str]


class RowsMade(Struct, frozen=True, kw_only=True):
    """`case`: id of the draft that runs once a row."""

    where: str
    dataset: str
    rows: int
    case: str
    notes: tuple[str, ...]


def generate_into(
    address: str,
    interfaces: Sequence[str],
    storage: Storage,
    author: Author,
    *,
    again: bool = False,
    preview: bool = False,
) -> Into:
    """A case for each method of the version's own contract that has none yet; all of it is one save.

    `interfaces`: globs on full or simple names; none: all. Cases that were generated once and removed stay away, unless
    `again`. Raises UsageError for a version without a contract, and for globs that meet nothing.
    """
    subsystem, version = parse_address(address, storage)
    snapshot, origin = storage.suites.get_with_origin(subsystem, version)
    contract = snapshot.contracts.get("", Contract())
    chosen = _chosen(contract, interfaces, f"{subsystem}@{version}")
    fresh = Suite(file=snapshot.suite.file, scenarios=generate_cases(contract, chosen).scenarios)
    with TemporaryDirectory() as room:
        made = _made(snapshot, storage, Path(room))
        missing = missing_cases(snapshot.suite.scenarios, fresh.scenarios, frozenset() if again else made)
        whole = with_ids(snapshot.suite, missing)
        new = {slug: list(scenario.cases) for slug, scenario in missing.scenarios.items()}
        new |= {slug: list(cases) for slug, cases in missing.cases.items() if cases}
        told = {whole.scenarios[slug].scenario: [case.case for case in cases] for slug, cases in new.items()}
        changes: list[Change] = []
        if new and not preview:
            write_generated(Path(room), made | keys_of(fresh))
            kept = StoredFile(GENERATED, *storage.files.put(Path(room) / GENERATED))
            artifacts = (*(each for each in snapshot.artifacts if each.path != GENERATED), kept)
            changed = replace(snapshot, suite=whole, artifacts=artifacts)
            changes = storage.joins.bring(changed, origin, author, what="generate").changes
    return Into(version=f"{subsystem}@{version}", cases=told, changes=changes, notes=withheld_notes(missing))


def _chosen(contract: Contract, globs: Sequence[str], where: str) -> list[Interface]:
    if not contract.interfaces:
        hint = f"import a suite with interfaces.json, or give it artifacts: workbench artifact add {where} JAR"
        raise UsageError("this version has no contract of its own", where=where, hint=hint)
    met = {glob: [each for each in contract.interfaces if _fits(each.name, glob)] for glob in globs or ("*",)}
    if missed := [glob for glob, found in met.items() if not found]:
        known = ", ".join(_simple(each.name) for each in contract.interfaces[:8])
        raise UsageError(f"no interface fits {', '.join(missed)}", where=where, hint=f"there is {known}")
    return [each for each in contract.interfaces if any(each in found for found in met.values())]


def _fits(name: str, glob: str) -> bool:
    return fnmatchcase(name, glob) or fnmatchcase(_simple(name), glob)


def _simple(name: str) -> str:
    return name.rpartition(".")[2]


def _made(snapshot: Snapshot, storage: Storage, room: Path) -> frozenset[str]:
    for file in snapshot.artifacts:
        if file.path == GENERATED:
            storage.files.bring(file.sha256, room / GENERATED)
    return read_generated(room)


# --- rows -------------------------------------------------------------------------------------------------------------


def generate_rows(source: str, target: str, storage: Storage | None, author: Author, name: str = "") -> RowsMade:
    """A dataset of edge values of a method's request, and a draft case that runs once a row.

    `source`: a folder, or with a storage SUBSYSTEM[@VERSION]; `name`: of the dataset. What is right for each row, only
    a person knows: the case stays a draft until its assertions say so. Raises UsageError.
    """
    if storage is None:
        return _rows_in_folder(Path(source), target, name)
    subsystem, version = parse_address(source, storage)
    snapshot, origin = storage.suites.get_with_origin(subsystem, version)
    where = f"{subsystem}@{version}"
    with TemporaryDirectory() as room:
        folder = Path(room)
        made = _Made(snapshot.suite, snapshot.contracts.get("", Contract()), target, name, snapshot.datasets, where)
        stored = store_dataset(made.write(folder), folder, storage)
    changed = replace(snapshot, suite=made.suite, datasets={**snapshot.datasets, made.name: stored})
    storage.joins.bring(changed, origin, author, what="generate")
    return made.told(where)


def _rows_in_folder(folder: Path, target: str, name: str) -> RowsMade:
    suite = read_suite(folder)
    contract = read_contracts(folder).get("", Contract())
    made = _Made(suite, contract, target, name, dataset_files(folder), str(folder))
    made.write(folder)
    path = folder / SCENARIOS / f"{made.slug}.yaml"
    if not (path.is_file() and append_cases(path, (made.case,))):
        update_suite(suite, made.suite, folder)
    return made.told(str(folder))


class _Made:
    """The case and its rows, and the suite with the case."""

    def __init__(
        self, suite: Suite, contract: Contract, target: str, name: str, datasets: Container[str], where: str
    ) -> None:
        if not contract.interfaces:
            hint = (
                "workbench generate --artifact JAR --out FOLDER makes its interfaces.json; of a version: artifact add"
            )
            raise UsageError("there is no contract of its own", where=where, hint=hint)
        named = parse_target(target)
        interface = find_interface(contract, named.interface, where=where)
        method = find_method(contract, replace(named, interface=interface.name), where=where)
        self.name = name or slug(f"{_simple(interface.name)}-{method.name}")
        check_name(self.name)
        if self.name in datasets:
            raise UsageError(f"there is a dataset {self.name}", where=where, hint="give the new one a name: --dataset")
        self.rows: Rows = boundary_rows(contract, interface.name, method, self.name)
        self.slug, self.suite = _with_case(suite, interface, _case(contract, interface, method, self.rows, self.name))
        self.case = self.suite.scenarios[self.slug].cases[-1]

    def write(self, folder: Path) -> Path:
        path = folder / DATASETS / f"{self.name}.json"
        path.parent.mkdir(exist_ok=True)
        plugins.dataset_formats()[".json"].write(self.rows.dataset, path)
        return path

    def told(self, where: str) -> RowsMade:
        count = len(self.rows.dataset.rows)
        return RowsMade(where=where, dataset=self.name, rows=count, case=self.case.id, notes=self.rows.notes)


def _case(contract: Contract, interface: Interface, method: Method, rows: Rows, dataset: str) -> Case:
    step = replace(atomic_step(contract, interface, method), request=rows.request, description="")
    about = "Edge values of the contract: say for each row what is right, then make it ready."
    return Case(case=f"{method.name}: edge values", description=about, state="draft", dataset=dataset, steps=(step,))


def _with_case(suite: Suite, interface: Interface, case: Case) -> tuple[str, Suite]:
    """In the scenario of the interface, which is made where there is none."""
    usual = slug(_simple(interface.name))
    found = next((key for key, each in suite.scenarios.items() if each.description == interface.name), "")
    if not found:
        found = usual if usual in suite.scenarios and not suite.scenarios[usual].description else ""
    if not found:
        found = free_slug(interface.name, (interface.group, interface.version), suite.scenarios)
    home = suite.scenarios.get(found) or Scenario(scenario=_simple(interface.name), description=interface.name)
    return found, add_missing_ids(
        replace(suite, scenarios={**suite.scenarios, found: replace(home, cases=(*home.cases, case))})
    )
