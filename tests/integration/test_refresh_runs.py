"""Newer artifacts before a run: fetched, compared, flagged, and told in the run's report.

One test asks a repository over HTTP on the loopback with the real Maven; for the others a program stands in its place,
which gives the samples' jars.
"""

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from java_provider import JAVAC
from maven_repository import POM, settings
from ports import held_port

from workbench import cli
from workbench.usecases.samples_files import sample_artifact

SNAPSHOT = "1.0-SNAPSHOT"
GAV = f"com.example.mine:shop-api:{SNAPSHOT}"
SUITE = f"suite: shop\nsubsystem: shop\nversion: '1'\nartifacts: ['{GAV}']\n"
_FACADE = "com.example.mine.ShopFacade"
SCENARIO = f"""id: 7k2mq9xa
scenario: Shop
cases:
  - id: pricecas
    case: price
    steps: [{{id: pricestp, step: p, dubbo: '{_FACADE}#price(java.lang.String)', request: '["a"]'}}]
  - id: stockcas
    case: stock
    steps: [{{id: stockstp, step: s, dubbo: '{_FACADE}#stock(java.lang.String)', request: '["a"]'}}]
  - {{id: scriptca, case: quick, steps: [{{id: scriptst, step: s, script: pass}}]}}
"""
_METADATA = """<metadata><groupId>com.example.mine</groupId><artifactId>shop-api</artifactId><version>{}</version>
<versioning><snapshot><timestamp>20260101.000000</timestamp><buildNumber>1</buildNumber></snapshot>
<lastUpdated>20260101000000</lastUpdated></versioning></metadata>"""
_API = "package com.example.mine; public interface ShopFacade { int stock(String sku); }"
_METHOD = {"parameters": [{"name": "sku", "type": "java.lang.String"}], "erased": ["java.lang.String"]}
CONTRACT = {
    "interfaces": [
        {"name": _FACADE, "recognised_by": "api-jar", "origin": "shop-api.jar",
         "methods": [{"name": name, "returns": "int", **_METHOD} for name in ("price", "stock")]},
    ],
    "types": {},
}  # fmt: skip
QUICK = ("--case", "quick")  # calls nobody
Run = Callable[..., tuple[Any, str]]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    """Once it is closed nobody answers at its port."""
    (tmp_path / "repository").mkdir()
    handler = partial(_Quiet, directory=str(tmp_path / "repository"))
    with held_port() as port, ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _publish(folder: Path) -> None:
    (folder / "ShopFacade.java").write_text(_API)
    subprocess.run([*JAVAC, "--release", "17", "-d", folder / "classes", folder / "ShopFacade.java"], check=True)
    place = folder / "repository" / "com" / "example" / "mine" / "shop-api" / SNAPSHOT
    place.mkdir(parents=True)
    name = "shop-api-1.0-20260101.000000-1"
    (place / f"{name}.pom").write_text(POM.format(artifact="shop-api", version=SNAPSHOT, more=""))
    shutil.make_archive(str(place / name), "zip", folder / "classes")
    (place / f"{name}.zip").rename(place / f"{name}.jar")
    (place / "maven-metadata.xml").write_text(_METADATA.format(SNAPSHOT))


def runner(options: list[str], address: str, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*args: str, code: int) -> tuple[Any, str]:
        """What the report says of the run, and what stood on stderr; nobody is there to answer a case."""
        capsys.readouterr()
        pinned = ["--url", "dubbo://127.0.0.1:1", "--json"]
        assert cli.execute([*options, "run", address, *args, *pinned]) == code, capsys.readouterr().err
        out, err = capsys.readouterr()
        return json.loads(out).get("run"), err

    return run


