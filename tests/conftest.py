"""What every folder of tests may use: a real PostgreSQL as `postgres_url`, a fresh database as `store`.

The suite runs in two processes, each file in one of them; each has a PostgreSQL, a browser and a factory of its own.
"""

pytest_plugins = ["tests.postgres", "tests.stores", "tests.web.served"]
