"""The HTML report in a real browser: what it shows, that it is linkable, and that nothing in a payload ever runs.

The page is drawn by headless Chromium from a file; the finished DOM is what is looked at. Where keys or clicks are
needed, a copy of the page gets a further script, for which its Content-Security-Policy is taken out of the copy.
"""

import html
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
import report_builders
from msgspec import structs

from workbench.model.plan import LeftOut
from workbench.model.sentences import inside_setup, told
from workbench.reporting.html import HtmlReporter

SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--virtual-time-budget=4000",
)  # fmt: skip
_TAG = re.compile(r"<[^>]*>")
_DATA = re.compile(r'<script[^>]*type="(?:application/json|text/plain)".*?</script>', re.S)
FIGURES = (
    "62.9 % Success rate", "28 Cases", "17 ✓ Passed", "6 ✕ Failed", "3 ! Error", "1 ◷ Timeout", "0 ■ Stopped",
    "63 Steps",
)  # fmt: skip


class Browser:
    def __init__(self, profile: Path) -> None:
        found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
        assert any(found), "a Chromium is needed: make setup installs it"
        self._program = next(filter(None, found))
        self._profile = profile

    def dom(self, page: Path, fragment: str = "", language: str = "en-GB") -> str:
        """The document after its script ran, as markup."""
        done = subprocess.run(
            [self._program, *SWITCHES, f"--user-data-dir={self._profile}", f"--lang={language}",
             f"--accept-lang={language}", "--dump-dom", f"file://{page}#{fragment}"],
            capture_output=True, timeout=300, check=True,
        )  # fmt: skip
        return re.sub(
            r'<script[^>]*type="(?:application/json|text/plain)".*?</script>', "", done.stdout.decode(), flags=re.S
        )

    def text(self, page: Path, fragment: str = "", language: str = "en-GB") -> str:
        body = self.dom(page, fragment, language).partition("<body")[2]
        return " ".join(html.unescape(_TAG.sub(" ", re.sub(r"<script>.*?</script>", "", body, flags=re.S))).split())


@pytest.fixture(scope="module")
def make() -> ModuleType:
    return report_builders


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    return Browser(tmp_path_factory.mktemp("profile"))


@pytest.fixture(scope="module")
def page(make: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    HtmlReporter().write(*make.shop_run(), path)
    return path


def driven(page: Path, script: str, name: str) -> Path:
    """A copy that does something after it was drawn."""
    markup = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text("utf-8"))
    assert markup != page.read_text("utf-8")
    copy = page.with_name(name)
    copy.write_text(markup.replace("</body>", f"<script>{script}</script></body>"), "utf-8")
    return copy


def test_a_team_lead_sees_the_figures(browser: Browser, page: Path) -> None:
    text = browser.text(page, "lang=en")
    for shown in (
        "62.9 % Success rate",
        "28 Cases",
        "17 ✓ Passed",
        "6 ✕ Failed",
        "3 ! Error",
        "1 ◷ Timeout",
        "63 Steps",
    ):
        assert shown in text
    assert 'Product · Assertion · pay response.status: expected "PAID", was "REFUSED"' in text
    assert "→ the registry has group blue only; did you mean group: blue?" in text
    assert "5.00 s ! loop script with an endless loop" in text
    assert "28 of 28 cases" in text
    assert "amount 19.90" in text, "row values keep their scale"


def test_it_speaks_the_language_of_the_browser(browser: Browser, page: Path) -> None:
    text = browser.text(page, language="zh-CN")
    assert "成功率" in text
    assert "被测产品 · 断言不符" in text
    assert "28 / 28 个用例" in text


def test_a_link_opens_the_failing_step(browser: Browser, page: Path) -> None:
    dom = browser.dom(page, "lang=en&verdict=FAILED&case=b4n8c2ze%234")
    assert "6 of 28 cases" in dom
    opened = dom.partition('<tr class="opened">')[2]
    steps = re.findall(r'<details class="step[^>]*>', opened)
    assert [("1fq0v7dr" in step, "9ws3k5ty" in step, ' open=""' in step) for step in steps] == [
        (True, False, False),
        (False, True, True),
    ]
    text = " ".join(html.unescape(_TAG.sub(" ", opened)).split())
    assert 'response.status "PAID" "REFUSED"' in text, "expected first, then actual"
    assert 'response.limit.resets "daily" absent' in text
    marked = re.findall(r'<span class="line marked">(.*?)<span class="wanted">(.*?)</span>', opened)
    assert [(html.unescape(line).strip(), html.unescape(note).strip()) for line, note in marked] == [
        ('"status": "REFUSED",', '✕ expected "PAID"'),
        ('"limit": {', '✕ expected resets: "daily"'),
        ('"left": 3,', "✕ expected 100"),
    ]


