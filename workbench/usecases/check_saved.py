"""What is saved by itself has to fit its suite: a document that no run could read would hinder all others."""

from collections.abc import Collection, Mapping
from typing import Any, cast

from msgspec.structs import replace

from workbench.errors import ErrorGroup, NotFoundError, SuiteError
from workbench.files import Around, ScriptCheck, SingleKind, as_kept, errors_of, tag_errors, tags_of
from workbench.model import json
from workbench.model.suite import Case, Dependency, Scenario, SharedSteps, Suite, SuiteFile
from workbench.storage import Found, Snapshot, Storage
from workbench.storage.content import Config, decode
from workbench.usecases.arrange import ids_of
from workbench.usecases.references import lost
from workbench.usecases.tool_libraries import TOOLS, address_of


def fitting(
    document: Found, version: str, text: str, base: int, storage: Storage, scripts: ScriptCheck | None = None
) -> str:
    """The text in canonical form. Raises ErrorGroup of SuiteError, each at its field; StorageError for a
    text that is no such document, NotFoundError. `base`: the revision that it was made of; `scripts`: says what is
    wrong with one."""
    if document.kind == "dataset":
        return text
    return fitting_text(document, version, text, storage.history.body(document, base), storage, scripts)


def fitting_text(
    document: Found, version: str, text: str, was: str, storage: Storage, scripts: ScriptCheck | None = None
) -> str:
    """The same; `was`: the text that it was made of."""
    before = decode(document.kind, was)
    value = decode(document.kind, text, f"{document.kind} {document.key}".rstrip())
    if document.kind in ("suite", "config"):
        return json.dumps(_settings(document, version, value, before, storage))
    kind, key = cast(Any, document.kind), document.key
    around = _around(document.subsystem, version, storage)
    value = as_kept(kind, key, value, around.file)
    refuse([*errors_of(kind, key, value, around, scripts), *tag_errors(value, tags_of(before))])
    if kind == "shared":
        held = storage.suites.get(document.subsystem, version)
        refuse_bereft(held, _with_shared(held, key, value))
    elif new := ids_of(value) - ids_of(before):
        refuse(_taken_ids(new, storage.suites.get(document.subsystem, version).suite))
    return json.dumps(value)


def fitting_new(kind: SingleKind, key: str, value: Any, snapshot: Snapshot, scripts: ScriptCheck | None) -> Any:
    """A new scenario (with its cases), case, mapping of shared groups or SuiteFile, for what `snapshot` holds, in
    canonical form. Raises ErrorGroup of SuiteError, each at its field."""
    suite = snapshot.suite
    made = value if kind == "suite" else as_kept(kind, key, value, suite.file)
    around = Around(file=suite.file, shared=suite.shared, datasets=snapshot.datasets)
    known = tags_of(suite.file) if kind == "suite" else ()
    refuse([*errors_of(kind, key, made, around, scripts), *tag_errors(made, known)])
    refuse(_taken_ids(_ids_in(made), suite))
    return made


def _ids_in(value: Any) -> set[str]:
    if isinstance(value, Scenario | Case):
        return ids_of(value)
    return {step.id for group in value.values() for step in group.steps} if isinstance(value, Mapping) else set()


def _around(subsystem: str, version: str, storage: Storage) -> Around:
    """Without its cases: a version may have thousands."""

    def bodies(kind: str) -> Mapping[str, Any]:
        return {each.key: decode(kind, each.body) for each in storage.listing.documents(subsystem, version, kind)}

    config, suite = bodies("config").get("", Config()), bodies("suite").get("", SuiteFile(suite="", subsystem=""))
    apart = {name: getattr(config, name) for name in Config.__struct_fields__}
    shared = {f"{stem}.{name}": group for stem, groups in bodies("shared").items() for name, group in groups.items()}
    return Around(
        file=replace(suite, subsystem=subsystem, version=version, **apart),
        shared=shared,
        datasets=[each.key for each in storage.listing.documents(subsystem, version, "dataset")],
    )


