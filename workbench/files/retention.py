"""Old run folders make room: the newest stay, and none that a run may still be writing is touched."""

import math
import shutil
import time
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.files.runs import EVENTS, RunFolder, list_runs

_DAY_S = 86_400
_QUIET_S = 86_400  # a run without an end is taken for dead when nothing was written for so long


def prune_runs(root: Path, *, runs: int, days: int, now: float | None = None) -> list[Path]:
    """Remove all but the newest `runs`, and those older than `days`; 0 is no bound. Gives what was removed.

    A folder is renamed before it is emptied, so that an interrupted removal leaves nothing that looks like a run.
    What cannot be removed stays and is tried again the next time.
    """
    present = time.time() if now is None else now
    folders = list_runs(root)
    surplus = folders[: max(0, len(folders) - runs)] if runs else []
    aged = [path for path in folders if days and present - _written(path) > days * _DAY_S]
    chosen = dict.fromkeys([*surplus, *aged])
    return [path for path in chosen if path != folders[-1] and _over(path, present) and _remove(path)]


def _written(path: Path) -> float:
    events = path / EVENTS
    try:
        return (events if events.exists() else path).stat().st_mtime
    except FileNotFoundError:  # another run that ends has just removed it
        return math.inf


def _over(path: Path, now: float) -> bool:
    if now - _written(path) > _QUIET_S:
        return True
    try:
        return RunFolder.open(path).finished() is not None
    except WorkbenchError:  # damaged: left for whoever wants to look, until it is old
        return False


def _remove(path: Path) -> bool:
    grave = path.with_name(f".removed-{path.name}")
    try:
        path.rename(grave)
        shutil.rmtree(grave)
    except OSError:
        return False
    return True
