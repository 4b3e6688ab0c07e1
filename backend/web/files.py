"""A file inside a JSON body: its bytes in base64."""

from __future__ import annotations

import base64

from backend.domain.errors import refuse


def bytes_of(text: str) -> bytes:
    """The bytes. Refuses `csv_not_text` where the text is no base64."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # of any kind: a wrong sign, a wrong length, no ASCII
        raise refuse("csv_not_text", field="file") from None
