"""What the scanner finds: codes, and the symbologies that a label may carry.

| symbology           | standard          | error detection                 | confirmed by            |
|---------------------|-------------------|---------------------------------|-------------------------|
| Data Matrix ECC 200 | ISO/IEC 16022     | Reed-Solomon                    | one reading             |
| QR, Micro QR, rMQR  | ISO/IEC 18004, 23941 | Reed-Solomon                 | one reading             |
| Code 128            | ISO/IEC 15417     | modulo 103 over all characters  | one reading             |
| EAN/UPC             | ISO/IEC 15420     | one digit, modulo 10            | two agreeing attempts   |
| ITF                 | ISO/IEC 16390     | none (GS1's ITF-14: modulo 10)  | two (other lengths: 3)  |
| Code 39             | ISO/IEC 16388     | none unless the data bring it   | two agreeing attempts   |
"""

from __future__ import annotations

import msgspec

Corners = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]
"""(x, y) in pixels of the upright picture: top left, top right, bottom right, bottom left of the symbol."""


class Code(msgspec.Struct, frozen=True):
    """One code in a picture.

    `text` holds FNC1 separators as the character GS (0x1D); `raw` the bytes as encoded; `symbology_id` the
    ISO/IEC 15424 identifier (`]d2` GS1 DataMatrix, `]C1` GS1-128, `]Q3` GS1 QR), empty where the engine
    does not tell, so that GS1 data are neither assumed nor excluded. `attempt` names the first row of the
    attempts table that read it. Act on a code only if it is `confirmed`.
    """

    format: str
    text: str
    raw: bytes
    symbology_id: str
    corners: Corners
    confirmed: bool
    attempt: str


class Symbology(msgspec.Struct, frozen=True):
    """Names of one symbology in the engines (zbar: None where it has no decoder), and how far it is sure."""

    name: str
    zx: str
    zbar: str | None
    linear: bool
    detects_errors: bool


SYMBOLOGIES = (
    Symbology("DataMatrix", "DataMatrix", None, linear=False, detects_errors=True),
    Symbology("QRCode", "QRCode", "QRCODE", linear=False, detects_errors=True),
    Symbology("MicroQRCode", "MicroQRCode", None, linear=False, detects_errors=True),
    Symbology("RMQRCode", "RMQRCode", None, linear=False, detects_errors=True),
    Symbology("Code128", "Code128", "CODE128", linear=True, detects_errors=True),
    # "Std": the extended alphabet would turn an HIBC "+A1" into "a1".
    Symbology("Code39", "Code39Std", "CODE39", linear=True, detects_errors=False),
    Symbology("ITF", "ITF", "I25", linear=True, detects_errors=False),
    Symbology("EAN13", "EAN13", "EAN13", linear=True, detects_errors=False),
    Symbology("EAN8", "EAN8", "EAN8", linear=True, detects_errors=False),
    Symbology("UPCA", "UPCA", "UPCA", linear=True, detects_errors=False),
    Symbology("UPCE", "UPCE", "UPCE", linear=True, detects_errors=False),
)
BY_NAME = {symbology.name: symbology for symbology in SYMBOLOGIES}
LABEL_FORMATS: frozenset[str] = frozenset(BY_NAME)
LINEAR_FORMATS: frozenset[str] = frozenset(s.name for s in SYMBOLOGIES if s.linear)
