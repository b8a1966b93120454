"""How steps reach the outside: Dubbo providers and tool jars over the Java bridge, HTTP services, databases, Redis.

Every class here keeps the contract of `workbench.plugin_api.Invoker`: a failure of a call is data in the Answer.
Names are loaded when they are first asked for, so that importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.invokers.bridge import Bridge
    from workbench.invokers.dubbo import DubboInvoker
    from workbench.invokers.http import HttpInvoker
    from workbench.invokers.mock import MockInvoker
    from workbench.invokers.redis import RedisInvoker
    from workbench.invokers.sql import SqlInvoker
    from workbench.invokers.tool import ToolInvoker

__all__ = ["Bridge", "DubboInvoker", "HttpInvoker", "MockInvoker", "RedisInvoker", "SqlInvoker", "ToolInvoker"]

_HOME = {
    "Bridge": "bridge",
    "DubboInvoker": "dubbo",
    "HttpInvoker": "http",
    "MockInvoker": "mock",
    "RedisInvoker": "redis",
    "SqlInvoker": "sql",
    "ToolInvoker": "tool",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"workbench.invokers.{_HOME[name]}"), name)
