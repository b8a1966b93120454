"""The classes of a tool jar whose methods can be called: static ones, and those of classes that can be made."""

from collections.abc import Iterator

from workbench.errors import ArtifactError
from workbench.model.library import Callable, LibraryClass
from workbench_parsers.archives.classpath import ClassPath
from workbench_parsers.classfile import ClassFile, access
from workbench_parsers.contract.methods import MethodReader
from workbench_parsers.problems import Problems
from workbench_parsers.recognise.libraries import LIBRARIES
from workbench_parsers.sources.library import SourceLibrary


def callable_classes(
    path: ClassPath, reader: MethodReader, sources: SourceLibrary, problems: Problems
) -> Iterator[LibraryClass]:
    """By name. Well-known libraries that a jar carries in itself are left out, unless it is one."""
    names = sorted(path.names())
    for name in [each for each in names if not each.replace(".", "/").startswith(LIBRARIES)] or names:
        found = path.find(name)
        if found is None or not _is_open(found):
            continue
        made = _can_be_made(found)
        methods = tuple(_methods(found, path, reader, problems, made=made))
        if methods:
            yield LibraryClass(name, methods, path.origin(name), sources.doc(name), made)


def _is_open(found: ClassFile) -> bool:
    hidden = found.is_interface or found.is_annotation or found.is_module or found.access & access.SYNTHETIC
    return bool(found.access & access.PUBLIC) and not hidden


def _can_be_made(found: ClassFile) -> bool:
    constructors = (each for each in found.methods if each.name == "<init>" and each.access & access.PUBLIC)
    return not found.access & access.ABSTRACT and any(each.descriptor == "()V" for each in constructors)


def _methods(
    found: ClassFile, path: ClassPath, reader: MethodReader, problems: Problems, *, made: bool
) -> Iterator[Callable]:
    """Own ones, then those of superclasses on the class path that are not overridden."""
    seen: set[str] = set()
    owner: ClassFile | None = found
    while owner is not None:
        for member in owner.methods:
            hidden = member.is_synthetic or member.name.startswith("<") or not member.access & access.PUBLIC
            if hidden or not (made or member.is_static) or member.name + member.descriptor in seen:
                continue
            seen.add(member.name + member.descriptor)
            try:
                yield Callable(reader.declared(owner, member, inherited=owner is not found), member.is_static)
            except ArtifactError as error:
                problems.caught(ArtifactError(f"method left out: {error.message}"), path.where(owner.name))
        name = owner.super_name
        owner = path.find(name) if name and name != owner.name else None
