"""Turns what the sandbox reports into errors with the script's line and words for a tester."""

import ast
import re
from collections.abc import Iterable

from pydantic_monty import MontyCrashedError, MontyError, MontyRuntimeError, MontySyntaxError

from workbench.errors import AssertionFailed, ScriptError, WorkbenchError
from workbench.model.near import did_you_mean
from workbench.scripts.script import Limits, Script
from workbench.scripts.source import APP, LINE_NOTE

_SANDBOX = "scripts run in a sandbox without files, processes, environment and network; $app keywords reach outside"
_EXACT = 'numbers with a fraction are exact decimals here; write $app.decimal("1.5") instead of 1.5'
_HINTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"PermissionError|'os\.|module '(os|sys|socket|pathlib)'|__\w+__|No module named"), _SANDBOX),
    (re.compile(r"'decimal\.Decimal' and 'float'|'float' and 'decimal\.Decimal'"), _EXACT),
    (re.compile(r"assert .*Decimal\(.* == \d+\.\d|assert \d+\.\d+ == Decimal\("), _EXACT),
    (re.compile(r"Decimal is not JSON serializable"), "use $app.toJson(value), which keeps every digit"),
    (re.compile(r"unexpected token \$"), "only $app starts with a dollar sign"),
    (re.compile(r"yield expressions"), "collect the values in a list"),
)


def syntax(error: MontyError, script: Script, *, shift: int) -> ScriptError:
    """A script that does not compile; `shift` lines stood before it in what was fed."""
    unsupported = str(error).split("parser does not yet support ")
    message = f"scripts have no {unsupported[1]}" if len(unsupported) == 2 else f"syntax error: {_plain(str(error))}"
    return at_line(message, script, max(1, line_of(error) - shift))


def unfinished(error: MontySyntaxError, script: Script) -> ScriptError | None:
    """Python's own parser says which bracket was left open; Monty only that the end came too early."""
    if "EOF" not in str(error):
        return None
    try:
        ast.parse(script.text.replace("$app", APP))
    except SyntaxError as found:
        return at_line(f"syntax error: {found.msg}", script, found.lineno or 1)
    return None


def runtime(error: MontyError, script: Script, limits: Limits, line: int) -> WorkbenchError:
    """A run that failed in the script's line `line` (0: unknown)."""
    if isinstance(error, MontyCrashedError):
        return at_line("the sandbox ended under the script: it went beyond every limit", script, line)
    text = _plain(str(error))
    if limit := _limit(text, limits):
        return at_line(limit, script, line)
    if isinstance(error.exception(), AssertionError):
        failed = AssertionFailed(text.removeprefix("AssertionError: ") or "assert failed")
        failed.hint = _hint(text)
        return located(failed, script, line)
    return at_line(text, script, line)


def at_line(message: str, script: Script, line: int, hint: str = "") -> ScriptError:
    """A ScriptError that shows the line it speaks of."""
    text = script.source.line(line)
    shown = f"{message}, in: {text}" if text else message
    return ScriptError(shown, where=script.at(line), hint=hint or _hint(message), line=line)


def located(error: WorkbenchError, script: Script, line: int) -> WorkbenchError:
    """The same error, which now says where in the script it came up."""
    error.where = error.where or script.at(line)
    if not error.params.get("line"):
        error.params["line"] = line
    if isinstance(error, ScriptError):
        error.line = error.line or line
    return error


def near(name: str, known: Iterable[str]) -> str:
    """A hint with the keywords that look like `name`."""
    return did_you_mean(name, known) or "`workbench keywords` lists all"


def is_limit(error: MontyError) -> bool:
    return bool(_limit(str(error), Limits()))


def line_of(error: MontyError) -> int:
    """The innermost line of the script itself, 0 when unknown; code inside eval() has lines of its own."""
    if not isinstance(error, (MontyRuntimeError, MontySyntaxError)):
        return 0
    lines = [frame.line for frame in error.traceback() if frame.filename.startswith("<python-input")]
    return lines[-1] if lines else 0


def _hint(message: str) -> str:
    return next((hint for pattern, hint in _HINTS if pattern.search(message)), "")


def _limit(text: str, limits: Limits) -> str:
    if re.match(r"TimeoutError: (feed|turn) time limit exceeded", text):
        return f"the script computed for more than {limits.seconds:g} s without coming to an end"
    if re.match(r"MemoryError: .*memory limit", text):
        return f"the script needs more than {limits.memory_bytes / 1024 / 1024:g} MiB of memory"
    if text == "RecursionError: maximum recursion depth exceeded":
        return f"the script calls itself more than {limits.recursion} levels deep"
    if re.match(r"RuntimeError: suspension limit", text):
        return f"the script called keywords more than {limits.suspensions} times"
    return ""


def _plain(text: str) -> str:
    """Names as the author wrote them."""
    text = re.sub(rf" ?{LINE_NOTE}\.update\(n=\d+\) or |{LINE_NOTE}\[\"n\"\]=\d+;", "", text)
    return re.sub(rf"\b{APP}\b", "$app", text)
