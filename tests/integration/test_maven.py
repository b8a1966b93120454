"""Artifacts by their Maven coordinates, out of a repository that is a folder: no network is needed.

The plug-in that Maven runs for it is one that builds the samples, so the build has brought it home already.
"""

import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from java_provider import JAVAC
from maven_repository import NEEDS, POM, guarded, publish, settings

from workbench import cli

COMMON = "package com.example.mine; public class Money implements java.io.Serializable { public long cents; }"
API = """package com.example.mine;
public interface ShopFacade { Money price(String sku); enum Size { S, L } Size size(Money money); }"""


pytestmark = pytest.mark.xdist_group("maven")  # one process compiles, and brings Maven's plug-in


def compiled(folder: Path, **sources: str) -> Path:
    """The classes of these sources."""
    for name, text in sources.items():
        (folder / f"{name}.java").write_text(text)
    subprocess.run([*JAVAC, "--release", "17", "-d", folder / "classes", *folder.glob("*.java")], check=True)
    return folder / "classes"


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    audit = "package com.example.mine; public interface AuditService { void x(); }"
    return compiled(tmp_path_factory.mktemp("src"), Money=COMMON, ShopFacade=API, AuditService=audit)


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first test brought of Maven's plug-in, for the local repositories of the next."""
    return tmp_path_factory.mktemp("plugins") / "local"


@pytest.fixture
def options(tmp_path: Path, classes: Path, plugins: Path) -> Iterator[list[str]]:
    """A repository with shop-api (needs shop-common, whose class looks like a service too) and its settings.xml."""
    repository, local = tmp_path / "repository", tmp_path / "local"
    publish(repository, "shop-api", classes, "Shop*.class", needs="shop-common")
    publish(repository, "shop-common", classes, "[AM]*.class", needs="")
    publish(repository, "broken-api", classes, "Shop*.class", needs="gone-common")
    if plugins.is_dir():
        shutil.copytree(plugins, local)
    yield settings(tmp_path)
    if not plugins.is_dir() and local.is_dir():
        shutil.copytree(local, plugins, ignore=shutil.ignore_patterns("mine"))


