/** 检验计划编辑器的中文。键与英文相同（由类型保证）。 */
import type { PlanWords } from "./plans_en.ts";

export const plansZh: PlanWords = {
  "plan_reason.characteristics_missing": "计划没有任何特性。请至少添加一项。",
  "plan_reason.characteristics_too_many": "{count} 项特性超过一个计划的上限 {most} 项。请按阶段拆分计划。",
  "plan_reason.code_duplicate": "{code}：两项特性使用了同一代码。请修改其中一项。",
  "plan_reason.code_malformed": "{code}：代码最多 {longest} 个字符，且不含空格。请缩短。",
  "plan_reason.text_missing": "{code}：“{field}”为空。请填写。",
  "plan_reason.text_too_long": "{code}：“{field}”有 {length} 个字符。请缩短到 {longest} 个以内。",
  "plan_reason.unit_unexpected": "{code}：只有计量特性才有单位。请删去单位 {unit}，或改为计量。",
  "plan_reason.limits_missing": "{code}：计量特性需要限值。请填写下限、上限或两者。",
  "plan_reason.limits_unexpected": "{code}：只有计量特性才有限值。请删去限值，或改为计量。",
  "plan_reason.limits_contradict": "{code}：下限 {lower} 大于上限 {upper}。请对调或更正。",
  "plan_reason.target_outside_limits": "{code}：目标值 {target} 在限值之外。请更正目标值或限值。",
  "plan_reason.limit_not_finite": "{code}：限值不是数字。请用数字填写。",
  "plan_reason.resolution_invalid": "{code}：分辨力 {resolution} 不大于零。请填写读数的步长，例如 0.01。",
  "plan_reason.resolution_missing": "{code}：修约需要分辨力。请填写读数的步长（例如 0.01），或选择不修约。",
  "plan_reason.limit_finer_than_resolution": "{code}：修约到 {resolution} 后，任何值都不会恰好等于限值 {limit}。请取更细的分辨力、更整的限值，或不修约。",
  "plan_reason.aql_unsupported": "{code}：标准中没有 AQL {aql} 的方案，系统不会取近似值。请从 {supported} 中选择。",
  "plan_reason.aql_counts_defects": "{code}：AQL {aql} 按每百单位不合格数计；本计划按不合格品数计。请选择不超过 {most} 的值。",
  "plan_reason.level_unsupported": "{code}：标准中没有检验水平 {level}。请从 {supported} 中选择。",
  "plan_reason.sample_size_invalid": "{code}：样本至少一个单位。请填写数量。",
  "plan_reason.sample_size_too_large": "{code}：{n} 个单位超过一项特性的上限 {most}。请减少，或改为全检。",
  "plan_reason.limiting_quality_invalid": "{code}：极限质量是大于 0 的百分数，例如 5.0。请更正。",
  "plan_reason.risk_invalid": "{code}：风险是 0 与 1 之间的小数，例如 0.10。请更正。",
  "plan_reason.critical_accepts": "{code}：致命特性不得接收任何不合格品，而此规则在批量 {lot_size} 时 {n} 个中接收 {accept} 个。请选择 c = 0 方案、固定数量或全检。",
};
