"""A drawing as a picture for chats: SVG to PNG by the typesetter, with the font that the house ships."""

from __future__ import annotations

from typing import cast

import typst

from backend.outside.font_coverage import FONTS
from backend.outside.trial_mark import trial_inputs

PPI = 144
SOURCE = b"""#set page(width: auto, height: auto, margin: 6pt, fill: white)
#let mark = sys.inputs.at("trial", default: "")
#if mark != "" { block(below: 4pt, text(font: "Noto Sans SC", size: 11pt, fill: rgb("#6b21a8"), mark)) }
#image(bytes(sys.inputs.svg), format: "svg", width: 480pt)
"""


def svg_png(svg: str) -> bytes:
    """Dark on white, whatever the chat's theme. Raises typst.TypstError when it can't be set."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    compiler = typst.Compiler(SOURCE, font_paths=fonts, ignore_system_fonts=True)
    return cast(bytes, compiler.compile(format="png", ppi=PPI, sys_inputs={"svg": svg} | trial_inputs()))
