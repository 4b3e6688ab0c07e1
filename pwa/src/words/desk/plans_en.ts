/** English words of the plan editor, fetched with it. A reason says what is wrong, then the way out. */
export const plansEn = {
  "plan_reason.characteristics_missing": "The plan has no characteristic. Add at least one.",
  "plan_reason.characteristics_too_many": "{count} characteristics are more than the {most} that one plan holds. Split the plan by stage.",
  "plan_reason.code_duplicate": "{code}: two characteristics have this code. Give one of them another.",
  "plan_reason.code_malformed": "{code}: a code is at most {longest} characters long and has no spaces. Shorten it.",
  "plan_reason.text_missing": "{code}: {field} is empty. Fill it in.",
  "plan_reason.text_too_long": "{code}: {field} has {length} characters. Shorten it to {longest}.",
  "plan_reason.unit_unexpected": "{code}: only what is measured has a unit. Leave the unit {unit} out, or make it a measurement.",
  "plan_reason.limits_missing": "{code}: a measurement needs a limit. Give the lower one, the upper one or both.",
  "plan_reason.limits_unexpected": "{code}: only what is measured has limits. Remove them, or make it a measurement.",
  "plan_reason.limits_contradict": "{code}: the lower limit {lower} is above the upper limit {upper}. Exchange or correct them.",
  "plan_reason.target_outside_limits": "{code}: the target {target} lies outside the limits. Correct the target or the limits.",
  "plan_reason.limit_not_finite": "{code}: a limit is not a number. Type it with digits.",
  "plan_reason.resolution_invalid": "{code}: the resolution {resolution} is not above zero. Type the step that is read, such as 0.01.",
  "plan_reason.resolution_missing": "{code}: rounding needs a resolution. Type the step that is read, such as 0.01, or choose no rounding.",
  "plan_reason.limit_finer_than_resolution": "{code}: rounded to {resolution} no value ever meets the limit {limit}. Take a finer resolution, a rounder limit, or no rounding.",
  "plan_reason.aql_unsupported": "{code}: the standard prints no plan for AQL {aql}, and none is guessed. Choose one of {supported}.",
  "plan_reason.aql_counts_defects": "{code}: AQL {aql} counts defects per hundred units; this plan counts nonconforming units. Choose one up to {most}.",
  "plan_reason.level_unsupported": "{code}: the standard has no inspection level {level}. Choose one of {supported}.",
  "plan_reason.sample_size_invalid": "{code}: a sample has at least one unit. Type how many.",
  "plan_reason.sample_size_too_large": "{code}: {n} units are more than the {most} that one characteristic may ask for. Choose fewer, or every unit.",
  "plan_reason.limiting_quality_invalid": "{code}: the limiting quality is a percentage above 0, such as 5.0. Correct it.",
  "plan_reason.risk_invalid": "{code}: the risk is a share between 0 and 1, such as 0.10. Correct it.",
  "plan_reason.critical_accepts": "{code}: critical accepts none, but this rule accepts {accept} of {n} in a lot of {lot_size}. Choose a c = 0 plan, a fixed number, or every unit.",
} as const;

export type PlanWords = Record<keyof typeof plansEn, string>;