def test_keys_filter_and_open(browser: Browser, page: Path) -> None:
    script = """
      const press = (key, target = document.activeElement) =>
        target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
      const seen = [];
      press("/", document.body);
      seen.push(document.activeElement.id);
      const q = document.getElementById("q");
      q.value = "refused -#12";
      q.dispatchEvent(new Event("input"));
      seen.push(document.getElementById("shown").textContent, location.hash);
      press("Enter", q); press("j"); press("Enter");
      seen.push(document.querySelectorAll("tr.opened").length, new URLSearchParams(location.hash.slice(1)).get("case"));
      press("Escape");
      seen.push(document.querySelectorAll("tr.opened").length);
      press("Escape", document.body);
      seen.push(document.getElementById("shown").textContent);
      document.title = "saw " + JSON.stringify(seen);
    """
    dom = browser.dom(driven(page, script, "keys.html"), "lang=en")
    title = html.unescape(re.search(r"<title>(.*?)</title>", dom, re.S)[1])  # type: ignore[index]
    seen = '["q","5 of 28 cases","#q=refused+-%2312",1,"b4n8c2ze#5",0,"28 of 28 cases"]'
    assert title == f"saw {seen}"


@pytest.mark.parametrize("protected", [True, False])
def test_nothing_in_a_payload_runs(browser: Browser, make: ModuleType, tmp_path: Path, protected: bool) -> None:
    """Also without the page's Content-Security-Policy: nothing of a run is ever parsed as markup."""
    path = tmp_path / "hostile.html"
    HtmlReporter().write(*make.shop_run(hostile=True), path)
    if not protected:
        script = """
          for (let at = 0; at < 40; at++) document.getElementById("row-" + at)?.click();
          for (const fold of document.querySelectorAll("details")) fold.open = true;
          const count = () => document.querySelectorAll("tr.opened").length;
          setTimeout(() => document.body.setAttribute("data-opened", count()), 500);
        """
        path = driven(path, script, "open.html")
    dom = browser.dom(path, "lang=en&case=b4n8c2ze%234")
    assert "<title>ERROR · pay-order</title>" in dom
    assert "pwned" in dom, "the attack is shown"
    assert not re.search(r"<(img|svg|iframe)\b", dom.partition("<body")[2].partition("<script>")[0])
    assert len(re.findall(r"<script\b", dom)) == (1 if protected else 2)
    if not protected:
        assert int(re.search(r'data-opened="(\d+)"', dom)[1]) > 20  # type: ignore[index]


