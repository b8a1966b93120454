"""Loading of plug-ins: what is found, what is refused, who is blamed."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from workbench import plugins
from workbench.errors import KeywordError, PluginError
from workbench.model.json import Json
from workbench.plugin_api import KeywordInfo, StepScope, keyword
from workbench.plugins.calls import CheckedKeyword, kind_of, written
from workbench.plugins.docs import describe, markdown
from workbench.plugins.memory import MemoryScope

Install = Callable[..., ModuleType]


class Distribution:
    version = "1.2"

    def __init__(self, name: str) -> None:
        self.name = name


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Pretend that a distribution with one entry point is installed."""
    points: list[EntryPoint] = []
    monkeypatch.setattr(plugins, "entry_points", lambda group: [each for each in points if each.group == group])

    def add(distribution: str, group: str, name: str, *, of: str = "", **attributes: Any) -> ModuleType:
        module = ModuleType(f"fake_{distribution.replace('-', '_')}_{name}")
        for key, value in attributes.items():
            setattr(module, key, value)
            if hasattr(value, "__workbench_keyword__"):
                value.__module__ = module.__name__
        monkeypatch.setitem(sys.modules, module.__name__, module)
        point = EntryPoint(name, module.__name__ + (f":{of}" if of else ""), f"workbench.{group}")
        points.append(point._for(Distribution(distribution)))  # type: ignore[attr-defined]
        return module

    plugins.forget()
    yield add
    plugins.forget()


def made(name: str, **options: Any) -> Callable[..., Any]:
    options = {"pure": True, **options}
    return keyword("text", name=name, **options)(lambda value=None: value)


def test_our_own_are_found_like_anybody_s() -> None:
    plugins.forget()
    assert {"addContext", "uuid", "invoke"} <= set(plugins.keywords())
    assert plugins.keywords() is plugins.keywords()
    assert [parser.name for parser in plugins.parsers()]
    assert {".csv", ".json", ".xlsx"} <= set(plugins.dataset_formats())


def test_keywords_of_a_module_and_of_one_function(install: Install) -> None:
    install("one", "keywords", "module", a=made("a"), b=made("b"), not_marked=lambda: 1)
    install("two", "keywords", "function", of="c", c=made("c"))
    assert list(plugins.keywords()) == ["a", "b", "c"]


def test_a_keyword_that_was_only_imported_is_not_found_twice(install: Install) -> None:
    module = install("one", "keywords", "first", a=made("a"))
    other = install("one", "keywords", "second", b=made("b"))
    other.a = module.a  # type: ignore[attr-defined]
    assert list(plugins.keywords()) == ["a", "b"]


def test_the_same_name_twice_names_both(install: Install) -> None:
    install("alpha", "keywords", "k", a=made("sign"))
    install("beta", "keywords", "k", a=made("sign"))
    with pytest.raises(PluginError, match=r"'sign' is brought by two packages: alpha 1\.2 and beta 1\.2"):
        plugins.keywords()


def test_the_same_suffix_twice_names_both(install: Install) -> None:
    class Format:
        suffixes = (".csv",)

        def read(self, path: Path) -> None: ...

        def write(self, dataset: object, path: Path) -> None: ...

    install("alpha", "datasets", "f", of="Format", Format=Format)
    install("beta", "datasets", "f", of="instance", instance=Format())
    with pytest.raises(PluginError, match=r"suffix \.csv .* alpha 1\.2 and beta 1\.2"):
        plugins.dataset_formats()


async def waits() -> None: ...


def without_scope() -> None: ...


@pytest.mark.parametrize(
    ("attributes", "of", "message"),
    [
        ({}, "", "has no function marked"),
        ({}, "missing", "AttributeError"),
        ({"f": lambda: 1}, "f", "neither a module nor a function marked"),
        ({"f": made("not a name")}, "", "cannot be written after"),
        ({"f": made("_hidden")}, "", "cannot be written after"),
        ({"f": keyword("text", pure=True)(waits)}, "", "is an async function"),
        ({"f": keyword("text")(without_scope)}, "", "takes no scope"),
    ],
)
def test_a_broken_keyword_plug_in_is_named(install: Install, attributes: dict[str, Any], of: str, message: str) -> None:
    install("broken-kit", "keywords", "k", of=of, **attributes)
    with pytest.raises(
        PluginError, match=rf"(?s)entry point k in workbench\.keywords: the plug-in broken-kit 1\.2.*{message}"
    ):
        plugins.keywords()


