"""Every kind of step, on real providers, a real HTTP server and a real tool jar."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openpyxl
import pytest


class Echo(BaseHTTPRequestHandler):
    """Answers with what it got; digits untouched. /missing answers 404."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.reply(200, f'{{"path": "{self.path}", "got": {body}, "trace": "{self.headers.get("X-Trace", "")}"}}')

    def do_GET(self):
        self.reply(
            404 if self.path == "/missing" else 200, f'{{"path": "{self.path}", "big": 12345678901234567890.10}}'
        )

    def reply(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_): ...


@pytest.fixture
def http_url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_http_steps(write_suite, run_live, http_url):
    folder = write_suite(
        f"""
- step: post
  http: POST {http_url}/orders?x=1
  headers: {{X-Trace: "t-${{config.n}}"}}
  request: '{{"id": 1234567890123456789, "amount": 19.90}}'
  extract: {{id: response.body.got.id}}
  assert: |
    response.status == 200
    response.body.got.amount same 19.90
    response.body.trace == "t-7"
- step: get
  http: GET {http_url}/orders/${{ctx.id}}
  assert: |
    response.body.path == "/orders/1234567890123456789"
    response.body.big same 12345678901234567890.10
- step: missing
  http: GET {http_url}/missing
  assert: response.status == 404
""",
        head="config: {n: 7}\n",
    )
    outcome = run_live(folder)
    assert outcome.judged == ("PASSED", ""), outcome


def test_http_that_nobody_answers_is_a_network_error(write_suite, run_live):
    outcome = run_live(write_suite("- step: get\n  http: GET http://127.0.0.1:1/"))
    assert outcome.judged == ("ERROR", "NETWORK"), outcome


def test_tool_step_and_tool_in_a_script(write_suite, run_live):
    folder = write_suite(
        """
- step: sign
  tool: tool-util com.example.util.SignUtil#sign(java.lang.String)
  request: '["abc"]'
  extract: {signature: response}
  assert: response == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
- step: in a script
  script: |
    line = $app.tool("tool-util").call("com.example.util.LogUtil#print(java.lang.String)", $app.getContext("signature"))
    $app.assertEquals("[INFO] " + $app.getContext("signature"), line)
"""
    )
    outcome = run_live(folder)
    assert outcome.judged == ("PASSED", ""), outcome
    printed = [entry.text for step in outcome.steps for attempt in step.attempts for entry in attempt.log]
    assert any("ba7816bf" in text for text in printed)


def test_tool_that_throws_is_the_case_s_side(write_suite, run_live):
    outcome = run_live(write_suite('- step: sign\n  tool: tool-util com.example.util.NoSuch#sign\n  request: "[]"'))
    assert outcome.judged == ("ERROR", "TOOL"), outcome


def test_script_invokes_across_subsystems(write_suite, run_live):
    folder = write_suite(
        """
- step: all in a script
  timeout: 30s
  script: |
    amount = $app.decimal("19.90")
    order = $app.invoke("com.example.order.BizOrderAiFacade#bizOrder", {"buyerId": "b", "amount": amount})
    paid = $app.invoke("com.example.trade.TransAiFacade#payOrder",
        {"paymentId": order["data"]["paymentId"], "amount": amount}, {"subsystem": "trade"})
    $app.addContext("status", paid["data"]["status"])
    $app.addContext("orderId", order["data"]["orderId"])
  assert: |
    ctx.status == "PAID"
    ctx.orderId > 9007199254740992
"""
    )
    outcome = run_live(folder)
    assert outcome.judged == ("PASSED", ""), outcome


def test_failure_of_a_call_in_a_script_keeps_its_cause(write_suite, run_live):
    folder = write_suite(
        """
- step: invoke
  timeout: 30s
  script: |
    x = 1
    $app.invoke("com.example.trade.TransAiFacade#payOrder", {"paymentId": "PAY1"}, {"subsystem": "trade"})
"""
    )
    outcome = run_live(folder)
    assert outcome.judged == ("FAILED", "PROVIDER_EXCEPTION"), outcome
    assert "amount is missing" in outcome.case.failure.message


def test_rows_of_excel_arrive_as_the_tester_sees_them(write_suite, run_live, tmp_path: Path):
    folder = write_suite(
        """
- step: place
  dubbo: com.example.order.BizOrderAiFacade#bizOrder(com.example.order.BizOrderRequest)
  request: '[{"buyerId": "${row.buyer}", "amount": "${row.amount}"}]'
  assert: |
    response.data.buyerId == "${row.buyer}"
    response.data.amount same "${row.amount}"
""",
        case="dataset: rows",
    )
    (folder / "datasets").mkdir()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["buyer", "amount"])
    for buyer, amount, style in (("00123", 19.9, "0.00"), ("1234567890123456789", 5, "0"), (7, 0.1, "0.0")):
        sheet.append([buyer, amount])
        sheet.cell(sheet.max_row, 2).number_format = style
    sheet.cell(4, 1).number_format = "00000"
    book.save(folder / "datasets" / "rows.xlsx")
    outcome = run_live(folder)
    assert outcome.summary.verdict.value == "PASSED", outcome
    sent = [json.loads(step.attempts[0].request, parse_float=str)[0] for step in outcome.steps]
    assert sorted((each["buyerId"], each["amount"]) for each in sent) == [
        ("00007", "0.1"),
        ("00123", "19.90"),
        ("1234567890123456789", 5),
    ]
