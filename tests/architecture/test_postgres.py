"""The test server keeps what it acknowledged, as a production server does."""

import asyncpg
import pytest

from tests.postgres import create_database


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit", "full_page_writes"])
async def test_durability_is_on(postgres_url: str, setting: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    try:
        assert await connection.fetchval("SELECT current_setting($1)", setting) == "on"
    finally:
        await connection.close()


async def test_a_database_is_empty_each_time_it_is_made(postgres_url: str) -> None:
    for _ in range(2):
        connection = await asyncpg.connect(await create_database(postgres_url, "made_twice"))
        try:
            await connection.execute("CREATE TABLE lot (id int PRIMARY KEY)")
        finally:
            await connection.close()
