"""Early warning: looks at what the log says of new readings, and notes what the charts show. Nobody waits for it."""

from __future__ import annotations

import asyncio

import structlog

from backend.actions.note_signal import NoteSignal, note_signal
from backend.domain.chart_signals import ChartSignal
from backend.domain.early_warning import LiveChart, Watch, live_chart, proposal_of, shown_at, untold
from backend.domain.errors import LotgateError
from backend.domain.security import system
from backend.store.charting import (
    Begun,
    ChartKey,
    Ends,
    begun,
    ends_of,
    keys_of,
    marked,
    newest_subgroups,
    news_since,
    signals_of_chart,
    watched_up_to,
)
from backend.store.database import Unavailable
from backend.store.door import Store

EVERY = 2.0
"""Seconds between looks."""
log = structlog.get_logger()


async def watch_charts(store: Store, watch: Watch) -> list[ChartSignal]:
    """All that happened since the last look; returns what was noted. Looking twice at the same notes it once."""
    seq = await marked(store)
    noted: list[ChartSignal] = []
    while True:
        news = await news_since(store.read, seq)
        for inspection_id, characteristics in news.touched.items():
            known: dict[Begun, Ends] = {}
            for key in await keys_of(store.read, inspection_id, characteristics):
                noted += await _look(store, watch, key, inspection_id, known)
        if news.seq == seq:
            return noted
        seq = news.seq
        await watched_up_to(store, seq)


async def _look(
    store: Store, watch: Watch, key: ChartKey, inspection_id: str, known: dict[Begun, Ends]
) -> list[ChartSignal]:
    start = await begun(store.read, key)
    if start not in known:
        known[start] = await ends_of(store.read, key, start, watch)
    chart = live_chart(await newest_subgroups(store.read, key, start, watch, known[start]), watch)
    if chart is None or len(chart.points) < watch.least:
        return []
    told = [each for signal in await signals_of_chart(store.read, key) for each in signal.shown]
    newest = chart.points[-1].subgroup.inspection_id
    noted = []
    # A lot that was finished late, or corrected, may complete a pattern that ends at the newest one.
    for at in dict.fromkeys((inspection_id, newest)):
        if untold(shown_at(chart, at), told):
            command = _noted(store, watch, key, chart, at)
            signal = await note_signal(store, system(key.site_id), command)
            noted += [signal] if signal is not None else []
    return noted


def _noted(store: Store, watch: Watch, key: ChartKey, chart: LiveChart, inspection_id: str) -> NoteSignal:
    return NoteSignal(
        id=store.new_id(),
        inspection_id=inspection_id,
        shown=shown_at(chart, inspection_id),
        proposal=proposal_of(chart, inspection_id),
        rule_set=watch.version,
        **{name: value for name, value in key._asdict().items() if name != "site_id"},
    )


async def keep_watching(store: Store, watch: Watch) -> None:
    """Until cancelled. A database that is away is waited for."""
    while True:
        try:
            await watch_charts(store, watch)
        except (Unavailable, LotgateError) as error:
            log.warning("early warning waits", error=str(error))
        await asyncio.sleep(EVERY)
