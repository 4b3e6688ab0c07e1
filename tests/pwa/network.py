"""A network that loses answers, repeats requests and delivers them late and out of order.

| way    | what becomes of a request sent through it                                            |
|--------|--------------------------------------------------------------------------------------|
| twice  | delivered twice at once; the page hears the second answer                            |
| silent | delivered twice, both answers lost: the page cannot know, and sends it again         |
| late   | not delivered, the page hears nothing; a copy arrives when everything else is through |
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from itertools import cycle

from playwright.async_api import APIResponse, Page, Route

WAYS = ("twice", "silent", "late")


class BadNetwork:
    """Between one page and the server, for the POSTs to one address.

    `renamed` makes another body of each copy that is sent: the naive phone, whose repetition is a new command.
    """

    def __init__(self, page: Page, path: str, renamed: Callable[[str], str] | None = None) -> None:
        self.page, self.path, self.renamed = page, path, renamed or str
        self.sent: Counter[str] = Counter()
        self.answers: dict[str, set[str]] = {}
        self.lost = 0
        self._ways = cycle(WAYS)
        self._tried: set[str] = set()
        self._heard = asyncio.Condition()
        self._copies: list[tuple[str, str, dict[str, str]]] = []

    async def begin(self) -> None:
        """From now on."""
        await self.page.context.route(f"**{self.path}", self._carry)

    async def deliver_late(self, order: random.Random) -> None:
        """Every request that ever went through arrives once more, in a shuffled order."""
        await self.page.context.unroute(f"**{self.path}", self._carry)
        copies = list(self._copies)
        order.shuffle(copies)
        for url, body, headers in copies:
            self._note(
                body, await self.page.context.request.post(url, data=self.renamed(body), headers=headers)
            )

    async def hear(self, requests: int) -> None:
        """Wait until so many different requests have left the page."""
        async with asyncio.timeout(20):
            async with self._heard:
                await self._heard.wait_for(lambda: len(self._tried) >= requests)

    async def _carry(self, route: Route) -> None:
        request = route.request
        if request.method != "POST":
            return await route.fallback()
        body = request.post_data or ""
        way = "twice" if body in self._tried else next(self._ways)
        if body not in self._tried:
            self._copies.append((request.url, body, await request.all_headers()))
        self._tried.add(body)
        async with self._heard:
            self._heard.notify_all()
        if way == "late":
            self.lost += 1
            return await route.abort()
        first = await route.fetch(post_data=self.renamed(body))
        second = await route.fetch(post_data=self.renamed(body))
        self._note(body, first)
        self._note(body, second)
        if way == "silent":
            self.lost += 1
            return await route.abort()
        return await route.fulfill(response=second)

    def _note(self, body: str, answer: APIResponse) -> None:
        self.sent[body] += 1
        self.answers.setdefault(body, set()).add(f"{answer.status}")
