"""Artifacts, contracts, registries and single calls over HTTP, with real providers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from workbench_web.desk import Desk
from workbench_web.factory import create_app

from workbench.model import json
from workbench.settings import Serving, Settings
from workbench.usecases.samples import WorldState

pytestmark = pytest.mark.xdist_group("serve-tools")  # one process starts what they share

PAY = "com.example.trade.TransAiFacade#payOrder"
API = "samples://trade-api-1.0.0.jar"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    with Desk(Settings(data_dir=tmp_path_factory.mktemp("tools"), serve=Serving(login=False))) as desk:
        yield create_app(desk).test_client()


def uploaded(client: FlaskClient, path: Path) -> str:
    answer = client.post(
        f"/api/v1/artifacts?name={path.name}", data=path.read_bytes(), content_type="application/java-archive"
    )
    assert answer.status_code == 201, answer.text
    assert answer.json["size"] == path.stat().st_size
    address: str = answer.json["address"]
    return address


def test_an_uploaded_jar_is_parsed(client: FlaskClient, artifact: Any) -> None:
    address = uploaded(client, artifact("order-api-1.0.0.jar"))
    contract = client.post("/api/v1/parse", json={"artifacts": [address]}).json
    assert [each["name"] for each in contract["interfaces"]] == ["com.example.order.BizOrderAiFacade"]
    assert contract["interfaces"][0]["origin"] == "order-api-1.0.0.jar"


def test_two_versions_are_compared(client: FlaskClient, artifact: Any) -> None:
    old = uploaded(client, artifact("order-api-1.0.0.jar"))
    same = client.post("/api/v1/contract/diff", json={"old": old, "new": old}).json
    assert same == {"old": old, "new": old}
    other = client.post("/api/v1/contract/diff", json={"old": old, "new": API}).json
    assert {each["severity"] for each in other["changes"]} >= {"breaking"}


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../x.jar", "samples://../x", "artifact:00/x.jar", "", "file:///etc/x"]
)
def test_a_path_of_the_server_is_no_address(client: FlaskClient, name: str) -> None:
    assert client.post("/api/v1/parse", json={"artifacts": [name]}).status_code == 400


def test_an_artifact_that_was_never_uploaded(client: FlaskClient) -> None:
    answer = client.post("/api/v1/parse", json={"artifacts": [f"artifact:{'0' * 64}/x.jar"]})
    assert answer.status_code == 404


def test_something_that_is_no_jar(client: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "x.jar"
    path.write_bytes(b"nothing of the kind")
    assert client.post("/api/v1/parse", json={"artifacts": [uploaded(client, path)]}).status_code == 422


def test_services(client: FlaskClient, sample_world: WorldState) -> None:
    view = client.get(f"/api/v1/services?registry={sample_world.registry}&interface=*Notify*").json
    (service,) = view["services"]
    assert service["interface"] == "com.example.notify.MessageNotifyAiFacade"
    assert service["providers"][0]["application"] == "notify"


@pytest.mark.parametrize(("registry", "status"), [("zookeeper://127.0.0.1:1", 424), ("/etc/passwd", 400), ("", 400)])
def test_a_registry_that_is_none(client: FlaskClient, registry: str, status: int) -> None:
    assert client.get(f"/api/v1/services?registry={registry}").status_code == status


def test_a_template_is_sent_and_answered_exactly(client: FlaskClient, sample_world: WorldState) -> None:
    made = client.post("/api/v1/template", json={"target": PAY, "artifacts": [API]}).json
    assert made["request"][0]["paymentId"] is not None
    body = {
        "target": PAY, "artifacts": [API], "registry": sample_world.registry, "timeout": "20s",
        "data": '{"paymentId": "PAYAPI1", "amount": 5000000000.10}',
    }  # fmt: skip
    answers = [client.post("/api/v1/invoke", json=body).json["answer"] for _ in range(2)]
    assert answers[0]["failure"] is None, answers[0]
    assert json.loads(answers[0]["response"])["data"]["amount"] == json.loads("5000000000.10")
    assert answers[0]["mode"] == "typed"
    assert answers[1]["failure"]["cause"] == "PROVIDER_EXCEPTION"
    assert answers[1]["exception"]["class"] == "com.example.trade.AlreadyPaidException"


@pytest.mark.parametrize(
    ("change", "status", "where"),
    [
        ({"data": '{"paymentId": 1, "amount": "x"}'}, 422, ""),
        ({"data": "{,}"}, 400, "/data:1:2"),
        ({"protocol": "smoke"}, 400, "/protocol"),
        ({"timeout": "soon"}, 400, "/timeout"),
        ({"target": "nonsense"}, 400, ""),
        ({"registry": ""}, 400, ""),
    ],
)
def test_a_call_that_cannot_be_made(
    client: FlaskClient, sample_world: WorldState, change: dict[str, str], status: int, where: str
) -> None:
    body = {"target": PAY, "artifacts": [API], "registry": sample_world.registry, "data": "{}"} | change
    answer = client.post("/api/v1/invoke", json=body)
    assert answer.status_code == status, answer.text
    assert not where or answer.json["where"] == where


def test_keywords(client: FlaskClient) -> None:
    assert {each["group"] for each in client.get("/api/v1/keywords?group=random").json} == {"random"}
    assert client.get("/api/v1/keywords/uuid").json["name"] == "uuid"
    assert "uuid" in client.get("/api/v1/keywords/uuidd").json["hint"]


def test_doctor(client: FlaskClient, sample_world: WorldState) -> None:
    health = client.get(f"/api/v1/doctor?registry={sample_world.registry}").json
    assert health["ok"], health
