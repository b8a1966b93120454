"""`workbench contract` with the sample APIs and the sample registry."""

import json
from pathlib import Path

import pytest

from workbench import cli
from workbench.usecases.samples import WorldState

OLD, NEW = "samples://order-api-1.0.0.jar", "samples://order-api-1.1.0.jar"
FACADE = "com.example.order.BizOrderAiFacade"
EXPECTED = {
    ("breaking", "type-changed", "com.example.order.BizOrder.points"),
    ("breaking", "parameters-changed", f"{FACADE}#cancelOrder(long,java.lang.String)"),
    ("breaking", "method-removed", f"{FACADE}#countOrders(java.lang.String)"),
    ("risky", "response-constant-added", "com.example.order.OrderStatus.CLOSED"),
    ("compatible", "response-field-added", "com.example.order.BizOrder.discount"),
    ("compatible", "method-added", f"{FACADE}#queryByRequestNo(java.lang.String)"),
    ("compatible", "type-added", "com.example.order.CancelOrderRequest"),
}


def test_what_a_release_of_the_order_api_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["contract", "diff", OLD, NEW, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {(each["severity"], each["rule"], each["place"]) for each in found["changes"]} == EXPECTED
    assert cli.execute(["contract", "diff", OLD, OLD]) == 0
    assert capsys.readouterr().out == f"no difference: from {OLD} to {OLD}\n"


@pytest.mark.parametrize(("fail_on", "code"), [("breaking", 1), ("risky", 1), ("never", 0)])
def test_a_release_can_be_stopped(fail_on: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["contract", "diff", OLD, NEW, "--fail-on", fail_on]) == code
    out = capsys.readouterr().out
    assert f"3 breaking, 1 risky, 3 compatible: from {OLD} to {NEW}\n" in out
    assert "+ field com.example.order.BizOrder.discount: BigDecimal  [response]" in out
    assert cli.execute(["contract", "diff", NEW, NEW, "--fail-on", fail_on]) == 0


def test_the_saved_form_is_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "old.json"
    assert cli.execute(["contract", "show", OLD, "--json"]) == 0
    saved.write_text(capsys.readouterr().out)
    assert cli.execute(["contract", "diff", str(saved), OLD, "--fail-on", "compatible"]) == 0
    assert cli.execute(["contract", "diff", str(saved), NEW, "--fail-on", "risky"]) == 1


def test_a_registry_tells_what_a_running_provider_lacks(
    sample_world: WorldState, capsys: pytest.CaptureFixture[str]
) -> None:
    """The world's order provider is built with 1.0.0. Metadata does not tell what a Result<…> holds."""
    arguments = ["--interface", "BizOrder*", "--json"]
    assert cli.execute(["contract", "diff", OLD, sample_world.registry, *arguments]) == 0
    assert json.loads(capsys.readouterr().out).get("changes", []) == []
    assert cli.execute(["contract", "diff", sample_world.registry, NEW, *arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    places = {(each["severity"], each["rule"], each["place"]) for each in found["changes"]}
    assert places == {each for each in EXPECTED if each[2].startswith(FACADE)}


def test_the_jar_and_the_running_provider_contradict_each_other(
    sample_world: WorldState, capsys: pytest.CaptureFixture[str]
) -> None:
    registry = sample_world.registry
    assert cli.execute(["contract", "show", NEW, "--registry", registry, "--interface", FACADE, "--json"]) == 0
    contract = json.loads(capsys.readouterr().out)
    assert contract["interfaces"][0]["seen_in"] == [registry]
    assert {(one["what"], one["place"]) for one in contract["contradictions"]} == {
        ("method", f"{FACADE}#{signature}")
        for signature in (
            "cancelOrder(com.example.order.CancelOrderRequest)",
            "cancelOrder(long,java.lang.String)",
            "countOrders(java.lang.String)",
            "queryByRequestNo(java.lang.String)",
        )
    }
    assert cli.execute(["contract", "show", OLD, "--registry", registry, "--interface", FACADE]) == 0
    shown = capsys.readouterr().out
    assert f"also in {registry}" in shown
    assert "contradiction" not in shown


def test_a_registry_alone_is_enough(
    sample_world: WorldState, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry, suite = sample_world.registry, tmp_path / "suite"
    assert cli.execute(["template", f"{FACADE}#bizOrder", "--registry", registry]) == 0
    (request,) = json.loads(capsys.readouterr().out)
    assert request["shipTo"]["city"] == "city"
    command = ["generate", "--registry", registry, "--interface", "BizOrder*", "--out", str(suite)]
    assert cli.execute(command) == 0
    assert cli.execute(["contract", "diff", str(suite), registry, "--interface", "BizOrder*"]) == 0
    assert "no difference" in capsys.readouterr().out
    (suite / "interfaces").mkdir()
    (suite / "interfaces" / "manual.yaml").write_text(
        f"interfaces: {{ {FACADE}: {{ methods: ['long countOrders(String buyerId)', 'void later(int days)'] }} }}"
    )
    assert cli.execute(["contract", "show", str(suite), "--json"]) == 0
    (facade,) = json.loads(capsys.readouterr().out)["interfaces"]
    methods = {method["name"]: method for method in facade["methods"]}
    assert facade["origin"] == "interfaces/manual.yaml"
    assert methods["bizOrder"]["origin"] == registry
    assert "origin" not in methods["later"]
    assert methods["countOrders"]["parameters"][0]["name"] == "buyerId"


def test_words_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.execute(["contract", "show", NEW]) == 0
    out = capsys.readouterr().out
    assert "CREATED, PAID, SHIPPED, CANCELLED, CLOSED" in out
    assert "java.util" not in out.partition("class com.example.order.BizOrder")[0]
    assert "1 interface, 5 methods, 10 types\n" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show"], "nothing to read a contract from"),
        (["show", "nowhere.jar"], "there is no such file"),
        (["show", "."], "this folder is no suite"),
        (["diff", OLD, "{}"], "there is no such file"),
        (["diff", OLD, NEW, "--interface", "BizOder*"], "no service found on either side"),
        (["diff", OLD, "package.json"], "this is no contract"),
    ],
)
def test_errors(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "package.json").write_text('{"name": "shop", "version": "1.0.0"}')
    assert cli.execute(["contract", *arguments]) == 2
    assert said in capsys.readouterr().err