def test_a_jar_with_what_its_types_need(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gav = "com.example.mine:shop-api:1.0.0"
    assert cli.execute([*options, "parse", gav, "--json"]) == 0
    out, err = capsys.readouterr()
    contract = json.loads(out)
    assert [one["name"] for one in contract["interfaces"]] == ["com.example.mine.ShopFacade"]
    assert contract["types"]["com.example.mine.Money"]["origin"] == "shop-common-1.0.0.jar"
    assert f"fetching {gav} with Maven" in err
    monkeypatch.setenv("PATH", "")  # no Maven is needed any more
    assert cli.execute([*options, "template", "ShopFacade#size", "--artifact", gav]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == [{"cents": 1}]
    assert "fetching" not in err
    suite = tmp_path / "suite"
    assert cli.execute([*options, "generate", "--artifact", gav, "--out", str(suite)]) == 0
    assert f"artifacts: [{gav}]" in (suite / "suite.yaml").read_text()
    assert cli.execute([*options, "contract", "diff", str(suite), gav, "--fail-on", "compatible"]) == 0


SERVER = "<servers><server><id>mine-files</id><username>li</username><password>{}</password></server></servers>"


def test_a_repository_that_wants_credentials(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with guarded(tmp_path / "repository", "li", "geheim") as url:
        for password, code in (("wrong", 2), ("geheim", 0)):
            settings(tmp_path, SERVER.format(password), url)
            assert cli.execute([*options, "parse", "com.example.mine:shop-api:1.0.0", "--json"]) == code
            out, err = capsys.readouterr()
            assert "geheim" not in out + err
            assert ("401" in err) == (code == 2), err
    assert json.loads(out)["types"]["com.example.mine.Money"]["origin"] == "shop-common-1.0.0.jar"


def test_what_a_pom_inside_of_a_jar_names(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a jar given by its path; a dependency that nobody has is told, and the jar is read without."""
    published = tmp_path / "repository" / "com" / "example" / "mine" / "shop-api" / "1.0.0" / "shop-api-1.0.0.jar"
    for name, needs, origin in (("mine", "shop-common", "shop-common-1.0.0.jar"), ("lonely", "gone-common", "")):
        path = tmp_path / f"{name}.jar"
        shutil.copyfile(published, path)
        with zipfile.ZipFile(path, "a") as jar:
            pom = POM.format(artifact="shop-api", version="1.0.0", more=NEEDS.format(needs))
            jar.writestr("META-INF/maven/com.example.mine/shop-api/pom.xml", pom)
        assert cli.execute([*options, "parse", str(path), "--json"]) == 0
        out, err = capsys.readouterr()
        contract = json.loads(out)
        assert [one["name"] for one in contract["interfaces"]] == ["com.example.mine.ShopFacade"]
        assert contract["types"].get("com.example.mine.Money", {}).get("origin", "") == origin
        assert ("not fetched: lonely.jar" in err) == (name == "lonely")
    monkeypatch.setenv("PATH", "")  # no Maven is needed any more
    assert cli.execute([*options, "parse", str(tmp_path / "mine.jar"), "--json"]) == 0
    assert "com.example.mine.Money" in json.loads(capsys.readouterr().out)["types"]


def test_wars_poms_and_sources(options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "repository" / "com" / "example" / "mine"
    jar = (folder / "shop-api" / "1.0.0" / "shop-api-1.0.0.jar").read_bytes()
    with zipfile.ZipFile(folder / "shop-api" / "1.0.0" / "shop-api-1.0.0-sources.jar", "w") as sources:
        sources.writestr("com/example/mine/ShopFacade.java", API)
    for name in ("shop-web", "shop-all"):
        (folder / name / "1.0.0").mkdir(parents=True)
        more = f"<packaging>{'war' if name == 'shop-web' else 'pom'}</packaging>{NEEDS.format('shop-api')}"
        pom = POM.format(artifact=name, version="1.0.0", more=more)
        (folder / name / "1.0.0" / f"{name}-1.0.0.pom").write_text(pom)
    with zipfile.ZipFile(folder / "shop-web" / "1.0.0" / "shop-web-1.0.0.war", "w") as war:
        war.writestr("WEB-INF/lib/shop-api-1.0.0.jar", jar)
        war.writestr("WEB-INF/web.xml", "<web-app/>")
    named = [*options, "parse", "com.example.mine:shop-web:war:1.0.0", "--interface", "*.ShopFacade", "--json"]
    assert cli.execute(named) == 0
    (facade,) = json.loads(capsys.readouterr().out)["interfaces"]
    assert facade["origin"] == "shop-web-1.0.0.war!WEB-INF/lib/shop-api-1.0.0.jar"
    assert cli.execute([*options, "parse", "com.example.mine:shop-all:pom:1.0.0", "--json"]) == 0
    assert "com.example.mine.ShopFacade" in {one["name"] for one in json.loads(capsys.readouterr().out)["interfaces"]}
    gav = "com.example.mine:shop-api:1.0.0"
    assert cli.execute([*options, "parse", gav, "--sources", gav, "--json"]) == 0
    methods = json.loads(capsys.readouterr().out)["interfaces"][0]["methods"]
    assert sorted(one["name"] for method in methods for one in method["parameters"]) == ["money", "sku"]


@pytest.mark.parametrize(
    ("gav", "offline", "said"),
    [
        ("com.example.mine:broken-api:1.0.0", "", "gone-common"),
        ("com.example.mine:shop-api:9.9.9", "<offline>true</offline>", "Maven is offline"),
    ],
)
def test_errors(
    options: list[str], gav: str, offline: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if offline:
        options = settings(tmp_path, offline)
    assert cli.execute([*options, "parse", gav]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert f"error: {gav}: " in err
    assert not list((tmp_path / "data").rglob("*.ok"))


def test_no_maven(options: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert cli.execute([*options, "parse", "com.example.mine:shop-api:1.0.0"]) == 2
    assert "no mvn on PATH" in capsys.readouterr().err


def test_newer_snapshots_and_releases_are_compared(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gav = "com.example.mine:shop-api:1.0.0"
    assert cli.execute([*options, "generate", "--artifact", gav, "--out", "suite", "--name", "shop"]) == 0
    assert cli.execute([*options, "import", "suite", "--version", "1"]) == 0
    folder = tmp_path / "repository" / "com" / "example" / "mine" / "shop-api"
    (tmp_path / "src").mkdir()
    classes = compiled(tmp_path / "src", Money=COMMON, ShopFacade=API.replace("Money price(String sku);", ""))
    publish(tmp_path / "repository", "shop-api", classes, "Shop*.class", version="1.2.0", needs="shop-common")
    versions = "<version>1.0.0</version><version>1.2.0</version>"
    (folder / "maven-metadata.xml").write_text(
        "<metadata><groupId>com.example.mine</groupId><artifactId>shop-api</artifactId>"
        f"<versioning><release>1.2.0</release><versions>{versions}</versions></versioning></metadata>"
    )
    capsys.readouterr()
    assert cli.execute([*options, "artifact", "refresh", "shop", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["diff"].get("changes", []) == []
    assert cli.execute([*options, "artifact", "refresh", "shop", "--releases", "--json"]) == 0
    taken = json.loads(capsys.readouterr().out)
    assert taken["files"][0]["name"] == "com.example.mine:shop-api:1.2.0"
    assert [(change["rule"], change["place"]) for change in taken["diff"]["changes"]] == [
        ("method-removed", "com.example.mine.ShopFacade#price(java.lang.String)")
    ]
    assert [case["severity"] for case in taken["cases"]] == ["breaking"]
    assert cli.execute([*options, "artifact", "refresh", "shop", "--releases"]) == 0
    assert "nothing is saved" in capsys.readouterr().out


def test_sources_come_with_the_artifact(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a repository has them; where none has, that is told and looked for once."""
    folder = tmp_path / "repository" / "com" / "example" / "mine" / "shop-api" / "1.0.0"
    with zipfile.ZipFile(folder / "shop-api-1.0.0-sources.jar", "w") as sources:
        sources.writestr("com/example/mine/ShopFacade.java", API)
    assert _parameter(options, "shop-api", capsys)[0] == ("sku", "shop-api-1.0.0-sources.jar")
    assert cli.execute([*options, "parse", "com.example.mine:shop-common:1.0.0"]) == 0
    assert "no sources: " in capsys.readouterr().err
    suite = tmp_path / "suite"
    (suite / "scenarios").mkdir(parents=True)
    (suite / "suite.yaml").write_text(
        "suite: shop\nsubsystem: shop\nversion: '1'\nartifacts: [com.example.mine:shop-api:1.0.0]\n"
    )
    monkeypatch.setenv("PATH", "")  # no Maven is needed any more
    assert cli.execute([*options, "parse", "com.example.mine:shop-common:1.0.0"]) == 0
    assert "sources" not in capsys.readouterr().err
    assert cli.execute([*options, "contract", "show", str(suite), "--json"]) == 0
    methods = {one["name"]: one for one in json.loads(capsys.readouterr().out)["interfaces"][0]["methods"]}
    assert methods["price"]["parameters"][0]["name"] == "sku"


def _parameter(options: list[str], artifact: str, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    assert cli.execute([*options, "parse", f"com.example.mine:{artifact}:1.0.0", "--json"]) == 0
    methods = {one["name"]: one for one in json.loads(capsys.readouterr().out)["interfaces"][0]["methods"]}
    return [(one["name"], one.get("origin", "")) for one in methods["price"]["parameters"]]
