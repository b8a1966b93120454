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
from workbench.model.suite import Case, CaseGroup, Scenario, SharedSteps

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
# one class of Java 8, `public class A { public static native void b(); }`
CLASS = bytes.fromhex(
    "cafebabe00000034" "0007" "01000141" "070001" "0100106a6176612f6c616e672f4f626a656374" "070003" "01000162"
    "010003282956" "0021" "0002" "0004" "0000" "0000" "0001" "01090005" "00060000" "0000"
)  # fmt: skip
JAR = zipped({"A.class": CLASS})
TEXTS = pytest.mark.parametrize("text", list(WILD.values()), ids=list(WILD))
_SHORT = ("slashes", "nul", "emoji", "right to left", "html", "formats", "10,000")
SOME_TEXTS = pytest.mark.parametrize(
    "text", [pytest.param(text, id=name, marks=[] if name in _SHORT else [pytest.mark.fuzz])
             for name, text in WILD.items()],
)  # fmt: skip


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


_BLOCKS = ("before", "after", "request", "script", "statement", "assert")  # which end with one line end


def plain(value: Any) -> Any:
    """Without what is made when it is saved: ids of steps, the ends of blocks."""
    if isinstance(value, dict):
        ended = {
            key: each.rstrip() if key in _BLOCKS and isinstance(each, str) else each for key, each in value.items()
        }
        return {
            key: plain(each) for key, each in ended.items() if key not in ("id", "retry") and each not in ("", None)
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

    @pytest.mark.parametrize(
        ("document", "count"),
        [("scenario", 1), *(pytest.param(each, 2, marks=pytest.mark.fuzz) for each in ("case", "scenario"))],
    )
    def test_what_has_a_form_is_kept_or_told(self, loaded: FlaskClient, document: str, count: int) -> None:
        path, model = f"{ONE}/{DOCUMENTS[document][0]}", DOCUMENTS[document][1]
        right = filled(model, "x")
        assert put(loaded, path, right).status_code == 200
        texts = cycle(WILD.values())
        for place in formed(right):
            for text in islice(texts, count):
                body = with_text(right, place, text)
                saved = put(loaded, path, body)
                if saved.status_code == 200:
                    assert plain(loaded.get(path).json) == plain(body), place
                else:
                    refused(saved, str(next(each for each in reversed(place) if isinstance(each, str))))

    @SOME_TEXTS
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

    @SOME_TEXTS
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

    @SOME_TEXTS
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

    @SOME_TEXTS
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

    @SOME_TEXTS
    def test_tokens_and_authors(self, loaded: FlaskClient, text: str) -> None:
        """Of who is named in a header, as bytes of UTF-8 or, where a client sends ASCII only, in percent."""
        loaded.post("/api/v1/users", json={"name": "li"})
        made = loaded.post("/api/v1/tokens", json={"name": text}, headers={"Workbench-Author": "li"})
        if made.status_code == 201:
            (held,) = loaded.get("/api/v1/tokens", query_string={"user": "li"}).json["items"]
            assert (made.json["token"]["name"], held["name"]) == (text, text)
            assert loaded.get(f"/api/v1/tokens/{held['id']}").json["name"] == text
        else:
            refused(made, "name")
        number = 0
        for given in (part(text), text.encode().decode("latin-1")):
            path = f"{ONE}/cases/cccccccc"
            tag = loaded.get(path).headers["ETag"]
            body = {"case": f"c {(number := number + 1)}"}
            if given != part(text) and (not text.isprintable() or "%" in text or text != text.strip()):
                continue  # no header holds it
            saved = loaded.put(path, json=body, headers={"If-Match": tag, "Workbench-Author": given})
            if saved.status_code == 200:
                assert loaded.get(f"{path}/revisions").json["items"][0]["author"] == text
                assert loaded.get(f"{ONE}/saves").json["items"][0]["author"] == text
            else:
                refused(saved, "author", "Workbench-Author")

    @SOME_TEXTS
    def test_schedules(self, loaded: FlaskClient, text: str) -> None:
        path = "/api/v1/subsystems/order/schedules"
        order = {"cases": ["cccccccc"], "tags": [text], "requirements": [text], "owners": [text], "scenarios": [text],
                 "groups": [text], "environment": text, "registries": [text], "url": text}  # fmt: skip
        body = {"name": text, "cron": "0 2 * * *", "order": {"only_refresh": True}}
        made = loaded.post(path, json=body)
        if made.status_code == 201:
            held = loaded.get(f"{path}/{part(text)}")
            assert (made.json["name"], held.json["schedule"]["name"]) == (text, text)
            assert [each["name"] for each in loaded.get(path).json["items"]] == [text]
            if where := made.headers.get("Location"):
                assert loaded.get(where).json == held.json
        else:
            refused(made, "name")
        for field, value in order.items():
            named = {"name": f"s {field}", "cron": "0 2 * * *", "order": {"only_refresh": True, field: value}}
            made = loaded.post(path, json=named)
            if made.status_code == 201:
                assert loaded.get(f"{path}/{part(named['name'])}").json["schedule"]["order"][field] == value
            else:
                refused(made, field, field.removesuffix("ies"), field.removesuffix("s"))
        for field in ("cron", "timezone", "version"):
            refused(
                loaded.post(path, json={"name": "w", "cron": "0 2 * * *"} | {field: text}), field, "schedule", "zone"
            )

    @SOME_TEXTS
    def test_libraries(self, loaded: FlaskClient, text: str) -> None:
        jar = loaded.post("/api/v1/artifacts?name=a.jar", data=JAR, content_type="application/java-archive")
        assert jar.status_code == 201, jar.text
        for name, version in ((text, "1"), ("sign", text)):
            body = {"name": name, "version": version, "jars": [jar.json["address"]]}
            made = loaded.post("/api/v1/libraries", json=body)
            if made.status_code == 201:
                path = f"/api/v1/libraries/{part(name)}"
                assert loaded.get(f"{path}/versions/{part(version)}").json["version"] == version
                assert loaded.get(path).status_code == 200
                assert (name, version) in [
                    (each["name"], each["version"]) for each in loaded.get("/api/v1/libraries").json["items"]
                ]
            else:
                refused(made, "name", "version")

    @SOME_TEXTS
    def test_shared_steps(self, loaded: FlaskClient, text: str) -> None:
        step = next(each for each in filled(Scenario, text)["setup"] if each["kind"] == "script")
        group = filled(SharedSteps, text) | {"steps": [step], "parameters": {text: text}}
        path = f"{ONE}/shared/common"
        for name in ("fill", text):
            saved = put(loaded, path, {name: group})
            if saved.status_code == 200:
                held = loaded.get(path).json
                assert plain(held) == plain({name: group}), held
            else:
                refused(saved, name[:30], "name", "group", "parameters")
        made = loaded.post(f"{ONE}/shared", json={"name": text, "groups": {"g": group}})
        if made.status_code == 201:
            assert plain(loaded.get(f"{ONE}/shared/{part(text)}").json) == plain({"g": group})
        else:
            refused(made, "name", "parameters")
        again(loaded)

    @SOME_TEXTS
    def test_settings_and_environments(self, loaded: FlaskClient, text: str) -> None:
        held = loaded.get(f"{ONE}/settings").json
        free = dict.fromkeys(("suite", "description", "comment", "owner", "group"), text)
        rule = {"label": text, "comment": text, "hint": text, "cause": ["TIMEOUT"]}
        groups = {"g": filled(CaseGroup, text)}
        settings = held | free | {"causes": [rule], "case_groups": groups}
        saved = put(loaded, f"{ONE}/settings", settings)
        assert saved.status_code == 200, saved.text
        now = loaded.get(f"{ONE}/settings").json
        for name, value in (free | {"causes": [rule], "case_groups": groups}).items():
            assert plain(now)[name] == plain(value), name
        environments = loaded.get(f"{ONE}/environments").json
        body = environments["environments"]["sit"]
        taken = {"sit": body}
        wild = {"comment": text, "consumer": text, "config": {text: text}, "urls": {text: "dubbo://a:1"}}
        changes: list[dict[str, Any]] = [
            wild, {"hosts": {text: text}}, {"timezone": text}, {"registries": [text]}, {"mask": [text]},
            {"secrets": [text], "config": {text: "s"}},
        ]  # fmt: skip
        for change in ({"sit": body, text: body}, *({"sit": body | each} for each in changes)):
            saved = put(loaded, f"{ONE}/environments", environments | {"environments": change})
            if saved.status_code == 200:
                kept = loaded.get(f"{ONE}/environments").json["environments"]
                assert "secrets" in change["sit"] or kept == change
                taken |= change | {"sit": taken["sit"] | change["sit"]}
            else:
                refused(saved, "environments", "environment", "config", "key")
        assert put(loaded, f"{ONE}/environments", environments | {"environments": taken}).status_code == 200
        again(loaded)

    @SOME_TEXTS
    def test_tags_requirements_and_groups_of_cases(self, loaded: FlaskClient, text: str) -> None:
        path = f"{ONE}/cases/cccccccc"
        body = loaded.get(path).json | {"requirements": [text], "owner": text}
        assert put(loaded, path, body).status_code == 200
        assert loaded.get(path).json["requirements"] == [text]
        saved = put(loaded, path, body | {"tags": [text]})
        if saved.status_code == 200:
            assert loaded.get(path).json["tags"] == [text]
            (row,) = loaded.get(f"{ONE}/cases").json["items"]
            assert row["tags"] == [text]
            if len(text) <= 200 and not text.startswith("!") and "\0" not in text:
                assert loaded.get(f"{ONE}/cases", query_string={"tag": text}).json["total"] == 1
        else:
            refused(saved, "tags")
        group = {"cases": ["cccccccc"], "owners": [text], "requirements": [text], "tags": [text], "scenarios": [text]}
        made = loaded.put(f"{ONE}/case-groups/g", json=group)
        if made.status_code == 200:
            assert loaded.get(f"{ONE}/case-groups/g").json["group"] == group
        else:
            refused(made, *group)
        again(loaded)

    def test_conclusions(self, loaded: FlaskClient) -> None:
        bring(loaded, zipped(SUITE | {"suite.yaml": "suite: s\nsubsystem: order\nversion: '1'\n"}))
        ran = loaded.post("/api/v1/cases/cccccccc/run?wait=60")
        assert ran.status_code == 201, ran.text
        path = f"/api/v1/stored/runs/{ran.json['id']}"
        end = time.monotonic() + 60
        while loaded.get(path).status_code != 200:  # kept a moment after its end
            assert time.monotonic() < end
        tag: dict[str, str] = {}
        for text in WILD.values():
            said = {"item": "cccccccc", "kind": "known", "comment": text, "link": text}
            answer = loaded.post(f"{path}/conclusions", json=said, headers=tag)
            if answer.status_code != 201:
                refused(answer, "link" if "comment" not in answer.text else "comment")
                continue
            (case,) = loaded.get(f"{path}/cases").json["items"]
            held = case["conclusion"]
            assert (held["comment"], held["link"]) == (text, text), (text, held)
            tag = {"If-Match": loaded.get(f"{path}/conclusions/cccccccc").headers["ETag"]}
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


def again(client: FlaskClient) -> None:
    """The version, as files and back, is the same."""
    with client.get(f"{ONE}/archive") as answer:
        assert answer.status_code == 200, answer.text
        archive = answer.data
    bring(client, archive, "version=again")
    with client.get("/api/v1/suites/order@again/archive") as answer:
        there = files_of(answer.data) | {"suite.yaml": b""}
        assert there == files_of(archive) | {"suite.yaml": b""}


def files_of(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.startswith(".workbench")}
