"""Why something was not done, in English: what it is, and what to do next. Keys are the domain's reason codes."""

from __future__ import annotations

REASONS = {
    "reason.other": "That was not possible ({code}). Try it on the page, or tell quality.",
    # Everyone
    "reason.not_allowed": "Your roles do not allow this. Ask somebody who has the right, or the "
    "administrator.",
    "reason.not_found": "That no longer exists. Start again from /worklist.",
    "reason.other_site": "That belongs to another site. Ask somebody who works there.",
    "reason.changed_meanwhile": "Somebody changed this meanwhile. Look at it as it is now, then do it again.",
    "reason.conflict": "Somebody did the same at the same moment. Look at it as it is now.",
    "reason.command_id_reused": "That was done already with other content. Start again from /worklist.",
    "reason.step_not_allowed": "That is not possible any more: it is {state}.",
    "reason.database_unavailable": "The database cannot be reached just now. Nothing was changed; send "
    "it again "
    "in a moment.",
    "reason.log_shorter_than_checkpoint": "The system is read-only: its log is shorter than it was. Tell the "
    "administrator at once.",
    "reason.log_behind_witness": "The system is read-only: it was restored from an older copy. Tell the "
    "administrator at once.",
    "reason.log_differs_from_witness": "The system is read-only: its log is not what it was. Tell the "
    "administrator at once.",
    "reason.witness_not_written": "The system is read-only: its witness could not be written. Tell the "
    "administrator at once.",
    "reason.binding_code_wrong": "That link code is wrong, used or older than ten minutes. Make a new "
    "one on the "
    "page under <b>My keys</b>.",
    "reason.chat_account_taken": "This chat account belongs to another person already. One account, one "
    "person: "
    "ask the administrator.",
    # Readings
    "reason.reading_missing": "Nothing was typed. Send the reading.",
    "reason.number_expected": "“{text}” is no number. Type digits, for example <code>1.25</code>.",
    "reason.number_ambiguous": "“{text}” can be read in several ways. Type it with a point for the decimals.",
    "reason.number_out_of_range": "“{text}” is too large or has too many digits. Type the reading again.",
    "reason.detection_limit_expected": "“{text}” is not a value. Type the detection limit with its sign, for "
    "example <code>&lt;0.05</code>.",
    "reason.unit_mismatch": "The unit here is {expected}, not {typed}. Convert the reading and type it "
    "again.",
    "reason.unit_other_dimension": "{typed} measures something else than {expected}. Measure in {expected} and type "
    "that.",
    "reason.unit_converted": "{entered} = {value} {unit}. Confirm it or type it again.",
    "reason.readings_expected": "{expected} readings of this sample are needed, {count} were typed. Send all, with "
    "semicolons between.",
    "reason.item_computed": "That is computed from other answers. Correct one of those.",
    "reason.defect_unknown": "{defect} is no kind of defect here. Known are: {kinds}.",
    "reason.defects_expected": "{count} pieces do not conform: how many of each kind? Kinds: {kinds}.",
    "reason.units_expected": "How many pieces is that in all? Add the number, from {least} to {most}.",
    "reason.count_expected": "“{text}” is no whole number of pieces. Type how many do not conform.",
    "reason.count_out_of_range": "{count} is not possible: there are {n} pieces. Type a number from 0 "
    "to {n}.",
    "reason.value_implausible": "{value} {unit} looks like a slip. Confirm it or type it again.",
    "reason.value_qualified": "All values are judged together here, by mean and deviation: type the value that was "
    "measured, without < or >.",
    "reason.value_out_of_limits": "{value} {unit} is out of limits. Confirm it or type it again.",
    "reason.gauge_needed": "This is read with a registered gauge ({type}). Choose it first. ({rule})",
    "reason.gauge_wrong_type": "{gauge} is of type {type}, here a {wanted} is needed. Choose another. "
    "({rule})",
    "reason.gauge_overdue": "The calibration of {gauge} was due on {due_on}. Use another and send this "
    "one to be calibrated. ({rule})",
    "reason.gauge_not_in_use": "{gauge} must not be used: {status}. Take another. ({rule})",
    "reason.gauge_other_unit": "{gauge} measures in {unit}, which can’t become {wanted}. Choose "
    "another. ({rule})",
    "reason.gauge_too_coarse": "{gauge} reads in steps of {resolution}, here {wanted} are needed. Take "
    "a finer one. ({rule})",
    "reason.gauge_out_of_range": "{value} is outside the range of {gauge}, {range}. Check the reading "
    "or take another gauge. ({rule})",
    "reason.assessment_open": "{assessment} is open: {gauge} was found out of tolerance. Quality has to "
    "conclude it first. ({rule})",
    "reason.untrained": "You are not trained in {document}, revision {revision}. Open My training on the page, "
    "read it and answer its questions, then go on. ({rule})",
    "reason.method_not_effective": "{document}: the plan names revision {revision}, in force is {effective}. "
    "Nothing is started by another revision. Ask quality to bring the plan up to date. ({rule})",
    "reason.photo_required": "A photo is required for a failing answer here. Send it, then type the reason.",
    "reason.answer_kind_mismatch": "That answer does not fit the question. Answer it as it is asked.",
    "reason.item_unknown": "That is not known here. Ask quality whether it has to be added.",
    "reason.item_twice": "The same item was answered twice at once. Answer it again.",
    "reason.item_answered": "Answered by {by} meanwhile: {entered}. Yours was not recorded.",
    "reason.inspection_finished": "{inspection} is finished: {status}. A wrong answer can still be "
    "corrected with "
    "a reason.",
    "reason.reading_superseded": "That reading was corrected meanwhile. Look at it as it is now.",
    "reason.reason_missing": "A correction needs a reason. Type why the old value was wrong.",
    # NCR and follow-ups
    "reason.containment_missing": "Type what was done to contain it.",
    "reason.justification_missing": "A disposition needs a justification. Type it.",
    "reason.follow_up_empty": "Type what has to be done.",
    "reason.sent_back": "Sent back, {owner} has not answered: {what}",
    "reason.sent_back_to_self": "Choose somebody else to answer: it can't be asked of yourself.",
    "reason.missing_unsaid": "Say what is missing, in at most {most} characters.",
    "reason.owner_unknown": "That person is not active here. Choose somebody else.",
    "reason.due_day_wrong": "{due_on} is not a day from today on. Choose another.",
    "reason.rework_nothing_to_repeat": "Lot {lot} was never inspected: nothing can be inspected again after a rework. "
    "Make a plan for its {stage} inspection first, or choose another disposition.",
    "reason.follow_up_open": "A follow-up is still open: {what}, due {due_on}. It has to be done first.",
    "reason.follow_up_done_already": "That was done already, {at}.",
    "reason.outcome_missing": "Type what came of it.",
    "reason.not_the_owner": "That is somebody else's task. Its owner or quality can do it.",
    # Labels and receiving
    "reason.not_a_label": "That is no label that I know. Scan the other code, or type what is printed.",
    "reason.label_ambiguous": "The code lost its separators and can be read in several ways. Choose what is "
    "printed beside it.",
    "reason.check_digit_wrong": "A check digit is wrong ({value}; expected {expected}). Photograph the label "
    "again, closer.",
    "reason.date_impossible": "The label holds a day that never comes: {value}. Ask the supplier.",
    "reason.day_wrong": "{day} is no day. Type it like 2026-11-30.",
    "reason.ai_unknown": "The label holds a field that GS1 does not know ({ai}). Ask the supplier.",
    "reason.ai_value_invalid": "Field ({ai}) of the label holds what it must not: {value}. Ask the supplier.",
    "reason.ai_repeated": "The label names the same field twice with different content. Ask the supplier.",
    "reason.ai_pair_excluded": "The label joins fields that GS1 does not allow together: {ais}. Ask the "
    "supplier.",
    "reason.ai_companion_missing": "Field ({ai}) of the label also needs one of these: {needs}. Send the "
    "label's other code too.",
    "reason.link_attribute": "Field ({ai}) stands in the wrong place of the label's web address. Ask "
    "the supplier.",
    "reason.link_compressed": "The label's web address is compressed. Send the label's other code, or "
    "type the digits.",
    "reason.codes_of_different_products": "The picture shows codes of different products. Send one "
    "label at a "
    "time.",
    "reason.device_identifier_missing": "The label does not say which product it is. Send its other "
    "code too.",
    "reason.delivery_choose": "Several deliveries fit. Choose one: {choices}.",
    "reason.delivery_not_expected": "No delivery of this is expected. Ask purchasing for the order line "
    "before "
    "you take it in.",
    "reason.supplier_lot_missing": "The label names no lot. Type the supplier's lot number.",
    "reason.supplier_lot_differs": "The label says lot {label}, you typed {entered}. Look again.",
    "reason.rework_open": "{rework} is not finished. Say on the page what was done ({ncr}).",
    "reason.rework_not_inspected": "{ncr} was reworked and not inspected again. Inspect it first.",
    "reason.quantity_not_whole": "{quantity} {unit} is no whole number. Type {near}, or count again.",
    "reason.quantity_not_exact": "{quantity} {unit} is no exact number of {stock_unit}. Count in {stock_unit}.",
    "reason.unit_factor_missing": "Nobody has said how many {stock_unit} are in one {unit}. Type {stock_unit}, or ask "
    "quality to add the factor.",
    "reason.quantity_not_positive": "The quantity has to be more than 0. Type it again.",
    "reason.quantity_over_order": "{quantity} is more than is open on {order} ({open}). Count again, or ask "
    "purchasing.",
    "reason.expiry_near": "It expires soon: {expiry}, in {days} days.",
    "reason.lot_expired": "It expired on {expiry}. Put it aside and tell quality.",
    "reason.expiry_differs": "{lot} is on record with expiry {stored}, this label says {label}. Put it "
    "aside and "
    "tell quality.",
    "reason.print_differs": "Code and print disagree about the {printed_field}: the code says {value}, printed is "
    "{printed}. Nothing is received before somebody gives a reason.",
    "reason.print_unread": "The print on this photo could not be read, so nothing has compared it with the "
    "code: compare them yourself.",
    "reason.print_unsure": "Look at the {printed_field}: the code says {value}, printed is perhaps {printed}.",
    "reason.serial_received_already": "Serial {serial} was received already.",
    "reason.location_not_quarantine": "{location} is no place for goods on arrival.",
    "reason.location_missing": "There is no quarantine location yet. Ask the administrator to add one.",
    "reason.lot_unknown": "There is no lot {lot} here. Look at the number again.",
    # What stands in the way of a release
    "reason.decided_already": "It is decided already.",
    "reason.concession_needed": "{inspection} failed and is used as it is: sign a concession, not a release.",
    "reason.nothing_to_concede": "A concession needs a disposition to use it as it is.",
    "reason.nothing_to_take_over": "The old system says of it no release that could be taken over.",
    "reason.own_import": "You imported what it was released by on paper. Another person must take it over.",
    "reason.own_result": "You recorded a result of this lot, so somebody else has to decide.",
    "reason.inspection_missing": "There is no inspection yet.",
    "reason.items_missing": "{count} items have no answer yet.",
    "reason.items_undecidable": "Not decidable as measured: {items}.",
    "reason.inspection_failed": "{inspection} failed and no disposition settles it.",
    "reason.inspection_open": "{inspection} is not finished.",
    "reason.ncr_open": "NCR {ncr} ({severity}) is {status}.",
    "reason.labels_missing": "{count} of {printed} printed labels are missing. Somebody else than who counted has "
    "to accept that, with a reason.",
    "reason.label_missing_changed": "{missing} labels are missing and not accepted, not {count}. Look "
    "at the count again.",
    "reason.label_acceptance_reason": "Say why {count} labels may be missing.",
    "reason.label_own_count": "You counted these labels, so somebody else has to accept that some are missing.",
    "reason.labels_unreconciled": "{open} of {printed} labels are not accounted for: used, destroyed or returned?",
    "reason.label_count_negative": "A count of labels can't be below zero ({kind}).",
    "reason.label_count_nothing": "Nothing was counted.",
    "reason.label_count_over": "{count} labels are more than the {open} that are still open.",
    "reason.label_reason_missing": "Say why {count} labels are missing.",
    "reason.on_hold": "On hold: {hold}.",
    "reason.supplier_blocked": "Supplier {supplier} is blocked, or qualified for it no more. Quality decides.",
    "reason.supplier_is_blocked": "The supplier is blocked.",
    "reason.qualification_missing": "The supplier is not qualified for this material.",
    "reason.qualification_expired": "The supplier's qualification for this material has ended.",
    "reason.qualification_suspended": "The supplier's qualification for this material is suspended.",
    "reason.qualification_withdrawn": "The supplier's qualification for this material was withdrawn.",
    "reason.supplier_change_open": "The supplier has said that it changes something; it is not evaluated yet.",
    "reason.component_not_released": "Component {lot} is {status}.",
    # Pictures
    "reason.delegated_by_contributor": "You would decide for somebody who recorded a result of this lot.",
    "reason.production_not_wanted": "It is made by ourselves: there is no production release.",
    "reason.production_release_missing": "Its contract maker has not released it yet.",
    "reason.gate_of_maker": "A person of the contract maker signs the production release.",
    "reason.gate_of_market": "A person of our own organisation signs the market release.",
    "reason.gate_same": "Different people of different organisations sign the two releases.",
    "reason.retest_day_wrong": "{retest_on} is no day from today on.",
    "reason.retest_due": "Its retest date, {retest_on}, has passed: a retest comes first.",
    "reason.picture_too_large": "That file is too large. Send a smaller picture.",
    "reason.picture_too_many_pixels": "That picture has too many pixels. Send a smaller one.",
    "reason.picture_kind_not_supported": "That is no picture I can read. Send JPEG, PNG, WebP or BMP.",
    "reason.picture_not_readable": "The file is damaged. Take the picture again.",
    "reason.picture_out_of_memory": "That picture is too large. Send a smaller one.",
    "reason.picture_timeout": "Reading took too long. Come closer, so that the label fills the view.",
    "reason.scanner_busy": "Many pictures are waiting. Send it again in a moment.",
    "reason.time_of_day": "“{text}” is no time of the day. Type it like 22:00, and a span like 22:00-06:00.",
    "reason.not_oneself": "That is yourself. Choose somebody else.",
    "reason.push_keys": "The browser gave no usable keys. Add it again on the page.",
    "reason.channel_address": "This can’t be used here as a channel.",
    "reason.equipment_unknown": "{code} is not kept here. Kept are: {known}.",
    "reason.equipment_overdue": "The service of {code} was due on {due_on}. Have it recorded, or name another.",
    "reason.equipment_not_in_use": "{code} is stopped or retired. Name another.",
}
