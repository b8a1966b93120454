"""Folders → model; and everything that is wrong, at once, with its place."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import ErrorGroup, ScriptError
from workbench.files import read_suite
from workbench.files.reader import read_text
from workbench.model.suite import DubboStep, HttpStep, Retry, ScriptStep, ToolStep, UseStep

STEP = "scenario: s\ncases:\n- case: c\n  steps:\n  - step: a\n"  # the next line is line 6


def errors(folder: Path) -> list[str]:
    """The errors with places relative to the folder, each on one line."""
    with pytest.raises(ErrorGroup) as caught:
        read_suite(folder)
    assert all(error.code == "SUITE" for error in caught.value.errors)
    return [str(error).replace(f"{folder}/", "").replace("\n  → ", " → ") for error in caught.value.errors]


def test_a_whole_suite(suite_folder) -> None:
    folder = suite_folder(
        suite="""# head
suite: pay order
subsystem: order
version: 1.10
dependencies:
  trade: { version: 2.0, artifacts: [trade.jar] }
  tool-util: { tool: [tools/tool-util.jar] }
environments:
  local: { registries: ['samples://'], config: { amount: 5000000000.10, code: 00123, on: yes, n: null } }
""",
        scenario="""id: 7k2mq9xa
scenario: Pay an order
setup:
  - step: clean
    script: $app.addContext("traceId", $app.uuid())
cases:
  # the important one
  - id: b4n8c2ze
    case: 007
    priority: P0
    dataset: orders
    steps:
      - id: 1fq0v7dr
        step: create
        dubbo: com.example.Facade#create(com.example.Request)
        request: |
          [{ "amount": "${row.amount}", "n": 1.50 }]
        extract: { paymentId: response.data.paymentId }
        retry: { times: 3, until: 'response.status == "PAID"' }
        attachments: { dubbo.tag: gray, n: 1.0 }
        timeout: 3
      - { step: sign, tool: 'tool-util com.example.SignUtil#sign', request: '["${ctx.paymentId}"]' }
      - { step: shipped?, http: 'GET ${config.shipUrl}/x', assert: 'response.status == 200' }
      - { step: log in, use: common.login, with: { user: 1.50 } }
