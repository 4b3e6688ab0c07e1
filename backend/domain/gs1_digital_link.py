"""GS1 Digital Link: a web address of any host whose path is an identification key with its qualifiers.

part of the address     what it carries                       source: GS1 Digital Link URI Syntax
path, last pairs        key, then qualifiers in their order   KEYS
path before the key     anything, ignored
query                   attributes, none of them a qualifier of the key; names that are no digits are ignored
fragment                ignored
signs                   those of RFC 3986; in the host none that end it or carry a user's name
WORDS                   names for keys and qualifiers in the path, deprecated since 1.2, read all the same
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from urllib.parse import unquote, unquote_plus

from backend.domain.errors import Reason
from backend.domain.gs1 import Element, Elements, checked
from backend.domain.gs1_identifiers import identifiers

# Key, then the qualifiers that may follow it, each set in its order.
KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "01": (("22", "10", "21"), ("235",)),
    "8006": (("22", "10", "21"),),
    "414": (("254",), ("7040",)),
    "415": (("8020",),),
    "417": (("7040",),),
    "8004": (("7040",),),
    "8010": (("8011",),),
    "8017": (("8019",),),
    "8018": (("8019",),),
    "00": (),
    "253": (),
    "255": (),
    "401": (),
    "402": (),
    "8003": (),
    "8013": (),
}
# fmt: off
WORDS = {
    "gtin": "01", "cpv": "22", "lot": "10", "ser": "21", "itip": "8006", "sscc": "00", "gln": "414", "glnx": "254",
    "party": "417", "refno": "8020", "gdti": "253", "gcn": "255", "ginc": "401", "gsin": "402", "grai": "8003",
    "giai": "8004", "cpid": "8010", "cpsn": "8011", "gmn": "8013", "gsrnp": "8017", "gsrn": "8018", "srin": "8019",
}
# fmt: on
_SCHEMES = ("http://", "https://", "HTTP://", "HTTPS://")
_SIGNS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_HOST = re.compile(r"[A-Za-z0-9.:\[\]\-]+")
_NOT_A_LABEL = Elements([], Reason("not_a_label"))


def is_address(text: str) -> bool:
    """Whether the text is a web address at all."""
    return text.startswith(_SCHEMES)


def read_address(text: str) -> Elements:
    """Read a web address. `not_a_label` if its path ends in no GS1 key, `link_compressed` if a compressed one
    may hold it, `link_attribute` for an identifier in the query that belongs into the path or nowhere."""
    rest = text.split("://", 1)[1].split("#", 1)[0]
    host_and_path, _, query = rest.partition("?")
    host, _, path = host_and_path.partition("/")
    if not _HOST.fullmatch(host) or not _SIGNS.fullmatch(text):
        return _NOT_A_LABEL
    keyed = _path_elements(path.split("/"))
    if keyed is None:
        return Elements([], Reason("link_compressed")) if _is_compressed(path) else _NOT_A_LABEL
    attributes = _query_elements(query)
    elements = [_full_length(element) for element in keyed + attributes]
    misplaced = _misplaced([element.ai for element in keyed], [element.ai for element in attributes])
    return Elements(elements, misplaced) if misplaced else checked(elements)


def _misplaced(path: list[str], query: list[str]) -> Reason | None:
    seen = set(path)
    for ai in query:
        if ai not in identifiers():
            return Reason("ai_unknown", {"ai": ai})
        if ai in seen:
            return Reason("ai_repeated", {"ai": ai})
        if not identifiers()[ai].attribute or any({*path[1:], ai} <= set(each) for each in KEYS[path[0]]):
            return Reason("link_attribute", {"ai": ai})
        seen.add(ai)
    return None


def _is_compressed(path: str) -> bool:
    """Whether the path ends in base64url whose first byte is the beginning of a key (Digital Link 1.1, chapter 8)."""
    last = path.rsplit("/", 1)[-1]
    if not re.fullmatch(r"[A-Za-z0-9_-]{10,}", last):
        return False
    first = urlsafe_b64decode(last[:4])[0]
    return f"{first:02x}" in {key[:2] for key in KEYS}


def _path_elements(segments: list[str]) -> list[Element] | None:
    """The last key in the path, with what follows it."""
    for start in range(len(segments) - 2, -1, -2):
        key = WORDS.get(segments[start], segments[start])
        if key in KEYS:
            pairs = segments[start:]
            ais = [WORDS.get(name, name) for name in pairs[::2]]
            values = [unquote(value) for value in pairs[1::2]]
            if len(pairs) % 2 or not all(values) or not _in_order(key, ais[1:]):
                return None
            return [Element(ai, value) for ai, value in zip(ais, values, strict=True)]
    return None


def _in_order(key: str, qualifiers: list[str]) -> bool:
    """Whether the qualifiers are some of one of the key's sets, in that set's order."""
    if not qualifiers:
        return True
    return any(qualifiers == [each for each in allowed if each in qualifiers] for allowed in KEYS[key])


def _query_elements(query: str) -> list[Element]:
    elements = []
    for pair in query.split("&"):
        ai, equals, value = pair.partition("=")
        if equals and re.fullmatch(r"[0-9]+", ai):
            elements.append(Element(ai, unquote_plus(value)))
    return elements


def _full_length(element: Element) -> Element:
    """A GTIN of 8, 12 or 13 digits may stand in an address; it is the same key with zeros in front."""
    if element.ai == "01" and element.value.isdecimal() and len(element.value) in (8, 12, 13):
        return Element(element.ai, element.value.zfill(14))
    return element
