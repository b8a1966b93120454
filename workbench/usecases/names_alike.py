"""Names of a version's files that differ in the case of letters only: macOS and Windows have one file for both."""

import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.errors import ErrorGroup, UsageError
from workbench.files import contract_path
from workbench.files.layout import SCENARIOS, SHARED
from workbench.storage import Snapshot

_HINT = "macOS and Windows have one file for both: rename one"


def names_alike(snapshot: Snapshot) -> list[str]:
    """Each group of them, as `datasets/Rows.csv and datasets/rows.csv`."""
    groups: dict[str, set[str]] = {}
    for name in _files(snapshot):
        groups.setdefault(unicodedata.normalize("NFC", name).casefold(), set()).add(name)
    return [" and ".join(sorted(group)) for group in groups.values() if len(group) > 1]


def warnings_of(snapshot: Snapshot) -> list[str]:
    return [f"{names} differ in case only: {_HINT}" for names in names_alike(snapshot)]


def refuse_alike(snapshot: Snapshot, folder: Path) -> None:
    """Raises ErrorGroup of UsageError where the folder, which has to be there, cannot hold all files of the version."""
    found = names_alike(snapshot)
    if found and one_for_both(folder):
        where = str(folder)
        raise ErrorGroup([UsageError(f"{names} would be one file here", where=where, hint=_HINT) for names in found])


def one_for_both(folder: Path) -> bool:
    """Is a name the same in small and capital letters there?"""
    with tempfile.NamedTemporaryFile(prefix=".case-", suffix="-a", dir=folder) as probe:
        path = Path(probe.name)
        return path.with_name(f"{path.name[:-1]}A").exists()


def _files(snapshot: Snapshot) -> Iterator[str]:
    suite = snapshot.suite
    yield from (f"{SCENARIOS}/{slug}.yaml" for slug in suite.scenarios)
    yield from (f"{SHARED}/{stem}.yaml" for stem in _stems(suite.shared))
    yield from (contract_path(name) for name in snapshot.contracts)
    yield from (file.path for file in (*snapshot.datasets.values(), *snapshot.artifacts))


def _stems(groups: Iterable[str]) -> set[str]:
    return {name.partition(".")[0] for name in groups}
