"""The composition root: settings → plug-ins, bridge, invokers, script engine. Nothing is started before it is used."""

import asyncio
import contextlib
import threading
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workbench import plugins
from workbench.errors import BridgeError, ScriptError
from workbench.model import json
from workbench.plugin_api import Answer, DubboCall, Invoker, StepScope
from workbench.settings import ScriptLimits, Settings

if TYPE_CHECKING:
    from workbench.discovery.asking import Ask
    from workbench.engine import Tools
    from workbench.invokers import Bridge
    from workbench.model.plan import RunPlan
    from workbench.scripts import ScriptEngine
    from workbench.storage import Storage
    from workbench.usecases.launch_run import Readers
    from workbench.usecases.secret_box import SecretBox


class Application:
    """Holds what lives as long as the process. Use it as an async context manager: closing ends JVMs and clients.

    `brief`: for a few calls, not for runs; see Bridge.
    """

    def __init__(self, settings: Settings, *, brief: bool = False) -> None:
        self.settings = settings
        self._brief = brief
        self._stack = AsyncExitStack()
        self._bridges: dict[str, Bridge] = {}
        self._invokers: Mapping[str, Invoker] | None = None
        self._scripts: _Scripts | None = None
        self._making = threading.RLock()  # a server asks from several threads

    async def __aenter__(self) -> "Application":
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stack.aclose()

    def readers(self, *, kept: bool = False) -> "Readers":
        """`kept`: snapshots that were fetched before are taken as they are."""
        from workbench.usecases.launch_run import Readers
        from workbench.usecases.maven import fetcher
        from workbench.usecases.registry_metadata import registry_metadata

        settings = self.settings
        return Readers(
            plugins.dataset_formats(),
            tuple(plugins.parsers()),
            settings.parse_limits,
            settings.data_dir,
            self.secrets().seal_config,
            fetcher(settings, kept=kept),
            self._jars_of_tools,
            registry_metadata if settings.compare_metadata else None,
            self.script_errors,
        )

    def script_errors(self, text: str) -> list[ScriptError]:
        """What is wrong with a script."""
        return self._script_engine().errors(text)

    def _jars_of_tools(self, name: str, version: str) -> tuple[Path, ...]:
        from workbench.usecases.tool_libraries import jars_of

        with self.storage() as storage:
            return jars_of(name, version, storage, self.settings.data_dir / "tools")

    def tools(self, plan: "RunPlan") -> "Tools":
        """What an engine needs for this plan; JVMs and HTTP clients start with the first call, and serve all plans."""
        from workbench.engine import Tools

        with self._making:
            self._invokers = invokers = self._invokers or self._made_invokers()
        return Tools(
            invokers,
            self._script_engine(),
            plugins.pure_functions(plan.timezone),
            self.secrets().open,
            {"sql": _sql, "redis": _redis},
        )

    def _script_engine(self) -> "_Scripts":
        with self._making:
            self._scripts = scripts = self._scripts or self._made_scripts()
        return scripts

    def _made_scripts(self) -> "_Scripts":
        from workbench.scripts import ScriptEngine

        scripts = ScriptEngine(plugins.keywords())
        self._stack.callback(scripts.close)
        return _Scripts(scripts, self.settings.script_limits)

    def secrets(self) -> "SecretBox":
        from workbench.usecases.secret_box import SecretBox

        return SecretBox(self.settings.data_dir)

    def storage(self) -> "Storage":
        """The database and its file store; a context manager."""
        from workbench.storage import Storage

        settings = self.settings
        url = settings.database_url or f"sqlite:///{settings.data_dir / 'workbench.db'}"
        return Storage(url, settings.file_store_dir, self.secrets())

    def bridge(self, role: Literal["calls", "tools"]) -> "Bridge":
        """The JVM of a role; it is started by its first call."""
        from workbench.invokers import Bridge

        with self._making:
            if role not in self._bridges:
                java, jar = self.settings.java, self.settings.bridge_jar
                paths = (Path(java) if java else None, Path(jar) if jar else None)
                made = Bridge(role, self.settings.log_dir, *paths, brief=self._brief)
                self._stack.push_async_callback(made.close)
                self._bridges[role] = made
            return self._bridges[role]

    def ask(self, hosts: Mapping[str, str] | None = None, tls: Mapping[str, str] | None = None) -> "Ask":
        """How providers are asked what no registry tells; blocks, so never call it on an event loop."""
        from workbench.usecases.metadata_service import asker

        settings = self.settings
        timeout_ms = int(settings.registry_timeout_s * 1000)
        return asker(self._send, settings.bridge_jar_file, timeout_ms=timeout_ms, hosts=hosts, tls=tls)

    def _send(self, calls: "Sequence[DubboCall]") -> list[Answer]:
        from workbench.invokers import DubboInvoker

        async def send() -> list[Answer]:
            invoker = DubboInvoker(self.bridge("calls"))
            return await asyncio.gather(*map(invoker.invoke, calls))

        return asyncio.run(send())

    async def warm_up(self, plan: "RunPlan") -> None:
        """Start the JVMs that the plan's steps will call and connect to its services, so that no step waits for that.

        It takes 10 s at most; what cannot be had is told by the calls that need it.
        """
        await asyncio.gather(
            *([self._connect(plan)] if _mentions(plan, "dubbo") else []),
            *([self._start("tools")] if _mentions(plan, "tool") else []),
        )

    async def _connect(self, plan: "RunPlan") -> None:
        from workbench.invokers import DubboInvoker
        from workbench.usecases.first_calls import dubbo_services

        await DubboInvoker(self.bridge("calls")).prepare(dubbo_services(plan))

    async def _start(self, role: Literal["calls", "tools"]) -> None:
        with contextlib.suppress(BridgeError):
            await self.bridge(role).start()

    def _made_invokers(self) -> Mapping[str, Invoker]:
        return {
            "dubbo": self._lazy(self._dubbo),
            "tool": self._lazy(self._tool),
            "http": self._lazy(self._http),
        }

    def _dubbo(self) -> Invoker:
        from workbench.invokers import DubboInvoker

        return DubboInvoker(self.bridge("calls"))

    def _tool(self) -> Invoker:
        from workbench.invokers import ToolInvoker

        return ToolInvoker(self.bridge("tools"))

    def _http(self) -> Invoker:
        from workbench.invokers import HttpInvoker

        return HttpInvoker()

    def _lazy(self, make: Any) -> "_Lazy":
        lazy = _Lazy(make)
        self._stack.push_async_callback(lazy.close)
        return lazy


