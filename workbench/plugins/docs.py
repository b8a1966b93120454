"""The keyword library as documentation: what a docstring says, as data and as Markdown.

A docstring is a summary, further sentences, lines `parameter: meaning`, and lines `Example: call`, where `→` is
followed by the exact result as JSON, `≈` by one of the same kind, and `✗` says that the call fails.
"""

import inspect
import re
from collections.abc import Iterable, Mapping
from itertools import groupby

from msgspec import Struct

from workbench.plugin_api import KeywordInfo
from workbench.plugins.calls import written

_PARAMETER = re.compile(r"(\w+): (.+)")
_EXAMPLE = re.compile(r"Example: (?P<call>.+?)(?: (?P<sign>[→≈✗])(?: (?P<result>.+))?)?")
GROUPS = {
    "context": "values that later steps read",
    "config": "the suite's and environment's settings",
    "data": "the dataset's row, the request, the answer",
    "time": "dates and times",
    "random": "values that differ from run to run",
    "text": "texts",
    "decimal": "exact amounts",
    "json": "JSON texts and values",
    "crypto": "digests, encodings, ciphers, signatures",
    "assert": "checks",
    "flow": "waiting, skipping, failing",
    "dubbo": "calls of Dubbo methods",
    "tool": "calls of tool libraries",
    "http": "HTTP requests",
    "sql": "databases of the environment",
    "redis": "Redis servers of the environment",
    "log": "the step's log",
}


class ParameterDoc(Struct, frozen=True):
    name: str
    text: str


class Example(Struct, frozen=True):
    call: str
    sign: str = ""  # → exact, ≈ alike, ✗ fails, empty: gives nothing to compare
    result: str = ""  # JSON text


class KeywordDoc(Struct, frozen=True):
    """One keyword for readers; `signature` is `(value, pattern='yyyy-MM-dd')`."""

    name: str
    group: str
    signature: str
    summary: str
    pure: bool
    notes: str = ""
    parameters: tuple[ParameterDoc, ...] = ()
    examples: tuple[Example, ...] = ()


def describe(info: KeywordInfo) -> KeywordDoc:
    text = inspect.getdoc(info.function) or ""
    summary, _, body = text.partition("\n\n")
    parameters, examples, notes = [], [], []
    for line in body.splitlines():
        if example := _EXAMPLE.fullmatch(line):
            examples.append(Example(example["call"], example["sign"] or "", example["result"] or ""))
        elif parameter := _PARAMETER.fullmatch(line):
            parameters.append(ParameterDoc(parameter[1], parameter[2]))
        elif line.strip():
            notes.append(line.strip())
    words = " ".join(summary.split())
    return KeywordDoc(
        info.name, info.group, written(info), words, info.pure, " ".join(notes), tuple(parameters), tuple(examples)
    )


def library(keywords: Mapping[str, KeywordInfo]) -> list[KeywordDoc]:
    """All keywords, by group and name."""
    order = [*GROUPS]
    docs = [describe(info) for info in keywords.values()]
    return sorted(
        docs, key=lambda doc: (order.index(doc.group) if doc.group in order else len(order), doc.group, doc.name)
    )


def markdown(docs: Iterable[KeywordDoc]) -> str:
    """docs/keywords.md."""
    parts = [_INTRODUCTION]
    for group, members in groupby(docs, key=lambda doc: doc.group):
        title = f"## {group}: {GROUPS[group]}" if group in GROUPS else f"## {group}"
        parts.append("\n\n".join([title, *(_entry(doc) for doc in members)]))
    return "\n\n".join(parts) + "\n"


def _entry(doc: KeywordDoc) -> str:
    pure = (
        " Also in templates: `${fn." + doc.name + "(…)}`." if doc.pure and doc.group not in ("assert", "flow") else ""
    )
    lines = [f"### `{doc.name}{doc.signature}`", "", doc.summary + pure]
    if doc.notes:
        lines += ["", doc.notes]
    if doc.parameters:
        lines += ["", *(f"- `{parameter.name}`: {parameter.text}" for parameter in doc.parameters)]
    if doc.examples:
        lines += ["", "```python", *map(_shown, doc.examples), "```"]
    return "\n".join(lines)


