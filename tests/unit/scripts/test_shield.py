"""What a terminal says to all of its group ends no script."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.plugin_api import KeywordInfo, keyword
from workbench.plugins.memory import MemoryScope
from workbench.scripts import ScriptEngine


def children() -> set[int]:
    """Of this process. Its world of samples may be among them, and sandboxes of other tests."""
    return {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


@pytest.fixture
def engine() -> Iterator[ScriptEngine]:
    others = children()

    @keyword("flow", pure=True)
    def signalled(number: int) -> int:
        """Every child that the engine has started is told; how many there are."""
        own = children() - others
        for pid in own:
            os.kill(pid, number)
        return len(own)

    info: KeywordInfo = signalled.__workbench_keyword__  # type: ignore[attr-defined]
    with ScriptEngine({"signalled": info}) as made:
        yield made


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
def test_a_script_outlives_what_its_terminal_is_told(engine: ScriptEngine, number: int) -> None:
    scope = MemoryScope()
    text = f"told = $app.signalled({int(number)})\nn = 0\nfor each in range(200000):\n    n = n + each\nprint(told, n)"
    engine.run(engine.compile(text), scope)
    ((_, line),) = scope.logged
    told, total = line.split()
    assert int(told) >= 1
    assert total == "19999900000"
