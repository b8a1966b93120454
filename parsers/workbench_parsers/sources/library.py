"""Sources jars, opened entry by entry as their classes are asked for."""

from collections.abc import Sequence
from typing import Self

from workbench.errors import ArtifactError
from workbench_parsers.archives.archive import Archive
from workbench_parsers.problems import Problems
from workbench_parsers.sources.javadoc import read_javadoc
from workbench_parsers.sources.scanner import Source, SourceMethod, scan

_MAX_BYTES = 4 * 1024 * 1024  # of one source file; more is generated, and nobody reads its names


class SourceLibrary:
    """Looks methods up by class, name, arity and simple types. Owns the archives: `close` closes them."""

    def __init__(self, archives: Sequence[Archive], problems: Problems) -> None:
        self._archives, self._problems = archives, problems
        self._scanned: dict[str, Source] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for archive in self._archives:
            archive.close()

    def method(self, class_name: str, method: str, erased: Sequence[str]) -> SourceMethod | None:
        """The method with these erased types; None when the sources do not have it."""
        file, nested = _place(class_name)
        overloads = [found for found in self._file(file).methods.get(nested, ()) if found.name == method]
        fitting = [found for found in overloads if len(found.types) == len(erased)]
        if len(fitting) > 1:
            simple = tuple(map(_simple, erased))
            fitting = [found for found in fitting if found.types == simple]
        return fitting[0] if len(fitting) == 1 else None

    def doc(self, class_name: str, field: str = "") -> str:
        """What the Javadoc says of a type, or of a field of it."""
        file, nested = _place(class_name)
        comment = self._file(file).docs.get(f"{nested}#{field}" if field else nested, "")
        return read_javadoc(comment).text if comment else ""

    def origin(self, class_name: str) -> str:
        """The sources jar that has the class; empty when none has."""
        file, _ = _place(class_name)
        return next((archive.origin for archive in self._archives if file in archive.entries), "")

    def _file(self, name: str) -> Source:
        if name not in self._scanned:
            self._scanned[name] = self._scan(name)
        return self._scanned[name]

    def _scan(self, name: str) -> Source:
        for archive in self._archives:
            if name not in archive.entries or archive.entries[name].file_size > _MAX_BYTES:
                continue
            try:
                return scan(archive.read(name).decode("utf-8", "replace"))
            except ArtifactError as error:
                self._problems.caught(error, archive.where(name))
        return Source({}, {})


def _place(class_name: str) -> tuple[str, str]:
    """`a.b.Outer$Inner` → its file and its name there, `Outer.Inner`."""
    file = f"{class_name.split('$')[0].replace('.', '/')}.java"
    return file, class_name.rpartition(".")[2].replace("$", ".")


def _simple(erased: str) -> str:
    """`java.util.Map$Entry[]` → Entry[], as a source may write it in its shortest form."""
    return erased.rsplit(".", 1)[-1].rsplit("$", 1)[-1]
