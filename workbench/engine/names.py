"""Which names expressions and scripts read and write, so that what is missing is found before any call."""

from typing import Protocol

from workbench.engine.compiled import Uses
from workbench.engine.ports import Program
from workbench.expr import Reference


class _Refers(Protocol):
    @property
    def references(self) -> frozenset[Reference]: ...


class NameCollector:
    def __init__(self) -> None:
        self.references: set[Reference] = set()
        self.writes: set[str] = set()
        self._script_columns: set[str] = set()
        self._script_config: set[str] = set()

    def read(self, compiled: _Refers | None) -> None:
        if compiled is not None:
            self.references.update(compiled.references)

    def read_script(self, program: Program) -> None:
        places = {"addContext": self.writes, "getRow": self._script_columns, "getConfig": self._script_config}
        for verb, name in program.references:
            if verb in places:
                places[verb].add(name)

    def uses(self) -> Uses:
        return Uses(
            frozenset(self._named("row") | self._script_columns),
            frozenset(self._named("config") | self._script_config),
            frozenset(self.writes),
        )

    @property
    def reads_steps(self) -> bool:
        return any(reference.root == "steps" for reference in self.references)

    def _named(self, root: str) -> set[str]:
        return {each.name for each in self.references if each.root == root and each.name and not each.default}
