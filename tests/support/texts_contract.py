"""What every database and the API must do with texts: give them back as they came, or refuse them with their field.

A class of tests that is inherited once a database; `client` is one of an application over an empty one.
"""

import io
import time
import zipfile
from collections.abc import Mapping
from itertools import cycle, islice
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from suite_zip import zipped
from wild_texts import HALF, WILD, filled, formed, with_text

from workbench.model import json
from workbench.model.suite import Case, Scenario

SUITE = {
    "suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\nenvironments: {sit: {connections: "
    "{db: {url: 'postgresql://a:1/b'}, cache: {url: 'redis://a:1/0'}}}}\ndependencies: {tool-util: {tool: [t.jar]}}\n",
    "scenarios/s.yaml": "id: ssssssss\nscenario: s\ncases:\n  - id: cccccccc\n    case: c\n    steps:\n"
    "      - { id: aaaaaaaa, step: a, script: '$app.fail(\"no\")' }\n",
    "shared/common.yaml": "fill:\n  parameters: {name: x}\n  steps: [{ id: ffffffff, step: fill, script: pass }]\n",
}
ONE = "/api/v1/suites/order@1"
DOCUMENTS: Mapping[str, tuple[str, Any]] = {
    "case": ("cases/cccccccc", Case),
    "scenario": ("scenarios/ssssssss", Scenario),
}
OCTETS = "application/octet-stream"
TEXTS = pytest.mark.parametrize("text", list(WILD.values()), ids=list(WILD))


@pytest.fixture
def loaded(client: FlaskClient) -> FlaskClient:
    bring(client, zipped(SUITE))
    return client


def bring(client: FlaskClient, archive: bytes, query: str = "") -> None:
    sent = client.post(f"/api/v1/suites?replace=true&{query}", data=archive, content_type="application/zip")
    assert sent.status_code == 200, sent.text


def part(text: str) -> str:
    return quote(text, safe="")


def refused(answer: Any, *fields: str, in_path: bool = False) -> None:
    """With a status of the client's, and the name of one of the fields; `in_path`: a name no path can hold."""
    assert 400 <= answer.status_code < 500, answer.text
    if in_path and answer.status_code in (404, 405):
        return
    told = [answer.json.get("where", ""), answer.json["detail"], answer.json.get("hint", "")]
    told += [
        f"{each.get('field', '')} {each.get('where', '')} {each['detail']}" for each in answer.json.get("errors", ())
    ]
    assert any(field in " ".join(told) for field in fields), answer.text


def put(client: FlaskClient, path: str, body: Any) -> Any:
    tag = client.get(path).headers.get("ETag", "")
    return client.put(path, data=json.dumps(body), content_type="application/json", headers={"If-Match": tag})


def plain(value: Any) -> Any:
    """Without what was left to be made: ids of steps."""
    if isinstance(value, dict):
        return {
            key: plain(each) for key, each in value.items() if key not in ("id", "retry") and each not in ("", None)
        }
    return [plain(each) for each in value] if isinstance(value, list) else value


