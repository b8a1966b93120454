"""`.workbench/origin.json` in a suite folder: the save of the database that the folder was last equal to.

It is no part of the suite: git does not see it, and without it the folder is only not known to come from anywhere.
"""

from pathlib import Path

import msgspec

from workbench.errors import SuiteError
from workbench.files.atomic import write_text
from workbench.model import json
from workbench.model.origin import Origin

ORIGIN = Path(".workbench") / "origin.json"
_decoder = json.decoder_for(tuple[Origin, ...])


def read_origin(folder: Path, subsystem: str, version: str) -> Origin | None:
    """That of a version; None where there is none. Raises SuiteError for a file that is no such."""
    return next((each for each in _read(folder) if (each.subsystem, each.version) == (subsystem, version)), None)


def write_origin(folder: Path, origin: Origin, *, alone: bool = False) -> None:
    """`alone`: forget those of other versions, since the folder has changes of this one that nobody made in it.

    Raises OSError where the folder cannot be written.
    """
    others = () if alone else _read(folder)
    kept = [each for each in others if (each.subsystem, each.version) != (origin.subsystem, origin.version)]
    write_text(folder / ORIGIN.parent / ".gitignore", "*\n")
    write_text(folder / ORIGIN, json.pretty([*kept, origin]) + "\n")


def _read(folder: Path) -> tuple[Origin, ...]:
    path = folder / ORIGIN
    try:
        origins: tuple[Origin, ...] = _decoder.decode(path.read_bytes())
    except FileNotFoundError:
        return ()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        hint = "remove it: the folder then counts as one that comes from nowhere"
        raise SuiteError(f"it does not tell what the folder is made of: {error}", where=str(path), hint=hint) from error
    return origins
