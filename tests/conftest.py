"""What every folder of tests may use: a real PostgreSQL as `postgres_url`, a fresh database as `store`.

The suite runs in as many processes as there are cores, a file in one of them, each with a PostgreSQL, a browser
and a factory of its own. The files that look at every screen stay together: the walk over them is made once.
"""

import pytest

pytest_plugins = ["tests.postgres", "tests.stores", "tests.web.served"]
SHARED_WALK = "walked"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        walks = SHARED_WALK in getattr(item, "fixturenames", ())
        item.add_marker(pytest.mark.xdist_group(SHARED_WALK if walks else item.location[0]))