def _settings(document: Found, version: str, value: Any, before: Any, storage: Storage) -> Any:
    """The body of a document of suite.yaml, which has two: one of environments and config, one of all else."""
    snapshot = storage.suites.get(document.subsystem, version)
    held = snapshot.suite.file
    if isinstance(value, Config):
        file = replace(held, **{name: getattr(value, name) for name in Config.__struct_fields__})
    else:
        value = _without_names(value, document.subsystem, version)
        apart = {name: getattr(held, name) for name in ("subsystem", "version", *Config.__struct_fields__)}
        file = replace(value, **apart)
        refuse(_artifacts_changed(before, file))
        if file.order:
            hint = "leave it out; `workbench case move` (POST …/move) puts a scenario elsewhere"
            refuse([SuiteError("the order is that of the version's scenarios", where="/order", hint=hint)])
        refuse(_tools_missing(before, file, storage))
    around = Around(file=file, shared=snapshot.suite.shared, datasets=snapshot.datasets)
    refuse([*errors_of("suite", "", file, around, None), *tag_errors(file, tags_of(held))])
    refuse_bereft(snapshot, replace(snapshot, suite=replace(snapshot.suite, file=file)))
    return value


def _without_names(file: SuiteFile, subsystem: str, version: str) -> SuiteFile:
    """As it is kept: subsystem and version are the address's. Raises ErrorGroup of SuiteError."""
    elsewhere = [name for name in Config.__struct_fields__ if getattr(file, name)]
    errors = [
        SuiteError("this stands with the environments", where=f"/{name}", hint="kind config") for name in elsewhere
    ]
    for name, is_ in (("subsystem", subsystem), ("version", version)):
        if getattr(file, name) not in ("", is_):
            errors.append(SuiteError(f"is {getattr(file, name)}, and the address says {is_}", where=f"/{name}"))
    refuse(errors)
    return replace(file, subsystem="", version="")


def _artifacts_changed(held: SuiteFile, file: SuiteFile) -> list[SuiteError]:
    """Artifacts are brought with their bytes and compared, which a name alone cannot be."""
    hint = "`workbench artifact add` brings artifacts, and flags the cases that they hit"
    errors = [
        SuiteError(f"{name} cannot be changed here", where=f"/{name}", hint=hint)
        for name in ("artifacts", "sources")
        if getattr(held, name) != getattr(file, name)
    ]
    for name, dependency in file.dependencies.items():
        before = held.dependencies.get(name, Dependency())
        for field in ("artifacts", "sources"):
            if getattr(before, field) != getattr(dependency, field):
                where = f"/dependencies/{name}/{field}"
                errors.append(SuiteError(f"{field} cannot be changed here", where=where, hint=f"{hint}; --dependency"))
        if before.tool != dependency.tool and not all(each.startswith(TOOLS) for each in dependency.tool):
            told = "`workbench tools add` keeps a jar, and tools://NAME@VERSION names it"
            errors.append(SuiteError("jars cannot be changed here", where=f"/dependencies/{name}/tool", hint=told))
    return errors


def _tools_missing(held: SuiteFile, file: SuiteFile, storage: Storage) -> list[SuiteError]:
    """Libraries that it names anew and that are not kept: no run could begin."""
    known = {(each, item.version) for item in held.dependencies.values() for each in item.tool}
    errors = []
    for name, dependency in file.dependencies.items():
        for index, each in enumerate(dependency.tool):
            if each.startswith(TOOLS) and (each, dependency.version) not in known:
                library, version = address_of(each.removeprefix(TOOLS))
                try:
                    storage.libraries.get(library, version or dependency.version)
                except NotFoundError as error:
                    where = f"/dependencies/{name}/tool/{index}"
                    errors.append(SuiteError(error.message, where=where, hint=error.hint))
    return errors


def _with_shared(held: Snapshot, key: str, groups: Mapping[str, SharedSteps]) -> Snapshot:
    others = {name: group for name, group in held.suite.shared.items() if name.partition(".")[0] != key}
    shared = others | {f"{key}.{name}": group for name, group in groups.items()}
    return replace(held, suite=replace(held.suite, shared=shared))


def refuse_bereft(before: Snapshot, after: Snapshot) -> None:
    """Raises ErrorGroup for what others name and would no longer be there."""
    refuse([SuiteError(str(each), hint="change what names it first, or keep it") for each in lost(before, after)])


def _taken_ids(ids: Collection[str], suite: Suite) -> list[SuiteError]:
    """Errors for ids that something of the suite has."""
    taken = {id_ for each in suite.scenarios.values() for id_ in ids_of(each)}
    taken |= {step.id for group in suite.shared.values() for step in group.steps}
    return [
        SuiteError(f"the id {id_} is that of something else here", hint="leave it out")
        for id_ in sorted({*ids} & taken)
    ]


def refuse(errors: Collection[SuiteError]) -> None:
    if errors:
        raise ErrorGroup(list(errors))