def test_a_newer_snapshot_of_a_repository_that_then_is_down(
    repository: ThreadingHTTPServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = settings(tmp_path, url=f"http://127.0.0.1:{repository.server_port}")
    (tmp_path / "suite" / "scenarios").mkdir(parents=True)
    (tmp_path / "suite" / "suite.yaml").write_text(SUITE)
    (tmp_path / "suite" / "interfaces.json").write_text(json.dumps(CONTRACT))
    (tmp_path / "suite" / "scenarios" / "shop.yaml").write_text(SCENARIO)
    assert cli.execute([*options, "import", "suite"]) == 0
    _publish(tmp_path)
    run = runner(options, "shop@1", capsys)
    told, _ = run(*QUICK, "--refresh", code=0)
    assert [(each["name"], each["what"]) for each in told["refreshed"]["artifacts"]] == [(GAV, "renewed")]
    assert [(each["name"], each["severity"]) for each in told["refreshed"]["flagged"]] == [("price", "breaking")]
    repository.shutdown()
    repository.server_close()
    _, said = run(*QUICK, "--refresh-strict", code=2)  # Maven itself goes on with what it has, and only warns
    assert "Could not transfer metadata" in said


ORDER = "com.example.order:order-api:1.0-SNAPSHOT"
ORDER_SUITE = f"suite: pay\nsubsystem: order\nversion: '1'\nartifacts: ['{ORDER}']\n"
ORDER_SCENARIO = """id: 7k2mq9xb
scenario: Orders
cases:
  - id: ordercas
    case: create
    steps:
      - id: orderstp
        step: create
        dubbo: com.example.order.BizOrderAiFacade#bizOrder(com.example.order.BizOrderRequest)
        request: '[{}]'
  - {id: scriptca, case: quick, steps: [{id: scriptst, step: s, script: pass}]}
"""
_MVN = """#!/bin/sh
[ -f {0}/down ] && echo '[WARNING] Could not transfer metadata m from/to mine: Connection refused'
[ -f {0}/gone ] && echo '[ERROR] Could not transfer artifact a: transfer failed: Connection refused' && exit 1
mkdir -p target/fetched-1/WEB-INF/lib && cp {0}/order-api.jar target/fetched-1/WEB-INF/lib/order-api-1.0-SNAPSHOT.jar
"""


@pytest.fixture
def order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs of a suite whose artifact is a snapshot."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "suite" / "scenarios").mkdir(parents=True)
    (tmp_path / "suite" / "suite.yaml").write_text(ORDER_SUITE)
    (tmp_path / "suite" / "scenarios" / "order.yaml").write_text(ORDER_SCENARIO)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "mvn").write_text(_MVN.format(tmp_path))
    (tmp_path / "bin" / "mvn").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    options = ["--data-dir", str(tmp_path / "data")]
    give("order-api-1.0.0.jar")
    assert cli.execute([*options, "import", "suite"]) == 0
    assert cli.execute([*options, "artifact", "refresh", "order"]) == 0
    return runner([*options], "order@1", capsys)


def give(name: str) -> None:
    """What the repository has from now on."""
    shutil.copyfile(sample_artifact(name), "order-api.jar")


def test_what_was_fetched_and_what_it_hits_is_in_the_report(order: Run) -> None:
    give("order-api-1.1.0.jar")
    told, said = order(*QUICK, "--refresh", "--report", "report", code=0)
    (fetched,) = told["refreshed"]["artifacts"]
    assert (fetched["name"], fetched["what"]) == (ORDER, "renewed")
    assert [(each["case"], each["severity"]) for each in told["refreshed"]["flagged"]] == [("ordercas", "breaking")]
    assert f"fetched: renewed   {ORDER}" in said
    assert "flagged: create (breaking)" in said
    junit = Path("report/junit.xml").read_text()
    assert f'<property name="fetched" value="{ORDER}: renewed"/>' in junit
    assert '<property name="flagged" value="1 create: breaking"/>' in junit
    assert ORDER in Path("report/report.html").read_text()
    again, _ = order(*QUICK, "--refresh", code=0)
    assert [each["what"] for each in again["refreshed"]["artifacts"]] == ["unchanged"]
    assert again["refreshed"].get("flagged", []) == []
    plain, _ = order(*QUICK, code=0)
    assert plain["refreshed"] is None


@pytest.mark.parametrize("state", ["down", "gone"])
def test_a_repository_that_is_down(order: Run, state: str) -> None:
    """`down`: Maven goes on with what it has itself; `gone`: it has nothing, and we have what was fetched before."""
    Path(state).touch()
    told, said = order(*QUICK, "--refresh", code=0)
    assert [each["what"] for each in told["refreshed"]["artifacts"]] == ["kept"]
    assert "Could not transfer" in told["refreshed"]["problems"][0]
    assert "warning: not fetched: " in said
    _, said = order(*QUICK, "--refresh-strict", code=2)
    assert "Could not transfer" in said


