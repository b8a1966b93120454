"""The one tree of errors.

Every error says *what* is wrong, *where* (file, line, entry, path …) and, when we know it, *what to do*.
`code` is stable and machine-readable; the text is English here and translated at the edge by code and params.
Foreign exceptions (yaml, zipfile, kazoo, py4j …) are turned into one of these where they enter.
"""

from collections.abc import Sequence


class WorkbenchError(Exception):
    """Base of all errors that a user can cause or has to know of."""

    code = "WORKBENCH"
    exit_code = 2  # of the command line: 2 = usage or input, 3 = could not run

    def __init__(self, message: str, *, where: str = "", hint: str = "", **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        self.params = params

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  → {self.hint}" if self.hint else text


class ErrorGroup(WorkbenchError):
    """Several errors found in one go, so that a user mends a file once and not line by line."""

    code = "ERRORS"

    def __init__(self, errors: Sequence[WorkbenchError]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class UsageError(WorkbenchError):
    """An option, an address or a selector that makes no sense."""

    code = "USAGE"


class NotFoundError(UsageError):
    """A name, id or number of something that is not there."""

    code = "NOT_FOUND"


class MethodError(UsageError):
    """A method that the contract has not, or of which it has several; the hint names near ones, or all of them."""

    code = "METHOD"


class LoginError(WorkbenchError):
    """Nobody is logged in, or name and password, token or link are not known here."""

    code = "LOGIN"


class DeniedError(WorkbenchError):
    """Somebody may not do what they asked for."""

    code = "DENIED"


class SettingsError(WorkbenchError):
    code = "SETTINGS"


class JsonError(WorkbenchError):
    """Text that is not JSON; `where` ends in line:column."""

    code = "JSON"


class SuiteError(WorkbenchError):
    """A suite folder that cannot be read; `where` is file:line:column."""

    code = "SUITE"


class ExpressionError(WorkbenchError):
    """A template, path or assertion that does not compile."""

    code = "EXPRESSION"


class UnknownNameError(ExpressionError):
    """A `${…}` that names nothing at run time; the hint holds near names."""

    code = "UNKNOWN_NAME"


class BindingError(WorkbenchError):
    """A value that does not fit its declared type; `where` is the path inside the request."""

    code = "BINDING"


class DatasetError(WorkbenchError):
    """A data file that cannot be read exactly; `where` is file!sheet!cell or file:line."""

    code = "DATASET"


class ArtifactError(WorkbenchError):
    """A jar, war or class file that cannot be read; `where` is file!entry."""

    code = "ARTIFACT"


class LimitError(ArtifactError):
    """An archive beyond a ParseLimits bound."""

    code = "LIMIT"


class RegistryError(WorkbenchError):
    """A registry that cannot be reached or refuses us."""

    code = "REGISTRY"
    exit_code = 3


class BridgeError(WorkbenchError):
    """The Java bridge cannot be started or has gone; `where` is its log file."""

    code = "BRIDGE"
    exit_code = 3


class SamplesError(WorkbenchError):
    """The sample world cannot be started or found; `where` is the log file of the process that failed."""

    code = "SAMPLES"
    exit_code = 3


class PlanError(WorkbenchError):
    """A selection, dataset or environment out of which no run can be planned."""

    code = "PLAN"


class DataMissingError(PlanError):
    """A case reads a column or row that its dataset has not."""

    code = "DATA"


class ConfigMissingError(PlanError):
    """A case reads a config key that the environment has not."""

    code = "CONFIG"


class PluginError(WorkbenchError):
    """A plug-in that cannot be loaded or breaks its contract."""

    code = "PLUGIN"


class StorageError(WorkbenchError):
    """A database or file store that cannot be reached, is not ready or is damaged; `where` is its URL or path."""

    code = "STORAGE"
    exit_code = 3


class DatabaseError(StorageError):
    """What the database said, in its driver's words: these may name addresses, users and paths, and are for who keeps
    it, not for who asks a server."""

    code = "DATABASE"


class ConflictError(WorkbenchError):
    """Somebody else saved meanwhile. `base` is what the writer began with, `mine` what was to be saved, `theirs` what
    stands there now: JSON texts of the same document, for a comparison or a merge; "" where there is none.
    `places`: what both changed, as paths that a choice can name."""

    code = "CONFLICT"

    def __init__(
        self, message: str, *, where: str, hint: str, base: str, mine: str, theirs: str, places: Sequence[str] = ()
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.base = base
        self.mine = mine
        self.theirs = theirs
        self.places = tuple(places)


class StaleError(ConflictError):
    """What somebody changes is not what they began with any more."""

    code = "STALE"


class UnconditionalError(StaleError):
    """There is something already, and who changes it does not say which state of it they have seen."""

    code = "PRECONDITION"


class KeywordError(WorkbenchError):
    """A keyword was called wrongly or could not do its work."""

    code = "KEYWORD"


class ReportError(WorkbenchError):
    """A report that cannot be written; `where` is its path."""

    code = "REPORT"


class AssertionFailed(WorkbenchError):
    """Raised by assert keywords; becomes FAILED / ASSERTION. `expected` and `actual` are JSON texts when known."""

    code = "ASSERTION"

    def __init__(self, message: str, *, expected: str | None = None, actual: str | None = None) -> None:
        super().__init__(message)
        self.expected = expected
        self.actual = actual


class ScriptError(WorkbenchError):
    """A script that failed, looped or ate its memory; `line` is 1-based in the script as the user wrote it."""

    code = "SCRIPT"

    def __init__(self, message: str, *, where: str = "", hint: str = "", line: int = 0) -> None:
        super().__init__(message, where=where, hint=hint, line=line)
        self.line = line


class StoppedError(WorkbenchError):
    """The run was stopped while this was going on."""

    code = "STOPPED"


class CallFailed(KeywordError):
    """A call made by a keyword did not succeed; `failure` is the model.result.Failure that says why."""

    code = "CALL_FAILED"

    def __init__(self, message: str, *, failure: object, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.failure = failure
