"""One page that holds everything: opened from a file, without network, it lets a team see what failed and why.

The shell is a Jinja template with its style and script inlined; the script draws from JSON in the page and never from
markup, and a Content-Security-Policy lets nothing else run.
"""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from workbench.model.events import AnyEvent
from workbench.model.plan import RunPlan
from workbench.reporting.collect import Collector
from workbench.reporting.page import Page, head, script_text
from workbench.reporting.replacing import replacing

_ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = (
    "words.js",
    "messages.js",
    "said-bridge.js",
    "said-values.js",
    "said-keywords.js",
    "foreign.js",
    "dom.js",
    "state.js",
    "summary.js",
    "detail.js",
    "cases.js",
    "main.js",
)


class HtmlReporter:
    name = "html"

    def write(self, plan: RunPlan, events: Iterable[AnyEvent], target: Path) -> None:
        """Raises ReportError when the file cannot be written."""
        collector, page = Collector(plan), Page(plan)
        for view in collector.views(events):
            page.add(view)
        report = collector.report()
        parts = _template().generate(
            report=report,
            style=_style(),
            script=_script(),
            style_hash=_hash(_style()),
            script_hash=_hash(_script()),
            rows=Markup(script_text(page.rows())),
            head=Markup(script_text(head(report, page))),
            details=(Markup(detail) for detail in page.details()),
        )
        with replacing(target) as draft, draft.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(parts)


@cache
def _template() -> Template:
    loader = FileSystemLoader(_ASSETS)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True).get_template(
        "page.html.j2"
    )


@cache
def _style() -> Markup:
    return Markup((_ASSETS / "page.css").read_text("utf-8"))


@cache
def _script() -> Markup:
    parts = "\n".join((_ASSETS / name).read_text("utf-8") for name in _SCRIPTS)
    return Markup(f'(() => {{\n"use strict";\n{parts}\n}})();')


def _hash(text: str) -> str:
    """The source expression that allows exactly this text (CSP level 2)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