def test_an_import_that_fails_is_told(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    module = install("broken-kit", "parsers", "p")
    monkeypatch.delitem(sys.modules, module.__name__)
    with pytest.raises(PluginError, match=r"broken-kit 1\.2 cannot be used: ModuleNotFoundError"):
        plugins.parsers()


def test_a_parser_that_is_none_or_does_not_start(install: Install) -> None:
    install("broken-kit", "parsers", "p", of="thing", thing=object())
    with pytest.raises(PluginError, match="has no name, accepts, parse"):
        plugins.parsers()


def test_a_parser_whose_start_fails(install: Install) -> None:
    class Parser:
        def __init__(self) -> None:
            raise ValueError("no licence")

    install("broken-kit", "parsers", "p", of="Parser", Parser=Parser)
    with pytest.raises(PluginError, match="ValueError: no licence"):
        plugins.parsers()


def test_pure_functions_are_checked_and_know_the_zone(install: Install) -> None:
    def shown(value: str, *, zone: str = "") -> str:
        return f"{value} {zone}"

    install("kit", "keywords", "k", shown=keyword("time", pure=True)(shown), other=made("other", pure=False))
    functions = plugins.pure_functions("Asia/Shanghai")
    assert list(functions) == ["shown"]
    assert functions["shown"]("a") == "a Asia/Shanghai"
    assert functions["shown"]("a", zone="UTC") == "a UTC"
    with pytest.raises(KeywordError, match="value must be text"):
        functions["shown"](1)
    assert plugins.pure_functions()["shown"]("a") == "a "


# --- calling ----------------------------------------------------------------------------------------------------------


@keyword("text")
def sample(
    scope: StepScope, text: str, count: int, either: int | str = 1, items: list[Json] | None = None, *rest: Json
) -> Json:
    """Do a thing.

    More about it,
    on two lines.

    text: what
    count: how often

    Example: $app.sample("a", 1) → "a"
    Example: $app.sample("a", 2)
    """
    return [text, count, either, items, *rest]


INFO: KeywordInfo = sample.__workbench_keyword__  # type: ignore[attr-defined]


def test_arguments_that_fit_arrive() -> None:
    call = CheckedKeyword(INFO)
    assert call(MemoryScope(), "a", 1, "b", [1], 2) == ["a", 1, "b", [1], 2]
    assert call(MemoryScope(), "a", count=1) == ["a", 1, 1, None]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("a", True), "count must be a whole number, not true or false"),
        (("a", "1"), "count must be a whole number, not text"),
        (("a", 1, None), "either must be a whole number or text, not null"),
        (("a", 1, 1, {}), "items must be a list or null, not an object"),
        ((None, 1), "text must be text, not null"),
    ],
)
def test_arguments_that_do_not_fit_are_told(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(KeywordError, match=message) as caught:
        CheckedKeyword(INFO)(MemoryScope(), *arguments)
    assert caught.value.hint == "write $app.sample(text, count, either=1, items=None, *rest)"


def test_a_signature_hides_the_scope() -> None:
    assert written(INFO) == "(text, count, either=1, items=None, *rest)"
    assert kind_of({}) == "an object"


def test_a_docstring_becomes_documentation() -> None:
    doc = describe(INFO)
    assert (doc.summary, doc.notes, doc.group, doc.pure) == (
        "Do a thing.",
        "More about it, on two lines.",
        "text",
        False,
    )
    assert [(each.name, each.text) for each in doc.parameters] == [("text", "what"), ("count", "how often")]
    assert [(each.call, each.sign, each.result) for each in doc.examples] == [
        ('$app.sample("a", 1)', "→", '"a"'),
        ('$app.sample("a", 2)', "", ""),
    ]
    assert '$app.sample("a", 1)  # "a"' in markdown([doc])
