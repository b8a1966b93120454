"""A report of a run as an answer."""

from pathlib import Path
from typing import Final

from flask import Response, send_file

from workbench.files import RunFolder
from workbench.usecases.read_report import write_reports

_MEDIA: Final = {
    "html": "text/html",
    "junit": "application/xml",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def sent_report(folder: RunFolder, form: str, room: Path, run: str) -> Response:
    """`room`: where it is written, and may be removed from afterwards. Raises UsageError for a form that is none."""
    path = write_reports(folder, room, (form,))[form]
    file = path.open("rb")  # stays readable when the room is gone
    return send_file(file, _MEDIA[form], as_attachment=form == "xlsx", download_name=f"{run}-{path.name}", max_age=0)