def _sql() -> Invoker:
    return _Lazy(lambda: import_module("workbench.invokers").SqlInvoker())


def _redis() -> Invoker:
    return _Lazy(lambda: import_module("workbench.invokers").RedisInvoker())


def _mentions(plan: "RunPlan", kind: str) -> bool:
    """Whether a step of the kind stands anywhere in the plan, or a script calls one."""
    text = json.dumps([plan.scenarios, plan.cases, plan.shared])
    return f'"kind":"{kind}"' in text or f"$app.{_SCRIPTED[kind]}(" in text


_SCRIPTED = {"dubbo": "invoke", "tool": "tool"}


class _Scripts:
    """The engine's port over the script engine: each run gets the time of its step or hook."""

    def __init__(self, engine: "ScriptEngine", limits: ScriptLimits) -> None:
        self._engine, self._limits = engine, limits

    def errors(self, source: str) -> list[ScriptError]:
        return self._engine.errors(source)

    def compile(self, source: str, *, where: str = "") -> Any:
        return self._engine.compile(source, where=where)

    def run(self, script: Any, scope: StepScope, *, seconds: float) -> None:
        from workbench.scripts import Limits

        bounds = self._limits
        limits = Limits(
            memory_bytes=bounds.memory_mb * 1024 * 1024,
            suspensions=bounds.suspensions,
            recursion=bounds.recursion,
        )
        self._engine.run(script, scope, seconds=seconds, limits=limits)


class _Lazy:
    """An invoker that is made when it is first needed, so that a run of HTTP steps starts no JVM."""

    def __init__(self, make: Any) -> None:
        self._make = make
        self._made: Invoker | None = None

    async def invoke(self, call: Any) -> Answer:
        made = self._made
        if made is None:
            made = self._made = self._make()
            self.invoke = made.invoke  # type: ignore[method-assign]  # from now on without this detour
        return await made.invoke(call)

    async def close(self) -> None:
        if self._made is not None:
            await self._made.close()
