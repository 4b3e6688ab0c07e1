"""The fixture `floor`: the demo factory on each engine, with a clock that the test moves."""

from __future__ import annotations

import pytest

from backend.demo.deliveries import demo_labels
from backend.domain.sites import Site
from backend.store.door import Store
from tests.actions.floor import Floor


@pytest.fixture
async def floor(demo_store: Store) -> Floor:
    """A copy of the loaded demo factory."""
    site = await demo_store.read.first(Site, "code = $1", "SZ1")
    assert site is not None
    labels = {label.order[-6:]: label for label in await demo_labels(demo_store.read)}
    return Floor(demo_store, site.id, labels)
