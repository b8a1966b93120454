"""The room of the database: tables, repositories, migrations, file store. Nothing lives here yet."""