""",
        files={
            "shared/common.yaml": "login:\n  parameters: { user: null }\n  steps: [{ step: x, script: pass }]\n",
            "datasets/orders.csv": "a\n",
        },
    )
    suite = read_suite(folder)
    assert suite.file.comment == "head"
    assert suite.file.version == "1.10"
    assert suite.file.dependencies["trade"].version == "2.0"
    config = suite.file.environments["local"].config
    assert config == {"amount": Decimal("5000000000.10"), "code": "00123", "on": "yes", "n": None}
    assert str(config["amount"]) == "5000000000.10"
    scenario = suite.scenarios["pay"]
    assert isinstance(scenario.setup[0], ScriptStep)
    case = scenario.cases[0]
    assert (case.case, case.comment, case.priority) == ("007", "the important one", "P0")
    create, sign, shipped, login = case.steps
    assert isinstance(create, DubboStep)
    assert create.request == '[{ "amount": "${row.amount}", "n": 1.50 }]\n'
    assert create.retry == Retry(times=3, until='response.status == "PAID"')
    assert create.attachments == {"dubbo.tag": "gray", "n": "1.0"}
    assert create.timeout == "3"
    assert isinstance(sign, ToolStep)
    assert isinstance(shipped, HttpStep)
    assert isinstance(login, UseStep)
    assert login.with_ == {"user": Decimal("1.50")}
    assert suite.shared["common.login"].steps[0].step == "x"


def test_scenarios_come_by_name(suite_folder) -> None:
    one = "scenario: s\n"
    folder = suite_folder(files={f"scenarios/{name}.yaml": one for name in ("b", "a", "10-z", "C")})
    assert list(read_suite(folder).scenarios) == ["10-z", "C", "a", "b"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("    dubo: x#y\n",
         "5:5: a step wants one of the keys dubbo, http, tool, sql, redis, script, use → is dubo meant to be dubbo?"),
        ("    script: x\n    reqest: '[]'\n", "7:5: there is no key reqest here → did you mean request?"),
        ("    script: x\n    retry: { tims: 3 }\n", "7:14: there is no key tims here → did you mean times?"),
        ("    script: x\n    retry: { times: many }\n", "7:21: expected a whole number, found the text 'many'"),
        ("    script: x\n    retry: { times: '3' }\n", "→ write 3 without quotes"),
        ("    script: x\n    retry: 3\n", "7:12: expected a mapping (key: value) or null, found 3"),
        ("    script: x\n    retry: { every: soon }\n", "7:21: 'soon' is not a duration → write 500ms"),
        ("    script: x\n    timeout: 0s\n", "7:14: a time limit of 0 leaves no time → leave the key out"),
        ("    script: x\n    timeout: 3 sec\n", "7:14: '3 sec' is not a duration"),
        ("    script: x\n    disabled: yes\n", "7:15: expected true or false, found the text 'yes' → write true"),
        ("    dubbo: x#y\n    mode: typd\n", "7:11: expected generic or typed, found the text 'typd' → did you mean"),
        ("    dubbo: x#y\n    request: [{ a: 1 }]\n", "7:14: expected text or null, found a list → write `request: |`"),
        ("    script: null\n", "6:13: expected text, found null"),
        ("    script: [a]\n", "6:13: expected text, found a list"),
        ("    script: x\n    kind: script\n", "7:5: a step has no key kind"),
        ("    script: x\n    extract: [a]\n", "7:14: expected a mapping (key: value), found a list"),
        ("    script: x\n    extract: { a: [b] }\n", "7:19: expected text, found a list"),
        ("    description: x\n", "5:5: a step wants one of the keys dubbo, http, tool, sql, redis, script, use"),
        ("    htp: GET x\n", "→ is htp meant to be http?"),
        ("    use: a.b\n    assert: response == 1\n", "7:5: a use step has no assert → write it at the shared steps"),
        ("    use: a.b\n    retry: { times: 2 }\n", "7:5: a use step has no retry"),
        ("    script: x\n    request: '[]'\n", "7:5: a script step has no request → a script sends nothing"),
        ("    dubbo: x#y\n    script: x\n", "5:5: a step has one kind, this one has dubbo and script"),
        ("    script: x\n    id: a#1\n", "7:9: 'a#1' is not an id → 8 characters"),
        ("  - just text\n", "6:5: expected a step (key: value), found the text 'just text'"),
        ("    script: x\n  priority: P9\n", "7:13: expected P0, P1, P2, P3 or P4, found the text 'P9'"),
        ("    script: x\n  tags: smoke\n", "7:9: expected a list, found the text 'smoke' → write [smoke]"),
        ("    script: x\n  weight: 1.5\n", "7:11: expected a whole number, found 1.5"),
        ("    script: x\n  timeout: 1x\n", "7:12: '1x' is not a duration"),
        ("    script: x\n- cas: d\n", "7:3: case is missing → is cas meant to be case?"),
        ("    script: x\nteardwon: []\n", "7:1: there is no key teardwon here → did you mean teardown?"),
        ("    script: |\n      a\n    before: a = 1\n      b = 2\n",
         "8:13: YAML makes one line of these 2 → write `before: |`"),
    ],
)  # fmt: skip
def test_shape(suite_folder, lines: str, expected: str) -> None:
    found = errors(suite_folder(STEP + lines))
    assert any(expected in error for error in found), found
    assert all(error.startswith("scenarios/pay.yaml:") for error in found)


def test_a_wrong_step_is_told_once(suite_folder) -> None:
    for lines in ("    dubo: x#y\n", "    dubbo: x#y\n    script: x\n", "    script: x\n    timeout: never\n"):
        assert len(errors(suite_folder(STEP + lines))) <= 2


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("    request: |\n      [{ \"a\": 1,\n         \"b\" 2 }]\n", "8:14: the request is not JSON: expected ':'"),
        ("    request: '[{\"a\": 1, \"a\": 2}]'\n", "6:14: the request is not JSON: the key \"a\" stands twice"),
        ("    request: |\n      [${ctx.x}]\n",
         "7:8: the request is not JSON: unexpected '$' → an expression stands inside a string"),
        ("    request: |\n      [\"a\",]\n", "7:12: the request is not JSON: trailing comma"),
        ("    request: |\n      ['a']\n",
         "7:8: the request is not JSON: unexpected \"'\" → text stands in double quotes"),
        ("    request: '[\"a\"'\n", "the request is not JSON: the text ends too early → a bracket"),
        ("    request: '[1 2]'\n", "6:18: the request is not JSON"),
        ("    request: |\n      [\"$app.getContext(\"x\")\"]\n", "→ inside a text write ${ctx.x}"),
        ("    request: ''\n", "→ leave the key out, or write []"),
    ],
)  # fmt: skip
def test_request_is_json(suite_folder, lines: str, expected: str) -> None:
    found = errors(suite_folder(STEP + lines + "    dubbo: x#y\n"))
    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('    assert:\n    - response.msg contains "a: b"\n', "7:7: YAML has read this assertion as the key"),
        ('    assert:\n    - response.data == {"a": 1}\n', "7:7: YAML has read this assertion as the key"),
        ("    assert:\n      response.msg contains a: b\n", "7:7: YAML has read this assertion as the key"),
        ('    assert: [response.msg == "a, b", x == 1]\n', "6:14: the assertion `response.msg == \"a` is cut off"),
        ('    assert: response.msg == "a #1"\n', "6:13: the assertion `response.msg == \"a` is cut off"),
        ('    assert:\n    - response.msg == "a #1"\n', "7:7: the assertion `response.msg == \"a` is cut off"),
        ("    assert: a == 1\n      b == 2\n", "6:13: YAML makes one line of these 2 → write `assert: |`"),
        ("    assert: >\n      a == 1\n      b == 2\n", "6:13: YAML makes one line of these 2 → write `assert: |`"),
        ("    assert: [5]\n", "6:14: an assertion is a line or a mapping"),
    ],
)  # fmt: skip
def test_assertions_that_yaml_took_apart(suite_folder, lines: str, expected: str) -> None:
    found = errors(suite_folder(STEP + lines + "    script: x\n"))
    assert expected in found[0]
    assert len(found) == 1, found


@pytest.mark.parametrize(
    "lines",
    [
        '    assert: |\n      response.items[?@.qty > 3 && @.n == \'it"s\'].sku contains "a: b # c, ["\n',
        '    assert: [response.code == "0000", exception absent]\n',
        "    assert:\n    - response.items[?@.a == 1].b: { size: 2 }\n    - response.x: { between: [1, 2] }\n",
        "    assert: 'response.x matches \"a\\\\(b\"'\n",
        "    assert: response.status == 200\n",
        '    assert: |\n      # a note with "\n\n      $ == 1\n',
        '    assert: |\n      response.x == {\n        "a": [1,\n          2] }\n      $ == 1\n',
        "    assert: null\n",
    ],
)
def test_assertions_that_are_fine(suite_folder, lines: str) -> None:
    assert read_suite(suite_folder(STEP + lines + "    script: x\n")).scenarios


@pytest.mark.parametrize(
    ("suite", "scenario", "expected"),
    [
        ("default_environment: prd\nenvironments: { prod: {} }\n", "",
         "suite.yaml:3:22: there is no environment prd → did you mean prod?"),
        ("environments: { prod: { urls: { trad: 'dubbo://h:1' } } }\ndependencies: { trade: {} }\n", "",
         "suite.yaml:3:33: there is no subsystem trad"),
        ("", "  dataset: orders\n", "pay.yaml:7:12: there is no dataset orders → did you mean order?"),
        ("dependencies: { trade: {} }\n", "    subsystem: trad\n",
         "pay.yaml:7:16: there is no subsystem trad → did you mean trade?"),
        ("", "  - use: comon.login\n",
         "pay.yaml:7:10: there is no shared group comon.login → did you mean common.login?"),
        ("", "  - use: common.login\n    with: { usr: 1 }\n",
         "pay.yaml:8:13: there is no parameter of common.login usr → did you mean user?"),
        ("", "  - use: common.login\n", "pay.yaml:7:10: common.login wants the parameter user"),
        ("", "  - tool: 'utl x#y'\n", "pay.yaml:7:11: there is no tool library utl"),
        ("defaults: { step: 5x }\n", "", "suite.yaml:3:19: '5x' is not a duration"),
        ("enviroments: {}\n", "", "suite.yaml:3:1: there is no key enviroments here → did you mean environments"),
    ],
)  # fmt: skip
def test_names_that_name_nothing(suite_folder, suite: str, scenario: str, expected: str) -> None:
    folder = suite_folder(
        suite="suite: s\nsubsystem: order\n" + suite,
        scenario=STEP + "    dubbo: x#y\n" + scenario,
        files={
            "datasets/order.csv": "a\n",
            "tools/util-1.2.jar": "x",
            "shared/common.yaml": "login: { parameters: { user: null, lang: zh }, steps: [{ step: a, script: x }] }\n",
        },
    )
    found = errors(folder)
    assert any(expected in error for error in found), found


def test_what_is_disabled_may_name_what_is_not_there_yet(suite_folder) -> None:
    bad = "    subsystem: gone\n    assert: a qq 1\n"
    for disabled in (
        STEP + "    dubbo: x#y\n    disabled: true\n" + bad,
        STEP + "    dubbo: x#y\n" + bad + "  disabled: true\n  dataset: gone\n",
        STEP + "    dubbo: x#y\n" + bad + "disabled: true\n",
    ):
        assert read_suite(suite_folder(disabled)).scenarios
    assert len(errors(suite_folder(STEP + "    dubbo: x#y\n" + bad))) == 2


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("    dubbo: x.y\n", "6:12: 'x.y' names no method → write com.example"),
        ("    tool: util\n", "6:11: 'util' names no tool library → write tool-util"),
        ("    http: FETCH http://x\n", "6:11: 'FETCH http://x' is no HTTP request → write it as: GET"),
        ("    http: GET http://x/${ctx.}\n", "6:11: "),
        ("    script: x\n    when: a = 1\n", "7:13: there is no operator '='"),
        ("    script: x\n    extract: { a: response, b: '' }\n", "7:32: "),
        ("    script: x\n    retry: { until: 'a.b qq 1' }\n", "7:26: there is no operator 'qq'"),
        ("    script: x\n    assert: response.code = 1\n", "7:27: there is no operator '=' → write =="),
        ("    script: x\n    assert: |\n      $ == 1\n\n      bb qq 1\n", "10:10: there is no operator 'qq'"),
        ("    script: x\n    assert: |2\n         $ == 1\n      bb qq 1\n", "9:10: there is no operator 'qq'"),
        ("    script: x\n    assert: |\n      $ == 1\n      $ == [1, 2\n", "9:12: the JSON is cut off"),
        ("    script: x\n    assert:\n    - $ == 1\n    - bb qq 1\n", "9:10: there is no operator 'qq'"),
        ("    script: x\n    assert:\n    - { a.: 1 }\n", "8:7: "),
        ("    dubbo: x#y\n    request: '[\"${ctx.}\"]'\n", "7:14: $[0]: 'ctx.' is not a path"),
        ("    dubbo: x#y\n    attachments: { a: '${ctx.}' }\n", "7:23: "),
        ("    use: c.g\n    with: { a: ['${ctx.}'] }\n", "7:16: "),
    ],
)  # fmt: skip
def test_what_does_not_compile(suite_folder, lines: str, expected: str) -> None:
    shared = {"shared/c.yaml": "g: { parameters: { a: 1 }, steps: [{ script: x }] }\n"}
    suite = "suite: s\nsubsystem: o\ndependencies: { util: { tool: [x.jar] } }\n"
    found = errors(suite_folder(STEP + lines, suite, files=shared))
    assert len(found) == 1, found
    assert f"pay.yaml:{expected}" in found[0]
    assert read_suite(suite_folder(STEP + lines, suite, files=shared), names=False).scenarios


def test_every_wrong_line_of_an_assertion_block_is_told(suite_folder) -> None:
    block = """\
    script: x
    extract: { a: respons.x }
    assert: |
      $ == "open
      resp.code == "0"
      $ matches "["

      $ size "a"
      $ nomatch 1
      $.x == "${ctx.a"
      $.x == 1
