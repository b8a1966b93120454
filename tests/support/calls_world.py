"""The providers of the sample `calls` that tests of this folder share, and short forms of calls to them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bridge_calls import Caller

from workbench.model.plan import Target
from workbench.plugin_api import Answer
from workbench.usecases.samples import ProviderOptions, sample_artifact

CALLS_FACADE = "com.example.calls.CallsFacade"
PARCEL = ("com.example.calls.Parcel",)
AWAY = "198.51.100.7"  # for documentation (RFC 5737): nobody is there


def _provider(**options: Any) -> ProviderOptions:
    return ProviderOptions(services=("calls",), **options)


# Each is an application of its own in the one process; those that nobody can reach are in a root of their own, lest
# every consumer waits for them.
CALLS: Mapping[str, ProviderOptions] = {
    "plain": _provider(),
    "blue": _provider(group="blue", version="2.0.0"),
    "gray": _provider(group="blue", version="2.0.0", tag="gray"),
    "safe": _provider(group="safe", token="secret-7"),
    "safe over tri": _provider(group="safer", token="secret-7", protocols=("tri",)),
    "many": _provider(group="many", protocols=("dubbo", "tri")),
    "open": _provider(group="open", serialize_check="DISABLE"),
    "away by interface": _provider(registered_host=AWAY, register="interface", root="away-1"),
    "away by application": _provider(registered_host=AWAY, register="application", root="away-2"),
    "light": _provider(group="weights", weight=0),
    "heavy": _provider(group="weights", weight=100),
    "ruled one": _provider(group="ruled", application="ruled"),
    "ruled two": _provider(group="ruled", application="ruled"),
    "old": _provider(register="interface", root="levels"),
    "new": _provider(register="application", root="levels"),
    "old alone": _provider(register="interface", root="old"),
    "new alone": _provider(register="application", root="new"),
    "both levels": _provider(register="both", root="both"),
}


class CallsWorld(NamedTuple):
    registry: str
    addresses: Mapping[str, tuple[str, ...]]  # of each provider, one a protocol

    def port(self, provider: str, protocol: int = 0) -> int:
        return int(self.addresses[provider][protocol].rpartition(":")[2])

    def at(self, provider: str, protocol: int = 0) -> str:
        """HOST:PORT, as results show it."""
        return self.addresses[provider][protocol].partition("://")[2]


class Calls:
    """Calls of the sample, typed or generic, by registry unless `url` is given."""

    def __init__(self, call: Caller, world: CallsWorld, mode: str) -> None:
        self._call = call
        self.world = world
        self.mode = mode

    def __call__(
        self, method: str, erased: tuple[str, ...] = (), arguments: str = "[]", *, group: str = "", **more: Any
    ) -> Answer:
        to: dict[str, Any] = more.pop("target", {})
        url = more.pop("url", "")
        artifacts = (str(sample_artifact("calls-api-1.0.0.jar")),) if self.mode == "typed" else ()
        registries = () if url else (self.world.registry,)
        target = Target(**{"registries": registries, "url": url, "artifacts": artifacts, "group": group, **to})
        return self._call(target, CALLS_FACADE, method, erased, arguments, **more)
