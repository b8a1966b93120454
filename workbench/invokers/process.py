"""The bridge's JVM as a process: started, told its token, watched, ended. Blocking; called from threads."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import IO

from workbench.errors import BridgeError
from workbench.invokers.archive import GC, archive_options
from workbench.invokers.java import find_jar, find_java, java_environ

_START_S = 60.0
_END_S = 4.0
_HEAD = "--- bridge for "  # in the log, before what each JVM has said
_LOG_BYTES = 8 * 1024 * 1024  # an older log beyond this is put aside

# Serial: 223 MB instead of 309 with G1, at the same speed. Out of memory ends the JVM: half a JVM answers wrongly.
# Young objects get more room than a third of the heap: a collection costs by what is alive, so half as many cost half.
_OPTIONS = (
    GC,
    "-Xms128m",
    "-Xmn64m",
    "-Xmx768m",
    "-XX:MaxMetaspaceSize=512m",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",
    "-XX:+DisplayVMOutputToStderr",
    "-Xshare:auto",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    "-Djava.awt.headless=true",
    "-Dfile.encoding=UTF-8",
    # Netty 4.2 compares the certificate's name with the host's; Dubbo never tells it the host, so that every TLS call
    # would fail with "Hostname or IP address is undefined". Certificates are trusted by the trust file, as in Dubbo.
    "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE",
)
# The compiler that optimises at length works for nothing when a few calls are all.
_LEVELS = {True: "-XX:TieredStopAtLevel=1", False: "-XX:TieredStopAtLevel=4"}


class JvmProcess:
    """A running bridge JVM. `port` and `token` are for the channel; `started_in_ms` until it was ready."""

    def __init__(self, role: str, log_dir: Path, java: Path | None, jar: Path | None, *, brief: bool) -> None:
        """Starts it and waits until it listens. Raises BridgeError with the log file in `where`."""
        java, jar = java or find_java(), jar or find_jar()
        began = time.monotonic()
        self.token = secrets.token_hex(32)
        self.log_file = _log_file(log_dir, role)
        self._scratch = Path(tempfile.mkdtemp(prefix="workbench-bridge-"))
        try:
            options = (*_OPTIONS, _LEVELS[brief], *archive_options(java, jar))
            self._process = self._spawn([str(java), *options, "-jar", str(jar), role])
            self.port = self._greet()
        except BaseException:
            shutil.rmtree(self._scratch, ignore_errors=True)
            raise
        self.started_in_ms = int((time.monotonic() - began) * 1000)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        try:
            with self.log_file.open("ab") as log:
                return subprocess.Popen(
                    [*command, str(self._scratch)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env=java_environ(),
                    start_new_session=True,  # Ctrl-C is for the run, which then ends us in order
                )
        except OSError as error:
            raise BridgeError(f"the bridge's JVM cannot be started: {error}", where=str(self.log_file)) from error

    def _greet(self) -> int:
        stdin, stdout = _pipe(self._process.stdin), _pipe(self._process.stdout)
        patience = threading.Timer(_START_S, self._process.kill)
        patience.start()
        try:
            stdin.write(self.token.encode() + b"\n")  # not on the command line, which everybody can read
            stdin.flush()
            words = stdout.readline().split()
        except OSError:
            words = []
        finally:
            patience.cancel()
            patience.join()
            stdout.close()
        if len(words) == 3 and words[0] == b"READY":
            return int(words[1])
        raise self._did_not_start()

    def _did_not_start(self) -> BridgeError:
        self._process.kill()
        code = self._process.wait()
        with contextlib.suppress(OSError):  # the token could not be written
            _pipe(self._process.stdin).close()
        own = self.log_file.read_text(errors="replace").rpartition(_HEAD)[2].splitlines()[1:]
        return BridgeError(
            f"the bridge's JVM did not start (exit code {code}): it {describe_exit(code)}"
            + "".join(f" | {line.strip()}" for line in own[-3:]),
            where=str(self.log_file),
            hint="the log has the whole story; `workbench doctor` checks Java and the bridge",
        )

    def ended(self, patience_s: float) -> int | None:
        """Its exit code (negative: the signal that killed it), or None while it still runs after this time."""
        try:
            return self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> int:
        """Asks it to end, then makes it; leaves no process, pipe or folder. Its exit code. May be called twice."""
        with contextlib.suppress(OSError):  # it is dead already
            _pipe(self._process.stdin).close()
        code = self.ended(_END_S)
        if code is None:
            self._process.kill()
            code = self._process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)
        return code


def describe_exit(code: int) -> str:
    """`was killed by SIGKILL`, `ran out of memory`, `ended with exit code 5`."""
    if code < 0:
        try:
            return f"was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"was killed by signal {-code}"
    return "ran out of memory" if code == 3 else f"ended with exit code {code}"


def _log_file(log_dir: Path, role: str) -> Path:
    log_dir.mkdir(parents=True, exist_ok=True)
    path = log_dir / f"bridge-{role}.log"
    if path.exists() and path.stat().st_size > _LOG_BYTES:
        path.replace(path.with_suffix(".old.log"))
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{_HEAD}{role}, started by process {os.getpid()}, {time.strftime('%Y-%m-%d %H:%M:%S')}\n")
    return path


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # Popen was given PIPE
    return pipe
