"""No answer tells where things lie on the server: of its paths only what stands below a folder of its own is said."""

import os
import re
import sysconfig
import tempfile
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from workbench.settings import Settings
from workbench_web.problems import Fault, Problem

# below a data directory: the folders of one request, one artifact, one version
_ROOMS = r"(?:tmp/\.[a-z]+-\w{8}/|artifacts/[0-9a-f]{64}/|suites/[0-9a-f]{64}/|suites/\.[0-9a-f]{16}-[0-9a-f]{8}/)?"


class Discreet:
    """Texts without the server's folders."""

    def __init__(self, settings: Settings, database: str = "") -> None:
        """`database`: its address, of which nothing is told either."""
        self._database = database
        found = _folders(settings)
        longest = sorted(found, key=len, reverse=True)
        self._below = re.compile(rf"(?<![\w./-])(?:{'|'.join(map(re.escape, longest))})(?:/{_ROOMS}|(?![\w-]|\.\w))")

    def problem(self, problem: Problem) -> Problem:
        return replace(
            problem, detail=self.text(problem.detail), where=self.text(problem.where), hint=self._hint(problem.hint),
            errors=tuple(map(self._fault, problem.errors)),
        )  # fmt: skip

    def text(self, text: str) -> str:
        named = text.replace(self._database, "the database") if self._database else text
        return self._below.sub("", named)

    def _fault(self, fault: Fault) -> Fault:
        return replace(fault, detail=self.text(fault.detail), where=self.text(fault.where), hint=self._hint(fault.hint))

    def _hint(self, text: str) -> str:
        """What sends somebody to a file of the server is no help to who asks over HTTP."""
        return "; ".join(each for each in text.split("; ") if not self._below.search(each))


def _folders(settings: Settings) -> Iterable[str]:
    own = [settings.data_dir, settings.runs_dir, Path.cwd(), Path.home(), Path(tempfile.gettempdir()),
           *(Path(sysconfig.get_path(name)) for name in ("purelib", "stdlib", "data"))]  # fmt: skip
    return {str(path) for each in own for path in (each.absolute(), each.resolve())} - {os.sep}
