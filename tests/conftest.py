"""What every folder of tests may use: a real PostgreSQL as the fixture `postgres_url`."""

pytest_plugins = ["tests.postgres"]
