"""Bulk generation over the API."""

from flask.testing import FlaskClient
from suite_zip import zipped

from workbench.files.contracts import contract_text
from workbench.model.contract import Contract, Interface, Method, Parameter

PAY = Method("pay", (Parameter("id", "long"),), ("long",), "void")
SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n",
    "interfaces.json": contract_text(Contract((Interface("com.x.PayFacade", (PAY, Method("stop"))),))),
}
ONE = "/api/v1/suites/order@1"


def test_cases_and_rows_of_a_contract(client: FlaskClient) -> None:
    assert client.post("/api/v1/suites", data=zipped(SUITE), content_type="application/zip").status_code == 200
    seen = client.post(f"{ONE}/generate", json={"preview": True})
    assert (seen.status_code, seen.json["cases"]) == (200, {"PayFacade": ["pay", "stop"]})
    done = client.post(f"{ONE}/generate?message=all", json={"interfaces": ["Pay*"]})
    assert {each["kind"] for each in done.json["changes"]} == {"artifact", "case", "scenario"}
    made = client.post(f"{ONE}/generate/rows", json={"method": "PayFacade#pay"})
    assert (made.status_code, made.json["rows"]) == (200, 5)
    assert client.post(f"{ONE}/generate/rows", json={"method": "PayFacade#nope"}).status_code == 400
    assert client.post(f"{ONE}/generate", json={"interfaces": ["Nope"]}).status_code == 400