def test_a_dependents_cases_are_flagged_too(order: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A version of trade that depends on this version of order, and not one that depends on another."""
    step = ORDER_SCENARIO.replace("        request", "        subsystem: order\n        request")
    for version, needs in (("7", "1"), ("8", "2")):
        folder = tmp_path / f"trade-{version}"
        (folder / "scenarios").mkdir(parents=True)
        more = f"dependencies: {{order: {{version: '{needs}'}}}}\n"
        (folder / "suite.yaml").write_text(f"suite: t\nsubsystem: trade\nversion: '{version}'\n{more}")
        (folder / "scenarios" / "t.yaml").write_text(step)
        assert cli.execute(["--data-dir", "data", "import", str(folder)]) == 0
    give("order-api-1.1.0.jar")
    told, said = order(*QUICK, "--refresh", code=0)
    assert [each.get("place", "") for each in told["refreshed"]["flagged"]] == ["", "trade@7"]
    assert "flagged: create of trade@7 (breaking)" in said
    assert cli.execute(["--data-dir", "data", "artifact", "flags", "trade@7", "--json"]) == 0
    (flagged,) = json.loads(capsys.readouterr().out)
    assert (flagged["flag"]["case"], flagged["flag"]["origin"]) == ("ordercas", "order@1")
    assert flagged["flag"]["dependency"] == "order"
    assert {change["severity"] for change in flagged["changes"]} >= {"breaking"}
    assert cli.execute(["--data-dir", "data", "artifact", "flags", "trade@7"]) == 0
    assert f"(order@1, save {flagged['flag']['save']})" in capsys.readouterr().out
    assert cli.execute(["--data-dir", "data", "artifact", "flags", "trade@8"]) == 0
    assert capsys.readouterr().out == "0 flags\n"
    assert cli.execute(["--data-dir", "data", "audit", "list", "trade", "--action", "flagged"]) == 0
    assert "trade@7" in capsys.readouterr().out


def test_what_cannot_be_refreshed(order: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--data-dir", "data"]
    _, said = runner(options, "suite", capsys)("--refresh", code=2)
    assert "a folder keeps no comparisons" in said
    (tmp_path / "suite" / "suite.yaml").write_text("suite: other\nsubsystem: other\nversion: '1'\n")
    (tmp_path / "suite" / ".workbench" / "origin.json").unlink(missing_ok=True)
    assert cli.execute([*options, "import", "suite"]) == 0
    _, said = runner(options, "other@1", capsys)("--refresh", code=2)
    assert "no artifact is named by Maven coordinates" in said


def test_what_the_version_says_is_fetched_before_each_run(order: Run) -> None:
    options = ["--data-dir", "data", "suite", "set", "order@1", "--refresh"]
    give("order-api-1.1.0.jar")
    assert order(*QUICK, code=0)[0]["refreshed"] is None  # `never`: what was fetched last
    assert cli.execute([*options, "snapshot"]) == 0
    assert order(*QUICK, "--no-refresh", code=0)[0]["refreshed"] is None
    assert order(*QUICK, "--dry-run", code=0)[0] is None
    told, said = order(*QUICK, code=0)
    assert [each["what"] for each in told["refreshed"]["artifacts"]] == ["renewed"]
    assert "flagged: create (breaking)" in said
    assert [each["what"] for each in order(*QUICK, code=0)[0]["refreshed"]["artifacts"]] == ["unchanged"]
    assert cli.execute([*options, "never"]) == 0
    assert order(*QUICK, code=0)[0]["refreshed"] is None
    assert cli.execute(["--data-dir", "data", "export", "order@1", "--out", "out"]) == 0
    assert "refresh" not in Path("out/suite.yaml").read_text()
    assert cli.execute([*options, "always"]) == 0
    assert cli.execute(["--data-dir", "data", "export", "order@1", "--out", "out2"]) == 0
    assert "refresh: always" in Path("out2/suite.yaml").read_text()
