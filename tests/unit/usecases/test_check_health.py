import asyncio
import os
from pathlib import Path

import msgspec
import pytest

from workbench.errors import BridgeError
from workbench.model.registry import Provider, RegistryView, Service
from workbench.model.result import Cause, Failure
from workbench.plugin_api import Answer, DubboCall
from workbench.settings import Settings
from workbench.usecases import check_health as module
from workbench.usecases.check_health import Check, Health, check_health
from workbench.usecases.samples import SampleProcess, WorldState
from workbench.usecases.samples_process import Running, birth


class _Bridge:
    """Starts, or not."""

    def __init__(self, error: BridgeError | None = None) -> None:
        self.error, self.closed, self.log_file = error, False, Path("bridge.log")

    async def start(self) -> None:
        if self.error:
            raise self.error

    async def close(self) -> None:
        self.closed = True


def _check(settings: Settings, bridge: _Bridge | None = None, registry: str = "") -> tuple[Health, dict[str, Check]]:
    health = asyncio.run(check_health(settings, bridge or _Bridge(), registry))  # type: ignore[arg-type]
    return health, {check.name: check for check in health.checks}


@pytest.fixture(autouse=True)
def archives(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Archives that were made, of jars that are none."""
    made: list[Path] = []

    def create(java: Path, jar: Path) -> Path:
        made.append(jar.with_suffix(".jsa"))
        return made[-1]

    monkeypatch.setattr(module, "create_archive", create)
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "bridge.jar").write_bytes(b"x")
    return Settings(data_dir=tmp_path / "data", bridge_jar=str(tmp_path / "bridge.jar"))


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch):
    """What the provider answers; the calls that were made."""
    calls: list[DubboCall] = []

    def give(answer: Answer) -> list[DubboCall]:
        class Invoker:
            def __init__(self, bridge: object) -> None: ...

            async def invoke(self, call: DubboCall) -> Answer:
                calls.append(call)
                return answer

        monkeypatch.setattr(module, "DubboInvoker", Invoker)
        return calls

    return give


def test_all_is_well(settings: Settings) -> None:
    bridge = _Bridge()
    health, checks = _check(settings, bridge)
    assert health.ok
    assert list(checks) == ["Python", "Java", "bridge jar", "data directory", "class archive", "bridge"]
    assert all(check.found and not check.mend for check in health.checks)
    assert bridge.closed
    assert list(settings.data_dir.iterdir()) == []


def test_each_thing_that_is_missing_says_how_to_mend_it(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings = Settings(data_dir=blocked / "data", java=str(tmp_path / "java"), bridge_jar="nowhere.jar")
    health, checks = _check(settings, registry=str(tmp_path / "none"))
    assert not health.ok
    assert {name for name, check in checks.items() if not check.ok} == {
        "Java",
        "bridge jar",
        "data directory",
        "registry",
    }
    assert all(check.mend for name, check in checks.items() if not check.ok and name != "registry")


def test_a_folder_of_a_jdk_is_understood(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "jdk" / "bin").mkdir(parents=True)
    (tmp_path / "jdk" / "release").write_text('JAVA_VERSION="11.0.2"\n')
    java = tmp_path / "jdk" / "bin" / "java"
    java.write_text("#!/bin/sh\n")
    os.chmod(java, 0o755)
    _, checks = _check(Settings(data_dir=settings.data_dir, bridge_jar=settings.bridge_jar, java=str(tmp_path / "jdk")))
    assert "is Java 11" in checks["Java"].found


def test_a_bridge_that_does_not_start(settings: Settings) -> None:
    bridge = _Bridge(BridgeError("it ended", where="bridge.log"))
    health, checks = _check(settings, bridge)
    assert not health.ok
    assert checks["bridge"].mend == "its log: bridge.log"
    assert bridge.closed


@pytest.mark.parametrize(
    ("failure", "ok"),
    [
        (None, True),
        (Failure(Cause.NO_METHOD, "no such method $echo"), True),
        (Failure(Cause.NETWORK, "refused", "start it"), False),
    ],
)
def test_the_first_answer_comes_from_a_provider(
    settings: Settings, tmp_path: Path, answer, failure: Failure | None, ok: bool
) -> None:
    (tmp_path / "registry").write_text("dubbo://h:1/com.x.A?group=g&version=2\n")
    calls = answer(Answer(failure=failure))
    health, checks = _check(settings, registry=str(tmp_path / "registry"))
    assert health.ok is ok
    assert checks["first answer"].ok is ok
    assert ("cold start" in checks["first answer"].found) is ok
    assert (calls[0].url, calls[0].interface, calls[0].group, calls[0].version) == ("dubbo://h:1", "com.x.A", "g", "2")


def test_without_a_registry_the_samples_are_asked(settings: Settings, answer, monkeypatch: pytest.MonkeyPatch) -> None:
    zookeeper = SampleProcess("registry", "zookeeper://h:1", 1, Running(os.getpid(), birth(os.getpid()) or "", ""))
    settings.data_dir.mkdir()
    state = WorldState("zookeeper://h:1", (zookeeper,))
    (settings.data_dir / "samples.json").write_bytes(msgspec.json.encode(state))
    provider = Provider(interface="com.x.A", address="h:2")
    view = RegistryView(address="zookeeper://h:1", services=(Service(interface="com.x.A", providers=(provider,)),))
    asked: list[str] = []
    monkeypatch.setattr(module, "list_services", lambda settings, registry: (asked.append(registry), view)[1])
    calls = answer(Answer())
    _, checks = _check(settings)
    assert asked == ["samples://"]
    assert calls[0].url == "dubbo://h:2"
    assert "cold start" in checks["first answer"].found


@pytest.mark.parametrize("text", ["nonsense", '{"registry": "zookeeper://h:1", "processes": [], "ready": false}'])
def test_samples_that_are_not_up_are_not_asked(settings: Settings, text: str) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / "samples.json").write_text(text)
    _, checks = _check(settings)
    assert "registry" not in checks
    assert "samples up" in checks["bridge"].found


@pytest.mark.parametrize("parent", ["/proc", "/dev/null"])
def test_a_data_directory_that_cannot_be_made_ends_nothing_but_its_check(settings: Settings, parent: str) -> None:
    bad = Settings(data_dir=Path(parent) / "data", bridge_jar=settings.bridge_jar)
    health, checks = _check(bad, _Bridge(BridgeError("must not be started")))
    assert not health.ok
    assert [name for name, check in checks.items() if not check.ok] == ["data directory"]
    assert "--data-dir" in checks["data directory"].mend


def test_an_archive_of_classes_is_made_where_there_is_none(settings: Settings, archives: list[Path]) -> None:
    _, checks = _check(settings)
    assert len(archives) == 1
    assert checks["class archive"].found == f"made just now: {archives[0]}"


def test_an_archive_that_is_there_is_left_alone(
    settings: Settings, archives: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_archive", lambda java, jar: Path("there.jsa"))
    _, checks = _check(settings)
    assert (archives, checks["class archive"].found) == ([], "there.jsa")


def test_an_archive_that_cannot_be_made_stops_nobody(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def create(java: Path, jar: Path) -> Path:
        raise BridgeError("no room")

    monkeypatch.setattr(module, "create_archive", create)
    health, checks = _check(settings)
    assert health.ok
    assert not checks["class archive"].ok
    assert "no room" in checks["class archive"].found
