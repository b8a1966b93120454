"""What needs no suite: artifacts and contracts, registries, single calls, templates, keywords, is all there."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct, field

from workbench import plugins
from workbench.app import Application
from workbench.catalog.template import DEPTH
from workbench.errors import NotFoundError, UsageError
from workbench.invokers import DubboInvoker
from workbench.model.contract import Contract
from workbench.model.contract_diff import ContractDiff
from workbench.model.durations import millis
from workbench.model.near import did_you_mean
from workbench.model.registry import RegistryView
from workbench.model.targets import parse_target
from workbench.model.template import StepTemplate
from workbench.plugins.docs import KeywordDoc, library
from workbench.usecases.check_health import Check, check_health
from workbench.usecases.diff_contracts import diff_contracts
from workbench.usecases.format_texts import format_texts
from workbench.usecases.invoke_once import Invocation, InvokeRequest, invoke_once
from workbench.usecases.list_services import list_services
from workbench.usecases.make_template import make_template
from workbench.usecases.read_contract import read_contract
from workbench_web.api import Api
from workbench_web.artifacts import Artifact, allowed, keep, registry, source
from workbench_web.desk import Desk
from workbench_web.uploads import Upload

api = Api()
Names = tuple[str, ...]
JAR = ("application/java-archive", "application/octet-stream")


class ArtifactQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`name`: of the file; its ending tells what it is."""

    name: str


