"""Collects what could not be read while the rest goes on."""

from workbench.errors import ArtifactError, LimitError
from workbench.model.contract import Warning

_SHOWN = 200


class Problems:
    """Each place and message once, in the order found; a hostile archive cannot fill the contract with them."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], None] = {}

    def add(self, where: str, message: str) -> None:
        self._found.setdefault((where, message))

    def caught(self, error: ArtifactError, where: str) -> None:
        """A part that cannot be read. A limit ends the parse instead: what breaks one is no honest archive."""
        if isinstance(error, LimitError):
            raise error
        self.add(error.where or where, error.message)

    def warnings(self) -> tuple[Warning, ...]:
        shown = tuple(Warning(where, message) for where, message in list(self._found)[:_SHOWN])
        more = len(self._found) - _SHOWN
        return shown if more <= 0 else (*shown, Warning("", f"and {more} more warnings"))
