"""What a version names by Maven coordinates, fetched anew and compared: on demand, before a run, by a timer."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from workbench.errors import ArtifactError, UsageError
from workbench.model.plan import FlaggedCase, Refreshed, Renewed
from workbench.model.suite import SuiteFile
from workbench.settings import Settings
from workbench.storage import Author, Storage
from workbench.usecases.export_suite import parse_address
from workbench.usecases.maven import Fetch, coordinates, fetcher, newest
from workbench.usecases.take_artifact import SNAPSHOT, Taken, named, take_artifacts

_NONE = "no artifact is named by Maven coordinates"
_HINT = "`workbench artifact add` takes GROUP:ARTIFACT:VERSION"


class Wish(Struct, frozen=True):
    """What a run asks for. `newer`: None, as the version says (`refresh` of its settings); False, nothing, whatever
    else is said. `releases`: newer releases too; `strict`: no run when a repository does not answer."""

    newer: bool | None = None
    releases: bool = False
    strict: bool = False

    @property
    def explicit(self) -> bool:
        """Whether it asks for more than the version says: that saves, and takes the right to edit."""
        return self.newer is not False and bool(self.newer or self.releases or self.strict)


def refresh(
    address: str,
    storage: Storage,
    settings: Settings,
    author: Author,
    *,
    dependency: str = "",
    releases: bool = False,
    preview: bool = False,
    strict: bool = False,
) -> Taken:
    """Fetch what the version names by Maven coordinates anew, and compare it like an upload: newer snapshots, and with
    `releases` newer releases, whose coordinates the version holds from then on.

    `strict`: see take_artifacts. Raises UsageError for a version that names none, ArtifactError.
    """
    subsystem, version = parse_address(address, storage)
    names = named(storage.suites.get(subsystem, version).suite.file, dependency)
    wanted = [name for name in names if coordinates(name)]
    if not wanted:
        raise UsageError(_NONE, where=f"{subsystem}@{version}", hint=_HINT)
    fetch = fetcher(settings)
    given = [_newest(name, settings, fetch) if releases else name for name in wanted]
    return take_artifacts(
        address, given, storage, settings, author,
        dependency=dependency, preview=preview, fetch=fetch, strict=strict,
    )  # fmt: skip


def _newest(name: str, settings: Settings, fetch: Fetch) -> str:
    found, doubts = newest(name, settings)
    fetch.doubts += [each for each in doubts if each not in fetch.doubts]
    return found


def refresh_all(
    address: str, storage: Storage, settings: Settings, author: Author, *, releases: bool = False, strict: bool = False
) -> Refreshed:
    """The same for a version and all of its dependencies, before a run. Where a repository does not answer, what is
    there stays and a problem says so; `strict`: it is an error.

    Raises UsageError for a version that names nothing by coordinates, ArtifactError, ConflictError.
    """
    subsystem, version = parse_address(address, storage)
    file = storage.suites.get(subsystem, version).suite.file
    parts = _coordinates(file)
    if not any(parts.values()):
        raise UsageError(_NONE, where=f"{subsystem}@{version}", hint=_HINT)
    place = f"{subsystem}@{version}"
    found = Refreshed()
    for dependency, names in parts.items():
        if not names:
            continue
        try:
            taken = refresh(place, storage, settings, author, dependency=dependency, releases=releases, strict=strict)
        except ArtifactError as error:
            if strict:
                raise
            kept = tuple(Renewed(name, "kept", dependency) for name in names)
            found = _plus(found, Refreshed(artifacts=kept, problems=(str(error),)))
        else:
            found = _plus(found, _told(taken, releases))
    return found


def before_run(address: str, storage: Storage, settings: Settings, wish: Wish, author: Author) -> Refreshed | None:
    """What is fetched before a run of a version, as the run wishes or else as the version says; None: nothing.

    What the version says was said by who may edit it, so it holds for everybody who may run it. Raises what
    `refresh_all` raises; a version that says so and names nothing by coordinates fetches nothing.
    """
    if wish.newer is False:
        return None
    file = storage.suites.get(*parse_address(address, storage)).suite.file
    if wish.explicit:
        releases = wish.releases or (wish.newer is None and file.refresh == "always")
        return refresh_all(address, storage, settings, author, releases=releases, strict=wish.strict)
    if file.refresh == "never" or not any(_coordinates(file).values()):
        return None
    said = replace(author, message="fetched before a run, as the version says", groups=None)
    return refresh_all(address, storage, settings, said, releases=file.refresh == "always")


def _coordinates(file: SuiteFile) -> dict[str, list[str]]:
    """What is named by Maven coordinates: by the version itself (""), and by its dependencies."""
    return {name: [text for text in named(file, name) if coordinates(text)] for name in ("", *file.dependencies)}


def _plus(one: Refreshed, other: Refreshed) -> Refreshed:
    return Refreshed(
        artifacts=one.artifacts + other.artifacts,
        flagged=one.flagged + other.flagged,
        saves=one.saves + other.saves,
        problems=one.problems + tuple(each for each in other.problems if each not in one.problems),
    )


def _told(taken: Taken, releases: bool) -> Refreshed:
    """Where a repository did not answer, nobody knows whether what is unchanged is the newest."""
    silent = bool(taken.problems)
    artifacts = []
    for file in taken.files:
        asked = releases or file.name.endswith(SNAPSHOT)
        what = "kept" if silent and asked and file.what == "unchanged" else file.what
        artifacts.append(Renewed(file.name, what, taken.dependency, file.instead, file.sha256))
    saves = (taken.save,) if taken.save else ()
    return Refreshed(artifacts=tuple(artifacts), flagged=tuple(_flagged(taken)), saves=saves, problems=taken.problems)


def _flagged(taken: Taken) -> Iterator[FlaggedCase]:
    """Only what is kept is flagged: a comparison without a save keeps nothing."""
    if not taken.save:
        return
    for case in taken.cases:
        yield FlaggedCase(case.id, case.name, case.severity)
    for each in taken.dependents:
        for case in each.cases:
            yield FlaggedCase(case.id, case.name, case.severity, f"{each.subsystem}@{each.version}")