def _shown(example: Example) -> str:
    meaning = {"→": f"# {example.result}", "≈": f"# for instance {example.result}", "✗": "# fails"}
    return f"{example.call}  {meaning[example.sign]}" if example.sign else example.call


_INTRODUCTION = '''\
# Keywords

<!-- Made by `workbench keywords --markdown` from the docstrings; a test keeps it current. -->

A script is Python syntax; `$app.` calls the keywords below. `before` and `after` of a scenario, case or step are
scripts, and a step of kind `script` is one.

```yaml
after: |
  amount = $app.getResponse("data.amount")
  $app.assertEquals("10.50", str(amount))
  $app.addContext("doubled", amount * 2)
```

- **Numbers are exact.** Whole numbers have any length. A number with a fraction that comes from a response, a row or a
  config is a `decimal.Decimal` and keeps its digits; `+ - * /` on it round to 28 digits as Python does, the keywords
  of the group decimal do not round unless asked. A number with a fraction that a script writes itself is a `float`
  there, and reaches a keyword as the decimal that it looks like: `1.10` as 1.1. Write `$app.decimal("1.10")` to keep
  the zero, and to calculate or compare with `==`: Python refuses `Decimal * float`, and `Decimal("0.1") == 0.1` is
  false. `$app.assertEquals(0.1, value)` compares by value.
- **What is there:** most of Python, and the modules json, re, math, datetime, decimal, random, itertools, functools,
  collections, base64, hashlib. `$app.parseJson` and `$app.toJson` keep digits, `json` does not. Not there: `yield`,
  `async`, `del`, inheritance of classes, files, processes, the network, environment variables.
- **Limits:** the time of the step or hook, 64 MiB of memory, 200 levels of calls, 100,000 keyword calls. A script that
  goes beyond one, or fails, is an error of the step with the script's line.
- **Assertions:** a plain `assert a == b` fails the step too; `$app.assertEquals` says more. A keyword's failure can be
  caught with `try` / `except`, the end of a run cannot.
- A text holds whole characters: half of one (`"\\ud800"`, a lone surrogate) is an error where it is written; write 😀
  or `"\\U0001F600"`. A whole number has no negative zero: `-0` is 0, in JSON too; `-0.0` keeps its sign on the wire.
- Times are those of the environment's `timezone`, also in the arguments and results of tools; a tool's own code has the
  zone of the machine.
- `print()` writes to the step's log. `time.sleep()` and `$app.sleep()` end when the run is stopped.

## Keywords of your own

A function marked with `@keyword` in a package that names an entry point; after `pip install` it is there.

```python
# acme_keywords.py
from workbench.plugin_api import StepScope, keyword


@keyword("acme", pure=True)  # pure: takes no scope; also ${fn.acmeSign(…)}
def acmeSign(text: str) -> str:
    """Sign as Acme does.

    text: what is signed

    Example: $app.acmeSign("a") → "a!"
    """
    return text + "!"


@keyword("acme")  # the first parameter is the step: context, row, config, log, calls
def acmePay(scope: StepScope, order: str) -> object:
    """Pay an order the Acme way."""
    return scope.invoke("com.acme.Pay#pay(java.lang.String)", [order], {"subsystem": "acme"})
```

```toml
[project.entry-points."workbench.keywords"]
acme = "acme_keywords"
```

Values are JSON values (`int`, `Decimal`, `str`, `bool`, `None`, `list`, `dict`); arguments are checked against the
annotations. A keyword waits for what it does: an `async` function is refused. Give what may block (a socket, a lock) a
time limit: a keyword that does not come back with its script's time ends the step as TIMEOUT on the side of the case,
and its thread is left behind, since Python cannot end one. A name that is taken is an error that
names both packages. `workbench.plugins.memory.MemoryScope` is a step for tests of keywords.'''
