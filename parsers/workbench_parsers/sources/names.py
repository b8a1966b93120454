"""Finds the names of a method's parameters."""

from collections.abc import Iterator, Sequence

from workbench.errors import ArtifactError
from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.classfile import ClassFile
from workbench_parsers.classfile.members import Member
from workbench_parsers.problems import Problems
from workbench_parsers.sources.javadoc import Javadoc, read_javadoc
from workbench_parsers.sources.library import SourceLibrary


class ParameterNames:
    """MethodParameters (javac -parameters), then the sources, then the implementing class, then arg0, arg1 …

    Interfaces are seldom compiled with -parameters, but implementations nearly always with debug data, which Maven
    and Gradle ask for by default.
    """

    def __init__(self, sources: SourceLibrary, path: ClassPath, problems: Problems) -> None:
        self._sources, self._path, self._problems = sources, path, problems

    def of(
        self, declaring: ClassFile, method: Member, erased: Sequence[str], resolved: Sequence[str], implementation: str
    ) -> tuple[tuple[str, ...], str]:
        """One name a parameter, and where they come from when that is not the interface itself (or nowhere).

        `resolved`: erasure as an implementation has it, with type arguments filled in.
        """
        for names, origin in self._candidates(declaring, method, erased, resolved, implementation):
            if len(names) == len(erased):
                return names, origin
        return tuple(f"arg{index}" for index in range(len(erased))), ""

    def doc(self, declaring: ClassFile, method: Member, erased: Sequence[str]) -> Javadoc:
        """What the sources say of the method."""
        found = self._sources.method(declaring.name, method.name, erased)
        return read_javadoc(found.doc) if found and found.doc else Javadoc()

    def _candidates(
        self, declaring: ClassFile, method: Member, erased: Sequence[str], resolved: Sequence[str], implementation: str
    ) -> Iterator[tuple[tuple[str, ...], str]]:
        yield method.parameter_names, ""
        found = self._sources.method(declaring.name, method.name, erased)
        if found is not None:
            yield found.parameters, self._sources.origin(declaring.name)
        yield method.local_names, ""
        names = self._implemented(implementation, method.name, (tuple(resolved), tuple(erased)))
        yield names, f"{self._path.origin(implementation)} ({implementation})"

    def _implemented(self, class_name: str, method: str, types: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
        """Names in the implementing class or what it extends."""
        seen = set[str]()
        while class_name and class_name not in seen:
            seen.add(class_name)
            found = self._path.find(class_name)
            if found is None:
                break
            for candidate in found.methods:
                if candidate.name == method and not candidate.is_synthetic and not candidate.is_static:
                    names = self._names(found, candidate, types)
                    if names:
                        return names
            class_name = found.super_name
        return ()

    def _names(self, class_: ClassFile, method: Member, types: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
        try:
            fits = tuple(map(str, method.erased.parameters)) in types
            return (method.parameter_names or method.local_names) if fits else ()
        except ArtifactError as error:
            self._problems.caught(error, self._path.where(class_.name))
            return ()
