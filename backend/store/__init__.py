"""SQL and all of it: two doors (read, change), the tables, migrations, the log."""
