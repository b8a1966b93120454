"""What only the whole folder can tell: ids that stand twice, names that name nothing."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from workbench.errors import SuiteError
from workbench.files.exact_yaml import Document
from workbench.files.layout import Place, cases_of, steps_of
from workbench.model.near import did_you_mean
from workbench.model.suite import SharedSteps

Loaded = list[tuple[str, Document]]  # (kind, document)


def duplicate_ids(loaded: Loaded) -> list[SuiteError]:
    """One error for every id that an earlier scenario, case or step of the suite already has."""
    first: dict[str, str] = {}
    errors = []
    for kind, document in loaded:
        for path, item in _items(kind, document.data):
            id_ = item.get("id")
            if not isinstance(id_, str) or not id_:
                continue
            where = document.where((*path, "id"))
            if id_ in first:
                hint = "remove this one; `workbench fmt` gives a new one"
                errors.append(SuiteError(f"the id {id_} is already that of {first[id_]}", where=where, hint=hint))
            first.setdefault(id_, where)
    return errors


def _items(kind: str, data: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    if kind == "scenario" and isinstance(data, dict):
        yield (), data
        yield from cases_of(data)
    yield from steps_of(kind, data)


def order_errors(loaded: Loaded) -> list[SuiteError]:
    """One error for every entry of `order` that names no scenario file, or one that stands there already."""
    document = loaded[0][1]
    order = document.data.get("order") if isinstance(document.data, dict) else None
    known = [Path(each.name).stem for kind, each in loaded if kind == "scenario"]
    seen, errors = set[str](), []
    for index, slug in enumerate(order if isinstance(order, list) else ()):
        where = document.where(("order", index))
        if slug in seen:
            errors.append(SuiteError(f"{slug} stands twice in the order", where=where, hint="remove one of them"))
        elif isinstance(slug, str) and slug not in known:
            hint = "; ".join(filter(None, ("take it out, or name the file so", did_you_mean(slug, known))))
            errors.append(SuiteError(f"there is no scenarios/{slug}.yaml", where=where, hint=hint))
        elif isinstance(slug, str):
            seen.add(slug)
    return errors


def unknown_names(
    loaded: Loaded, shared: Mapping[str, SharedSteps], datasets: Iterable[str], tools: Iterable[Path]
) -> list[SuiteError]:
    """Errors for subsystems, libraries, datasets, environments and shared steps that are not there.

    Disabled steps and cases may name what does not exist (yet). What a suite.yaml with errors does not tell, as its
    dependencies under a misspelt key, is not called unknown.
    """
    names = _Names(loaded[0][1], shared, set(datasets), [path.name for path in tools])
    names.unread = {Path(document.name).stem for kind, document in loaded if kind == "shared" and document.errors}
    for kind, document in loaded:
        if kind == "suite":
            names.suite_file(document)
        for path, case in cases_of(document.data, enabled=True) if kind == "scenario" else ():
            names.one(document, (*path, "dataset"), case.get("dataset"), names.datasets, "dataset", "datasets/")
        for path, step in steps_of(kind, document.data, enabled=True):
            names.step(document, path, step)
    return names.errors + _cycles(loaded, shared)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


class _Names:
    """`suite`: the document of suite.yaml."""

    def __init__(self, suite: Document, shared: Mapping[str, SharedSteps], datasets: set[str], jars: list[str]) -> None:
        self.shared = shared
        self.datasets = datasets
        self.jars = jars
        self.suite = _mapping(suite.data)
        self.dependencies = _mapping(self.suite.get("dependencies"))
        self.environments = {name: _mapping(each) for name, each in _mapping(self.suite.get("environments")).items()}
        self.uncertain = {key for key in ("dependencies", "environments") if suite.errors and key not in self.suite}
        self.subsystems = {str(self.suite.get("subsystem", "")), *self.dependencies}
        self.connections = {name for each in self.environments.values() for name in _mapping(each.get("connections"))}
        self.unread: set[str] = set()  # files of shared steps with errors: their groups are not called unknown
        self.errors: list[SuiteError] = []

    def one(
        self,
        document: Document,
        path: Place,
        name: Any,
        known: Iterable[str],
        what: str,
        place: str,
        *,
        key: bool = False,
    ) -> bool:
        """Is the name known, or none given? If not, that is an error; `place`: where such names stand."""
        if not isinstance(name, str) or not name or name in known:
            return True
        hint = did_you_mean(name, known) or f"it would have to stand in {place}"
        self.errors.append(SuiteError(f"there is no {what} {name}", where=document.where(path, key=key), hint=hint))
        return False

    def suite_file(self, document: Document) -> None:
        default = self.suite.get("default_environment")
        if "environments" not in self.uncertain:
            self.one(document, ("default_environment",), default, self.environments, "environment", "environments")
        for name, environment in self.environments.items() if "dependencies" not in self.uncertain else ():
            for field in ("urls", "subsystem_registries"):
                for subsystem in _mapping(environment.get(field)):
                    path = ("environments", name, field, subsystem)
                    self.one(document, path, subsystem, self.subsystems, "subsystem", "dependencies", key=True)

    def step(self, document: Document, path: Place, step: dict[str, Any]) -> None:
        if "dependencies" not in self.uncertain:
            where = "suite.yaml: dependencies"
            self.one(document, (*path, "subsystem"), step.get("subsystem"), self.subsystems, "subsystem", where)
            if isinstance(step.get("tool"), str):
                self._tool(document, (*path, "tool"), step["tool"].split(" ")[0])
        for kind in ("sql", "redis") if "environments" not in self.uncertain else ():
            place = "suite.yaml: environments: { NAME: { connections: … } }"
            self.one(document, (*path, kind), step.get(kind), self.connections, "connection", place)
        use = step.get("use")
        if not isinstance(use, str) or use.partition(".")[0] in self.unread:
            return
        if self.one(document, (*path, "use"), use, self.shared, "shared group", "shared/*.yaml") and use in self.shared:
            self._parameters(document, path, use, step.get("with", {}))

    def _tool(self, document: Document, path: Place, library: str) -> None:
        known = [name for name, each in self.dependencies.items() if _mapping(each).get("tool")]
        place = f"suite.yaml: dependencies: {{ {library}: {{ tool: [tools/{self._jar(library)}] }} }}"
        self.one(document, path, library, known, "tool library", place)

    def _jar(self, library: str) -> str:
        return next((jar for jar in self.jars if jar.startswith(library)), f"{library}.jar")

    def _parameters(self, document: Document, path: Place, use: str, given: Any) -> None:
        parameters = self.shared[use].parameters
        if not isinstance(given, dict):
            return
        for name in given:
            what = f"parameter of {use}"
            self.one(document, (*path, "with", name), name, parameters, what, "the group's `parameters`", key=True)
        for name, default in parameters.items():
            if default is None and name not in given:
                message, hint = f"{use} wants the parameter {name}", f"with: {{ {name}: … }}"
                self.errors.append(SuiteError(message, where=document.where((*path, "use")), hint=hint))


def _cycles(loaded: Loaded, shared: Mapping[str, SharedSteps]) -> list[SuiteError]:
    """Shared groups that come back to themselves."""
    uses = {name: [step.use for step in group.steps if hasattr(step, "use")] for name, group in shared.items()}
    errors = []
    for kind, document in loaded:
        for path, step in steps_of(kind, document.data) if kind == "shared" else ():
            own = f"{Path(document.name).stem}.{path[0]}"
            if isinstance(step.get("use"), str) and own in _reached(step["use"], uses):
                errors.append(SuiteError(f"{own} uses itself", where=document.where((*path, "use"))))
    return errors


def _reached(start: str, uses: Mapping[str, list[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += uses.get(name, ())
    return seen
