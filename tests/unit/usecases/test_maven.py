"""Coordinates, and what Maven's refusals mean. Fetching itself: tests/integration/test_maven.py."""

import zipfile
from pathlib import Path

import pytest

from workbench.errors import ArtifactError
from workbench.model.contract import Contract, Interface, TypeDef
from workbench.settings import Settings
from workbench.usecases.import_artifact import _without
from workbench.usecases.maven import coordinates, embedded_pom, fetcher, is_needed
from workbench.usecases.resolve import artifact_paths

GAV = "com.example:order-api:1.1.0"


@pytest.mark.parametrize(
    "text", ["a.jar", "a:b", "samples://order-api-1.0.0.jar", "zookeeper://h:1", "a:b:../..", "a:-o:1"]
)
def test_what_are_no_coordinates(text: str) -> None:
    assert coordinates(text) is None


@pytest.mark.parametrize("text", [GAV, "a:b:war:1", "a:b:pom:1", "a:b:jar:sources:1.0-SNAPSHOT", "a:b:war:classes:1"])
def test_coordinates_as_maven_writes_them(text: str) -> None:
    assert str(coordinates(text)) == text


def test_each_packaging_and_classifier_has_a_folder_of_its_own() -> None:
    texts = (GAV, "com.example:order-api:war:1.1.0", "com.example:order-api:jar:sources:1.1.0")
    folders = {found.folder for text in texts if (found := coordinates(text))}
    assert len(folders) == 3


_EMBEDDED = (
    "<project><build><x/></build><packaging>jar</packaging><repositories><y/></repositories>"
    "<dependencyManagement><dependencies><dependency><z/></dependency></dependencies></dependencyManagement>"
    "<dependencies>{}</dependencies></project>"
)


@pytest.mark.parametrize(
    ("dependency", "entries", "used"),
    [
        ("<dependency><a/></dependency>", (), True),
        ("<dependency><scope>test</scope></dependency>", (), False),
        ("", (), False),
        ("<dependency><a/></dependency>", ("META-INF/maven/c/d/pom.xml",), True),
        ("<dependency><a/></dependency>", ("META-INF/maven/c/b-api/pom.xml",), False),
        ("<dependency><a/></dependency>", ("BOOT-INF/lib/a.jar",), False),
    ],
)
def test_which_poms_inside_of_jars_are_used(
    dependency: str, entries: tuple[str, ...], used: bool, tmp_path: Path
) -> None:
    """Of several that of the jar's own name. And what stays of them: nothing that runs or that leads elsewhere."""
    with zipfile.ZipFile(tmp_path / "b-api-1.0.jar", "w") as jar:
        jar.writestr("META-INF/maven/a/b/pom.xml", _EMBEDDED.format(dependency))
        for entry in entries:
            jar.writestr(entry, "<project/>")
    pom = embedded_pom(tmp_path / "b-api-1.0.jar")
    assert pom.startswith("<project><packaging>war</packaging><dep") if used else pom == ""
    assert "<x/>" not in pom
    assert "<y/>" not in pom


def test_without_maven_settings_nothing_is_fetched_for_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with zipfile.ZipFile(tmp_path / "a.jar", "w") as jar:
        jar.writestr("META-INF/maven/a/b/pom.xml", _EMBEDDED.format("<dependency><a/></dependency>"))
    path = str(tmp_path / "a.jar")
    assert artifact_paths([path], fetcher(Settings(data_dir=tmp_path))) == [tmp_path / "a.jar"]
    with_settings = Settings(data_dir=tmp_path, maven_settings="settings.xml")  # and no Maven: told, not fatal
    assert artifact_paths([path], fetcher(with_settings)) == [tmp_path / "a.jar"]


def test_a_maven_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what it started: nobody is left that holds its output."""
    _maven(tmp_path, monkeypatch, "thinking", code=0)
    (tmp_path / "bin" / "mvn").write_text("#!/bin/sh\nsleep 600 &\nsleep 600\n")
    with pytest.raises(ArtifactError, match="Maven did not end within 300ms"):
        fetcher(Settings(data_dir=tmp_path, maven_timeout="300ms"))(GAV)


def _maven(folder: Path, monkeypatch: pytest.MonkeyPatch, said: str, code: int = 1) -> None:
    """An mvn that says something and ends."""
    program = folder / "bin" / "mvn"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{said}'\nexit {code}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "Could not transfer artifact x from/to r (http://r): status code: 401, reason phrase: Unauthorized",
            "refuses",
        ),
        ("Could not transfer artifact x from/to r (http://r): transfer failed: Unknown host r", "unreachable"),
        ("Cannot access r in offline mode and the artifact x has not been downloaded", "Maven is offline"),
        ("Could not find artifact com.example:order-api:jar:1.1.0 in central", "no repository has it"),
        ("Non-resolvable settings", "Maven failed"),
    ],
)
def test_why_maven_refuses(said: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _maven(tmp_path, monkeypatch, f"[ERROR] Failed on project fetched: workbench:fetched:war:1: {said} -> [Help 1]")
    with pytest.raises(ArtifactError, match=reason) as raised:
        fetcher(Settings(data_dir=tmp_path))(GAV)
    assert raised.value.message.endswith(said)
    assert raised.value.where == GAV
    assert not (tmp_path / "maven").exists()


def test_what_was_fetched_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "maven" / "com.example" / "order-api" / "1.1.0"
    (folder / "needs").mkdir(parents=True)
    (folder / "needs" / "b.jar").write_bytes(b"")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ArtifactError, match="no mvn on PATH"):  # without its mark it is half a copy
        artifact_paths([GAV], fetcher(Settings(data_dir=tmp_path)))
    (folder / "needs.ok").write_bytes(b"")
    found = artifact_paths([GAV], fetcher(Settings(data_dir=tmp_path)))
    assert found == [folder / "order-api-1.1.0.jar", folder / "needs" / "b.jar"]
    assert [is_needed(path) for path in found] == [False, True]


def test_services_of_needed_jars_are_left_out_with_their_types() -> None:
    mine, other = Interface("a.F", origin="a.jar"), Interface("b.F", origin="b.jar!x.jar")
    whole = Contract((mine, other), {"b.T": TypeDef("enum")})
    assert _without(whole, {"b.jar"}, ()) == Contract((mine,))
    assert _without(whole, {"b.jar"}, ("b.F",)).interfaces == (mine, other)


@pytest.mark.parametrize(("users", "given"), [(None, "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"), ("-Xmx1g", "-Xmx1g")])
def test_maven_starts_small_unless_the_user_says_otherwise(
    users: str | None, given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAVEN_OPTS", raising=False)
    if users:
        monkeypatch.setenv("MAVEN_OPTS", users)
    _maven(tmp_path, monkeypatch, "")
    (tmp_path / "bin" / "mvn").write_text('#!/bin/sh\necho "[ERROR] $MAVEN_OPTS"\nexit 1\n')
    with pytest.raises(ArtifactError) as raised:
        fetcher(Settings(data_dir=tmp_path))(GAV)
    assert raised.value.message.endswith(given)
