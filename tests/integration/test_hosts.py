"""What is deployed where, beside what runs there and says of itself."""

import json
import shutil
from pathlib import Path

import pytest

from workbench import cli
from workbench.usecases.samples_files import sample_artifact

EXAMPLE = Path(__file__).parents[2] / "examples" / "suites" / "pay-order"
FACADE = "com.example.order.BizOrderAiFacade"


def run(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    assert cli.execute(list(args)) == 0, capsys.readouterr()
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(EXAMPLE, tmp_path / "suite")
    run(capsys, "import", "suite")
    run(capsys, "db", "new-version", "order", "1.1.0")
    for version in ("1.0.0", "1.1.0"):
        jar = tmp_path / f"order-api-{version}.jar"
        shutil.copyfile(sample_artifact(jar.name), jar)
        run(capsys, "artifact", "add", f"order@{version}", str(jar))


def urls(tmp_path: Path, *hosts: str, methods: str) -> str:
    lines = [f"dubbo://{host}/{FACADE}?interface={FACADE}&methods={methods}&side=provider" for host in hosts]
    (tmp_path / "providers.urls").write_text("".join(f"{line}\n" for line in lines))
    return str(tmp_path / "providers.urls")


def names(tmp_path: Path, version: str, capsys: pytest.CaptureFixture[str]) -> str:
    contract = json.loads(run(capsys, "parse", str(tmp_path / f"order-api-{version}.jar"), "--json"))
    (facade,) = [one for one in contract["interfaces"] if one["name"] == FACADE]
    return ",".join(sorted({method["name"] for method in facade["methods"]}))


def test_who_runs_something_else_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    jar = tmp_path / "order-api-1.1.0.jar"
    run(capsys, "hosts", "deployed", "order@1.0.0", "10.0.0.1:20880", "--environment", "sit")
    run(capsys, "hosts", "deployed", "order@1.1.0", "10.0.0.2:20880", "--environment", "sit", "--file", str(jar))
    run(capsys, "hosts", "deployed", "order@1.1.0", "10.0.0.9", "--environment", "sit")
    seen = json.loads(run(capsys, "hosts", "list", "order", "--json"))
    assert [(row["host"], row["version"], row["artifact"], row["running"]) for row in seen] == [
        ("10.0.0.1:20880", "1.0.0", "artifacts/order-api-1.0.0.jar", None),
        ("10.0.0.2:20880", "1.1.0", "artifacts/order-api-1.1.0.jar", None),
        ("10.0.0.9", "1.1.0", "artifacts/order-api-1.1.0.jar", None),
    ]
    assert all(len(row["sha256"]) == 64 and row["deployed_us"] for row in seen)
    registry = urls(
        tmp_path, "10.0.0.1:20880", "10.0.0.2:20880", "10.0.0.3:20880", methods=names(tmp_path, "1.0.0", capsys)
    )
    rows = {
        row["host"]: row for row in json.loads(run(capsys, "hosts", "list", "order", "--registry", registry, "--json"))
    }
    assert rows["10.0.0.1:20880"]["disagrees"] == []
    assert rows["10.0.0.1:20880"]["interfaces"] == [FACADE]
    assert f"lacks {FACADE}#queryByRequestNo" in rows["10.0.0.2:20880"]["disagrees"]
    assert f"has {FACADE}#countOrders, which the artifact has not" in rows["10.0.0.2:20880"]["disagrees"]
    assert rows["10.0.0.9"]["running"] is False
    assert rows["10.0.0.3:20880"]["disagrees"] == ["nobody said what is deployed here"]
    run(capsys, "hosts", "deployed", "order@1.0.0", "10.0.0.2", "--environment", "sit")
    run(capsys, "hosts", "deployed", "order@1.0.0", "10.0.0.2:20880", "--environment", "sit")
    told = run(capsys, "hosts", "list", "order", "--registry", registry)
    assert "10.0.0.2:20880:" not in told
    assert "10.0.0.9: no provider is registered at this host" in told
