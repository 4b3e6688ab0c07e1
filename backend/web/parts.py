"""What handlers are handed: the store and what the wiring put beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from backend.domain.certificates import Certificate, Language
from backend.domain.early_warning import Watch
from backend.domain.lot_labels import LotLabel, Media
from backend.domain.people import Who
from backend.domain.recall_papers import RecallPaper
from backend.domain.record_exports import Format, RecordExport
from backend.domain.sessions import Session
from backend.domain.sheets import Table
from backend.identity.passkeys import RelyingParty
from backend.store.door import Store
from backend.store.witness import Witness
from backend.web.attempts import Attempts
from backend.web.remembered import Remembered


class Parts:
    """All of it; made once by `app.py`."""

    def __init__(
        self,
        *,
        store: Store,
        parties: dict[str, RelyingParty],
        attachments: Path,
        page: Path,
        log: Witness,
        read_picture: Callable[[bytes], Awaitable[list[Any]]],
        read_print: Callable[[bytes], Awaitable[list[Any]]] | None,
        print_certificate: Callable[[Certificate, Language], bytes],
        print_recall: Callable[[RecallPaper, Language], bytes],
        print_record: Callable[[RecordExport, Format, Language], bytes],
        draw_labels: Callable[[list[LotLabel], Media, int, str, int], bytes],
        read_table: Callable[[bytes], Table],
        page_chat: Callable[..., Any],
        watch: Watch,
        inside: str = "",
        push_key: Callable[[], str] = str,
    ) -> None:
        self.store = store
        self.parties = parties
        self.attachments = attachments
        self.page = page
        self.log = log
        self.read_picture = read_picture
        self.read_print = read_print
        self.print_certificate = print_certificate
        self.print_recall = print_recall
        self.print_record = print_record
        self.draw_labels = draw_labels
        self.read_table = read_table
        self.page_chat = page_chat
        self.watch = watch
        self.inside = inside
        self.push_key = push_key
        self.attempts = Attempts()
        self.sessions: Remembered[tuple[Session, Who, bool]] = Remembered()

    def party(self, host: str) -> RelyingParty:
        """Who asks for passkeys at this address (`Host` header); the first where the host is not ours."""
        name = host.partition(":")[0]
        return self.parties.get(name) or next(iter(self.parties.values()))
