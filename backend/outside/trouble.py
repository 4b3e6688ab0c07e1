"""Why nothing came of a call, as a code that is put into words where it is shown.

| code         | what happened                                              |
|--------------|------------------------------------------------------------|
| no_answer    | the time ran out                                           |
| name_unknown | the name means no address, or nobody could be asked        |
| not_trusted  | the other side's certificate is none that counts           |
| not_reached  | the address does not take the connection                   |
| broken_off   | anything else between us and them                          |
"""

from __future__ import annotations

import aiohttp

# In order: aiohttp's errors of names and certificates are connector errors too, its timeouts server errors.
KINDS: tuple[tuple[type[BaseException], str], ...] = (
    (TimeoutError, "no_answer"),
    (aiohttp.ClientConnectorDNSError, "name_unknown"),
    (aiohttp.ClientSSLError, "not_trusted"),
    (aiohttp.ClientConnectorError, "not_reached"),
)


def trouble(error: BaseException) -> str:
    """The code of an error that a call ended with."""
    return next((code for kind, code in KINDS if isinstance(error, kind)), "broken_off")
