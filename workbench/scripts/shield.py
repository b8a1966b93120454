"""The sandbox's processes do not hear what a terminal or a service manager says to all of a group.

Ctrl-C reaches every process of the terminal's group. The run ends its scripts itself, in order; a sandbox that died of
the same key would make an error of a script, and end a teardown that was to run.
"""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic_monty._binary import find_monty_binary  # not public; the release is pinned


@contextmanager
def shielded() -> Iterator[str]:
    """The program for a pool of sandboxes. What a shell ignores stays ignored in what it becomes (POSIX, exec).

    Raises FileNotFoundError when the sandbox is not installed.
    """
    binary = find_monty_binary()
    with TemporaryDirectory(prefix="workbench-scripts-") as folder:
        shield = Path(folder) / "monty"
        shield.write_text(f"#!/bin/sh\ntrap '' INT HUP TERM\nexec {shlex.quote(binary)} \"$@\"\n", "utf-8")
        shield.chmod(0o700)
        yield str(shield) if os.access(shield, os.X_OK) else binary  # not where /tmp is mounted noexec
