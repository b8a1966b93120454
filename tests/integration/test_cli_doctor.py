"""`workbench doctor` with a real bridge, and a real provider."""

import json
from pathlib import Path

import pytest

from workbench import cli
from workbench.usecases.samples import WorldState


def test_with_a_registry_the_first_answer_is_measured(
    sample_world: WorldState, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.execute(["--data-dir", str(tmp_path), "doctor", "--registry", sample_world.registry, "--json"])
    health = json.loads(capsys.readouterr().out)
    assert code == 0, health
    checks = {check["name"]: check for check in health["checks"]}
    assert health["ok"] is True
    assert list(checks) == [
        "Python",
        "Java",
        "bridge jar",
        "data directory",
        "registry",
        "class archive",
        "first answer",
    ]
    assert "3 interfaces, 3 providers" in checks["registry"]["found"]
    assert checks["first answer"]["elapsed_ms"] > 0


def test_what_is_missing_ends_in_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data-dir", str(tmp_path), "-o", "bridge_jar=nowhere.jar"]
    assert cli.execute([*arguments, "doctor", "--registry", "zookeeper://127.0.0.1:1"]) == 3
    out = capsys.readouterr().out
    assert "FAIL bridge jar: nowhere.jar is no file\n       → mend the setting bridge_jar" in out
    assert "FAIL registry: zookeeper://127.0.0.1:1: the registry cannot be reached" in out
    assert "ok   Python" in out
