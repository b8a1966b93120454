"""The numbers under which a JVM knows what calls say of their place: those of one are nothing to another."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from workbench.invokers import Bridge, DubboInvoker
from workbench.invokers.link import Link
from workbench.model.plan import Target
from workbench.plugin_api import DubboCall


class Numbering:
    """Stands for a link: counts definitions from a first number, and does something else meanwhile."""

    def __init__(self, first: int, meanwhile: Callable[[], object] = lambda: None) -> None:
        self._next = first
        self._meanwhile = meanwhile

    def line(self, _definition: Mapping[str, Any]) -> int:
        self._next += 1
        self._meanwhile()
        return self._next - 1


def call(method: str) -> DubboCall:
    return DubboCall("com.example.Echo", method, (), "[]", TARGET)


TARGET = Target(url="dubbo://[::1]:1")


def test_a_jvm_that_is_replaced_while_another_loop_asks_for_a_number(tmp_path: Path) -> None:
    """Loops of several threads share an invoker; the number of the old JVM was kept for the fresh one."""
    invoker = DubboInvoker(Bridge("calls", tmp_path))
    fresh = cast(Link, Numbering(100))
    full = cast(Link, Numbering(1, lambda: invoker._line(fresh, call("other"))))
    assert invoker._line(full, call("one")) == 1
    assert invoker._line(fresh, call("one")) == 101
    assert invoker._line(fresh, call("other")) == 100
    assert invoker._line(fresh, call("one")) == 101
