"""What the docstrings say is true: every example runs, every parameter is explained, the document is current."""

import inspect
from pathlib import Path

import pytest

from workbench import plugins
from workbench.errors import AssertionFailed
from workbench.expr.compare import identical
from workbench.model import json
from workbench.plugins.docs import GROUPS, Example, describe, library, markdown
from workbench.plugins.memory import MemoryScope
from workbench.scripts import ScriptEngine

DOCUMENT = Path(__file__).parents[3] / "docs" / "keywords.md"
DOCS = library(plugins.keywords())
EXAMPLES = [(doc.name, example) for doc in DOCS for example in doc.examples]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{name}: {each.call}" for name, each in EXAMPLES])
def test_every_example_does_what_it_says(name: str, example: Example, engine: ScriptEngine, scope: MemoryScope) -> None:
    assert f"$app.{name}(" in example.call
    if example.sign == "✗":
        with pytest.raises(AssertionFailed):
            engine.run(engine.compile(example.call), scope)
        return
    engine.run(engine.compile(f"result = {example.call}\nif result is not None: $app.addContext('_', result)"), scope)
    result = scope.values.pop("_", None)
    wanted = json.loads(example.result) if example.result else None
    if example.sign == "→":
        assert identical(result, wanted), (result, wanted)
    elif example.sign == "≈":
        assert type(result) is type(wanted)
        if isinstance(result, str) and "randomChoice" not in example.call:
            assert len(result) == len(wanted)


@pytest.mark.parametrize("doc", DOCS, ids=[doc.name for doc in DOCS])
def test_every_keyword_is_documented(doc: object) -> None:
    info = plugins.keywords()[doc.name]  # type: ignore[attr-defined]
    described = describe(info)
    parameters = list(inspect.signature(info.function).parameters)[0 if info.pure else 1 :]
    assert described.summary.endswith(".")
    assert described.examples
    assert [parameter.name for parameter in described.parameters] == parameters
    assert described.group in GROUPS


def test_the_document_is_current() -> None:
    """`workbench keywords --markdown > docs/keywords.md` mends it."""
    assert DOCUMENT.read_text(encoding="utf-8") == markdown(DOCS)


KNOWN = """
    addContext getContext removeContext hasContext getConfig getEnvironment getRow getResponse getRequest getException
    now formatDate parseDate addTime timestamp uuid randomInt randomText randomChoice randomDecimal upper lower trim
    substring replace split join padLeft regexFind format md5 sha1 sha256 sha512 hmac base64Encode base64Decode
    urlEncode urlDecode hexEncode aesEncrypt aesDecrypt toJson parseJson jsonPath jsonSet jsonMerge jsonDiff
    assertEquals assertNotEquals assertTrue assertFalse assertNull assertNotNull assertContains assertMatches assertSize
    assertThat fail skip sleep http invoke tool log logInfo logWarn logError decimal decimalAdd
"""


def test_names_that_testers_know_are_there() -> None:
    assert set(KNOWN.split()) <= set(plugins.keywords())
