"""`workbench keywords`."""

import json
from pathlib import Path

import pytest

from workbench.cli import execute

DOCUMENT = Path(__file__).parents[3] / "docs" / "keywords.md"


def test_all_are_listed_by_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["keywords"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "context"
    assert any(line.split()[:3] == ["uuid", "Make", "a"] for line in lines)
    assert lines.index("crypto") < next(at for at, line in enumerate(lines) if line.startswith("  md5 "))


@pytest.mark.parametrize("name", ["padLeft", "$app.padLeft"])
def test_one_is_explained(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["keywords", name]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("$app.padLeft(text, width, fill='0')   (text)\n")
    assert '$app.padLeft("42", 6) → "000042"' in shown
    assert "${fn.padLeft(…)}" in shown


def test_one_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["keywords", "getContext", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["name"], shown["pure"], shown["parameters"][0]["name"]) == ("getContext", False, "key")


def test_a_group_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["keywords", "--group", "flow", "--json"]) == 0
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == ["fail", "skip", "sleep"]


def test_the_document_is_what_markdown_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["keywords", "--markdown"]) == 0
    assert capsys.readouterr().out == DOCUMENT.read_text(encoding="utf-8")


def test_unknown_names_get_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["keywords", "padleft"]) == 2
    assert "padLeft" in capsys.readouterr().err
    assert execute(["keywords", "--group", "times"]) == 2
    assert "time" in capsys.readouterr().err
