"""Where samples are looked for, and what is said when they are nowhere."""

import os
from pathlib import Path

import pytest

from workbench.errors import SamplesError, UsageError
from workbench.usecases import samples_files
from workbench.usecases.samples_files import archive_options, runtime_archive, sample_artifact, samples_dir


def make(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "workbench-registry.jar").touch()
    return folder


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package folder in a source tree without anything built."""
    monkeypatch.delenv("WORKBENCH_SAMPLES_DIR", raising=False)
    monkeypatch.setattr(samples_files, "_PACKAGE", tmp_path / "workbench")
    return tmp_path / "workbench"


def test_the_variable_comes_first(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(package / "_samples")
    named = make(tmp_path / "named")
    monkeypatch.setenv("WORKBENCH_SAMPLES_DIR", str(named))
    assert samples_dir() == named


def test_a_variable_that_names_nothing_is_an_error_and_not_passed_over(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(package / "_samples")
    monkeypatch.setenv("WORKBENCH_SAMPLES_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(SamplesError, match="nowhere"):
        samples_dir()


def test_installed_ones_come_before_those_of_the_source_tree(package: Path, tmp_path: Path) -> None:
    built = make(tmp_path / "bridge-java" / "samples" / "target" / "dist")
    assert samples_dir() == built
    installed = make(package / "_samples")
    assert samples_dir() == installed


def test_nowhere_says_how_to_build_them(package: Path) -> None:
    with pytest.raises(SamplesError) as caught:
        samples_dir()
    assert "make samples" in caught.value.hint
    assert str(package / "_samples") in caught.value.message


def test_an_artifact_that_is_not_there_is_named(package: Path) -> None:
    folder = make(package / "_samples")
    (folder / "order-api-1.0.0.jar").touch()
    assert sample_artifact("order-api-1.0.0.jar") == folder / "order-api-1.0.0.jar"
    with pytest.raises(UsageError, match=r"order-api-9\.jar") as caught:
        sample_artifact("order-api-9.jar")
    assert "did you mean order-api-1.0.0.jar" in caught.value.hint
    assert caught.value.exit_code == 2


def test_an_archive_of_classes_is_used_unless_the_jar_is_newer(package: Path) -> None:
    jar = make(package / "_samples") / "lib" / "sample-runtime.jar"
    jar.parent.mkdir()
    jar.touch()
    assert archive_options() == []
    archive = runtime_archive()
    archive.touch()
    assert archive_options() == [f"-XX:SharedArchiveFile={archive}"]
    os.utime(archive, (1, 1))
    assert archive_options() == []
