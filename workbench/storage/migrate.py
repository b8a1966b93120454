"""The schema of a database and its revisions (Alembic; the scripts are packaged in migrations/)."""

from pathlib import Path

import sqlalchemy as sa

from workbench.errors import StorageError
from workbench.storage.database import Database

HEAD = "0017"  # the newest revision; a test holds it equal to the scripts
SCRIPTS = Path(__file__).parent / "migrations"


def revision_of(database: Database) -> str:
    """The revision that the database is at; "" for one that has no tables of ours."""
    with database.reading() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return ""
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found or ""


def require_head(database: Database) -> None:
    """Raises StorageError for a database that has no tables yet, or older or newer ones."""
    found = revision_of(database)
    if found == HEAD:
        return
    if not found:
        message, hint = "this database has no tables yet", "make them with: workbench db upgrade"
    elif found > HEAD:
        message = f"this database is at revision {found}, newer than this workbench knows ({HEAD})"
        hint = "use the workbench that upgraded it, or a newer one"
    else:
        message = f"this database is at revision {found}, and this workbench needs {HEAD}"
        hint = "make a backup, then: workbench db upgrade"
    raise StorageError(message, where=database.name, hint=hint)


def upgrade(database: Database, revision: str = "head") -> tuple[str, str]:
    """Bring the schema to `revision`, in one transaction where the database can; gives (before, after)."""
    from alembic import command  # 150 ms, that only an upgrade pays
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    before = revision_of(database)
    with database.writing() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            raise StorageError(str(error), where=database.name, hint="was it made by a newer workbench?") from error
    return before, revision_of(database)


def prepare(database: Database) -> None:
    """Make the tables in a SQLite file that is new; any other database has to be ready. Raises StorageError."""
    make_folder(database)
    if database.file is not None and _is_empty(database):
        upgrade(database)
    require_head(database)


def make_folder(database: Database) -> None:
    """The folder of SQLite's file. Raises StorageError."""
    if database.file is None:
        return
    try:
        database.file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot be made: {error.strerror}", where=str(database.file.parent)) from error


def _is_empty(database: Database) -> bool:
    with database.reading() as connection:
        return not sa.inspect(connection).get_table_names()
