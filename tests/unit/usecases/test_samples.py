"""SampleWorld with a stand-in for java: what is kept, what is left behind, what is never touched."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import SamplesError
from workbench.usecases.resolve import registry_address
from workbench.usecases.samples import Lifetime, ProviderOptions, SampleWorld, launch_provider
from workbench.usecases.samples_process import birth, stop

# Stands for `java`: notes its arguments, behaves as the file `behaviour` says of its service, and stays.
FAKE_JAVA = """#!{python}
import json, os, pathlib, signal, sys, time
here = pathlib.Path(__file__).parent
args = sys.argv[1:]
for home in (part.partition("=")[2] for part in args if part.startswith("-Duser.home=")):
    if not pathlib.Path(home, ".dubbo").is_dir():
        sys.exit("as Dubbo, when another process makes its folder at the same time")
service = args[args.index("--services") + 1] if "--services" in args else "registry"
with open(here / "calls", "a") as calls:
    calls.write(json.dumps(args) + chr(10))
does = json.loads((here / "behaviour").read_text()).get(service, "ready")
count = sum(1 for line in open(here / "calls") if f'"{{service}}"' in line)
if does == "die":
    print("some line", flush=True)
    sys.exit("java.lang.Boom: no way")
if does == "taken once" and count == 1 or does == "always taken":
    sys.exit(75)
if does == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if does == "nonsense":
    print("READY soon", flush=True)
elif does != "silent":
    answer = {{"service": service, "port": 1, "pid": os.getpid(), "address": "x://" + service}}
    print("READY " + json.dumps(answer), flush=True)
time.sleep(300)
"""


class Fake:
    """The stand-in's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        java = folder / "bin" / "java"
        java.parent.mkdir(parents=True)
        java.write_text(FAKE_JAVA.format(python=sys.executable))
        java.chmod(java.stat().st_mode | stat.S_IXUSR)
        (folder / "release").write_text('JAVA_VERSION="17.0.1"')
        self.behave()

    def behave(self, **does: str) -> None:
        (self.folder / "bin" / "behaviour").write_text(json.dumps(does))

    def calls(self) -> list[list[str]]:
        return [json.loads(line) for line in (self.folder / "bin" / "calls").read_text().splitlines()]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    dist = tmp_path / "dist"
    dist.mkdir()
    (dist / "workbench-registry.jar").touch()
    monkeypatch.setenv("WORKBENCH_SAMPLES_DIR", str(dist))
    fake = Fake(tmp_path / "jdk")
    monkeypatch.setenv("JAVA_HOME", str(fake.folder))
    return fake


@pytest.fixture
def world(tmp_path: Path, fake: Fake) -> Iterator[SampleWorld]:
    world = SampleWorld(tmp_path / "data")
    yield world
    world.down()


