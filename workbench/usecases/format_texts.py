"""The canonical form of suite files that are texts, not files."""

import re
from collections.abc import Mapping
from pathlib import Path

from workbench.errors import UsageError
from workbench.files import ScriptCheck, format_suite
from workbench.files.layout import SUITE_FILE

_FILE = re.compile(r"suite\.yaml|(scenarios|shared)/[^/\\\x00-\x1f]{1,150}\.yaml")
_STAND_IN = "suite: s\nsubsystem: s\nversion: '1'\n"


def format_texts(texts: Mapping[str, str], room: Path, scripts: ScriptCheck | None = None) -> dict[str, str]:
    """Those of the files whose canonical form is another, in it. `room`: an empty folder; `texts`: path in the suite's
    folder → YAML, which needs no suite.yaml. Raises UsageError for other paths, ErrorGroup of what is wrong in them.

    `scripts`: also tell what a run would refuse.
    """
    for name in texts:
        if not _FILE.fullmatch(name):
            hint = "suite.yaml, scenarios/NAME.yaml, shared/NAME.yaml"
            raise UsageError(f"{name[:80]!r} is no file of a suite that has a canonical form", hint=hint)
    for name, text in {SUITE_FILE: _STAND_IN, **texts}.items():
        path = room / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    if scripts is not None:
        format_suite(room, check=True, scripts=scripts)
    changed = [path.relative_to(room).as_posix() for path in format_suite(room)]
    return {name: (room / name).read_bytes().decode() for name in changed if name in texts}
