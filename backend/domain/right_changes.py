"""Changing a cell of the rights table is a signed act (ROL-1): the record that is shown and signed, old beside new."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from backend.domain.certificates import Signing, Site
from backend.domain.errors import Reason
from backend.domain.people import Role
from backend.domain.rights import DEFAULT_RIGHTS, ActionRight
from backend.domain.words import Words

RECORD_FORMAT = "lotgate-right/1"
STATEMENTS = {
    True: Words(
        "I have reviewed the change above: from now on the role {role} may take the action {action}.",
        "本人已审核上述更改：自即时起，角色 {role} 可执行操作 {action}。",
    ),
    False: Words(
        "I have reviewed the change above: from now on the role {role} may no longer take the action {action}.",
        "本人已审核上述更改：自即时起，角色 {role} 不得再执行操作 {action}。",
    ),
}


class Cell(msgspec.Struct, frozen=True):
    """What a cell of the table says."""

    allowed: bool
    signature: bool
    second_person: bool


class RightRecord(msgspec.Struct, frozen=True):
    """What the signer was shown and signed."""

    site: Site
    action: str
    role: Role
    old: Cell
    new: Cell
    signature: Signing
    format: str = RECORD_FORMAT


def cell_of(right: ActionRight) -> Cell:
    """As it stands."""
    return Cell(right.allowed, right.signature, right.second_person)


def changed_cell(right: ActionRight, allowed: bool) -> Cell:
    """With the right given or taken; what an action demands of a signature belongs to the action, not to the role."""
    rule = next((rule for rule in DEFAULT_RIGHTS if rule.action == right.action), None)
    signed, second = (rule.signature, rule.second_person) if rule is not None else (False, False)
    return Cell(allowed, allowed and signed, allowed and second)


def against(right: ActionRight, allowed: bool, others: Sequence[ActionRight]) -> list[Reason]:
    """Every reason against it; `others` are the cells of the same action for the other roles."""
    facts = {"action": right.action, "role": right.role}
    if right.allowed == allowed:
        return [Reason("right_unchanged", dict(facts))]
    if right.action == "change_right" and not allowed and not any(other.allowed for other in others):
        return [Reason("right_last", dict(facts))]
    return []


def statement(right: ActionRight, allowed: bool, language: str) -> str:
    """The sentence that is signed."""
    return STATEMENTS[allowed].in_language(language).format(role=right.role, action=right.action)
