"""A `workbench serve` of a test's own, as a process, seen from outside: its address, memory and open files."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

COMMAND = (sys.executable, "-m", "workbench", "serve", "--no-login", "--port", "0")


class Serving(NamedTuple):
    """`port` on 127.0.0.1, `data`: its data directory, `process`: for looking at, and for killing."""

    port: int
    data: Path
    process: "subprocess.Popen[str]"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"

    def peak_mb(self) -> int:
        """The most memory that it has held."""
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{self.process.pid}/status").read_text())
        assert found
        return int(found[1]) // 1024

    def unlinked(self) -> list[str]:
        """Files that it holds open and that have no name any more."""
        found = []
        for each in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                found.append(os.readlink(each))
        return [name for name in found if name.endswith("(deleted)") and not name.startswith("/memfd")]

    def files(self) -> set[str]:
        """All that lies in its data directory, the database itself left out."""
        found = (path for path in self.data.rglob("*") if path.is_file() and not path.name.startswith("workbench.db"))
        return {path.relative_to(self.data).as_posix() for path in found}


@contextlib.contextmanager
def serving(folder: Path, environ: Mapping[str, str] = {}) -> Iterator[Serving]:
    """It is killed in the end."""
    with subprocess.Popen(
        COMMAND, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env={**os.environ, **environ}
    ) as process:
        try:
            assert process.stdout is not None
            (port,) = re.findall(r"http://127.0.0.1:(\d+)/api/v1", process.stdout.readline())
            yield Serving(int(port), folder / ".workbench", process)
        finally:
            process.kill()
