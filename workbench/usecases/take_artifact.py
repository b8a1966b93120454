"""A new artifact for a version: kept by content, compared with what was there; each case that it hits is flagged."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from workbench.catalog.diff import compare
from workbench.errors import ArtifactError, NotFoundError, UsageError
from workbench.model import json
from workbench.model.contract import Contract
from workbench.model.contract_diff import ContractDiff
from workbench.model.near import did_you_mean
from workbench.model.suite import SuiteFile
from workbench.settings import Settings
from workbench.storage import Author, Change, Flag, Snapshot, Storage, StoredFile
from workbench.storage.filestore import digest
from workbench.usecases.dependents import Dependent, HitCase, Hits, hit_dependents
from workbench.usecases.export_suite import parse_address
from workbench.usecases.impact import InterfaceState, interfaces_of
from workbench.usecases.import_artifact import import_artifact
from workbench.usecases.maven import Fetch, coordinates, fetcher
from workbench.usecases.resolve import SAMPLES, artifact_path, artifact_paths
from workbench.usecases.suite_files import inside

FOLDER = "artifacts"  # of those that replace none, in the suite's folder
_NUMBERED = re.compile(r"[-_]v?\d[\w.\-]*$")
SNAPSHOT = "-SNAPSHOT"
What = Literal["new", "replaced", "renewed", "unchanged"]


class TakenFile(Struct, frozen=True, omit_defaults=True):
    """An artifact as suite.yaml names it now, and what it stands in the place of. `renewed`: under its old name, with
    other bytes than were held here."""

    name: str
    what: What
    instead: str = ""
    sha256: str = ""
    size: int = 0


class Comparison(Struct, frozen=True):
    """What is kept of it with the flags."""

    files: tuple[TakenFile, ...]
    interfaces: tuple[InterfaceState, ...]
    diff: ContractDiff


class Taken(Struct, frozen=True, kw_only=True):
    """`save` is 0 for a preview and where nothing changed. `dependents`: versions of other subsystems with cases that
    are hit. `problems`: repositories that did not answer."""

    subsystem: str
    version: str
    dependency: str = ""
    files: tuple[TakenFile, ...]
    interfaces: tuple[InterfaceState, ...]
    diff: ContractDiff
    cases: tuple[HitCase, ...]
    changes: list[Change]
    save: int = 0
    dependents: tuple[Dependent, ...] = ()
    problems: tuple[str, ...] = ()


class Artifact(Struct, frozen=True, omit_defaults=True):
    """An artifact of a version. `sha256` of those that the file store has, and of `file`, to which Maven coordinates
    led here last."""

    dependency: str
    name: str
    sha256: str = ""
    size: int = 0
    file: str = ""


def artifacts_of(address: str, storage: Storage, fetched: Fetch | None = None) -> list[Artifact]:
    """Those of the subsystem itself, then of its dependencies; `fetched` knows those that were fetched before. Raises
    NotFoundError."""
    snapshot = storage.suites.get(*parse_address(address, storage))
    stored = {file.path: file for file in snapshot.artifacts}
    named = {"": snapshot.suite.file.artifacts}
    named |= {name: (*each.artifacts, *each.tool) for name, each in snapshot.suite.file.dependencies.items()}
    return [
        Artifact(dependency, name, file.sha256, file.size)
        if (file := stored.get(name))
        else _fetched(dependency, name, fetched)
        for dependency, names in named.items()
        for name in names
    ]


def _fetched(dependency: str, name: str, fetched: Fetch | None) -> Artifact:
    """A pom has no file of its own: what it stands for is many."""
    wanted = coordinates(name)
    if fetched is None or wanted is None or wanted.packaging == "pom":
        return Artifact(dependency, name)
    for path in fetched.held(name)[:1]:
        with suppress(OSError):  # it is fetched anew in this moment
            return Artifact(dependency, name, digest(path), path.stat().st_size, path.name)
    return Artifact(dependency, name)


def take_artifacts(
    address: str,
    given: Sequence[str],
    storage: Storage,
    settings: Settings,
    author: Author,
    *,
    dependency: str = "",
    instead: Sequence[str] = (),
    preview: bool = False,
    fetch: Fetch | None = None,
    strict: bool = False,
) -> Taken:
    """Put artifacts (files, `samples://NAME`, Maven coordinates) into a version, in one save with the comparison.

    Each stands in the place of the one that is the same but for its version, and of those that `instead` names. Cases
    that call what changed are flagged, also those of other subsystems' versions that depend on this one.
    `dependency`: whose they are; "": the subsystem's own. `strict`: a repository that does not answer is an error, even
    where Maven goes on without. Raises ArtifactError, UsageError, NotFoundError.
    """
    subsystem, version = parse_address(address, storage)
    snapshot, origin = storage.suites.get_with_origin(subsystem, version)
    placed = _placed(named(snapshot.suite.file, dependency), given, instead)
    fetch = fetch or fetcher(settings)
    with TemporaryDirectory(prefix="workbench-artifacts-") as scratch:
        files = _Files(snapshot, placed, storage, settings, Path(scratch), fetch)
        old, new = files.contract_before(dependency), files.contract_after(dependency)
        taken = files.taken()
        if strict and fetch.doubts:
            raise ArtifactError(fetch.doubts[0], where=address, hint="a repository does not answer")
        changed = _changed(snapshot, dependency, placed.wanted, new, () if preview else files.stored())
    diff = compare(old, new, names=_sides(taken))
    comparison = Comparison(taken, interfaces_of(old, new, diff), diff)
    hits = Hits.of(changed.suite, diff, dependency, json.dumps(comparison))
    dependents = () if dependency else hit_dependents(subsystem, version, diff, hits.impact.body, storage)
    changes, save = list[Change](), 0
    if not preview:
        said = replace(author, message=author.message or ", ".join(file.name for file in taken))
        spread = [each.spread for each in dependents]
        brought = storage.joins.bring(changed, origin, said, what="artifact", impact=hits.impact, spread=spread)
        changes, save = brought.changes, brought.origin.save if brought.changes else 0
    return Taken(
        subsystem=subsystem,
        version=version,
        dependency=dependency,
        files=taken,
        interfaces=comparison.interfaces,
        diff=diff,
        cases=hits.cases,
        changes=changes,
        save=save,
        dependents=tuple(each.told for each in dependents),
        problems=tuple(fetch.doubts),
    )


def _sides(files: Sequence[TakenFile]) -> tuple[str, str]:
    """Names of the comparison's sides."""
    return ", ".join(file.instead or file.name for file in files if file.what != "new"), ", ".join(
        f.name for f in files
    )


