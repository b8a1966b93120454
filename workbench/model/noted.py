"""What a database notes: documents of a version, what a save was made by, and actions of the audit log.

Commands and the API offer these values, so that they stand where neither has to load the database for them.
"""

from typing import Literal

DocumentKind = Literal["suite", "config", "shared", "scenario", "case", "contract", "dataset", "artifact"]
SaveKind = Literal[  # what a save was made by
    "import",
    "save",
    "sync",
    "undo",
    "restore",
    "new",
    "add",
    "copy",
    "move",
    "remove",
    "dataset",
    "artifact",
    "generate",
]
# A log keeps entries of earlier releases: one that is no longer written stays here.
Action = Literal[
    SaveKind,
    "backed-up",
    "collected",
    "concluded",
    "deployed",
    "flagged",
    "group-added",
    "group-removed",
    "invited",
    "library-given",
    "library-kept",
    "library-removed",
    "logged-in",
    "logged-out",
    "login-refused",
    "password-refused",
    "password-set",
    "retention",
    "role-set",
    "run-deleted",
    "schedule-changed",
    "schedule-made",
    "schedule-removed",
    "settle",
    "subsystem-given",
    "token-made",
    "token-revoked",
    "user-added",
    "user-changed",
    "version-made",
    "version-removed",
    "version-renamed",
    "version-restored",
    "versions-ordered",
]
