"""The page as a file: what stands in it, before any browser draws it."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

import workbench.reporting
from workbench.model import json
from workbench.model.result import Cause, Side, Verdict
from workbench.model.sentences import SENTENCES
from workbench.reporting.html import HtmlReporter
from workbench.reporting.page import script_text

ASSETS = Path(workbench.reporting.__file__).parent / "assets"
SCRIPTS = {path.name: path.read_text("utf-8") for path in ASSETS.glob("*.js")}


@pytest.fixture
def page(tmp_path: Path, make: ModuleType) -> str:
    HtmlReporter().write(*make.shop_run(hostile=True), tmp_path / "report.html")
    return (tmp_path / "report.html").read_text("utf-8")


def test_data_cannot_leave_its_element(page: str, make: ModuleType) -> None:
    for attack in make.ATTACKS[:4]:
        assert attack not in page
    assert not re.search("[\u2028\u2029]", page)
    data = re.findall(r'<script type="[^"]+" id="(\w+)">(.*?)</script>', page, re.S)
    assert [name for name, _ in data] == ["head", "rows", "details"]
    rows = json.loads(data[1][1])
    details = data[2][1].strip().split("\n")
    assert len(rows) == len(details) == 29
    assert any(make.ATTACKS[0] in json.dumps(json.loads(line)) for line in details), "it comes back unchanged"


def test_digits_are_text_for_the_browser(page: str) -> None:
    data = re.findall(r'<script type="[^"]+" id="\w+">(.*?)</script>', page, re.S)
    documents = [json.loads(line) for part in data for line in part.strip().split("\n")]
    assert "9007199254740993" in page
    assert [number for number in numbers(documents) if not isinstance(number, int) or abs(number) > 2**53] == []


def numbers(value: object) -> Iterator[int | Decimal]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from numbers(inner)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        yield value


def test_nothing_is_fetched(page: str) -> None:
    shell = re.sub(r'<script type="[^"]+" id=.*?</script>', "", page, flags=re.S)
    assert not re.search(r"\b(src|href|action)\s*=|@import|url\(|fetch\(|XMLHttpRequest|innerHTML|eval\(", shell)
    assert "default-src 'none'" in page


def test_script_text_is_json_without_markup() -> None:
    value = {"</script>": "<!-- & \u2028\u2029 -->", "n": 1}
    text = script_text(value)
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == value


def words(language: str) -> dict[str, str]:
    block = re.search(rf"^  {language}: \{{(.*?)^  \}},", SCRIPTS["words.js"], re.S | re.M)
    assert block is not None
    return dict(re.findall(r'(\w+): "((?:[^"\\]|\\.)*)"', block[1]))


def test_every_text_exists_in_both_languages() -> None:
    english, chinese = words("en"), words("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert text.count("{0}") == chinese[key].count("{0}"), key
        assert re.search("[\u4e00-\u9fff]", chinese[key]) or key in ("none_", "keys", "copy"), key


def test_every_word_that_is_used_is_there() -> None:
    used = {key for text in SCRIPTS.values() for key in re.findall(r'\bword\("(\w+)"', text)}
    names = {str(value) for kind in (Verdict, Cause, Side) for value in kind}
    assert used | names <= words("en").keys()
    assert len(used) > 40


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def themes() -> list[dict[str, str]]:
    blocks = re.findall(r"\{([^{}]*--bg:[^{}]*)\}", (ASSETS / "page.css").read_text("utf-8"))
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks]


def test_text_is_readable_in_both_themes() -> None:
    found = themes()
    assert len(found) == 3
    assert found[1] == found[2], "dark by the system and dark by choice"
    texts = ("text", "muted", "accent", "passed", "failed", "error", "timeout", "skipped", "stopped")
    for theme in found:
        pairs = [(text, ground) for text in texts for ground in ("bg", "panel", "soft")]
        pairs += [(text, "bad-soft") for text in ("text", "failed", "error", "timeout")] + [
            ("failed", "mark"),
            ("text", "mark"),
        ]
        weak = {pair: contrast(theme[pair[0]], theme[pair[1]]) for pair in pairs}
        assert {pair: round(value, 2) for pair, value in weak.items() if value < 4.5} == {}


def javascript(name: str, script: str = "messages.js") -> dict[str, str]:
    block = re.search(rf"^const {name} = \{{(.*?)^\}};", SCRIPTS[script], re.S | re.M)
    assert block is not None
    return dict(re.findall(r'^  "([^"]+)": "([^"]+)",$', block[1], re.M))


def test_every_sentence_of_the_engine_exists_in_chinese_with_the_same_parameters() -> None:
    chinese = javascript("SENTENCES")
    assert chinese.keys() == SENTENCES.keys()
    for code, english in SENTENCES.items():
        assert set(re.findall(r"\{\d\}", english)) == set(re.findall(r"\{\d\}", chinese[code])), code


def test_every_phrase_that_is_translated_is_still_said() -> None:
    """A reason or hint that is worded anew would be English on the Chinese page."""
    root = Path(workbench.reporting.__file__).parent.parent
    sources = "\n".join(
        path.read_text("utf-8") for name in ("expr", "engine", "invokers") for path in (root / name).glob("*.py")
    )
    phrases = javascript("PHRASES")
    assert [phrase for phrase in phrases if f'"{phrase}"' not in sources] == []
    assert len(phrases) > 15


SAID = {"SAID": "foreign.js", "SAID_BY_BRIDGE": "said-bridge.js", "SAID_OF_VALUES": "said-values.js"}
SAID |= {"SAID_BY_KEYWORDS": "said-keywords.js"}


def test_all_that_is_known_in_chinese_is_still_said() -> None:
    """See test_chinese.py for the other way round."""
    root = Path(workbench.reporting.__file__).parents[2]
    files = [*(root / "bridge-java" / "bridge" / "src" / "main").rglob("*.java")]
    for name in (
        "workbench/expr",
        "workbench/engine",
        "workbench/invokers",
        "workbench/scripts",
        "workbench/plugins",
        "workbench/planning",
    ):
        files += (root / name).glob("*.py")
    for name in ("workbench/model", "keywords", "datasets"):
        files += (root / name).rglob("*.py")
    sources = re.sub(r'"\s*\+?\s*f?"', "", "\n".join(path.read_text("utf-8") for path in files))
    said = {english: chinese for name, script in SAID.items() for english, chinese in javascript(name, script).items()}
    pieces = {piece.strip(" ,:;()") for english in said for piece in re.split(r"\{\d\}", english)}
    assert sorted(piece for piece in pieces if piece not in sources) == []
    for english, chinese in said.items():
        assert set(re.findall(r"\{\d\}", english)) == set(re.findall(r"\{\d\}", chinese)), english
    assert len(said) > 300


def test_every_cause_says_what_to_do() -> None:
    assert {f"do_{cause.value}" for cause in Cause} <= words("en").keys()
