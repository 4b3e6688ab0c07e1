"""Making a version of a document effective is a signed act (QUA-4, SIG-2): the record that is shown and signed."""

from __future__ import annotations

import msgspec

from backend.domain.certificates import Signing, Site
from backend.domain.documents import DocumentKind, Question
from backend.domain.words import Words

RECORD_FORMAT = "lotgate-document/1"
STATEMENT = Words(
    "I have reviewed the document above. Revision {revision} of {number} is effective from now on.",
    "本人已审核上述文件。自即时起，{number} {revision} 版生效。",
)


class DocumentRecord(msgspec.Struct, frozen=True):
    """What the signer was shown and signed; `replaces`: the revision that it makes obsolete."""

    site: Site
    number: str
    name: Words
    kind: DocumentKind
    revision: str
    replaces: str | None
    change: str
    authors: list[str]
    text: str
    file: str | None
    questions: list[Question]
    trained: list[str]
    """Who must be trained: roles, and printed names of people."""
    plans: list[str]
    """Plans in force whose methods name another revision: no inspection of theirs starts until they name this one."""
    signature: Signing
    format: str = RECORD_FORMAT


def statement(number: str, revision: str, language: str) -> str:
    """The sentence that is signed."""
    return STATEMENT.in_language(language).format(number=number, revision=revision)
