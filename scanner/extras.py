"""What may be installed beside the product; asked without loading it."""

from __future__ import annotations

from importlib.util import find_spec


def reads_print() -> bool:
    """Whether the extra `ocr` is there."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None
