"""What an application makes on first use, it makes once, however many threads ask: a server answers with several."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.app import Application
from workbench.settings import Settings


@pytest.mark.parametrize(
    ("place", "ask"),
    [
        ("workbench.invokers.Bridge", lambda app: app.bridge("calls")),
        ("workbench.scripts.ScriptEngine", lambda app: app.script_errors("x = 1")),
    ],
)
def test_what_threads_ask_for_at_once_is_made_once(
    place: str, ask: Callable[[Application], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []

    class Slow:
        """Its making takes a while, as that of a sandbox does."""

        def __init__(self, *_given: object, **_named: object) -> None:
            made.append(self)
            time.sleep(0.2)

        def errors(self, _text: str) -> list[str]:
            return []

        def close(self) -> None:
            return None

    monkeypatch.setattr(place, Slow)
    app = Application(Settings())
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: ask(app), range(4)))
    assert len(made) == 1
