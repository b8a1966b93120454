"""Laws: reading what was written gives the same suite; writing what was read gives the same bytes."""

import os
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace
from suite_strategies import FILE, GROUP, NAME, SCENARIO, SUITE, TEXT

from workbench.errors import SuiteError
from workbench.files import json_schemas, read_suite, write_suite, yaml_files
from workbench.files.exact_yaml import load
from workbench.files.reader import read_text
from workbench.files.scalars import block, inline
from workbench.files.writer import file_text, suite_texts
from workbench.model import json
from workbench.model.suite import (
    Case,
    Connection,
    DubboStep,
    Environment,
    Retry,
    Scenario,
    SharedSteps,
    Suite,
    SuiteFile,
    UseStep,
)

_ASKED = Connection(url="redis://localhost", max_rows=int("1000"), max_bytes=int("1048576"))
DEFAULTS_WRITTEN = SuiteFile(suite="s", subsystem="s", environments={"e": Environment(connections={"c": _ASKED})})
MANY = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def read_back(kind: str, text: str) -> object:
    document, model = read_text(kind, text, "x.yaml")
    assert not document.errors, f"{document.errors[0]}\n{text}"
    return model


@given(SCENARIO)
@settings(MANY, max_examples=40)
def test_scenarios_come_back_equal_and_are_canonical(scenario: Scenario) -> None:
    text = file_text(scenario)
    again = read_back("scenario", text)
    assert again == scenario, text
    assert json.dumps(again) == json.dumps(scenario)  # the scale too: 1.0 is not 1.00
    assert file_text(again) == text


@given(FILE)
@example(file=DEFAULTS_WRITTEN)
@settings(MANY, max_examples=50)
def test_suite_files_come_back_equal_and_are_canonical(file: SuiteFile) -> None:
    text = file_text(file)
    again = read_back("suite", text)
    assert again == file, text
    assert json.dumps(again) == json.dumps(file)
    assert file_text(again) == text


@given(st.dictionaries(NAME, GROUP, min_size=1, max_size=2))
@settings(MANY, max_examples=40)
def test_shared_groups_come_back_equal_and_are_canonical(groups: dict[str, SharedSteps]) -> None:
    text = file_text(groups)
    again = read_back("shared", text)
    assert again == groups, text
    assert file_text(again) == text


@given(SCENARIO)
@settings(MANY, max_examples=30)
def test_the_published_schema_takes_what_is_written(scenario: Scenario) -> None:
    document = load(file_text(scenario), "x.yaml")
    assert not list(Draft202012Validator(json_schemas()["scenario"]).iter_errors(document.data))


@given(TEXT)
@example("a" * 2000)
@settings(MANY, max_examples=150)
def test_other_yaml_readers_see_the_same_texts(text: str) -> None:
    key = inline(text) if len(text) < 90 and text not in ("a", "b") else "k"
    written = f"a: {inline(text)}\nb: [{inline(text, flow=True)}]\n{key}: x\n"
    assert "\n" not in inline(text)
    for loader in (yaml.SafeLoader, yaml.CSafeLoader):
        read = yaml.load(written, Loader=loader)
        assert read["a"] == text
        assert read["b"] == [text]
    lines = block(text, 2)
    if lines is not None:
        assert yaml.safe_load(f"a: {lines}\nb: 1\n") == {"a": text, "b": 1}


@given(SUITE)
@settings(MANY, max_examples=20)
def test_folders_come_back_equal(suite: Suite) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        write_suite(suite, folder)
        before = {path: path.read_bytes() for path in folder.rglob("*.yaml")}
        again = read_suite(folder, names=False)
        assert again == suite
        write_suite(again, folder)
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    finally:
        shutil.rmtree(folder)


def test_numbers_of_any_length() -> None:
    file = SuiteFile(suite="s", subsystem="o", config={"n": 10**5000 + 1, "d": Decimal("0." + "1" * 5000)})
    assert read_back("suite", file_text(file)) == file


def test_long_keys() -> None:
    for key in ("k" * 5000, '"' * 600, "é" * 600, "a: " * 500):
        for value in (1, "x", "x\ny\n", [], [1], {"a": {"b": 1}}, None):
            file = SuiteFile(suite="s", subsystem="o", config={key: value, "z": 2})
            assert read_back("suite", file_text(file)) == file