"""
    found = [error.partition("pay.yaml:")[2].partition(" → ")[0] for error in errors(suite_folder(STEP + block))]
    assert [error.partition(": ")[0] for error in found] == ["7:19", "9:12", "10:7", "11:7", "13:7", "14:9", "15:7"]
    assert found[0].endswith("there is no 'respons' here")
    assert "there is no 'resp' here in resp.code" in found[2]


def test_an_open_bracket_hides_no_line_below(suite_folder) -> None:
    block = """\
    script: x
    assert: |
      response.items == [1, 2
      resp.code == "0"
      response.data == {"a": [1,
        {"b": 2}
      # a remark
      response.note == [
        1,
        2
      ]
      response.list == [
        {"a": 1},
        {"b" 2}
      ]
      $.x == ${ctx.a
      $.x qq 1
"""
    found = [error.partition("pay.yaml:")[2].partition(" → ")[0] for error in errors(suite_folder(STEP + block))]
    assert [error.partition(": ")[0] for error in found] == ["8:25", "9:7", "10:24", "19:14", "21:14", "22:11"]
    assert [("is cut off" in error, "is wrong" in error) for error in found[2:4]] == [(True, False), (False, True)]


def test_shape_expressions_scripts_and_names_are_told_together(suite_folder) -> None:
    def check(text: str) -> list[ScriptError]:
        lines = enumerate(text.split("\n"), 1)
        return [ScriptError(f"no {line.strip()}", line=number) for number, line in lines if "nope" in line]

    scenario = """\
scenario: s
before: $app.nope()
prioriti: P1
cases:
- case: c
  dataset: gone
  after: |
    x = 1
    if x:
      $app.nope()
  steps:
  - script: |
      $app.nope(1)
    timeout: 1y
    assert: |
      respons.a == 1
      response.a = 1
    retry: 3
    extract: [1]
  - { script: $app.nope(2), disabled: true }
  - dubbo: nothing
    tag: 5
    request: '["${x.y}"'
    with: 3
  - script: x
    assert: [{ a.: 1 }, 5, "$app.nope()"]
"""
    suite = "suite: s\nsubsystem: o\nonwer: li\ndefault_environment: prod\nenvironments: { test: { urls: { x: u } } }\n"
    shared = {
        "scenarios/z.yml": "scenario: z\nbefore: $app.nope()\n",
        "shared/c.yaml": "g: { steps: [{ script: $app.nope() }, { dubbo: a.B#c, subsystem: zz }] }\n",
    }
    folder = suite_folder(scenario, suite, files=shared)
    with pytest.raises(ErrorGroup) as caught:
        read_suite(folder, scripts=check)
    places = [error.where.removeprefix(f"{folder}/") for error in caught.value.errors]
    assert places == [
        "suite.yaml:3:1", "suite.yaml:4:22",
        "scenarios/pay.yaml:2:9", "scenarios/pay.yaml:3:1", "scenarios/pay.yaml:6:12", "scenarios/pay.yaml:10:7",
        "scenarios/pay.yaml:13:7", "scenarios/pay.yaml:14:14", "scenarios/pay.yaml:16:7", "scenarios/pay.yaml:17:18",
        "scenarios/pay.yaml:18:12", "scenarios/pay.yaml:19:14", "scenarios/pay.yaml:21:12",
        "scenarios/pay.yaml:23:24", "scenarios/pay.yaml:24:5", "scenarios/pay.yaml:26:14", "scenarios/pay.yaml:26:25",
        "scenarios/z.yml", "scenarios/z.yml:2:9",
        "shared/c.yaml:1:24",
    ]  # fmt: skip


def test_shared_groups_must_not_use_themselves(suite_folder) -> None:
    group = "{name}: {{ steps: [{{ step: a, use: common.{other} }}] }}\n"
    text = group.format(name="a", other="b") + group.format(name="b", other="a") + group.format(name="c", other="a")
    assert errors(suite_folder(files={"shared/common.yaml": text})) == [
        "shared/common.yaml:1:30: common.a uses itself",
        "shared/common.yaml:2:30: common.b uses itself",
    ]


def test_ids_that_stand_twice_name_both_places(suite_folder) -> None:
    folder = suite_folder(
        "id: aaaaaaaa\nscenario: s\ncases:\n- { id: bbbbbbbb, case: c, steps: [{ id: aaaaaaaa, script: x }] }\n",
        files={"scenarios/z.yaml": "scenario: z\nid: bbbbbbbb\n",
               "shared/c.yaml": "g: { steps: [{ id: bbbbbbbb, script: x }] }\n"},
    )  # fmt: skip
    found = errors(folder)
    assert len(found) == 3
    assert "scenarios/pay.yaml:4:42: the id aaaaaaaa is already that of" in found[0]
    assert "scenarios/pay.yaml:1:5" in found[0]
    assert "scenarios/z.yaml:2:5: the id bbbbbbbb is already that of" in found[1]
    assert "shared/c.yaml:1:20" in found[2]


def test_all_errors_of_all_files_at_once(suite_folder) -> None:
    folder = suite_folder(
        suite="suite: s\nsubsytem: order\n",
        scenario="scenario: s\ncases:\n"
        "- { case: c, priority: P7, weight: x, steps: [{ dubo: y }, { script: x, timeout: 1y }] }\n",
        files={"scenarios/b.yaml": "a: [\n", "scenarios/c.yaml": "", "shared/d.yaml": "g: { step: [] }\n"},
    )
    (folder / "scenarios/c.yaml").write_text("")
    found = errors(folder)
    for expected in (
        "suite.yaml:2:1: there is no key subsytem",
        "suite.yaml:1:1: subsystem is missing",
        "scenarios/b.yaml:2:1: this is not YAML",
        "scenarios/c.yaml:1:1: this file is empty",
        "scenarios/pay.yaml:3:24: expected P0",
        "scenarios/pay.yaml:3:36: expected a whole number",
        "scenarios/pay.yaml:3:47: a step wants one of the keys",
        "scenarios/pay.yaml:3:82: '1y' is not a duration",
        "shared/d.yaml:1:6: there is no key step",
    ):
        assert any(expected in error for error in found), (expected, found)


@pytest.mark.parametrize("text", ["- a\n", "just text\n", "12\n", "null\n", "a: 1\n"])
def test_a_file_of_something_else(suite_folder, text: str) -> None:
    for name in ("suite", "scenario", "shared"):
        files = {"shared/a.yaml": text} if name == "shared" else {}
        folder = suite_folder(**({name: text} if name != "shared" else {"files": files}))
        assert errors(folder)
        for path in folder.rglob("*.yaml"):
            path.unlink()


def test_folders_that_are_no_suite(tmp_path: Path) -> None:
    assert "there is no suite.yaml → a suite is a folder" in errors(tmp_path)[0]
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/suite.yaml").write_text("suite: s\nsubsystem: order\n")
    assert "→ there is one at sub/suite.yaml" in errors(tmp_path)[0]
    assert "there is no such folder" in errors(tmp_path / "gone")[0]
    (tmp_path / "sub/scenarios").mkdir()
    (tmp_path / "sub/scenarios/a.yml").write_text("scenario: a\n")
    (tmp_path / "sub/scenarios/deep").mkdir()
    (tmp_path / "sub/scenarios/deep/b.yaml").write_text("scenario: b\n")
    (tmp_path / "sub/scenarios/.hidden.yaml").write_text("x")
    (tmp_path / "sub/shared").mkdir()
    (tmp_path / "sub/shared/a.b.yaml").write_text("g: {}\n")
    found = errors(tmp_path / "sub")
    assert "scenarios/a.yml: this file is not read → name it a.yaml" in found
    assert "scenarios/deep/b.yaml: this file is not read → put it into scenarios/ itself" in found
    assert "shared/a.b.yaml: a file of shared steps has no dot in its name → use - or _" in found
    assert len(found) == 3
    (tmp_path / "sub/suite.yaml").rename(tmp_path / "sub/suite.yml")
    assert "→ name suite.yml suite.yaml" in errors(tmp_path / "sub")[0]


def test_two_datasets_of_one_name(suite_folder) -> None:
    folder = suite_folder(files={"datasets/a.csv": "x", "datasets/a.json": "[]", "datasets/~$a.xlsx": "x"})
    assert "datasets/a.json: the dataset a is also in a.csv" in errors(folder)[0]


GOOD = """\
# head
id: 7k2mq9xa
scenario: s
setup: [{ script: x }]
cases:
  - id: b4n8c2ze
    case: c # inner
    timeout: 3s
    steps:
      - step: a
        dubbo: x#y
        request: |
          [{ "a": 1.50 }]
        assert:
          - a == "b: c"
          - a.b: { size: 2 }
        retry: { times: 3 }
      - { use: a.b, with: { x: [1, null, "yes"] } }
"""


@given(st.data())
@settings(max_examples=120)
def test_whatever_stands_there_it_is_a_model_or_errors_with_places(data: st.DataObject) -> None:
    text = GOOD
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        text = text[:start] + data.draw(st.text(" \n\t:-#[]{}\"'|>&*!%@,?~x1\x00\u2028", max_size=4)) + text[end:]
    for kind in ("scenario", "suite", "shared"):
        document, model = read_text(kind, text, "x.yaml")
        assert (model is None) == bool(document.errors)
        lines = len(text.splitlines()) + 2
        for error in document.errors:
            name, line, column = error.where.split(":")
            assert (name, 1 <= int(line) <= lines, int(column) >= 1) == ("x.yaml", True, True)


def test_files_that_are_no_text(suite_folder) -> None:
    folder = suite_folder(b"scenario: \xff\n", files={"scenarios/z.yaml": "scenaro: z\n"})
    (folder / "scenarios/dir.yaml").mkdir()
    assert [error.split(" →")[0] for error in errors(folder)] == [
        "scenarios/dir.yaml: cannot be read: Is a directory",
        "scenarios/pay.yaml:1:11: this is not UTF-8",
        "scenarios/z.yaml:1:1: scenario is missing",
        "scenarios/z.yaml:1:1: there is no key scenaro here",
    ]


def test_errors_come_in_reading_order(suite_folder) -> None:
    text = (
        STEP
        + "    use: gone.x\n  - script: x\n    timeout: z\n  - { script: x, assert: 'a qq 1' }\n  - scrip: x\nzz: 1\n"
    )
    lines = [int(error.split(":")[1]) for error in errors(suite_folder(text))]
    assert lines == sorted(lines)
    assert len(lines) >= 4


def test_comments_of_all_kinds_are_kept(suite_folder) -> None:
    folder = suite_folder(
        "# one\ncomment: two\nscenario: s\n",
        suite="suite: s # a\nsubsystem: o\nenvironments:\n  # b\n  e: {} # c\n"
        "  f:\n    config:\n      # d\n      x: 1\n",
        files={"shared/c.yaml": "# first\ng: {}\nh:\n  steps: # in h\n  # of the step\n  - script: x\n# end\n"},
    )
    suite = read_suite(folder)
    assert suite.scenarios["pay"].comment == "one\ntwo"
    assert suite.file.comment == "a"
    assert [environment.comment for environment in suite.file.environments.values()] == ["b\nc", "d"]
    assert suite.shared["c.g"].comment == "first"
    assert suite.shared["c.h"].comment == "in h\nend"
    assert suite.shared["c.h"].steps[0].comment == "of the step"


def test_rules_of_causes_are_checked_with_their_places(tmp_path: Path) -> None:
    rules = "  - label: all\n  - { label: bad, message: '(' }\n  - { label: ok, cause: [AUTH] }\n"
    text = f"suite: s\nsubsystem: o\ncauses:\n{rules}"
    (tmp_path / "suite.yaml").write_text(text)
    with pytest.raises(ErrorGroup) as caught:
        read_suite(tmp_path)
    told = [str(error) for error in caught.value.errors]
    assert len(told) == 2
    assert "suite.yaml:4:5: this rule has no condition" in told[0]
    assert "suite.yaml:5:28: '(' is not a regular expression" in told[1]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("state: quarantined", ":6:10: a quarantined case says who brings it back, and until when → quarantine:"),
        (
            "quarantine: { owner: li, until: 2026-03-31 }",
            ":6:3: this case is not quarantined → state: quarantined",
        ),
        ("state: quarantined\n  quarantine: { owner: li, until: 2026-02-30 }", "'2026-02-30' is no day → write it as"),
        ("state: quarantined\n  quarantine: { owner: li, until: 20260330 }", "'20260330' is no day → write it as"),
        ("state: drafts", "draft"),
    ],
)
def test_a_state_that_cannot_be(suite_folder, lines: str, expected: str) -> None:
    (error,) = errors(suite_folder(scenario=f"scenario: s\ncases:\n- case: c\n  steps:\n  - script: pass\n  {lines}\n"))
    assert expected in error


def test_passwords_of_connections_stand_in_secrets_and_nowhere_else(suite_folder) -> None:
    folder = suite_folder(
        suite="""suite: s
subsystem: order
environments:
  test:
    connections:
      a: { url: "postgresql://li:secret@db/x" }
      b: { url: "postgresql://db/x", secret: password }
      c: { url: "postgresql://db/x", secret: other }
    config: { password: x, other: y }
    secrets: [other]
"""
    )
    assert errors(folder) == [
        "suite.yaml:6:17: a URL holds no password → take it out, and name the config key that holds it: "
        "secret: dbPassword",
        "suite.yaml:7:46: password is none of the environment's secrets → add it to the environment: "
        "secrets: [password]",
    ]


def test_data_steps_name_connections_and_bind_values(suite_folder) -> None:
    folder = suite_folder(
        suite="""suite: s
subsystem: order
environments: { test: { connections: { orders: { url: "sqlite:///x.db" } } } }
""",
        scenario=STEP
        + """    sql: oders
    statement: select 1
  - { step: c, redis: orders }
""",
        files={"scenarios/t.yaml": STEP + "    sql: orders\n    statement: select ${ctx.a}\n"},
    )
    assert [error.split(" → ")[0] for error in errors(folder)] == [
        "scenarios/pay.yaml:6:10: there is no connection oders",
        "scenarios/pay.yaml:8:5: a redis step wants its command",
        "scenarios/t.yaml:7:16: there is a ${…} in the statement",
    ]