def flags(address: str, storage: Storage, *, settled: bool = False) -> list[Flag]:
    """Raises NotFoundError."""
    return storage.impacts.flags(*parse_address(address, storage), settled=settled)


def impacted(address: str, storage: Storage) -> tuple[str, ...]:
    """Ids of the cases with an open flag. Raises UsageError when there is none."""
    found = tuple(dict.fromkeys(flag.case for flag in flags(address, storage)))
    if not found:
        raise UsageError("no case is hit by a new artifact, or all flags are settled", where=address)
    return found


def settle(address: str, cases: Sequence[str] | None, storage: Storage, author: Author) -> int:
    """Say of these cases, or of all, that somebody has looked at them; gives how many flags that settles. Raises
    NotFoundError for a case that no artifact has hit."""
    flagged = {flag.case for flag in flags(address, storage, settled=True)} if cases else set()
    for case in cases or ():
        if case not in flagged:
            hint = did_you_mean(case, flagged) or "`workbench artifact flags` tells those that have"
            raise NotFoundError(f"the case {case!r} has no flag", where=address, hint=hint)
    return storage.impacts.settle(*parse_address(address, storage), cases, author)


def named(file: SuiteFile, dependency: str) -> tuple[str, ...]:
    """The artifacts that suite.yaml names. Raises UsageError for a dependency that it has not."""
    if not dependency:
        return file.artifacts
    if dependency not in file.dependencies:
        hint = did_you_mean(dependency, file.dependencies)
        raise UsageError(f"{file.subsystem} has no dependency {dependency!r}", hint=hint)
    return file.dependencies[dependency].artifacts


class _Placed(NamedTuple):
    """Names in suite.yaml before and after, and of each that is given (text, name, name that it replaces)."""

    before: tuple[str, ...]
    wanted: tuple[str, ...]
    given: tuple[tuple[str, str, str], ...]


def _placed(before: tuple[str, ...], given: Sequence[str], instead: Sequence[str]) -> _Placed:
    unknown = [name for name in instead if name not in before]
    if unknown:
        raise UsageError(f"the version has no artifact {unknown[0]!r}", hint=did_you_mean(unknown[0], before))
    wanted, named, places = list(before), list(instead), list[tuple[str, str, str]]()
    for text in given:
        old = named.pop(0) if named else next((name for name in wanted if _kind(name) == _kind(text)), "")
        name = text if coordinates(text) or text.startswith(SAMPLES) else _path(text, old)
        if old in wanted:
            wanted[wanted.index(old)] = name
        elif name not in wanted:
            wanted.append(name)
        places.append((text, name, old))
    return _Placed(before, tuple(name for name in wanted if name not in named), tuple(places))


