"""A few keywords of the tests' own, so that a script's behaviour does not depend on the library."""

from collections.abc import Iterator

import pytest

from workbench.errors import AssertionFailed
from workbench.model.json import Json
from workbench.plugin_api import KeywordInfo, StepScope, keyword
from workbench.plugins.memory import MemoryScope
from workbench.scripts import Limits, ScriptEngine


@keyword("context")
def addContext(scope: StepScope, key: str, value: Json) -> None:
    scope.set_context(key, value)


@keyword("context")
def getContext(scope: StepScope, key: str, *default: Json) -> Json:
    return default[0] if default and not scope.has_context(key) else scope.get_context(key)


@keyword("data")
def getRow(scope: StepScope, column: str = "") -> Json:
    return scope.row[column]


@keyword("text", pure=True)
def upper(text: str) -> str:
    return text.upper()


@keyword("text", pure=True)
def same(value: Json = None) -> Json:
    return value


@keyword("assert", pure=True)
def must(condition: bool) -> None:
    if not condition:
        raise AssertionFailed("it does not hold", expected="true", actual="false")


@keyword("text", pure=True)
def later() -> object:
    async def work() -> int:
        return 1

    return work()


@keyword("text", pure=True)
def breaks() -> None:
    raise OSError("disk on fire")


@keyword("time", pure=True)
def where(*, zone: str = "") -> str:
    return zone


class Handle:
    script_methods = ("call",)
    secret = "s3cret"

    def __init__(self, name: str) -> None:
        self._name = name

    def call(self, target: str, *arguments: Json) -> Json:
        return [self._name, target, *arguments]

    def hidden(self) -> str:
        return self.secret


@keyword("tool", pure=True)
def tool(library: str) -> Handle:
    return Handle(library)


@pytest.fixture(scope="session")
def keywords() -> dict[str, KeywordInfo]:
    marked = (addContext, getContext, getRow, upper, same, must, later, breaks, where, tool)
    infos = [function.__workbench_keyword__ for function in marked]  # type: ignore[attr-defined]
    return {info.name: info for info in infos}


@pytest.fixture(scope="session")
def engine(keywords: dict[str, KeywordInfo]) -> Iterator[ScriptEngine]:
    with ScriptEngine(keywords, Limits(seconds=5)) as made:
        yield made


@pytest.fixture
def scope() -> MemoryScope:
    return MemoryScope(timezone="Asia/Shanghai")
