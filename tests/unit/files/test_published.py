"""What is published is true: schemas, field tables, the examples of docs/suite-format.md."""

import json as plain_json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from msgspec import Struct
from msgspec.structs import fields

from workbench.cli import execute
from workbench.files import canonical, json_schemas, read_suite
from workbench.files.documentation import with_tables
from workbench.files.exact_yaml import load
from workbench.files.field_docs import FIELD_DOCS
from workbench.files.writer import suite_texts
from workbench.model import manual
from workbench.model import suite as model

DOCS = Path(__file__).parents[3] / "docs"
UPDATE = "bring it up to date with: python -m workbench.files.documentation docs"
TYPES = [getattr(model, name, None) or getattr(manual, name) for name in FIELD_DOCS]


@pytest.mark.parametrize("name", ["suite", "scenario", "shared", "manual"])
def test_the_schema_files_are_current(name: str) -> None:
    published = plain_json.loads((DOCS / f"{name}.schema.json").read_text())
    assert published == json_schemas()[name], UPDATE
    Draft202012Validator.check_schema(published)


def test_the_tables_are_current() -> None:
    text = (DOCS / "suite-format.md").read_text()
    assert with_tables(text) == text, UPDATE


def test_every_type_of_the_model_is_documented() -> None:
    in_files = {
        name
        for name, type_ in vars(model).items()
        if isinstance(type_, type) and issubclass(type_, Struct) and type_.__module__ == model.__name__
    }
    by_hand = {"ManualFile", "ManualInterface", "ManualType"}
    assert (in_files - {"Suite", "Step"}) | by_hand == set(FIELD_DOCS)


@pytest.mark.parametrize("type_", TYPES, ids=lambda type_: type_.__name__)
def test_every_field_is_documented_and_no_other(type_: type[Struct]) -> None:
    assert {info.encode_name for info in fields(type_)} == set(FIELD_DOCS[type_.__name__])
    text = (DOCS / "suite-format.md").read_text()
    for info in fields(type_):
        assert f"| `{info.encode_name}` |" in text, UPDATE


def examples() -> dict[str, str]:
    """The YAML examples by the file name in their first line, or by their order."""
    blocks = re.findall(r"```yaml\n(.*?)```", (DOCS / "suite-format.md").read_text(), re.DOTALL)
    named = {}
    for number, block in enumerate(blocks):
        match = re.match(r"# (\S+\.yaml)\n", block)
        named[match[1] if match else str(number)] = block[match.end() :] if match else block
    return named


def test_the_examples_are_canonical_suite_files(tmp_path: Path) -> None:
    found = examples()
    shared = next(text for text in found.values() if text.startswith("login:"))
    texts = {
        "suite.yaml": found["suite.yaml"],
        "scenarios/pay-order.yaml": found["scenarios/pay-order.yaml"],
        "shared/common.yaml": shared.replace(" # has to be given", ""),
    }
    for name, text in {**texts, "datasets/orders.csv": "buyerId,amount\n"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert suite_texts(canonical(read_suite(tmp_path))) == texts


@pytest.mark.parametrize(
    ("kind", "text", "good"),
    [
        ("scenario", "scenario: s\ncases: [{ case: c, steps: [{ dubbo: x }, { script: y, retry: {} }] }]\n", True),
        ("scenario", "scenario: s\ncases: [{ case: c, steps: [{ step: x }] }]\n", False),
        ("scenario", "scenario: s\ncases: [{ case: c, steps: [{ dubbo: x, script: y }] }]\n", False),
        ("scenario", "scenario: s\ncases: [{ case: c, steps: [{ dubbo: x, headers: {} }] }]\n", False),
        ("scenario", "scenario: s\nsetup: [{ script: x, timeout: soon }]\n", False),
        ("scenario", "cases: []\n", False),
        ("suite", "suite: s\nsubsystem: o\ndefaults: { step: 5s }\n", True),
        ("suite", "suite: s\nsubsystem: o\nenvironment: {}\n", False),
        ("suite", "suite: s\nsubsystem: o\ncauses: [{ label: x, cause: [TIMEOUT], side: case }]\n", True),
        ("suite", "suite: s\nsubsystem: o\ncauses: [{ label: x, cause: [SLOW] }]\n", False),
        ("shared", "login: { steps: [{ use: a.b, with: { x: [1, null] } }] }\n", True),
        ("shared", "login: { step: [] }\n", False),
    ],
)  # fmt: skip
def test_the_schema_chooses_the_kind_by_its_key(kind: str, text: str, good: bool) -> None:
    document = load(text, "x.yaml")
    assert not document.errors
    assert Draft202012Validator(json_schemas()[kind]).is_valid(document.data) is good


def test_schemas_are_copies() -> None:
    json_schemas()["suite"].clear()
    assert json_schemas()["suite"]


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert execute(["schema", "scenario"]) == 0
    assert plain_json.loads(capsys.readouterr().out) == json_schemas()["scenario"]
    assert execute(["schema"]) == 0
    assert list(plain_json.loads(capsys.readouterr().out)) == ["suite", "scenario", "shared", "manual"]
    assert execute(["schema", "--out", str(tmp_path / "new")]) == 0
    assert len(list((tmp_path / "new").glob("*.schema.json"))) == 4
    assert execute(["schema", "other"]) == 2
