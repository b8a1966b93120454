"""What the engine itself says of a failure: a stable code and parameters beside the English text.

`message` of a Failure is for logs, terminals and other programs; a page in another language makes its text of
`text_code` and `text_params`. Codes are stable, `{0}` … are the parameters. Two codes joined by `/` are one sentence
inside another: `setup-failed/no-exception`. What a provider, a driver, the bridge or a script says has no code; of the
last two reporting/assets/foreign.js knows many sentences by their English words, all else is shown as it
is. The Chinese sentences stand in reporting/assets/messages.js.
"""

from collections.abc import Mapping
from typing import Final

from workbench.model.result import Cause, Failure, Side

SENTENCES: Final[Mapping[str, str]] = {
    "no-exception": "an exception was expected, and none was thrown",
    "cannot-extract": "cannot extract {0}",
    "never-held": "until {0}: never held",
    "case-limit": "the case's time limit ended this step",
    "after-limit": "the time limit of teardown and after ended this step",
    "case-too-long": "the case ran longer than its time limit",
    "row-lacks": "the row has no value for {0}",
    "no-dataset-named": "the case reads ${{row.{0}}} but has no dataset",
    "no-dataset": "there is no dataset {0}",
    "no-rows": "dataset {0} has no rows",
    "no-column": "dataset {0} has no column {1}",
    "no-config": "environment {0} has no config key {1}",
    "hook-reads-row": "the scenario's setup or teardown reads ${{row.{0}}}, and has no row",
    "keyword-stuck": "{0} did not come back within the {1} s of its script",
}
SETUP_FAILED: Final = "setup-failed"
# of assertions; the second parameter says how many others of the step failed too
EXPECTED: Final = "expected"  # path, others, what was wanted, what was found, why
DIFFERENCES: Final = (
    "differences"  # path, others, why, how many more, then path, expected, actual of each ("" = absent)
)


def told(cause: Cause, code: str, *params: str, hint: str = "", side: Side | None = None) -> Failure:
    """The failure that one of these sentences speaks of."""
    return Failure(cause, SENTENCES[code].format(*params), hint, side=side, text_code=code, text_params=params)


def inside_setup(failure: Failure) -> Failure:
    """A scenario's setup failed with this: what its cases end with."""
    code = f"{SETUP_FAILED}/{failure.text_code}" if failure.text_code else SETUP_FAILED
    params = failure.text_params if failure.text_code else (failure.message,)
    message = f"the scenario's setup failed: {failure.message}"
    return Failure(failure.cause, message, failure.hint, side=failure.side, text_code=code, text_params=params)