def living(fake: Fake) -> list[str]:
    """Processes of the stand-in that still run, found without the code under test."""
    shown = subprocess.run(["ps", "-ww", "-eo", "stat=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in shown.splitlines() if str(fake.folder) in line and not line.startswith("Z")]


def test_up_starts_everything_and_down_leaves_nothing(world: SampleWorld, fake: Fake, tmp_path: Path) -> None:
    state = world.up()
    assert [process.name for process in state.processes] == ["registry", "order", "trade", "notify"]
    assert state.registry == "x://registry"
    assert state["trade"].address == "x://trade"
    assert len(living(fake)) == 4
    assert world.status() == state
    assert world.down() == ("registry", "order", "trade", "notify")
    assert living(fake) == []
    assert not (tmp_path / "data").exists()


def test_down_keeps_what_others_have_in_the_data_directory(world: SampleWorld, tmp_path: Path) -> None:
    world.up()
    (tmp_path / "data" / "runs").mkdir()
    world.down()
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["runs"]


def test_down_where_nothing_was_ever_up_creates_nothing(world: SampleWorld, tmp_path: Path) -> None:
    assert world.down() == ()
    assert not (tmp_path / "data").exists()
    assert world.status() is None


def test_up_twice_answers_the_world_that_runs(world: SampleWorld, fake: Fake) -> None:
    assert world.up() == world.up()
    assert len(fake.calls()) == 4


def test_up_adds_a_service_to_the_world_that_runs(world: SampleWorld, fake: Fake) -> None:
    first = world.up()
    second = world.up(services=("order", "zoo"))
    assert second.processes[:4] == first.processes
    assert second["zoo"].alive
    assert world.status() == second
    assert world.down() == ("registry", "order", "trade", "notify", "zoo")
    assert living(fake) == []


def test_up_after_one_has_died_gives_a_whole_world_again(world: SampleWorld, fake: Fake) -> None:
    first = world.up()
    first["trade"].stop(kill=True)
    assert [each.alive for each in first.processes] == [True, True, False, True]
    second = world.up()
    assert second.alive
    assert {each.pid for each in first.processes}.isdisjoint(each.pid for each in second.processes)
    assert len(living(fake)) == 4


@pytest.mark.parametrize("culprit", ["registry", "order", "notify"])
def test_a_process_that_dies_is_told_with_its_last_lines_and_nothing_stays(
    world: SampleWorld, fake: Fake, tmp_path: Path, culprit: str
) -> None:
    fake.behave(**{culprit: "die"})
    with pytest.raises(SamplesError, match=r"exit code 1(?s:.)*some line\n  java.lang.Boom: no way"):
        world.up()
    assert living(fake) == []
    assert list((tmp_path / "data").iterdir()) == []


def test_a_process_that_never_gets_ready_ends_the_wait(world: SampleWorld, fake: Fake) -> None:
    fake.behave(trade="silent")
    started = time.monotonic()
    with pytest.raises(SamplesError, match=r"not ready in time(?s:.)*no output"):
        world.up(timeout_s=2)
    assert time.monotonic() - started < 60  # without it, it would wait for 90
    assert living(fake) == []


def test_an_interrupted_start_leaves_nothing(fake: Fake, tmp_path: Path) -> None:
    fake.behave(trade="silent")
    program = "import sys, pathlib; from workbench.usecases.samples import SampleWorld as W; "
    starting = subprocess.Popen(
        [sys.executable, "-c", f"{program}W(pathlib.Path(sys.argv[1])).up()", str(tmp_path / "data")],
        stderr=subprocess.PIPE,
    )
    end = time.monotonic() + 120
    while len(living(fake)) < 4 and time.monotonic() < end:
        time.sleep(0.05)
    assert len(living(fake)) == 4
    starting.send_signal(signal.SIGINT)
    assert b"KeyboardInterrupt" in starting.communicate(timeout=120)[1]
    assert living(fake) == []
    assert list((tmp_path / "data").iterdir()) == []


def _starting(fake: Fake, data: Path) -> "subprocess.Popen[bytes]":
    """`workbench samples up` in the middle of its work, with three processes running."""
    fake.behave(trade="silent")
    command = [sys.executable, "-m", "workbench", "--data-dir", str(data), "samples", "up"]
    hears = partial(signal.signal, signal.SIGHUP, signal.SIG_DFL)  # tests under nohup would hand on that it is ignored
    starting = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=hears)
    end = time.monotonic() + 120
    while len(living(fake)) < 4 and time.monotonic() < end:
        time.sleep(0.05)
    assert len(living(fake)) == 4
    return starting


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_ended_in_the_middle_leaves_nothing(fake: Fake, tmp_path: Path, number: int) -> None:
    starting = _starting(fake, tmp_path / "data")
    starting.send_signal(number)
    assert starting.wait(timeout=120) == 128 + number
    assert living(fake) == []
    assert list((tmp_path / "data").iterdir()) == []


def test_a_command_that_is_killed_in_the_middle_leaves_what_down_finds(
    world: SampleWorld, fake: Fake, tmp_path: Path
) -> None:
    starting = _starting(fake, tmp_path / "data")
    starting.kill()
    starting.wait()
    state = world.status()
    assert state is not None
    assert not state.alive
    with pytest.raises(SamplesError, match="not running"):
        registry_address("samples://", tmp_path / "data")
    assert set(world.down()) == {"registry", "order", "trade", "notify"}
    assert living(fake) == []
    assert not (tmp_path / "data").exists()


def test_up_after_a_killed_one_begins_anew(world: SampleWorld, fake: Fake, tmp_path: Path) -> None:
    starting = _starting(fake, tmp_path / "data")
    starting.kill()
    starting.wait()
    fake.behave()
    assert world.up().alive
    assert len(living(fake)) == 4


def test_a_ready_line_that_is_not_json_is_refused(world: SampleWorld, fake: Fake) -> None:
    fake.behave(order="nonsense")
    with pytest.raises(SamplesError, match="makes no sense: soon"):
        world.up()
    assert living(fake) == []


def test_a_lost_race_for_a_port_is_tried_again(world: SampleWorld, fake: Fake) -> None:
    fake.behave(order="taken once")
    assert world.up()["order"].alive
    assert sum("order" in call for call in fake.calls()) == 2


def test_a_port_that_stays_taken_is_an_error(world: SampleWorld, fake: Fake) -> None:
    fake.behave(order="always taken")
    with pytest.raises(SamplesError, match="exit code 75"):
        world.up()
    assert sum("order" in call for call in fake.calls()) == 3
    assert living(fake) == []


def test_a_registry_port_that_is_taken_is_told_in_words(world: SampleWorld, fake: Fake) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SamplesError, match=f"^port {port} cannot be taken: Address already in use"):
            world.up(registry_port=port)
    assert living(fake) == []