def test_the_canonical_form() -> None:
    step = DubboStep(
        id="1fq0v7dr", step="create order", comment="first\n\nof all", subsystem="order", timeout="3s",
        dubbo="com.example.Facade#create(com.example.Request)", extract={"id": "response.data.id", "x": "1"},
        request='[{ "amount": "${row.amount}" }]\n', assert_='response.code == "0000"\nexception absent\n',
        retry=Retry(times=3, until='response.status == "PAID"'), before="a = 1\n", disabled=True,
    )  # fmt: skip
    case = Case(id="b4n8c2ze", case="yes", tags=("smoke", "1"), steps=(step,), setup=(UseStep(use="common.login"),))
    scenario = Scenario(id="7k2mq9xa", scenario="Pay: an order", comment="head", description="a\nb", cases=(case,))
    assert (
        file_text(scenario)
        == """\
# head
id: 7k2mq9xa
scenario: "Pay: an order"
description: |-
  a
  b
cases:
  - id: b4n8c2ze
    case: "yes"
    tags: [smoke, "1"]
    setup:
      - use: common.login
    steps:
      # first
      #
      # of all
      - id: 1fq0v7dr
        step: create order
        disabled: true
        dubbo: com.example.Facade#create(com.example.Request)
        subsystem: order
        timeout: 3s
        retry: { times: 3, until: response.status == "PAID" }
        before: |
          a = 1
        request: |
          [{ "amount": "${row.amount}" }]
        extract: { id: response.data.id, x: "1" }
        assert: |
          response.code == "0000"
          exception absent
"""
    )


def test_files_are_whole_and_untouched_when_equal(tmp_path: Path) -> None:
    suite = Suite(file=SuiteFile(suite="s", subsystem="o"), scenarios={"a": Scenario(scenario="a")})
    write_suite(suite, tmp_path)
    path = tmp_path / "scenarios/a.yaml"
    path.chmod(0o640)
    first = path.stat()
    write_suite(suite, tmp_path)
    assert path.stat().st_ino == first.st_ino
    write_suite(replace(suite, scenarios={"a": Scenario(scenario="b")}), tmp_path)
    assert path.read_text() == "scenario: b\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.yaml", "scenarios", "suite.yaml"]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = Suite(file=SuiteFile(suite="s", subsystem="o"))
    write_suite(suite, tmp_path)

    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="disk full"):
        write_suite(replace(suite, file=SuiteFile(suite="new", subsystem="o")), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["suite.yaml"]
    assert (tmp_path / "suite.yaml").read_text() == "suite: s\nsubsystem: o\n"


def test_files_that_are_gone_from_the_suite_stay(tmp_path: Path) -> None:
    file = SuiteFile(suite="s", subsystem="o")
    write_suite(Suite(file=file, scenarios={"a": Scenario(scenario="a")}, shared={"c.g": SharedSteps()}), tmp_path)
    write_suite(Suite(file=file), tmp_path)
    assert yaml_files(tmp_path) == [tmp_path / "scenarios/a.yaml", tmp_path / "shared/c.yaml"]


@pytest.mark.parametrize("slug", ["", "..", "a/b", "../x", "a\0", ".hidden", "a\nb", "C:x", " a"])
def test_names_that_make_no_file(slug: str) -> None:
    with pytest.raises(SuiteError):
        suite_texts(Suite(file=SuiteFile(suite="s", subsystem="o"), scenarios={slug: Scenario(scenario="a")}))


@pytest.mark.parametrize("value", [1.5, Decimal("NaN"), Decimal("Infinity"), object(), "\ud800"])
def test_values_that_yaml_cannot_hold_exactly(value: object) -> None:
    with pytest.raises(SuiteError):
        file_text(SuiteFile(suite="s", subsystem="o", config={"a": value}))


def test_shared_group_without_a_file() -> None:
    with pytest.raises(SuiteError, match="names no file"):
        suite_texts(Suite(file=SuiteFile(suite="s", subsystem="o"), shared={"login": SharedSteps()}))
