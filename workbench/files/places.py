"""Where things of a suite folder stand, for what is found out about them after reading."""

from pathlib import Path

from workbench.files.exact_yaml import Document, decode, load
from workbench.files.layout import Place


class Places:
    """A file is read again when it is first asked about: that costs only those who have something to tell."""

    def __init__(self, folder: Path, shown: Path | None = None) -> None:
        """`shown`: how the folder is written in a place; None: as it is."""
        self._folder = folder
        self._shown = folder if shown is None else shown
        self._documents: dict[str, Document] = {}

    def where(self, file: str, place: Place) -> str:
        """`file:line:column` of the value at a path like ("cases", 0, "steps", 2, "request"); `file`: as
        scenarios/pay.yaml, relative to the folder."""
        if file not in self._documents:
            path = self._folder / file
            self._documents[file] = load(decode(path.read_bytes(), str(path)), str(self._shown / file))
        return self._documents[file].where(place)