class TextsContract:
    @TEXTS
    def test_documents_come_back_also_through_files(self, loaded: FlaskClient, text: str) -> None:
        for path, model in DOCUMENTS.values():
            body = filled(model, text)
            saved = put(loaded, f"{ONE}/{path}", body)
            assert saved.status_code == 200, saved.text
            held = loaded.get(f"{ONE}/{path}").json
            assert plain(held) == plain(body), [
                each for each in plain(body) if plain(held).get(each) != plain(body)[each]
            ]
        with loaded.get(f"{ONE}/archive") as answer:
            archive = answer.data
        bring(loaded, archive, "version=2")
        for path, _ in DOCUMENTS.values():
            first, second = (loaded.get(f"/api/v1/suites/order@{version}/{path}").data for version in "12")
            assert first == second
        with loaded.get("/api/v1/suites/order@2/archive") as answer:
            again = files_of(answer.data) | {"suite.yaml": b"of another version"}
            assert again == files_of(archive) | {"suite.yaml": b"of another version"}

    @pytest.mark.parametrize("document", [pytest.param("case", marks=pytest.mark.fuzz), "scenario"])
    def test_what_has_a_form_is_kept_or_told(self, loaded: FlaskClient, document: str) -> None:
        path, model = f"{ONE}/{DOCUMENTS[document][0]}", DOCUMENTS[document][1]
        right = filled(model, "x")
        assert put(loaded, path, right).status_code == 200
        texts = cycle(WILD.values())
        for place in formed(right):
            for text in islice(texts, 1):
                body = with_text(right, place, text)
                saved = put(loaded, path, body)
                if saved.status_code == 200:
                    assert plain(loaded.get(path).json) == plain(body), place
                else:
                    refused(saved, str(next(each for each in reversed(place) if isinstance(each, str))))

    @TEXTS
    def test_names_of_versions_groups_and_datasets(self, loaded: FlaskClient, text: str) -> None:
        made = loaded.post("/api/v1/subsystems/order/versions", json={"name": text})
        if made.status_code == 201:
            assert text in [each["version"] for each in loaded.get("/api/v1/subsystems/order/versions").json["items"]]
            assert loaded.get(f"/api/v1/suites/order@{part(text)}").json["version"] == text
        else:
            refused(made, "name")
        group = {"cases": ["cccccccc"], "description": text, "owner": text, "comment": text}
        made = loaded.put(f"{ONE}/case-groups/{part(text)}", json=group)
        if made.status_code == 200:
            (held,) = loaded.get(f"{ONE}/case-groups").json["items"]
            assert (held["name"], held["group"]) == (text, group)
        else:
            refused(made, "name", in_path=True)
        made = loaded.post(f"{ONE}/datasets/{part(text)}/file?form=csv", data=b"a\n1\n", content_type=OCTETS)
        if made.status_code == 200:
            assert [each["name"] for each in loaded.get(f"{ONE}/datasets").json["items"]] == [text]
            with loaded.get(f"{ONE}/archive") as answer:
                assert f"datasets/{text}.csv" in files_of(answer.data)
        else:
            refused(made, "name", in_path=True)

    @TEXTS
    def test_columns_and_cells(self, loaded: FlaskClient, text: str) -> None:
        path = f"{ONE}/datasets/d"
        table = json.dumps({"columns": ["a", text], "rows": [{"a": text, text: text}]}).encode()
        made = loaded.post(f"{path}/file?form=json", data=table, content_type=OCTETS)
        if made.status_code != 200:
            refused(made, "column")
            table = json.dumps([{"a": text}]).encode()
            made = loaded.post(f"{path}/file?form=json", data=table, content_type=OCTETS)
        assert made.status_code == 200, made.text
        held = loaded.get(f"{path}/rows").json
        assert held["rows"][0]["a"] == text
        change = {"row": 1, "column": "a", "value": [text]}
        tag = {"If-Match": loaded.get(f"{path}/rows").headers["ETag"]}
        assert loaded.patch(f"{path}/rows", json=change, headers=tag).status_code == 200
        assert loaded.get(f"{path}/rows").json["rows"][0]["a"] == [text]
        with loaded.get(f"{path}/file?form=xlsx") as answer:
            if answer.status_code == 200:
                loaded.post(f"{ONE}/datasets/e/file?form=xlsx", data=answer.data, content_type=OCTETS)
                assert loaded.get(f"{ONE}/datasets/e/rows").json["rows"][0]["a"] == [text]
            else:
                refused(answer, "a")

    @TEXTS
    def test_configuration(self, loaded: FlaskClient, text: str) -> None:
        def change(**what: Any) -> Any:
            tag = loaded.get(f"{ONE}/config").headers["ETag"]
            return loaded.patch(f"{ONE}/config", json={"changes": [what]}, headers={"If-Match": tag})

        assert change(key="k", environment="sit", value=text).status_code == 200
        made = change(key=text, value=[text])
        if made.status_code != 200:
            refused(made, "key")
        sealed = change(key="s", environment="sit", value=text, secret=True)
        if sealed.status_code != 200:
            refused(sealed, "s")
        for _ in range(2):
            items = {each["key"]: each for each in loaded.get(f"{ONE}/config").json["items"]}
            assert items["k"]["cells"]["sit"]["value"] == text
            assert made.status_code != 200 or items[text]["cells"]["*"]["value"] == [text]
            with loaded.get(f"{ONE}/config/table?form=properties") as answer:
                table = answer.data
            tag = {"If-Match": loaded.get(f"{ONE}/config").headers["ETag"]}
            path = f"{ONE}/config/table?form=properties"
            again = loaded.post(path, data=table, content_type=OCTETS, headers=tag)
            assert again.status_code == 200, again.text
            assert {each["what"] for each in again.json["lines"]} <= {"unchanged"}
        if change(key="k", environment=text, value=1).status_code == 200:
            raise AssertionError("there is no such environment")

    @TEXTS
    def test_people(self, loaded: FlaskClient, text: str) -> None:
        for kind in ("users", "groups"):
            made = loaded.post(f"/api/v1/{kind}", json={"name": text})
            if made.status_code == 201:
                assert loaded.get(f"/api/v1/{kind}/{part(text)}").json["name"] == text
                assert text in [each["name"] for each in loaded.get(f"/api/v1/{kind}").json["items"]]
            else:
                refused(made, "name")

    @TEXTS
    def test_what_is_said_of_saves_hosts_and_artifacts(self, loaded: FlaskClient, text: str) -> None:
        case = loaded.get(f"{ONE}/cases/cccccccc").json | {"owner": "li"}
        tag = {"If-Match": loaded.get(f"{ONE}/cases/cccccccc").headers["ETag"]}
        saved = loaded.put(f"{ONE}/cases/cccccccc?message={part(text)}", json=case, headers=tag)
        if saved.status_code == 200:
            assert loaded.get(f"{ONE}/cases/cccccccc/revisions").json["items"][0]["message"] == text
            assert loaded.get(f"{ONE}/saves").json["items"][0]["message"] == text
        else:
            refused(saved, "message")
        noted = loaded.post(f"{ONE}/deployments", json={"host": text, "environment": text, "artifact": text})
        if noted.status_code == 201:
            (held,) = loaded.get("/api/v1/subsystems/order/hosts").json["items"]
            assert (held["host"], held["environment"], held["artifact"]) == (text, text, text)
        else:
            refused(noted, "host", "environment", "artifact")
        kept = loaded.post(f"/api/v1/artifacts?name={part(text)}", data=b"x", content_type="application/java-archive")
        if kept.status_code == 201:
            assert kept.json["name"] == text
        else:
            refused(kept, "name")
        for query in (
            f"cases?q={part(text)}",
            f"cases?tag={part(text)}&owner={part(text)}",
            f"cases?scenario={part(text)}",
        ):
            assert loaded.get(f"{ONE}/{query}").status_code in (200, 422)
        assert loaded.get(f"/api/v1/search?q={part(text)}").status_code in (200, 422)

    def test_conclusions(self, loaded: FlaskClient) -> None:
        bring(loaded, zipped(SUITE | {"suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n"}))
        ran = loaded.post("/api/v1/cases/cccccccc/run?wait=60")
        assert ran.status_code == 201, ran.text
        path = f"/api/v1/stored/runs/{ran.json['id']}"
        end = time.monotonic() + 60
        while loaded.get(path).status_code != 200:  # kept a moment after its end
            assert time.monotonic() < end
        for text in WILD.values():
            said = {"item": "cccccccc", "kind": "known", "comment": text, "link": text}
            answer = loaded.post(f"{path}/conclusions", json=said)
            if answer.status_code != 201:
                refused(answer, "link" if "comment" not in answer.text else "comment")
                continue
            (case,) = loaded.get(f"{path}/cases").json["items"]
            held = case["conclusion"]
            assert (held["comment"], held["link"]) == (text, text), (text, held)
        with loaded.get(f"/api/v1/runs/{ran.json['id']}/report/html") as answer:
            assert b"<script>alert(1)" not in answer.data

    def test_half_a_character_is_refused_with_its_place(self, loaded: FlaskClient) -> None:
        bodies = {
            f"{ONE}/cases/cccccccc": b'{"case": %s}', f"{ONE}/datasets/d/rows": b'{"rows": [{"a": %s}]}',
            "/api/v1/users": b'{"name": %s}', "/api/v1/runs": b'{"suite": %s}',
        }  # fmt: skip
        for path, body in bodies.items():
            method = loaded.put if "cases" in path else loaded.post
            answer = method(path, data=body % HALF, content_type="application/json", headers={"If-Match": '"1"'})
            assert (answer.status_code, "half of a character" in answer.text) == (400, True), answer.text


def files_of(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.startswith(".workbench")}