def test_a_killed_run_says_so(browser: Browser, make: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "killed.html"
    HtmlReporter().write(*make.shop_run(until=40), path)
    text = browser.text(path, "lang=en&case=b4n8c2ze%235")
    assert "This run was cut off" in text
    assert "■ Stopped" in text
    assert "28 of 28 cases" in text


def test_cases_left_out_of_the_run_are_listed(browser: Browser, make: ModuleType, tmp_path: Path) -> None:
    plan, events = make.shop_run()
    left_out = (
        LeftOut("dddddddd", "rounds <b>twice</b>", "quarantined", "li", "2026-03-31"),
        LeftOut("eeeeeeee", "not written yet", "draft"),
    )
    path = tmp_path / "left-out.html"
    HtmlReporter().write(structs.replace(plan, left_out=left_out), events, path)
    text = browser.text(path, "lang=en")
    assert "Cases left out of the run: 2" in text
    assert "rounds <b>twice</b> quarantined, until 2026-03-31, li" in text.replace("&lt;", "<").replace("&gt;", ">")
    assert "not written yet draft" in text
    assert "未参与本次运行的用例: 2" in browser.text(path, "lang=zh")


def test_a_large_run_is_cut_to_a_page_and_says_so(
    browser: Browser, make: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.reporting.page.MAX_PASSED_BYTES", 1_000_000)
    monkeypatch.setattr("workbench.reporting.page.MAX_COMPACT_BYTES", 500_000)
    path = tmp_path / "large.html"
    HtmlReporter().write(*make.many_cases(3_000), path)
    assert path.stat().st_size < 5_000_000, "bodies of 9,000 steps are 18 MB"
    text = browser.text(path, "lang=en&q=2990&case=case002990")
    assert "3000 Cases" in text
    assert "300 ✕ Failed" in text
    assert "1 of 3000 cases" in text
    assert "cases are shown without all of their details" in text
    assert "response.amount: expected 2990" in text, "failed ones are whole"
    text = browser.text(path, "lang=en&case=case002991")
    assert "The details of this case are left out" in text


def test_sentences_of_the_engine_are_chinese_on_the_chinese_page(
    browser: Browser, make: ModuleType, tmp_path: Path
) -> None:
    """Those of providers stay as they came."""
    run = make.RunBuilder()
    scenario = run.scenario("s", "S")
    run.start()
    expected = make.Failure(
        make.Cause.ASSERTION, "response.code: expected == 6, found 5 (only the type differs) (and 2 more)",
        text_code="expected", text_params=("response.code", "2", "== 6", "5", "only the type differs"),
    )  # fmt: skip
    differing = make.Failure(
        make.Cause.ASSERTION, "response: $.a expected 2, found 1; $.b is missing (expected 3)",
        text_code="differences", text_params=("response", "0", "", "4", "$.a", "2", "1", "$.b", "3", ""),
    )  # fmt: skip
    slow = told(make.Cause.TIMEOUT, "case-limit", hint="raise the case's `timeout:`")
    foreign = make.Failure(make.Cause.PROVIDER_EXCEPTION, "com.x.Paid: paid twice")
    script = make.Failure(
        make.Cause.SCRIPT,
        "step 1 'a', script line 3: the script needs more than 64 MiB of memory, in: x = 1",
    )
    thrown = make.Failure(make.Cause.SCRIPT, "step 2 'b', script line 1: NameError: name 'x' is not defined, in: f(x)")
    typed = make.Failure(
        make.Cause.SERIALIZATION,
        "step 1 'c' request $[0].a: expected a text (java.lang.String), found the number 5\n"
        "step 1 'c' request $[0].b: com.x.Order has no field 'b'",
        "there are: c, d",
    )  # fmt: skip
    keyword = make.Failure(
        make.Cause.SCRIPT, "setup step 1 'd' after, script line 1: sha1: text must be text, not a whole number",
        "write $app.sha1(text)",
    )  # fmt: skip
    bridge = make.Failure(
        make.Cause.VERSION_MISMATCH, "com.x.A is offered with neither group nor version ([::1]:1); asked for: group g",
        "set group and version of the step or the environment",
    )  # fmt: skip
    failures = (expected, differing, slow, foreign, inside_setup(expected), script, bridge, thrown, typed, keyword)
    for number, failure in enumerate(failures):
        item = run.case(scenario, f"c{number}", f"case {number}")
        run.begin(item)
        run.step(item.id, f"s{number}", "pay", make.attempt(failure=failure))
        run.end(item)
    run.finish()
    path = tmp_path / "zh.html"
    HtmlReporter().write(run.plan(), run.events, path)
    text = browser.text(path, "lang=zh&case=c2")
    for shown in (
        "response.code：预期 == 6，实际 5（只有类型不同）（另有 2 条断言不符）",
        "response：$.a 预期 2，实际 1；$.b 缺失（预期 3）；另有 4 处不同",
        "用例的时限已到，本步骤被终止",
        "处理建议: 调大用例的 timeout",
        "没有按时返回：查看服务方的负载与日志",
        "“com.x.Paid: paid twice”",
        "步骤 2 'b'，脚本第 1 行：“NameError: name 'x' is not defined”，代码：f(x)",
        "步骤 1 'c' 的请求 $[0].a：预期文本（java.lang.String），实际数字 5",
        "步骤 1 'c' 的请求 $[0].b：com.x.Order 没有字段 'b'",
        "准备步骤 1 'd' 的后置脚本，脚本第 1 行：sha1: text 必须是文本，不能是整数",
        "场景的准备失败：response.code：预期 == 6",
        "步骤 1 'a'，脚本第 3 行：脚本需要的内存超过 64 MiB，代码：x = 1",
        "com.x.A 注册的是 无分组、无版本 ([::1]:1)；调用要求：group g",
        "在步骤或环境中设置分组和版本",
    ):
        assert shown in text, shown
    text = browser.text(path, "lang=en&case=c2")
    assert "the case's time limit ended this step" in text
    assert "expected == 6, found 5 (only the type differs) (and 2 more)" in text
