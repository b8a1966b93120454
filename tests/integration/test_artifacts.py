"""New artifacts of a version: kept, compared, and the cases that they hit flagged, run and settled."""

import json
import shutil
from pathlib import Path

import pytest

from workbench import cli

EXAMPLE = Path(__file__).parents[2] / "examples" / "suites" / "pay-order"
OLD, NEW = "samples://order-api-1.0.0.jar", "samples://order-api-1.1.0.jar"


def run(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> str:
    assert cli.execute(list(args)) == code, capsys.readouterr()
    out, err = capsys.readouterr()
    return err if code else out


@pytest.fixture(autouse=True)
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(EXAMPLE, tmp_path / "suite")
    run(capsys, "import", "suite")
    return tmp_path / "suite"


def test_a_new_release_flags_the_cases_that_it_breaks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    seen = json.loads(run(capsys, "artifact", "add", "order", NEW, "--preview", "--json"))
    assert seen["save"] == 0
    assert run(capsys, "artifact", "flags", "order") == "0 flags\n"
    told = run(capsys, "artifact", "add", "order", NEW)
    assert f"replaced  {NEW} in the place of {OLD}" in told
    assert "updated   com.example.order.BizOrderAiFacade (breaking)" in told
    assert "2 cases hit; save 2" in told
    flags = json.loads(run(capsys, "artifact", "flags", "order", "--json"))
    assert (
        [each["flag"]["case"] for each in flags] == [case["id"] for case in seen["cases"]] == ["b4n8c2ze", "d7f2k9qx"]
    )
    assert {change["place"] for each in flags for change in each["changes"]} >= {"com.example.order.BizOrder.points"}
    assert "BizOrder.points" in run(capsys, "artifact", "flags", "order")
    run(capsys, "artifact", "settle", "order", "b4n8c2ze")
    assert "1/2" in run(capsys, "artifact", "changes", "order")
    assert "name cases" in run(capsys, "artifact", "settle", "order", code=2)
    run(capsys, "export", "order", "--out", "out")
    assert f"artifacts: [{NEW}]" in (tmp_path / "out/suite.yaml").read_text()
    assert "queryByRequestNo" in (tmp_path / "out/interfaces.json").read_text()
    assert "nothing is saved" in run(capsys, "artifact", "add", "order", NEW)


def test_a_file_is_kept_by_content_and_comes_back(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from workbench.usecases.samples_files import sample_artifact

    jar = tmp_path / "order-api-1.1.0.jar"
    shutil.copyfile(sample_artifact("order-api-1.1.0.jar"), jar)
    run(capsys, "artifact", "add", "order", str(jar))
    run(capsys, "export", "order", "--out", "out")
    assert (tmp_path / "out/artifacts/order-api-1.1.0.jar").read_bytes() == jar.read_bytes()
    shutil.copyfile(sample_artifact("order-api-1.0.0.jar"), tmp_path / "order-api-1.2.0.jar")
    back = json.loads(run(capsys, "artifact", "add", "order", "order-api-1.2.0.jar", "--json"))
    assert back["files"][0]["instead"] == "artifacts/order-api-1.1.0.jar"
    assert [change["kind"] for change in back["changes"]].count("artifact") == 2  # one added, one gone
    (own, *_) = json.loads(run(capsys, "artifact", "list", "order", "--json"))
    assert (own["name"], own["size"]) == (
        "artifacts/order-api-1.2.0.jar",
        (tmp_path / "order-api-1.2.0.jar").stat().st_size,
    )


def test_a_dependency_hits_the_steps_that_call_it(capsys: pytest.CaptureFixture[str]) -> None:
    args = ["--dependency", "trade", "--instead", "samples://trade-api-1.0.0.jar", "--json"]
    taken = json.loads(run(capsys, "artifact", "add", "order", "samples://notify-api-1.0.0.jar", *args))
    assert "com.example.trade.TransAiFacade" in {
        each["name"] for each in taken["interfaces"] if each["state"] == "removed"
    }
    assert {case["severity"] for case in taken["cases"]} == {"breaking"}
    assert "no dependency 'trad'" in run(capsys, "artifact", "add", "order", NEW, "--dependency", "trad", code=2)


def test_impacted_is_a_selection_of_runs(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no case is hit" in run(capsys, "run", "order@1.0.0", "--impacted", code=2)
    assert "a folder knows" in run(capsys, "run", "suite", "--impacted", code=2)
    run(capsys, "artifact", "add", "order", NEW)
    pinned = ["--url", "dubbo://127.0.0.1:1", "--json"]
    result = json.loads(run_any(capsys, "run", "order@1.0.0", "--impacted", *pinned))
    assert sorted({case["result"]["case"] for case in result["cases"]}) == ["b4n8c2ze", "d7f2k9qx"]


def run_any(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    """Whatever its exit code: nobody is there to answer."""
    assert cli.execute(list(args)) in (1, 3)
    return capsys.readouterr().out
