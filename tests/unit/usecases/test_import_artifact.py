"""Importing artifacts through parsers, with parsers made for the purpose."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from workbench.errors import ArtifactError
from workbench.model.contract import Contract, Interface, Warning
from workbench.plugin_api import ParseLimits
from workbench.usecases.import_artifact import import_artifact


class FakeParser:
    """Makes an interface of every file with its suffix and remembers how it was called."""

    def __init__(self, suffix: str) -> None:
        self.name, self.calls = suffix, list[tuple[object, ...]]()

    def accepts(self, path: Path) -> bool:
        return path.suffix == self.name

    def parse(
        self, paths: Sequence[Path], *, sources: Sequence[Path], interfaces: Sequence[str], limits: ParseLimits
    ) -> Contract:
        self.calls.append((list(paths), list(sources), list(interfaces), limits))
        return Contract(interfaces=tuple(Interface(name=path.stem) for path in paths))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / name for name in ("b.jar", "a.proto", "c.jar")]
    for path in paths:
        path.write_bytes(b"")
    return paths


def test_each_file_goes_to_the_parser_that_accepts_it(files: list[Path]) -> None:
    jars, protos = FakeParser(".jar"), FakeParser(".proto")
    limits = ParseLimits(max_depth=1)
    contract = import_artifact(files, sources=[files[0]], interfaces=["x*"], limits=limits, parsers=[jars, protos])
    assert jars.calls == [([files[0], files[2]], [files[0]], ["x*"], limits)]
    assert protos.calls == [([files[1]], [files[0]], ["x*"], limits)]
    assert [interface.name for interface in contract.interfaces] == ["a", "b", "c"]


def test_a_file_that_no_parser_knows(files: list[Path]) -> None:
    with pytest.raises(ArtifactError, match="no parser knows this kind of file") as caught:
        import_artifact(files, parsers=[FakeParser(".jar")])
    assert caught.value.where == str(files[1])
    assert ".jar" in caught.value.hint


@pytest.mark.parametrize(("name", "message"), [("none.jar", "no such file"), ("", "is a folder")])
def test_what_is_no_file(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ArtifactError, match=message) as caught:
        import_artifact([tmp_path / name], parsers=[FakeParser(".jar")])
    assert caught.value.where == str(tmp_path / name)


def test_a_sources_jar_that_is_not_there(files: list[Path], tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no such file"):
        import_artifact(files[:1], sources=[tmp_path / "no-sources.jar"], parsers=[FakeParser(".jar")])


def test_the_installed_parser_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / "broken.jar"
    path.write_bytes(b"PK")
    with pytest.raises(ArtifactError, match="no readable zip archive"):
        import_artifact([path])


def test_contracts_of_several_parsers_become_one(files: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    jars, protos = FakeParser(".jar"), FakeParser(".proto")
    both = (Interface(name="b"), Interface(name="a"))
    monkeypatch.setattr(jars, "parse", lambda paths, **_: Contract(both[:1], warnings=(Warning("w", "1"),)))
    monkeypatch.setattr(protos, "parse", lambda paths, **_: Contract(both, warnings=(Warning("w", "1"),)))
    merged = import_artifact(files, parsers=[jars, protos])
    assert [interface.name for interface in merged.interfaces] == ["a", "b"]
    assert merged.warnings == (Warning("w", "1"),)


def test_a_pipe_or_device_is_not_called_a_folder() -> None:
    with pytest.raises(ArtifactError, match="no regular file") as caught:
        import_artifact([Path("/dev/null")])
    assert caught.value.where == "/dev/null"