def _kind(name: str) -> str:
    """An artifact without its version: `order-api.jar` of lib/order-api-1.0.0.jar, `com.example:order-api:jar:`."""
    found = coordinates(name)
    if found:
        return ":".join((found.group, found.artifact, found.packaging, found.classifier))
    path = PurePosixPath(name)
    return _NUMBERED.sub("", path.stem) + path.suffix


def _path(text: str, old: str) -> str:
    """Where a file stands in the suite's folder: where the one stood that it replaces."""
    inside_ = bool(old) and not coordinates(old) and "://" not in old and not old.startswith(("/", "../"))
    return ((PurePosixPath(old).parent if inside_ else PurePosixPath(FOLDER)) / Path(text).name).as_posix()


class _Files:
    """The artifacts of a version before and after, as files that can be read."""

    def __init__(
        self, snapshot: Snapshot, placed: _Placed, storage: Storage, settings: Settings, scratch: Path, fetch: Fetch
    ) -> None:
        self._snapshot, self._placed = snapshot, placed
        self._storage, self._settings, self._scratch = storage, settings, scratch
        self._held = {file.path: file for file in snapshot.artifacts}
        self._fetch = fetch
        self._earlier = {text: digest(path) for text, _, _ in placed.given for path in fetch.held(text)[:1]}
        self._local = {
            name: artifact_path(text, Path.cwd())
            for text, name, _ in placed.given
            if name != text or not (coordinates(text) or text.startswith(SAMPLES))
        }

    def contract_before(self, dependency: str) -> Contract:
        """What the version holds, else that of its artifacts."""
        kept = self._snapshot.contracts.get(dependency)
        return kept if kept is not None else self._parsed(dependency, self._placed.before, {})

    def contract_after(self, dependency: str) -> Contract:
        return self._parsed(dependency, self._placed.wanted, self._local)

    def _parsed(self, dependency: str, names: Sequence[str], local: Mapping[str, Path]) -> Contract:
        if not names:
            return Contract()
        file = self._snapshot.suite.file
        sources = file.dependencies[dependency].sources if dependency else file.sources
        return import_artifact(
            [path for name in names for path in self._paths(name, local)],
            sources=[path for name in sources for path in self._paths(name, {})] or self._fetch.sources(names),
            limits=self._settings.parse_limits,
        )

    def _paths(self, name: str, local: Mapping[str, Path]) -> list[Path]:
        if name in local:
            return [local[name]]
        if name in self._held:
            path = self._scratch / inside(self._held[name])
            self._storage.files.bring(self._held[name].sha256, path, link=True)
            return [path]
        return artifact_paths([name], self._fetch)

    def stored(self) -> tuple[StoredFile, ...]:
        """The given files, now in the file store."""
        return tuple(StoredFile(name, *self._storage.files.put(path)) for name, path in self._local.items())

    def taken(self) -> tuple[TakenFile, ...]:
        return tuple(self._taken(*each) for each in self._placed.given)

    def _taken(self, text: str, name: str, old: str) -> TakenFile:
        path = self._local.get(name) or self._paths(name, {})[0]
        sha256, held = digest(path), self._held.get(old)
        same = old == name and (held is None or held.sha256 == sha256)
        what: What = "unchanged" if same else "replaced" if old else "new"
        if same and name.endswith(SNAPSHOT) and self._earlier.get(name) != sha256:
            what = "renewed"
        return TakenFile(name, what, old if old != name else "", sha256, path.stat().st_size)


def _changed(
    snapshot: Snapshot, dependency: str, names: tuple[str, ...], contract: Contract, stored: Sequence[StoredFile]
) -> Snapshot:
    """The version as it is to be: files that nothing names any longer go."""
    file = snapshot.suite.file
    gone = set(named(file, dependency)) - set(names)
    if dependency:
        own = replace(file.dependencies[dependency], artifacts=names)
        file = replace(file, dependencies={**file.dependencies, dependency: own})
    else:
        file = replace(file, artifacts=names)
    new = {each.path: each for each in stored}
    kept = [each for each in snapshot.artifacts if each.path not in new and each.path not in gone]
    artifacts = tuple(sorted((*kept, *new.values()), key=lambda each: each.path))
    suite = replace(snapshot.suite, file=file)
    return replace(snapshot, suite=suite, contracts={**snapshot.contracts, dependency: contract}, artifacts=artifacts)
