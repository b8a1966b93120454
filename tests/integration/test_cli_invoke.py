"""`workbench invoke` against real providers: what it prints, how it ends."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench import cli
from workbench.usecases.samples import SampleProcess, WorldState

TRADE = "com.example.trade.TransAiFacade"
Invoke = Callable[..., tuple[int, str, str]]


@pytest.fixture
def invoke(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Invoke:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.execute(["--data-dir", str(tmp_path / "data"), "invoke", *arguments])
        return code, *capsys.readouterr()

    return run


def test_a_typed_call_and_the_exception_of_the_second(
    invoke: Invoke, sample_world: WorldState, artifact: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "data.json").write_text('{"paymentId": "PAYCLI1", "amount": 5000000000.10, "payerId": "u1"}')
    call = [
        f"{TRADE}#payOrder",
        "--registry",
        sample_world.registry,
        "--artifact",
        str(artifact("trade-api-1.0.0.jar")),
    ]
    code, out, err = invoke(*call, "--data", f"@{tmp_path}/data.json", "--timeout", "30s")
    assert code == 0, err
    assert '"amount": 5000000000.10,' in out
    assert json.loads(out)["data"]["paymentId"] == "PAYCLI1"
    assert f"by {sample_world['trade'].address.removeprefix('dubbo://')} (typed)" in err

    code, out, err = invoke(*call, "--data", f"@{tmp_path}/data.json", "--timeout", "30s", "--json")
    assert code == 1, err
    document = json.loads(out)
    assert document["failure"]["cause"] == "PROVIDER_EXCEPTION"
    assert document["exception"]["class"] == "com.example.trade.AlreadyPaidException"
    assert document["response"] is None
    assert '"amount": 5000000000.10' in out


def test_a_generic_call_by_what_the_registry_tells(invoke: Invoke, sample_world: WorldState) -> None:
    code, out, err = invoke(
        f"{TRADE}#refund",
        "--registry",
        sample_world.registry,
        "--data",
        '{"paymentId": "PAYNONE"}',
        "--timeout",
        "30s",
    )
    assert code == 0, err
    assert json.loads(out)["code"] == "2404"
    assert "(generic)" in err


def test_a_call_by_url(invoke: Invoke, sample_world: WorldState) -> None:
    target = f"{TRADE}#query(java.lang.String)"
    code, out, err = invoke(target, "--url", sample_world["trade"].address, "--data", '"PAYNONE"', "--timeout", "30s")
    assert code == 0, err
    assert json.loads(out)["code"] == "2404"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([f"{TRADE}#query", "--data", "[1]"], "query(java.lang.String)"),
        ([f"{TRADE}#qery", "--data", "[1]"], "did you mean query?"),
        ([f"{TRADE}#payOrder", "--data", '[{"amount": "x"}]'], "$[0].amount"),
        ([f"{TRADE}#payOrder", "--data", '[{"amuont": 1}]'], "amount"),
        ([f"{TRADE}#payOrder"], "workbench template"),
        ([f"{TRADE}#payOrder", "--data", "{"], "--data"),
        ([f"{TRADE}#payOrder", "--data", "@nowhere.json"], "nowhere.json"),
        ([f"{TRADE}#payOrder", "--data", "{}", "--timeout", "soon"], "is not a duration"),
    ],
)
def test_wrong_usage_is_told_and_nothing_is_sent(
    invoke: Invoke,
    sample_world: WorldState,
    artifact: Callable[[str], Path],
    tmp_path: Path,
    arguments: list[str],
    said: str,
) -> None:
    jar = str(artifact("trade-api-1.0.0.jar"))
    code, out, err = invoke(*arguments, "--registry", sample_world.registry, "--artifact", jar)
    assert (code, out) == (2, "")
    assert said in err
    assert not (tmp_path / "data" / "log").exists()


def test_a_version_that_is_not_there_is_explained(
    invoke: Invoke, zookeeper: SampleProcess, start_provider: Callable[..., SampleProcess]
) -> None:
    start_provider("trade", version="2.1", group="blue")
    target = f"{TRADE}#query(java.lang.String)"
    code, out, err = invoke(
        target, "--registry", zookeeper.address, "--data", '"x"', "--group", "blue", "--timeout", "20s"
    )
    assert (code, out) == (3, "")
    assert "VERSION_MISMATCH" in err
    assert "call it with --version 2.1" in err


def test_a_provider_that_is_too_slow(
    invoke: Invoke, zookeeper: SampleProcess, start_provider: Callable[..., SampleProcess]
) -> None:
    slow = start_provider("trade", delay_ms=60_000)
    code, out, err = invoke(
        f"{TRADE}#query(java.lang.String)", "--url", slow.address, "--data", '"x"', "--timeout", "2s"
    )
    assert (code, out) == (1, ""), err
    assert "TIMEOUT" in err


def test_a_second_registry_is_refused(invoke: Invoke) -> None:
    """The last one alone was asked, and nothing said so."""
    twice = ("--registry", "zookeeper://127.0.0.1:1", "--registry", "zookeeper://127.0.0.1:2")
    code, _, err = invoke(f"{TRADE}#query", *twice, "--data", '["x"]')
    assert code == 2
    assert "--registry: one is asked, not 2" in err
    assert "environment" in err