def test_what_does_not_obey_is_forced(world: SampleWorld, fake: Fake) -> None:
    fake.behave(order="stubborn")
    state = world.up(services=["order"])
    stop([state["order"].process], patience_s=0.2)
    assert len(living(fake)) == 1  # the registry


def test_the_number_of_a_dead_process_is_never_signalled_when_a_stranger_has_it(
    world: SampleWorld, tmp_path: Path
) -> None:
    state = world.up(services=["trade"])
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        file = tmp_path / "data" / "samples.json"
        file.write_text(file.read_text().replace(f'"pid": {state["trade"].pid}', f'"pid": {stranger.pid}'))
        reread = world.status()
        assert reread is not None
        assert reread["trade"].pid == stranger.pid
        assert not reread["trade"].alive
        assert world.down() == ("registry",)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
        state["trade"].stop(kill=True)


def test_a_damaged_state_file_is_named(world: SampleWorld, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "samples.json"
    file.write_text('{"registry": 1}')
    with pytest.raises(SamplesError) as caught:
        world.up()
    assert caught.value.where == str(file)
    file.unlink()


def test_single_providers_are_stopped_and_started_under_their_name(world: SampleWorld, fake: Fake) -> None:
    first = world.up()["trade"]
    world.stop_provider("trade")
    assert not first.alive
    second = world.start_provider("trade", ProviderOptions(services=("trade",), delay_ms=50, version="9.9"))
    assert second.alive
    state = world.status()
    assert state is not None
    assert state["trade"] == second
    call = fake.calls()[-1]
    assert call[call.index("--delay") + 1] == "50"
    assert call[call.index("--version") + 1] == "9.9"
    assert call[call.index("--registry") + 1] == "x://registry"


def test_a_name_that_runs_is_not_started_over(world: SampleWorld) -> None:
    world.up(services=["trade"])
    with pytest.raises(SamplesError, match="trade is running already"):
        world.start_provider("trade", ProviderOptions(services=("trade",)))


def test_stopping_what_is_not_there_lists_what_is(world: SampleWorld) -> None:
    with pytest.raises(SamplesError, match="samples up"):
        world.stop_provider("trade")
    world.up(services=["order"])
    with pytest.raises(SamplesError, match="there are registry, order"):
        world.stop_provider("trade")


def test_every_process_is_told_when_to_end(world: SampleWorld, fake: Fake) -> None:
    world.up(lifetime=Lifetime(max_minutes=7, parent=4711))
    for call in fake.calls():
        assert call[call.index("--max-minutes") + 1] == "7"
        assert call[call.index("--exit-with-parent") + 1] == "4711"


def test_two_that_want_it_at_once_get_the_same_world(world: SampleWorld, fake: Fake, tmp_path: Path) -> None:
    states: list[Any] = []
    threads = [threading.Thread(target=lambda: states.append(SampleWorld(tmp_path / "data").up())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states[0] == states[1] == states[2]
    assert len(fake.calls()) == 4


def test_an_old_log_does_not_make_a_new_process_ready(fake: Fake, tmp_path: Path) -> None:
    options = ProviderOptions(services=("trade",))
    launch_provider(tmp_path / "w", "x://r", options).stop(kill=True)
    fake.behave(trade="die")
    with pytest.raises(SamplesError, match="Boom"):
        launch_provider(tmp_path / "w", "x://r", options)


def test_output_of_the_process_is_no_terminal_of_ours(world: SampleWorld) -> None:
    state = world.up(services=["order"])
    assert os.getsid(state["order"].pid) != os.getsid(0)  # a Ctrl-C here does not reach it


def test_birth_of_nobody_is_none() -> None:
    assert birth(2**22 + 1) is None
    assert birth(os.getpid()) == birth(os.getpid())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process looks dead before its last thread")
def test_a_process_lives_as_long_as_one_of_its_threads() -> None:
    """A killed JVM's first thread may be gone while others still hold its ports."""
    program = (
        "import ctypes, sys, threading\n"
        "threading.Thread(target=sys.stdin.buffer.raw.read, args=(1,)).start()\n"
        "print(end='.', flush=True)\n"
        "ctypes.CDLL(None).pthread_exit(None)"
    )
    headless = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with headless:
        assert headless.stdin is not None
        assert headless.stdout is not None
        born = birth(headless.pid)
        assert headless.stdout.read(1) == b"."
        stat = Path(f"/proc/{headless.pid}/stat")
        while b") Z " not in stat.read_bytes():
            time.sleep(0.01)
        assert headless.poll() is None
        assert birth(headless.pid) == born
        headless.stdin.close()
