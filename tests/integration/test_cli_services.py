"""`workbench services` against the sample world."""

import json

import pytest

from workbench import cli
from workbench.usecases.samples import WorldState

TRADE = "com.example.trade.TransAiFacade"


def test_words(sample_world: WorldState, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["services", "--registry", sample_world.registry, "--interface", "TransAi*"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{TRADE}\n")
    assert "  payOrder(com.example.trade.PayOrderRequest) → com.example.common.Result\n" in out
    assert sample_world["trade"].address.removeprefix("dubbo://") in out
    assert "1 interface, 1 provider at" in out
    assert "order" not in out.partition("address")[0].replace("payOrder", "").replace("PayOrder", "")


def test_json(sample_world: WorldState, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["services", "--registry", sample_world.registry, "--json"]) == 0
    view = json.loads(capsys.readouterr().out)
    (trade,) = [service for service in view["services"] if service["interface"] == TRADE]
    assert trade["providers"][0]["application"] == "trade"
    assert len(view["services"]) == 3


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "no registry"),
        (["--registry", "zookeeper://127.0.0.1:1"], 3, "connection refused"),
        (["--registry", "zookeeper://h:1:2"], 2, "is not HOST:PORT"),
    ],
)
def test_errors(arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["services", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
