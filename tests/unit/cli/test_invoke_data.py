"""`workbench invoke`: what is wrong with its options is told before anything is called."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from workbench import cli
from workbench.cli import invoke
from workbench.errors import UsageError
from workbench.model.result import Cause, Failure, Side
from workbench.plugin_api import Answer

CALL = ["invoke", "com.x.A#b(long)", "--url", "dubbo://127.0.0.1:1"]


def _stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(invoke.sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_data_of_a_file_or_stdin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: bytes) -> None:
    (tmp_path / "d.json").write_bytes(start + "[“ü”]".encode())
    _stdin(monkeypatch, start + "[“ü”]".encode())
    assert invoke._read(f"@{tmp_path / 'd.json'}") == invoke._read("-") == "[“ü”]"


def test_what_is_no_utf8_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _stdin(monkeypatch, b"[\xff]")
    with pytest.raises(UsageError, match=r"is not UTF-8 \(byte 2\)"):
        invoke._read("-")
    with pytest.raises(UsageError, match="Is a directory"):
        invoke._read(f"@{tmp_path}")


def test_no_time_is_no_timeout(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute([*CALL, "--data", "[1]", "--timeout", "0"]) == 2
    assert "--timeout: no time for an answer" in capsys.readouterr().err


def test_an_address_that_no_provider_has_is_told_before_a_bridge_starts(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["invoke", "com.x.A#b(long)", "--url", "dubbo://127.0.0.1", "--data", "[1]"]) == 2
    assert "--url: 'dubbo://127.0.0.1' is no provider's address" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("cause", "code"),
    [(Cause.PROVIDER_EXCEPTION, 1), (Cause.TIMEOUT, 1), (Cause.SERIALIZATION, 2), (Cause.NETWORK, 3)],
)
def test_the_exit_code_tells_whose_failure_it_is(cause: Cause, code: int) -> None:
    assert invoke._exit_code(Answer(failure=Failure(cause, "m"))) == code


def test_a_failure_s_own_side_decides() -> None:
    assert invoke._exit_code(Answer(failure=Failure(Cause.TIMEOUT, "m", side=Side.ENVIRONMENT))) == 3
