"""A tool library from its upload to a run that uses it, as a user does it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SUITE = """suite: signing
subsystem: order
version: 1.0.0
dependencies:
  sealing: { tool: ["tools://tool-util"], version: 1.0.0 }
"""
SCENARIO = """scenario: sign
cases:
- case: sign
  steps:
  - step: sign
    tool: sealing com.example.util.SignUtil#sign(java.lang.String)
    request: '["a"]'
    assert: response matches "[0-9a-f]{64}"
  - step: in a script
    script: |
      $app.assertEquals("[INFO] hello", $app.tool("sealing").call("com.example.util.LogUtil#print", "hello"))
"""
Workbench = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    def started(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "workbench", "--data-dir", str(tmp_path / "data"), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == code, done.stdout + done.stderr
        return done

    return started


def test_added_shown_run_and_found(workbench: Workbench, artifact: Callable[[str], Path], tmp_path: Path) -> None:
    jar, sources = artifact("tool-util-1.0.0.jar"), artifact("tool-util-1.0.0-sources.jar")
    suite = tmp_path / "suite"
    (suite / "scenarios").mkdir(parents=True)
    (suite / "suite.yaml").write_text(SUITE)
    (suite / "scenarios" / "sign.yaml").write_text(SCENARIO)
    assert "there is no tool library 'tool-util'" in workbench("run", suite, code=2).stderr

    assert (
        "2 classes with 8 methods" in workbench("tools", "add", "tool-util", "1.0.0", jar, "--sources", sources).stdout
    )
    assert "was there" in workbench("tools", "add", "tool-util", "1.0.0", jar, "--sources", sources).stdout
    assert "other files" in workbench("tools", "add", "tool-util", "1.0.0", jar, code=2).stderr
    shown = json.loads(workbench("tools", "show", "tool-util", "SignUtil#sign", "--json").stdout)
    assert [each["owner"]["name"] for each in shown] == ["com.example.util.SignUtil"]
    assert shown[0]["lines"][0]["step"] == "tool-util com.example.util.SignUtil#sign(java.lang.String)"
    assert "HMAC-SHA-256 of the text." in workbench("tools", "show", "tool-util@1.0.0").stdout
    assert "static String" in workbench("tools", "show", jar).stdout

    assert "1 passed" in workbench("run", suite).stdout
    workbench("import", suite)
    assert "1 passed" in workbench("run", "order@1.0.0").stdout
    used = json.loads(workbench("tools", "used-by", "tool-util", "--json").stdout)
    assert [(each["kind"], each["place"]) for each in used] == [
        ("suite", "suite.yaml"),
        ("case", "step sign"),
        ("case", "script of step in a script"),
    ]
    assert "is used by order@1.0.0" in workbench("tools", "remove", "tool-util@1.0.0", code=2).stderr
    backup = tmp_path / "backup"
    workbench("db", "backup", backup)
    held = {path.name for path in (backup / "files").rglob("*") if path.is_file()}
    listed = json.loads(workbench("tools", "list", "--json").stdout)
    assert {file["sha256"] for file in listed[0]["files"]} <= held
