"""Why a picture could not be read, as data; the words stand with whoever shows them.

| code                       | facts            | what the person can do                        |
|----------------------------|------------------|-----------------------------------------------|
| picture_too_large          | bytes, limit     | send a smaller file                           |
| picture_too_many_pixels    | pixels, limit    | send a smaller picture                        |
| picture_kind_not_supported | kind             | send JPEG, PNG, WebP or BMP                   |
| picture_not_readable       |                  | take the picture again: the file is damaged   |
| picture_out_of_memory      | limit_mb         | send a smaller picture                        |
| picture_timeout            | timeout_ms       | come closer, so that the label fills the view |
| scanner_busy               | waiting          | try again in a moment                         |
"""

from __future__ import annotations

PictureFact = str | int | bool | None


class UnreadablePicture(Exception):
    """Carries a stable code and the facts for its sentence."""

    def __init__(self, code: str, facts: dict[str, PictureFact] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, PictureFact] = facts or {}
