/** English words of rarer codes, those of quality and administration: fetched with the first of them that is shown. */
export const moreEn = {
  "notice.held_with_parent": "Lot {lot} is on hold: {parent}, whose stock goes on in it, is in doubt",
  "notice.component_held": "Lot {lot} is on hold: {component}, which went into it, is on hold",
  "reason.proposal_own": "You proposed it, so somebody else has to decide.",
  "reason.proposal_own_result": "You recorded results of this inspection, so somebody else has to decide.",
  "reason.delegation_begins": "Choose a first day from today on, not {from_on}.",
  "reason.delegation_ends": "A delegation has a last day, from its first one on.",
  "reason.delegation_long": "A delegation lasts {days} days at most. Choose an earlier last day.",
  "reason.release_revoked_already": "This release was taken back already.",
  "reason.release_superseded": "This decision is no longer in force, so there is nothing to take back.",
  "reason.rejection_not_revoked": "A rejection is not taken back: its stock is not used.",
  "reason.revocation_own_signature": "You signed first, so somebody else has to sign second.",
} as const;

export type More = Record<keyof typeof moreEn, string>;
