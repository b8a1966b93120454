"""The interfaces that a service extends, and what their type parameters stand for in it."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from workbench.errors import ArtifactError
from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.classfile import ClassFile
from workbench_parsers.classfile.types import Argument
from workbench_parsers.contract.generics import declaration
from workbench_parsers.contract.substitution import Bindings, bind, erased_bindings
from workbench_parsers.problems import Problems

# Java's own interfaces stand in no artifact; these have no methods, so that nothing is missed.
_MARKERS = {"java.io.Serializable", "java.lang.Cloneable", "java.rmi.Remote", "java.util.EventListener"}


class Level(Struct, frozen=True):
    """An interface of the hierarchy with what its type parameters stand for."""

    class_: ClassFile
    bindings: Bindings


class Hierarchies:
    """Supertypes of interfaces on a class path. What is missing or broken becomes a warning."""

    def __init__(self, path: ClassPath, problems: Problems) -> None:
        self._path, self._problems = path, problems

    def levels(self, service: ClassFile) -> Iterator[Level]:
        """The interface and all it extends, nearer ones first, each once."""
        waiting = [Level(service, erased_bindings(declaration(service).parameters))]
        seen = {service.name}
        for level in waiting:  # grows while it is walked
            yield level
            for extended in declaration(level.class_).interfaces:
                if extended.name in seen:
                    continue
                seen.add(extended.name)
                parent = self._path.find(extended.name)
                if parent is None:
                    self._missing(service, extended.name)
                else:
                    waiting.append(Level(parent, self._bind(level, parent, extended.all_arguments)))

    def extends(self, class_: ClassFile, name: str) -> bool:
        """Whether an interface is a subtype of another one, other than itself."""
        waiting, seen = list(class_.interfaces), set[str]()
        while waiting:
            current = waiting.pop()
            if current == name:
                return True
            parent = None if current in seen else self._path.find(current)
            seen.add(current)
            waiting.extend(parent.interfaces if parent else ())
        return False

    def _bind(self, level: Level, parent: ClassFile, arguments: Sequence[Argument]) -> Bindings:
        parameters = declaration(parent).parameters
        try:
            return bind(parameters, arguments, level.bindings)
        except ArtifactError as error:
            self._problems.caught(error, self._path.where(level.class_.name))
            return erased_bindings(parameters)

    def _missing(self, service: ClassFile, name: str) -> None:
        if name in _MARKERS:
            return
        if name.startswith("java."):
            message = f"extends {name}: methods of Java's own interfaces stand in no artifact and are left out"
            self._problems.add(self._path.where(service.name), message)
            return
        why = "cannot be read" if name in self._path else "is in none of the artifacts"
        message = f"extends {name}, which {why}: methods inherited from it are missing"
        self._problems.add(self._path.where(service.name), message)
