"""What a change of the rights table is signed over, for the request and for the signature alike."""

from __future__ import annotations

from backend.domain.certificates import Language, Signer, Signing
from backend.domain.certificates import Site as SiteName
from backend.domain.people import Who
from backend.domain.right_changes import RightRecord, cell_of, changed_cell, statement
from backend.domain.rights import ActionRight
from backend.domain.signing import WORDING_VERSION
from backend.domain.sites import Site
from backend.store.reader import Reader


async def other_cells(read: Reader, right: ActionRight) -> list[ActionRight]:
    """The cells of the same action for the other roles."""
    return await read.all(
        ActionRight, "site_id = $1 and action = $2 and id <> $3", right.site_id, right.action, right.id
    )


async def right_record(
    read: Reader, right: ActionRight, who: Who, allowed: bool, passkey: bool, language: str
) -> RightRecord:
    """The same cell, person and choice give the same bytes."""
    site = await read.get(Site, right.site_id)
    tongue: Language = "zh" if language == "zh" else "en"
    return RightRecord(
        site=SiteName(site.code, site.name, site.zone),
        action=right.action,
        role=right.role,
        old=cell_of(right),
        new=changed_cell(right, allowed),
        signature=Signing(
            meaning="change_right",
            statement=statement(right, allowed, tongue),
            language=tongue,
            wording_version=WORDING_VERSION,
            signer=Signer(who.person_id, who.printed_name, who.login),
            method="passkey" if passkey else "password_totp",
        ),
    )
