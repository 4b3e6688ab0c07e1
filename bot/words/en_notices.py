"""What the bot tells people unasked, in English."""

from __future__ import annotations

NOTICES = {
    "notice.inspection_handed_over": "🔎 <b>{by} hands over to you:</b> {inspection} · {lot}. {why}",
    "notice.inspection_opened": "🔎 <b>To inspect:</b> {inspection} · {item} · {lot} ({stage})",
    "notice.ncr_opened": "❗ <b>NCR {ncr}</b> · {severity}\n{item} · {lot} · {characteristic}",
    "notice.follow_up_assigned": "📌 <b>For you, by {due_on}:</b> {what} ({ncr})",
    "notice.follow_up_due": "⏰ <b>Due {due_on}:</b> {what} ({ncr})",
    "notice.follow_up_done": "✔️ Done: {what} ({ncr})",
    "notice.follow_up_overdue": "⏰ <b>Overdue since {due_on}:</b> {what} ({ncr})",
    "notice.ncr_due": "⏰ NCR {ncr} was due on {due_on}.",
    "notice.assessment_opened": "⚠️ {assessment} for you, by {due_on}: {gauge} was out of "
    "tolerance; results of lot {lot} in doubt: {count}.",
    "notice.gauge_out_of_tolerance": "⚠️ {gauge} was found out of tolerance; assessments "
    "opened: {count}, lots {lots}.",
    "notice.assessment_due": "⚠️ {assessment} was due on {due_on}.",
    "notice.assessment_overdue": "⚠️ {assessment} is overdue since {due_on}.",
    "notice.ncr_overdue": "⏰ NCR {ncr} is overdue since {due_on}.",
    "notice.release_waiting": "✍️ <b>To decide:</b> {item} · {lot}",
    "notice.lot_released": "✅ {lot} released by {by}, {at}",
    "notice.lot_rejected": "🛑 {lot} rejected by {by}, {at}",
    "notice.lot_held": "🛑 {lot} is on hold: {why}",
    "notice.release_suspended": "⚠️ {lot}: a signed result was corrected. Decide anew; lots made of it: "
    "{made_of_it}",
    "notice.component_rejected": "🛑 {lot} is on hold: {component}, which went into it, was rejected.",
    "notice.revocation_waiting": "🛑 {lot}: {by} takes its release back ({why}). The stock is held; a second "
    "person has to sign.",
    "notice.release_revoked": "🛑 {lot}: its release was taken back ({revocation}). Held with it: {lots}",
    "notice.component_revoked": "🛑 {lot} is on hold: the release of {component}, which went into it, was taken back.",
    "notice.revocation_due": "⏰ {revocation} waits since {due_on} for an assessment.",
    "notice.held_but_shipped": "🚚 {lot} is on hold, and {lots} were shipped in part: {consignees}",
    "notice.return_taken": "📦 {number}: {quantity} of {lot} came back from {shipment} ({why}). It waits for an "
    "inspection of its own.",
    "notice.recall_waiting": "🟣 {recall}: {by} wants to recall {basis} ({why}). A second person has to sign.",
    "notice.recall_started": "🟣 {recall} is in force ({why}). Lots blocked: {lots}; consignees to reach: "
    "{consignees}.",
    "notice.recall_due": "⏰ {recall}: consignees who have not answered: {count}",
    "notice.ncr_reported": "❗ <b>NCR {ncr}</b> · {severity}\n{item} · {lot}\n{what}",
    "notice.rework_opened": "🔧 <b>{rework}</b>: rework lot {lot} ({ncr}): {what}",
    "notice.rework_done": "🔧 <b>{rework}</b> is done. Lot {lot} is to be inspected again ({ncr}).",
    "notice.capa_opened": "🔁 <b>{capa}</b> is yours: {title}. Due {due_on}.",
    "notice.report_ready": "📄 Report ready: <b>{report}</b>",
    "notice.report_failed": "📄 The report <b>{report}</b> could not be made. Open it on the page to see why.",
    "notice.capa_due": "⏰ <b>{capa}</b> is due ({due_on}): {title}",
    "notice.capa_overdue": "⏰ <b>{capa}</b> is overdue since {due_on}: {title}",
    "notice.capa_effect_due": "🔁 <b>{capa}</b>: the waiting time is over. Has it worked? {title}",
    "notice.capa_to_close": "✍️ <b>{capa}</b> has worked and waits for the signature that closes it: {title}",
    "notice.capa_ineffective": "🔁 <b>{capa}</b> has not worked and is open again: {title}",
    "notice.change_waiting": "✍️ <b>{change}</b> waits for approval ({by}): {title}",
    "notice.change_returned": "↩️ <b>{change}</b> came back: {why}",
    "notice.change_approved": "✔️ <b>{change}</b> is approved and takes effect: {title}. Read what changes for you.",
    "notice.change_due": "⏰ <b>{change}</b> is due ({due_on}): {title}",
    "notice.complaint_taken": "📣 <b>Complaint {complaint}</b> was taken in · {lot}",
    "notice.complaints_imported": "📣 <b>{count} complaints</b> were taken in from {file}.",
    "notice.complaint_reportable": "🚨 <b>Complaint {complaint}</b> must be reported to the authority by {due_on}.",
    "notice.complaint_due": "⏰ <b>Complaint {complaint}</b> is due ({due_on}).",
    "notice.complaint_overdue": "⏰ <b>Complaint {complaint}</b> has no answer yet (due {due_on}).",
    "notice.delegation_given": "🔑 {by} handed you the right to decide, {from_on} to {until}.",
    "notice.delegation_taken_back": "🔑 {by} took the right to decide back.",
    "notice.proposal_waiting": "✋ {inspection} of {lot}: a proposal about its results waits for a second "
    "person, on the page: {why}",
    "notice.proposal_approved": "✔️ {by} approved your proposal about {inspection}: {why}",
    "notice.proposal_declined": "✖️ {by} declined your proposal about {inspection}: {why}",
    "notice.item_asks_again": "🔎 {inspection} of {lot}: {item} asks again, its result was invalidated.",
    "notice.retest_due": "🛑 {lot} is on hold: its retest date, {retest_on}, has passed.",
    "notice.held_with_parent": "🛑 {lot} is on hold: {parent}, whose stock goes on in it, is in doubt.",
    "notice.papers_missing": "🛑 {lot} arrived without its certificate and is on hold. {why}",
    "notice.goods_damaged": "🛑 {lot} arrived damaged and is on hold. {why}",
    "notice.goods_doubtful": "🛑 {lot} is on hold since it arrived: {why}",
    "notice.supplier_not_qualified": "🛑 {lot} from {supplier} is on hold since it arrived. {reason}",
    "notice.supplier_suspended": "🛑 {supplier} was suspended ({why}). Lots on hold: {count}; past ones: {past}",
    "notice.supplier_change_noted": "❗ {supplier} changes something: {what}. Evaluate it; what arrives is held "
    "until then.",
    "notice.supplier_qualification_ends": "⏰ {supplier} is qualified for {item} until {expires_on}",
    "notice.supplier_certificate_ends": "⏰ {kind} {number} of {supplier} is valid until {valid_until}",
    "notice.component_held": "🛑 {lot} is on hold: {component}, which went into it, is on hold.",
    "notice.plan_missing": "❗ {lot} · {item}: no inspection plan is in force ({stage}). Make one "
    "effective; the "
    "lot waits in quarantine.",
    "notice.sampling_switched": "🎚 {lot}: characteristics of class {severity} are inspected "
    "otherwise from here on: "
    "<b>{sampling}</b>.",
    "notice.reduced_possible": "🎚 {lot}: class {severity} has earned reduced inspection. It begins when you give "
    "leave on the page, under Plans.",
    "notice.plans_were_wrong": "🎚 A corrected verdict of {inspection}: these lots were inspected under a wrong "
    "sampling plan, look at each: {lots}",
    "notice.signing_locked": "🔒 Signing is locked for {name} until {until}: too many failures in a row.",
    "notice.plan_review_waiting": "📐 {by} put version {version} of plan {plan} under review. Read and sign it "
    "on the page.",
    "notice.plan_returned": "📐 {by} sent version {version} of plan {plan} back: {what}",
    "notice.plan_effective": "📐 Version {version} of plan {plan} is effective, signed by {by}. Open inspections "
    "keep theirs.",
    "notice.document_review_waiting": "📄 {by} put revision {revision} of {document} under review. Read and sign it "
    "on the page.",
    "notice.document_returned": "📄 {by} sent revision {revision} of {document} back: {what}",
    "notice.document_effective": "📄 Revision {revision} of {document} is effective, signed by {by}. Plans that name "
    "another one: {plans}",
    "notice.document_withdrawn": "📄 {by} withdrew {document}, revision {revision}: {what}",
    "notice.training_due": "🎓 Read {document}, revision {revision}, on the page and answer its questions. Until then "
    "you can't enter or sign by it.",
    "notice.training_overdue": "🎓 {document}: {count} of those who must have not read the revision in force yet.",
    "notice.inspection_moved": "📐 {by} moved {inspection} of lot {lot} to version {version} of its plan. Questions "
    "that are open again wait in your list.",
    "notice.right_changed": "🔑 {by} changed the rights table: {action}, {role}. The page shows it.",
    "notice.chart_signal": "📈 <b>Early warning:</b> {characteristic} · {item}\n{lot} {supplier}\n{rules}\n"
    "Advice; it decides nothing.",
    "notice.other": "ℹ️ {code} {facts}",
    "notice.release_deputy": "✍️ <b>To decide in place of {of}:</b> {item} · {lot}",
    "notice.release_sent_back": "↩️ <b>{lot}</b> · {item}: {by} can't decide yet. Missing: {what}",
    "notice.release_answered": "✍️ <b>To decide:</b> {item} · {lot}\nMissing was: {what}\n{by}: {answer}",
    "notice.release_escalated": "✍️ <b>Nobody has decided for {minutes} minutes:</b> {item} · {lot}",
    "notice.containment_due": "⏰ {ncr} is open and nothing was contained yet.",
    "notice.channel_test": "✔️ This channel works.",
    "notice.inspection_left": "⏳ <b>{inspection}</b> · {lot}: {answered} of {total} answered. Go on?",
    "notice.inspection_returned": "↩️ <b>{inspection}</b> · {lot} is back in the pool, {answered} of {total} "
    "answered. Who takes it?",
    "notice.morning_digest": "☀️ <b>{day}</b>: inspections {inspections} · decisions {releases} · reports {ncrs} "
    "({overdue} overdue) · promises due {follow_ups}",
    "notice.webhook_given_up": "🛑 <b>{name}</b> takes no events any more: given up after many attempts ({why}). "
    "See under Events to other systems what it answered, have it put right, then send again what was given up",
    "notice.opening_waits": "📦 {count} lots of {file} were released on paper before Lotgate "
    "and wait to be taken over by a signature.",
    "notice.folder_trouble": "🛑 Nothing is taken from the watched folder {folder} ({why}). "
    "See that it is there, that Lotgate may write in it, and that the password of who imports is right.",
    "notice.webhook_gone": "🛑 <b>{name}</b> says that it is gone for good (410) and was turned "
    "off. Ask who runs it: add its new address, or leave it off",
    "notice.equipment_stopped": "🛑 <b>{equipment}</b> was stopped by {by}: {why}",
    "notice.service_due": "🔧 <b>{equipment}</b>: its service is due since {due_on}. Nothing is made on it until it is "
    "recorded.",
}
