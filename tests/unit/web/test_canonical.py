"""What the API accepts is kept in canonical form: exported, `fmt` has nothing to change in it."""

import itertools
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from suite_zip import unzipped, zipped

from workbench.files import format_suite

SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n"
    "environments: { sit: { connections: { db: { url: 'sqlite:///o.db' } } } }\n",
    "scenarios/s.yaml": "id: ssssssss\nscenario: Pay\n",
}
ONE = "/api/v1/suites/order@1"
_numbers = itertools.count()


def _ended(*texts: str) -> st.SearchStrategy[str]:
    """As people and programs leave texts: with no line end behind it, one, several, blanks, old line ends."""
    begins = st.sampled_from(["", "\n", "\n\n"])
    ends = st.sampled_from(["", "\n", "\n\n\n", "  ", " \n", "\r\n", "\t\n \n"])
    return st.tuples(begins, st.sampled_from(texts), ends).map("".join)


_SCRIPT = _ended("pass", "x = 1\nx = 2", "# only a comment\npass")
_HOOK = st.just("") | st.just("\n ") | _SCRIPT
_LINE = st.sampled_from(["response.a == 1", 'ctx.b contains "x: # y"'])
_ASSERT = st.one_of(
    st.none(), _ended("response.a == 1", "response.a == 1\nctx.b exists"), st.lists(_LINE, max_size=3),
    st.lists(_LINE.map(lambda line: f" {line} ") | st.just({"response.a": {"equals": 1}}), max_size=3),
)  # fmt: skip
_AROUND = {"before": _HOOK, "after": _HOOK}
_TEXT = st.sampled_from(["", "a", "a\nb", "a\nb\n", "# a", " a", "a: b"])
_REQUEST = st.none() | _ended('{"a": 1}', '{\n  "a": "${ctx.x:-1}"\n}', "[]")
_STEP = st.one_of(
    st.fixed_dictionaries({"kind": st.just("script"), "script": _SCRIPT, "assert": _ASSERT, **_AROUND}),
    st.fixed_dictionaries({"kind": st.just("http"), "http": st.just("GET http://a/"), "request": _REQUEST,
                           "assert": _ASSERT, "description": _TEXT, **_AROUND}),
    st.fixed_dictionaries({"kind": st.just("sql"), "sql": st.just("db"), "statement": _ended("select 1", "select\n1")}),
)  # fmt: skip
_STEPS = st.lists(_STEP, max_size=3)
_CASE = st.fixed_dictionaries(
    {"case": st.just("c"), "description": _TEXT, "comment": _TEXT, "steps": _STEPS, "setup": _STEPS, **_AROUND}
)
_SCENARIO = st.fixed_dictionaries({"scenario": st.just("a"), "description": _TEXT, "teardown": _STEPS, **_AROUND})
_FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_fmt_has_nothing_to_change_in_what_is_exported(client: FlaskClient, tmp_path: Path) -> None:
    @given(_CASE, _SCENARIO, _STEPS)
    @_FEW
    def law(case: dict[str, Any], scenario: dict[str, Any], shared: list[Any]) -> None:
        sent = client.post("/api/v1/suites?replace=true", data=zipped(SUITE), content_type="application/zip")
        assert sent.status_code == 200, sent.text
        number = next(_numbers)
        made = _post(client, "cases", {"scenario": "ssssssss", "case": {"case": "first"}})
        tag = client.get(f"{ONE}/cases/{made}").headers["ETag"]
        saved = client.put(f"{ONE}/cases/{made}", json=case, headers={"If-Match": tag})
        assert saved.status_code == 200, saved.text
        _post(client, "cases", {"scenario": "ssssssss", "case": case})
        _post(client, "scenarios", scenario | {"cases": [case]})
        _post(client, "shared", {"name": f"f{number}", "groups": {"g": {"steps": shared}}})
        folder = tmp_path / str(number)
        with client.get(f"{ONE}/archive") as answer:
            unzipped(answer.data, folder)
        assert format_suite(folder, check=True) == []

    law()


def test_files_that_are_not_so_are_kept_so_and_it_is_said(client: FlaskClient) -> None:
    cases = "cases:\n  - { id: cccccccc, case: c, steps: [{ id: aaaaaaaa, step: a, script: pass }] }\n"
    other = SUITE | {"scenarios/s.yaml": SUITE["scenarios/s.yaml"] + cases}
    sent = client.post("/api/v1/suites", data=zipped(other), content_type="application/zip")
    assert any("not in canonical form, in which it is kept" in each for each in sent.json["warnings"]), sent.text
    assert client.get(f"{ONE}/cases/cccccccc").json["steps"][0]["script"] == "pass\n"
    again = client.post("/api/v1/suites?replace=true", data=zipped(other), content_type="application/zip")
    assert again.json["changes"] == []


def _post(client: FlaskClient, path: str, body: Any) -> str:
    answer = client.post(f"{ONE}/{path}", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])
