"""What every folder of tests may use: a real PostgreSQL as `postgres_url`, a fresh database as `store`."""

pytest_plugins = ["tests.postgres", "tests.stores", "tests.web.served"]
