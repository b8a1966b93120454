"""Finds the names of a method's parameters."""

from collections.abc import Sequence

from workbench_parsers.classfile import ClassFile
from workbench_parsers.classfile.members import Member
from workbench_parsers.sources.library import SourceLibrary


class ParameterNames:
    """MethodParameters (javac -parameters) first, then the sources, then arg0, arg1 …"""

    def __init__(self, sources: SourceLibrary) -> None:
        self._sources = sources

    def of(self, declaring: ClassFile, method: Member, erased: Sequence[str]) -> tuple[str, ...]:
        """One name for each of the method's erased parameter types."""
        for names in (method.parameter_names, self._sources.names(declaring.name, method.name, erased)):
            if len(names) == len(erased):
                return names
        return tuple(f"arg{index}" for index in range(len(erased)))
