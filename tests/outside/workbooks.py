"""Workbooks for tests, written by hand: a sheet of rows, with formulas and merged ranges where asked for."""

from __future__ import annotations

import io
import zipfile
import zlib
from base64 import b85decode
from collections.abc import Mapping, Sequence
from html import escape

from backend.domain.sheets import address

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(
    rows: Sequence[Sequence[str | int | float]],
    formulas: Mapping[str, str] | None = None,
    merged: Sequence[str] = (),
) -> bytes:
    """An .xlsx file of one sheet; `formulas`: by address, its cell keeps the value in `rows`."""
    body = "".join(
        f'<row r="{line}">'
        + "".join(_cell(address(line, place), cell, formulas or {}) for place, cell in enumerate(row))
        + "</row>"
        for line, row in enumerate(rows, start=1)
    )
    ranges = (
        f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}{each}{chr(34)}/>' for each in merged)}</mergeCells>"
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Tab &amp; 1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData>'
        f"{ranges if merged else ''}</worksheet>",
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return kept.getvalue()


def _cell(at: str, value: str | int | float, formulas: Mapping[str, str]) -> str:
    formula = f"<f>{escape(formulas[at])}</f>" if at in formulas else ""
    if isinstance(value, str):
        return f'<c r="{at}" t="str">{formula}<v>{escape(value)}</v></c>'
    return f'<c r="{at}">{formula}<v>{value}</v></c>'


def edited(data: bytes, old: str, new: str, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook in which something stands otherwise, as another program would write it."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name in source.namelist():
            text = source.read(name).decode()
            assert name != part or old in text
            package.writestr(name, text.replace(old, new) if name == part else text)
    return kept.getvalue()


def with_styles(data: bytes, *codes: str) -> bytes:
    """A workbook whose cell formats 1, 2, ... show numbers by these codes."""
    formats = "".join(
        f'<numFmt numFmtId="{164 + each}" formatCode="{escape(code)}"/>' for each, code in enumerate(codes)
    )
    styles = "".join(f'<xf numFmtId="{164 + each}"/>' for each in range(len(codes)))
    kept = io.BytesIO(data)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{_MAIN}"><numFmts>{formats}</numFmts><cellXfs><xf numFmtId="0"/>{styles}</cellXfs>'
            "</styleSheet>",
        )
    return kept.getvalue()


def ods(body: str) -> bytes:
    """An .ods file of one sheet, its rows as XML."""
    kept = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    names = "".join(
        f' xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
        for each in ("office", "table", "text")
    )
    with zipfile.ZipFile(kept, "w") as package:
        package.writestr("mimetype", kind)
        package.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        package.writestr(
            "content.xml",
            f'<office:document-content{names}><office:body><office:spreadsheet><table:table table:name="S">{body}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return kept.getvalue()


XLS = zlib.decompress(
    b85decode(
        "c-rk)O-NKx6#mY8Z=5$aI-`xo7}y|WWp1KP5c<-7Ts2q({Sf4+vj}CBp@jyaWwQ*TRz(}ZO&hC?6-CspMPSq-2nsD)wJ9iQq4PTT"
        "y!&b_7Y>wIyl=SYo_p?h&pq$m^X`4~p3m0IP2Opk$1iAyiJ}`pMTw2LMEph^-0!+d^=q4p8{nTp#O8&p2;o81v#?r2wchhEaNByq"
        "5_reuB!-b5%4Jilh)#(iLn?+gmV_H@sYX(wsukHMa=pk~!h9%lk612=Y-8>moxrS<ZrP=?_?XcoebrEY@5-3hV%dQ@JXKjdc9}eG"
        "2p##;nZdQ$(P%|61zxwVY%ZJ649+3J3pj<ZZVLF~KdFyXfqixD1h#)$Y7Z}CziL>(INTmd@B*TEYpNcDhO@c81?)y8w^ZT&`Y{^e"
        "s_Mw6QLbk4)WgXz!li>tCxMQqS=q}<QYrh?Fz@M(FL}DFB<rIr`w<hpMsh#S`}e}l&o2)4b~~rUGA=v1$~VGh6)IeuS0ke5c)ZEK"
        "E9+u%D!`}~W=N!Bwup!AA}`1+8%1vrnP4W@&E0icIWQrdi_+W7^X?S9bheb}TUjrBJan(I@ZQ<R`gGU)*~IiKXA(_(F7->CgbB1#"
        "D_y^)aNqH3(tE}mk;&io58H_A*j;_t#jq&19(;ckyq3CK^rL0yd*`)GZkgH_Nqea;5?_|A!zPK<<EvBCBSx@+km1s6hYXtuYJwJ0"
        "4h@;k<E6AiLmY;50Nzqo=m5+Tz8`=o{IKSm!nZZwT83{4Umf|6m}lvW{~(uQN}JGb)M7>j!rSgoR3bot009C72oNB^ngq#fALP~0"
        "(r@tU6*8>9>nw692A@g(TO7s^|IY9q)BVVCoyTZd`BRS&`Mzj{WBl)h3P*YNJO<D!aSW85zx=O`O0Q?d1LJ@05h{27VmWdC<@vt@"
        "v!~PJ"
    )
)
"""As xlwt 1.3 writes it: columns 编码 名称 状态 x (hidden); B2 a formula, C2 #N/A, row 3 hidden, B4:B5 merged."""