class Parse(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`artifacts`: addresses of uploaded ones, samples://NAME, or GROUP:ARTIFACT:VERSION. `interfaces`: globs that
    narrow the outcome, and name interfaces that no rule recognises."""

    artifacts: Annotated[Names, Meta(min_length=1)]
    sources: Names = ()
    interfaces: Names = ()


class Texts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`files`: path in a suite's folder (`suite.yaml`, `scenarios/NAME.yaml`, `shared/NAME.yaml`) → YAML. `check`:
    refuse what a run would refuse, too."""

    files: Annotated[dict[str, str], Meta(min_length=1, max_length=1000)]
    check: bool = False


class Formatted(Struct, frozen=True):
    """`files`: those that were not in canonical form, in it."""

    files: dict[str, str]


class Diff(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`old`, `new`: an artifact, as in Parse, or a registry."""

    old: str
    new: str
    interfaces: Names = ()


class ServicesQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    registry: str
    interface: Names = ()


class Template(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`target`: INTERFACE#METHOD[(TYPES)]; from artifacts, or without them from what a registry tells."""

    target: str
    artifacts: Names = ()
    sources: Names = ()
    registry: str = ""
    depth: Annotated[int, Meta(ge=1, le=64)] = DEPTH


class Invoke(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A call, as the options of `workbench invoke` say it. `data`: JSON text of the list of arguments, or of the one
    argument."""

    target: str
    data: str = ""
    registry: str = ""
    url: str = ""
    artifacts: Names = ()
    sources: Names = ()
    group: str = ""
    version: str = ""
    tag: str = ""
    protocol: str = ""
    serialization: str = ""
    timeout: str = "5s"
    oneway: bool = False
    consumer: str = ""
    hosts: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[str, str] = field(default_factory=dict)
    timezone: str = ""
    generic: bool = False
    unchecked: bool = False
    show_classes: bool = False


class KeywordQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    group: str | None = None


class DoctorQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    registry: str = ""


class Doctor(Struct, frozen=True):
    """`ok`: nothing that is needed is missing."""

    ok: bool
    checks: tuple[Check, ...]


@api.route("POST", "/artifacts", tag="tools", status=201, accepts=JAR, right="edit")
def upload_artifact(desk: Desk, query: ArtifactQuery, upload: Upload) -> Artifact:
    """Keep a jar, war or ear, for requests that name it by its address. The same bytes are kept once."""
    return keep(query.name, upload, desk.storage, desk.room_root)


@api.route("POST", "/parse", tag="tools", makes=False, problems=(404, 424), right="view")
def parse(desk: Desk, body: Parse) -> Contract:
    """The interfaces, methods and types of artifacts, read as one class path."""
    paths = allowed(body.artifacts, desk.storage, desk.settings)
    sources = allowed(body.sources, desk.storage, desk.settings)
    return read_contract(paths, desk.settings, sources=sources, interfaces=body.interfaces)


@api.route("POST", "/fmt", tag="tools", makes=False, right="view")
def format_files(desk: Desk, body: Texts) -> Formatted:
    """The canonical form of suite files, as `workbench fmt` writes it: ids that were missing, scripts as blocks."""
    with desk.room("fmt") as room:
        return Formatted(format_texts(body.files, room, desk.app.script_errors if body.check else None))


@api.route("POST", "/contract/diff", tag="tools", makes=False, problems=(404, 424), right="view")
def diff_contract(desk: Desk, body: Diff) -> ContractDiff:
    """What changed between two contracts, and whom it breaks."""
    old, new = (source(text, desk.storage, desk.settings) for text in (body.old, body.new))
    found = diff_contracts(old, new, desk.settings, interfaces=body.interfaces, ask=desk.app.ask())
    return ContractDiff(old=body.old, new=body.new, changes=found.changes)


@api.route("GET", "/services", tag="tools", problems=(400, 424), right="run")
def services(desk: Desk, query: ServicesQuery) -> RegistryView:
    """What a registry holds: interfaces, methods, providers, rules."""
    return list_services(desk.settings, registry(query.registry), interfaces=query.interface, ask=desk.app.ask())


@api.route("POST", "/template", tag="tools", makes=False, problems=(404, 424), right="view")
def template(desk: Desk, body: Template) -> StepTemplate:
    """A request of a method that can be sent as it is, and the skeleton of its answer."""
    return make_template(
        parse_target(body.target),
        allowed(body.artifacts, desk.storage, desk.settings),
        desk.settings,
        sources=allowed(body.sources, desk.storage, desk.settings),
        registry=registry(body.registry) if body.registry else "",
        depth=body.depth,
        ask=desk.app.ask(),
    )


@api.route("POST", "/invoke", tag="tools", problems=(404, 424), right="run")
def invoke(desk: Desk, body: Invoke) -> Invocation:
    """Call one Dubbo method. A call that fails is an answer too: its `failure` says why.

    `request` and `response` are JSON texts, digit by digit as they were sent and received.
    """
    timeout_ms = millis(body.timeout, where="--timeout")
    if not timeout_ms:
        raise UsageError("no time for an answer", where="--timeout", hint="write 500ms, 3s, 1m30s")
    wanted = InvokeRequest(
        target=parse_target(body.target), data=body.data, timeout_ms=timeout_ms, url=body.url,
        registry=registry(body.registry) if body.registry else "",
        artifacts=allowed(body.artifacts, desk.storage, desk.settings),
        sources=allowed(body.sources, desk.storage, desk.settings),
        group=body.group, version=body.version, tag=body.tag, protocol=body.protocol,
        serialization=body.serialization, oneway=body.oneway, consumer=body.consumer, hosts=body.hosts,
        attachments=body.attachments, timezone=body.timezone, generic=body.generic, unchecked=body.unchecked,
        show_classes=body.show_classes,
    )  # fmt: skip
    app = desk.app
    return asyncio.run(invoke_once(wanted, DubboInvoker(app.bridge("calls")), desk.settings, app.ask(body.hosts)))


@api.route("GET", "/keywords", tag="tools", right="view")
def list_keywords(desk: Desk, query: KeywordQuery) -> list[KeywordDoc]:
    """The keyword library, from the docstrings."""
    docs = library(plugins.keywords())
    return [doc for doc in docs if query.group in (None, doc.group)]


@api.route("GET", "/keywords/<name:keyword>", tag="tools", right="view")
def show_keyword(desk: Desk, keyword: str) -> KeywordDoc:
    """One keyword."""
    docs = {doc.name: doc for doc in library(plugins.keywords())}
    if keyword not in docs:
        raise NotFoundError(f"there is no keyword {keyword}", hint=did_you_mean(keyword, docs))
    return docs[keyword]


@api.route("GET", "/doctor", tag="tools", problems=(400,), right="run")
def doctor(desk: Desk, query: DoctorQuery) -> Doctor:
    """Is everything there that is needed, and how is it mended? Starts a JVM of its own; takes seconds."""

    async def check() -> Doctor:
        async with Application(desk.settings) as app:
            asked = registry(query.registry) if query.registry else ""
            health = await check_health(desk.settings, app.bridge("calls"), asked)
        return Doctor(health.ok, health.checks)

    return asyncio.run(check())
