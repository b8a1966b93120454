"""ClassPath: every class of the given artifacts by name, read when it is asked for."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from workbench.errors import ArtifactError
from workbench.plugin_api import ParseLimits
from workbench_parsers.archives import layout
from workbench_parsers.archives.archive import Archive
from workbench_parsers.archives.budget import Budget
from workbench_parsers.classfile import ClassFile
from workbench_parsers.classfile.reader import NEWEST_MAJOR
from workbench_parsers.problems import Problems


class Root:
    """A folder of classes in an archive; `depth` 1 is the uploaded artifact itself, 2 a library in it."""

    __slots__ = ("archive", "artifact", "depth", "folder", "names")

    def __init__(self, archive: Archive, folder: str, depth: int, artifact: int) -> None:
        self.archive, self.folder, self.depth, self.artifact = archive, folder, depth, artifact
        self.names: list[str] = []  # of its classes, as `com/example/Foo`

    @property
    def origin(self) -> str:
        return self.archive.origin

    def entry(self, name: str) -> str:
        return f"{self.folder}{name}.class"


class ClassPath:
    """Artifacts in the given order, in each its own classes before its libraries; the first class of a name counts.

    A context manager: closes the files. Raises ArtifactError when an artifact is no archive, LimitError beyond limits;
    what else cannot be read becomes a warning in `problems`.
    """

    def __init__(self, paths: Sequence[Path], limits: ParseLimits, problems: Problems) -> None:
        self.roots: list[Root] = []
        self.archives: list[Archive] = []
        self._limits, self._problems = limits, problems
        self._budget = Budget(limits)
        self._places: dict[str, Root] = {}
        self._loaded: dict[str, ClassFile | None] = {}
        with ExitStack() as stack:
            for number, path in enumerate(paths):
                archive = Archive.open(path, self._budget)
                stack.callback(archive.close)
                self._add(archive, 1, number)
            self._files = stack.pop_all()

    def __enter__(self) -> "ClassPath":
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()

    # classes

    def __contains__(self, name: str) -> bool:
        return name.replace(".", "/") in self._places

    def names(self) -> Iterator[str]:
        """All classes, as `com.example.Outer$Inner`."""
        return (name.replace("/", ".") for name in self._places)

    def find(self, name: str) -> ClassFile | None:
        """The class, or None when no artifact has it or it cannot be read (which is then a warning)."""
        key = name.replace(".", "/")
        if key not in self._loaded:
            root = self._places.get(key)
            self._loaded[key] = None if root is None else self._load(root, key)
        return self._loaded[key]

    def origin(self, name: str) -> str:
        """The archive that has the class; empty when none has."""
        root = self._places.get(name.replace(".", "/"))
        return root.origin if root else ""

    def where(self, name: str) -> str:
        """`archive!entry` of a class, for messages; its name when there is none."""
        key = name.replace(".", "/")
        root = self._places.get(key)
        return root.archive.where(root.entry(key)) if root else name

    def root_of(self, name: str) -> Root | None:
        """Where the class is; None when no artifact has it."""
        return self._places.get(name.replace(".", "/"))

    def mentioning(self, root: Root, words: Sequence[bytes], without: tuple[str, ...]) -> Iterator[ClassFile]:
        """Classes of a root whose bytes hold one of `words`; of all others nothing but the bytes is looked at.

        Classes whose names (`com/example/Foo`) start with one of `without` are not looked at.
        """
        for key in root.names:
            if key.startswith(without) or self._places[key] is not root:
                continue
            try:
                data = root.archive.read(root.entry(key))
            except ArtifactError as error:
                self._problems.caught(error, root.archive.where(root.entry(key)))
                continue
            found = any(word in data for word in words) and self.find(key)
            if found:
                yield found

    def _load(self, root: Root, key: str) -> ClassFile | None:
        where = root.archive.where(root.entry(key))
        try:
            found = ClassFile(root.archive.read(root.entry(key)))
            self._check(found, key, root, where)
        except ArtifactError as error:
            self._problems.caught(error, where)
            return None
        return found

    def _check(self, found: ClassFile, key: str, root: Root, where: str) -> None:
        if found.name.replace(".", "/") != key:
            raise ArtifactError(f"holds the class {found.name}, not the one of its name", where=where)
        if found.major > NEWEST_MAJOR:
            java = f"class files of version {found.major} (Java {found.major - 44})"
            self._problems.add(root.origin, f"{java} are newer than Java {NEWEST_MAJOR - 44}: read as far as known")

    # archives

    def _add(self, archive: Archive, depth: int, artifact: int) -> None:
        self.archives.append(archive)
        for where, message in archive.remarks:
            self._problems.add(where, message)
        for folder in layout.class_folders(archive.entries):
            self._add_root(Root(archive, folder, depth, artifact))
        for name in layout.libraries(archive.entries):
            self._add_library(archive, name, depth, artifact)

    def _add_library(self, archive: Archive, name: str, depth: int, artifact: int) -> None:
        where = archive.where(name)
        if depth >= self._limits.max_depth:
            self._problems.add(where, f"not read: archives are nested deeper than max_depth {self._limits.max_depth}")
            return
        try:
            self._add(archive.nested(name), depth + 1, artifact)
        except ArtifactError as error:
            self._problems.caught(error, where)

    def _add_root(self, root: Root) -> None:
        start = len(root.folder)
        places = self._places
        for entry in root.archive.entries:
            if not entry.endswith(".class") or not entry.startswith(root.folder):
                continue
            name = entry[start:-6]
            # META-INF/versions holds other builds of classes that stand in the root, with the same interface.
            if name.startswith("META-INF/") or name.endswith(("module-info", "package-info")):
                continue
            root.names.append(name)
            places.setdefault(name, root)
        self.roots.append(root)
