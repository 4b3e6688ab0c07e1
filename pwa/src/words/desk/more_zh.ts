/** 较少用到的代码（质量与管理）的中文词语，首次显示时加载。键与英文相同（由类型保证）。 */
import type { More } from "./more_en.ts";

export const moreZh: More = {
  "notice.held_with_parent": "批次 {lot} 已暂停：其中的 {parent} 存疑",
  "notice.component_held": "批次 {lot} 已暂停：所用批次 {component} 已暂停",
  "reason.proposal_own": "这是您提出的，须由他人决定。",
  "reason.proposal_own_result": "您录入过本次检验的结果，须由他人决定。",
  "reason.delegation_begins": "请选择今天或以后的起始日，而不是 {from_on}。",
  "reason.delegation_ends": "授权须有终止日，且不早于起始日。",
  "reason.delegation_long": "授权最长 {days} 天，请选择更早的终止日。",
  "reason.release_revoked_already": "该放行已被撤销。",
  "reason.release_superseded": "该决定已不再有效，无可撤销。",
  "reason.rejection_not_revoked": "拒收不作撤销：其库存不会被使用。",
  "reason.revocation_own_signature": "您已作第一签名，须由他人作第二签名。",
};
