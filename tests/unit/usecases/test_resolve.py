from pathlib import Path

import pytest

from workbench.errors import ArtifactError, SamplesError, UsageError
from workbench.usecases.resolve import artifact_path, artifact_paths, registry_address


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in ("workbench-registry.jar", "trade-api-1.0.0.jar"):
        (folder / name).write_bytes(b"")
    monkeypatch.setenv("WORKBENCH_SAMPLES_DIR", str(folder))
    return folder


def test_samples_by_name(samples: Path) -> None:
    assert artifact_paths(["samples://trade-api-1.0.0.jar"]) == [samples.resolve() / "trade-api-1.0.0.jar"]
    with pytest.raises(UsageError, match=r"no sample artifact trade\.jar"):
        artifact_path("samples://trade.jar", samples)


def test_relative_to_the_base_and_with_blanks(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    jar = tmp_path / "a b" / "ü 漢.jar"
    jar.write_bytes(b"")
    assert artifact_path("../a b/ü 漢.jar", tmp_path / "a b") == jar
    assert artifact_path(str(jar), Path("/nowhere")) == jar


def test_a_link_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "x-1.0.jar").write_bytes(b"")
    (tmp_path / "latest.jar").symlink_to("x-1.0.jar")
    assert artifact_path("latest.jar", tmp_path).name == "latest.jar"


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "is a folder"), ("/dev/null", "no regular file"), ("x*.jar", "no such file"), ("dead.jar", "no such file")],
)
def test_what_is_no_file(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "dead.jar").symlink_to("gone.jar")
    with pytest.raises(ArtifactError, match=message) as caught:
        artifact_path(text, tmp_path)
    assert caught.value.where == (text or ".")


def test_samples_that_are_down_are_a_registry_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SamplesError, match="not running") as caught:
        registry_address("samples://", tmp_path)
    assert caught.value.exit_code == 3
    with pytest.raises(UsageError, match="no parts"):
        registry_address("samples://order", tmp_path)
