"""`workbench parse` as a user runs it: a process, real class files, text and JSON."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from workbench.model.contract import Contract

API = """
package com.example.trade;
public interface TransAiFacade {
    Payment payOrder(PayOrderRequest request, java.util.List<? extends Number> parts) throws AlreadyPaid;
    enum Status { NEW, PAID }
    class Payment { public Status status; public java.math.BigDecimal amount; }
    class PayOrderRequest { private long orderId; }
    class AlreadyPaid extends Exception { }
}
"""


def _javac() -> str:
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"))
    return next((str(home / "bin/javac") for home in homes if (home / "bin/javac").exists()), "javac")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with trade-api-1.0.0.jar, its sources jar, and notes.txt."""
    folder = tmp_path_factory.mktemp("artifacts")
    source = folder / "TransAiFacade.java"
    source.write_text(API)
    subprocess.run([_javac(), "-d", str(folder / "classes"), str(source)], check=True, capture_output=True)
    with zipfile.ZipFile(folder / "trade-api-1.0.0.jar", "w") as jar:
        for file in sorted((folder / "classes").rglob("*.class")):
            jar.write(file, file.relative_to(folder / "classes"))
    with zipfile.ZipFile(folder / "trade-api-1.0.0-sources.jar", "w") as jar:
        jar.writestr("com/example/trade/TransAiFacade.java", API)
    (folder / "notes.txt").write_text("no artifact")
    return folder


def _workbench(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workbench", "parse", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60)


def test_text_shows_methods_how_and_where(folder: Path) -> None:
    result = _workbench(folder, "trade-api-1.0.0.jar", "--sources", "trade-api-1.0.0-sources.jar")
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "com.example.trade.TransAiFacade"
    assert lines[1].endswith("found as an interface of an API jar, in trade-api-1.0.0.jar")
    facade = "com.example.trade.TransAiFacade"
    assert lines[2].endswith(
        f"{facade}$Payment payOrder({facade}$PayOrderRequest request, List<? extends Number> parts)"
        f" throws {facade}$AlreadyPaid"
    )
    assert lines[-1] == "1 interface, 1 method, 4 types"


def test_json_is_the_contract(folder: Path) -> None:
    result = _workbench(folder, "trade-api-1.0.0.jar", "--json")
    assert (result.returncode, result.stderr) == (0, "")
    contract = msgspec.json.decode(result.stdout, type=Contract)
    (method,) = contract.interfaces[0].methods
    assert method.signature == "payOrder(com.example.trade.TransAiFacade$PayOrderRequest,java.util.List)"
    assert json.loads(result.stdout)["types"]["com.example.trade.TransAiFacade$Status"] == {
        "kind": "enum",
        "super": "java.lang.Enum<com.example.trade.TransAiFacade$Status>",
        "constants": ["NEW", "PAID"],
        "origin": "trade-api-1.0.0.jar",
    }


def test_a_glob_that_matches_nothing(folder: Path) -> None:
    result = _workbench(folder, "trade-api-1.0.0.jar", "--interface", "*.PayFacade")
    assert (result.returncode, result.stdout) == (0, "0 interfaces, 0 methods, 0 types\n")
    assert "no interface matches '*.PayFacade'" in result.stderr


def test_an_artifact_without_services_says_how_to_go_on(folder: Path) -> None:
    result = _workbench(folder, "trade-api-1.0.0-sources.jar")
    assert result.returncode == 0
    assert "no service found: name interfaces with --interface" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["notes.txt"], "notes.txt: no parser knows this kind of file"),
        (["none.jar"], "none.jar: there is no such file"),
        ([], "Missing argument 'ARTIFACT...'"),
        (["trade-api-1.0.0.jar", "--sources", "notes.txt"], "notes.txt: is no readable zip archive"),
    ],
)
def test_errors_are_told_with_the_file_and_end_in_2(folder: Path, arguments: list[str], message: str) -> None:
    result = _workbench(folder, *arguments)
    assert result.returncode == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_limits_come_from_the_settings(folder: Path) -> None:
    environment = {**os.environ, "WORKBENCH_PARSE_LIMITS__MAX_ENTRIES": "2"}
    command = [sys.executable, "-m", "workbench", "parse", "trade-api-1.0.0.jar"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, timeout=60)
    assert result.returncode == 2
    assert "trade-api-1.0.0.jar: 5 entries, the limit max_entries is 2" in result.stderr


def test_a_sample_by_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_SAMPLES_DIR", str(folder))
    (folder / "workbench-registry.jar").touch()  # by which a samples folder is known
    result = _workbench(folder.parent, "samples://trade-api-1.0.0.jar", "--sources", "samples://none.jar")
    assert (result.returncode, result.stdout) == (2, "")
    assert "no sample artifact none.jar" in result.stderr
    result = _workbench(folder.parent, "samples://trade-api-1.0.0.jar")
    assert result.stdout.startswith("com.example.trade.TransAiFacade")
