"""All settings: one frozen struct, read from the environment once.

| variable                | meaning                                              | default          |
|-------------------------|------------------------------------------------------|------------------|
| LOTGATE_DATA            | folder of database, keys, attachments, witness       | ./data           |
| LOTGATE_DATABASE_URL    | postgresql://...; without it SQLite in LOTGATE_DATA   |                  |
| LOTGATE_PORT            | port of page and API (HTTPS: 443 higher)             | 8000             |
| LOTGATE_HOST            | host name that phones use (passkeys need a name)     | NAME.local       |
| LOTGATE_ORIGIN          | origin of the page where a proxy stands before it    | from host, port  |
| LOTGATE_PAGE            | folder of the built page                             | pwa/dist         |
| LOTGATE_CHART_RULES     | Nelson rules that warn, by number                     | 1,2,3,5,6        |
| LOTGATE_CHART_BASELINE  | lots that make the limits of a control chart          | 25               |
| LOTGATE_MAIL            | apprise address of the mail server for notices       | no mail          |
| LOTGATE_INSIDE          | networks of one's own that webhooks may be sent into, | none             |
|                         | 10.20.0.0/16,192.168.7.4/32: a LAN's MES or ERP       |                  |
| LOTGATE_WATCH           | a folder to take spreadsheets from, docs/links.md    | none             |
| LOTGATE_WATCH_AS        | who imports what lies there                          |                  |
| LOTGATE_WATCH_PASSWORD  | file with their password                             |                  |
| LOTGATE_TRIAL           | yes: a copy for practising, marked on every screen;   |                  |
|                         | an address: where this house has such a copy          |                  |
| LOTGATE_TELEGRAM_TOKEN  | the bot's token; see bot/main.py for the rest        |                  |
"""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from pathlib import Path

import msgspec

from backend.domain.control_charts import NELSON
from backend.domain.early_warning import BASELINE, RULES, Watch
from backend.domain.webhooks import read_inside


class Settings(msgspec.Struct, frozen=True):
    """What the environment says."""

    data: Path
    database_url: str | None
    port: int
    host: str
    origin: str | None
    page: Path
    telegram_token: str | None
    watch: Watch = Watch()
    trial: str | None = None
    """"yes", or the address of the copy for practising."""
    mail: str | None = None
    """`mailtos://user:password@host?from=lotgate@maker.example`; the reader is added to it."""
    inside: str = ""
    """Networks with commas between; see domain/webhooks."""
    exchange: tuple[Path, str, Path] | None = None
    """The watched folder, the login of who imports, the file with their password."""

    @property
    def sqlite(self) -> Path:
        """The default database."""
        return self.data / "lotgate.sqlite3"

    @property
    def attachments(self) -> Path:
        """Files by their content's hash."""
        return self.data / "attachments"

    @property
    def log(self) -> Path:
        """The witness beside the database."""
        return self.data / "log"

    @property
    def public_origin(self) -> str:
        """Where people open the page."""
        return self.origin or f"https://{self.host}:{self.secure_port}"

    @property
    def secure_port(self) -> int:
        """Where phones connect: cameras, service workers and passkeys want HTTPS."""
        return self.port + 443


def read_settings(environment: Mapping[str, str]) -> Settings:
    """From the environment."""
    return Settings(
        data=Path(environment.get("LOTGATE_DATA", "data")),
        database_url=environment.get("LOTGATE_DATABASE_URL") or None,
        port=int(environment.get("LOTGATE_PORT", "8000")),
        host=environment.get("LOTGATE_HOST") or f"{socket.gethostname().split('.')[0]}.local",
        origin=environment.get("LOTGATE_ORIGIN") or None,
        page=Path(environment.get("LOTGATE_PAGE", str(Path(__file__).parent.parent / "pwa" / "dist"))),
        telegram_token=environment.get("LOTGATE_TELEGRAM_TOKEN") or None,
        watch=_watch(environment),
        trial=_trial(environment),
        mail=environment.get("LOTGATE_MAIL") or None,
        inside=_inside(environment),
        exchange=_exchange(environment),
    )


def _exchange(environment: Mapping[str, str]) -> tuple[Path, str, Path] | None:
    """Raises ValueError for half of it: a folder that nobody watches would be found out late."""
    said = [environment.get(f"LOTGATE_WATCH{end}") or "" for end in ("", "_AS", "_PASSWORD")]
    if not any(said):
        return None
    if not all(said):
        raise ValueError("LOTGATE_WATCH, LOTGATE_WATCH_AS and LOTGATE_WATCH_PASSWORD go together")
    return Path(said[0]), said[1], Path(said[2])


def _inside(environment: Mapping[str, str]) -> str:
    """Raises ValueError for what is no network: nothing is sent where nobody meant it to go."""
    said = environment.get("LOTGATE_INSIDE") or ""
    read_inside(said)
    return said


def _trial(environment: Mapping[str, str]) -> str | None:
    """Raises ValueError for what is neither yes nor an address: a copy that is not marked is a danger."""
    said = environment.get("LOTGATE_TRIAL") or None
    if said is not None and said != "yes" and not re.fullmatch(r"https?://[\w.:\[\]-]+/?", said):
        raise ValueError("LOTGATE_TRIAL is yes, or the address of the trial run")
    return said


def _watch(environment: Mapping[str, str]) -> Watch:
    """Signals are told from half a baseline on. Raises ValueError for a rule that there is none of."""
    named = environment.get("LOTGATE_CHART_RULES") or ",".join(str(rule) for rule in RULES)
    rules = tuple(sorted({int(rule) for rule in named.replace(" ", "").split(",")}))
    baseline = int(environment.get("LOTGATE_CHART_BASELINE") or BASELINE)
    if not NELSON.keys() >= set(rules) or baseline < 4:
        raise ValueError("LOTGATE_CHART_RULES are numbers 1 to 8, LOTGATE_CHART_BASELINE is 4 or more")
    return Watch(rules, baseline, baseline // 2)
