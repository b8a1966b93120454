"""Sources jars, opened entry by entry as their classes are asked for."""

from collections.abc import Sequence
from typing import Self

from workbench.errors import ArtifactError
from workbench_parsers.archives.archive import Archive
from workbench_parsers.problems import Problems
from workbench_parsers.sources.scanner import SourceMethod, scan

_MAX_BYTES = 4 * 1024 * 1024  # of one source file; more is generated, and nobody reads its names


class SourceLibrary:
    """Looks methods up by class, name, arity and simple types. Owns the archives: `close` closes them."""

    def __init__(self, archives: Sequence[Archive], problems: Problems) -> None:
        self._archives, self._problems = archives, problems
        self._scanned: dict[str, dict[str, list[SourceMethod]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for archive in self._archives:
            archive.close()

    def names(self, class_name: str, method: str, erased: Sequence[str]) -> tuple[str, ...]:
        """Parameter names of the method with these erased types; empty when the sources do not have it."""
        file = f"{class_name.split('$')[0].replace('.', '/')}.java"
        nested = class_name.rpartition(".")[2].replace("$", ".")
        overloads = [found for found in self._file(file).get(nested, ()) if found.name == method]
        fitting = [found for found in overloads if len(found.types) == len(erased)]
        if len(fitting) > 1:
            simple = tuple(map(_simple, erased))
            fitting = [found for found in fitting if found.types == simple]
        return fitting[0].parameters if len(fitting) == 1 else ()

    def _file(self, name: str) -> dict[str, list[SourceMethod]]:
        if name not in self._scanned:
            self._scanned[name] = self._scan(name)
        return self._scanned[name]

    def _scan(self, name: str) -> dict[str, list[SourceMethod]]:
        for archive in self._archives:
            if name not in archive.entries or archive.entries[name].file_size > _MAX_BYTES:
                continue
            try:
                return scan(archive.read(name).decode("utf-8", "replace"))
            except ArtifactError as error:
                self._problems.caught(error, archive.where(name))
        return {}


def _simple(erased: str) -> str:
    """`java.util.Map$Entry[]` → Entry[], as a source may write it in its shortest form."""
    return erased.rsplit(".", 1)[-1].rsplit("$", 1)[-1]
