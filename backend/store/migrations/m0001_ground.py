"""The ground: every table of the walk, append-only events, the indexes that the hot paths stand on.

INT and DECIMAL stand for the engine's own words. A business key begins with `site_id`, so that a
distributed engine can shard on it.
"""

from __future__ import annotations

TABLES = [
    """create table event (
        seq INT primary key not null, id text not null, at text not null, site_id text not null,
        person_id text, type text not null, subject_kind text not null, subject_id text not null,
        command_id text, body text not null check (length(body) > 0), leaf text not null)""",
    """create table "organisation" (
        "id" text primary key not null, "name" text not null)""",
    """create table "site" (
        "id" text primary key not null, "organisation_id" text not null, "code" text not null,
        "name" text not null, "zone" text not null)""",
    """create table "location" (
        "id" text primary key not null, "site_id" text not null, "code" text not null,
        "name" text not null, "kind" text not null)""",
    """create table "person" (
        "id" text primary key not null, "site_id" text not null, "login" text not null,
        "printed_name" text not null, "language" text not null, "active" boolean not null,
        "password_hash" text not null, "totp_secret" text, "totp_confirmed" boolean not null,
        "totp_last_step" INT not null, "accountability_accepted_at" text,
        "failed_signings" INT not null, "locked_until" text, "version" INT not null)""",
    """create table "role_grant" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null,
        "role" text not null, "until" text, "ended_at" text)""",
    """create table "credential" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null,
        "credential_id" text not null, "public_key" text not null, "name" text not null,
        "added_at" text not null, "revoked_at" text)""",
    """create table "chat_account" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null,
        "bot" text not null, "chat_user" text not null, "bound_at" text not null, "ended_at" text)""",
    """create table "action_right" (
        "id" text primary key not null, "site_id" text not null, "action" text not null,
        "role" text not null, "allowed" boolean not null, "signature" boolean not null,
        "second_person" boolean not null, "version" INT not null)""",
    """create table "item" (
        "id" text primary key not null, "site_id" text not null, "code" text not null,
        "name" text not null, "kind" text not null, "unit" text not null, "shelf_life_days" INT)""",
    """create table "item_identifier" (
        "id" text primary key not null, "site_id" text not null, "item_id" text not null,
        "scheme" text not null, "value" text not null, "supplier_id" text)""",
    """create table "supplier" (
        "id" text primary key not null, "site_id" text not null, "code" text not null,
        "name" text not null, "status" text not null)""",
    """create table "order_line" (
        "id" text primary key not null, "site_id" text not null, "purchase_order" text not null,
        "line" INT not null, "item_id" text not null, "supplier_id" text not null,
        "quantity" DECIMAL not null, "received" DECIMAL not null, "carrier" text not null,
        "transport_batch" text not null, "expected_on" text not null, "status" text not null,
        "version" INT not null)""",
    """create table "lot" (
        "id" text primary key not null, "site_id" text not null, "number" text not null,
        "item_id" text not null, "supplier_id" text, "supplier_lot" text, "production_order" text,
        "made_on" text, "expires_on" text, "status" text not null, "created_at" text not null,
        "version" INT not null)""",
    """create table "receipt" (
        "id" text primary key not null, "site_id" text not null, "lot_id" text not null,
        "source" text not null, "order_line_id" text, "quantity" DECIMAL not null,
        "codes" text not null, "attachments" text not null, "received_by" text not null,
        "received_at" text not null, "device_at" text, "version" INT not null)""",
    """create table "portion" (
        "id" text primary key not null, "site_id" text not null, "lot_id" text not null,
        "receipt_id" text not null, "quantity" DECIMAL not null, "status" text not null,
        "location_id" text not null, "container" text, "version" INT not null)""",
    """create table "serial_unit" (
        "id" text primary key not null, "site_id" text not null, "lot_id" text not null,
        "receipt_id" text not null, "serial" text not null)""",
    """create table "movement" (
        "id" text primary key not null, "site_id" text not null, "lot_id" text not null,
        "portion_id" text not null, "kind" text not null, "quantity" DECIMAL not null,
        "from_location_id" text, "to_location_id" text, "person_id" text not null, "at" text not null)""",
    """create table "hold" (
        "id" text primary key not null, "site_id" text not null, "lot_id" text not null,
        "receipt_id" text, "code" text not null, "ncr_id" text, "opened_at" text not null,
        "lifted_at" text, "version" INT not null)""",
    """create table "plan" (
        "id" text primary key not null, "site_id" text not null, "item_id" text not null,
        "stage" text not null, "code" text not null, "name" text not null)""",
    """create table "plan_version" (
        "id" text primary key not null, "site_id" text not null, "plan_id" text not null,
        "number" INT not null, "status" text not null, "document" text not null, "effective_from" text,
        "version" INT not null)""",
    """create table "inspection" (
        "id" text primary key not null, "site_id" text not null, "number" text not null,
        "lot_id" text not null, "receipt_id" text not null, "plan_version_id" text not null,
        "stage" text not null, "status" text not null, "lot_size" INT not null, "seed" text not null,
        "opened_at" text not null, "assigned_to" text, "finished_at" text, "repeats" text, "version" INT not null)""",
    """create table "sample" (
        "id" text primary key not null, "site_id" text not null, "inspection_id" text not null,
        "number" INT not null, "unit" INT not null)""",
    """create table "reading" (
        "id" text primary key not null, "site_id" text not null, "inspection_id" text not null,
        "sample_id" text, "item_key" text not null, "characteristic" text not null,
        "entered" text not null, "value" DECIMAL, "qualifier" text, "verdict" text not null,
        "status" text not null, "person_id" text not null, "source" text not null, "at" text not null,
        "device_at" text, "attachments" text not null, "corrects" text, "reason" text)""",
    """create table "ncr" (
        "id" text primary key not null, "site_id" text not null, "number" text not null,
        "lot_id" text not null, "receipt_id" text not null, "inspection_id" text not null,
        "characteristic" text not null, "reading_id" text not null, "severity" text not null,
        "status" text not null, "quantity" DECIMAL not null, "owner_id" text, "due_on" text not null,
        "opened_at" text not null, "containment" text, "disposition" text, "justification" text,
        "closed_at" text, "version" INT not null)""",
    """create table "follow_up" (
        "id" text primary key not null, "site_id" text not null, "ncr_id" text not null,
        "what" text not null, "owner_id" text not null, "due_on" text not null, "done_at" text,
        "outcome" text, "version" INT not null)""",
    """create table "signature" (
        "id" text primary key not null, "site_id" text not null, "subject_kind" text not null,
        "subject_id" text not null, "person_id" text not null, "printed_name" text not null,
        "meaning" text not null, "method" text not null, "signed_at" text not null,
        "digest" text not null, "record" text not null, "evidence" text not null, "nonce" text not null)""",
    """create table "release" (
        "id" text primary key not null, "site_id" text not null, "lot_id" text not null,
        "receipt_id" text not null, "decision" text not null, "signature_id" text not null,
        "person_id" text not null, "decided_at" text not null, "superseded_at" text,
        "certificate_pdf" text, "version" INT not null)""",
    """create table "consumption" (
        "id" text primary key not null, "site_id" text not null, "parent_lot_id" text not null,
        "child_lot_id" text not null, "portion_id" text not null, "quantity" DECIMAL not null,
        "person_id" text not null, "at" text not null)""",
    """create table "notice" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null,
        "code" text not null, "subject_kind" text not null, "subject_id" text not null,
        "facts" text not null, "created_at" text not null, "seen_at" text)""",
    """create table "job" (
        "id" text primary key not null, "site_id" text not null, "kind" text not null,
        "subject_id" text not null, "due_at" text not null, "done_at" text, "attempts" INT not null,
        "last_error" text)""",
    """create table "attachment" (
        "id" text primary key not null, "site_id" text not null, "media_type" text not null,
        "size" INT not null, "name" text not null, "added_by" text not null, "added_at" text not null)""",
    """create table "session" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null,
        "csrf" text not null, "started_at" text not null, "expires_at" text not null, "signed_at" text,
        "ended_at" text)""",
    """create table "signing_request" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null,
        "session_id" text not null, "subject_kind" text not null, "subject_id" text not null,
        "subject_version" INT not null, "meaning" text not null, "record" text not null,
        "expires_at" text not null, "used_at" text)""",
    """create table "ceremony" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null,
        "challenge" text not null, "expires_at" text not null, "used_at" text)""",
    """create table "binding_code" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null,
        "expires_at" text not null, "used_at" text)""",
    """create table "conversation" (
        "id" text primary key not null, "state" text, "data" text not null)""",
    """create table "chat_update" (
        "id" text primary key not null, "at" text not null)""",
    """create table "outgoing" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null,
        "notice_id" text not null, "created_at" text not null, "state" text not null,
        "attempts" INT not null, "next_at" text not null, "last_error" text, "chat" text,
        "message_id" INT, "sent_at" text)""",
    """create table "chat_message" (
        "id" text primary key not null, "chat" text not null, "number" INT not null, "text" text not null,
        "buttons" text not null, "at" text not null)""",
    """create table "command_record" (
        "id" text primary key not null, "site_id" text not null, "person_id" text not null,
        "action" text not null, "digest" text not null, "answer" text not null, "at" text not null)""",
]

INDEXES = [
    "create unique index event_id on event (id)",
    "create index event_subject on event (subject_id, seq)",
    "create index event_person on event (person_id, seq)",
    "create index event_type on event (type, seq)",
    "create unique index site_code on site (code)",
    "create unique index location_code on location (site_id, code)",
    "create unique index person_login on person (login)",
    "create index role_grant_person on role_grant (person_id)",
    "create index role_grant_role on role_grant (site_id, role)",
    "create unique index credential_key on credential (credential_id)",
    "create index credential_person on credential (person_id)",
    "create unique index chat_account_bound on chat_account (bot, chat_user) where ended_at is null",
    "create unique index action_right_cell on action_right (site_id, action, role)",
    "create unique index item_code on item (site_id, code)",
    "create unique index item_identifier_value on item_identifier (site_id, scheme, value)",
    "create unique index supplier_code on supplier (site_id, code)",
    "create unique index order_line_number on order_line (site_id, purchase_order, line)",
    "create index order_line_open on order_line (site_id, item_id) where status = 'open'",
    "create unique index lot_number on lot (site_id, number)",
    # LOT-1: the same supplier lot number of another supplier or item is another lot.
    "create unique index lot_supplier_lot on lot (site_id, item_id, supplier_id, supplier_lot) "
    "where supplier_lot is not null",
    "create index lot_list on lot (site_id, supplier_id, status, created_at desc, id desc)",
    "create index lot_status on lot (site_id, status, created_at desc, id desc)",
    "create index lot_newest on lot (site_id, created_at desc, id desc)",
    "create index receipt_lot on receipt (lot_id)",
    "create index portion_lot on portion (lot_id)",
    "create index portion_receipt on portion (receipt_id)",
    "create unique index serial_unit_serial on serial_unit (site_id, lot_id, serial)",
    "create index movement_lot on movement (lot_id, at)",
    "create index hold_open on hold (lot_id) where lifted_at is null",
    "create unique index plan_code on plan (site_id, code)",
    "create index plan_item on plan (site_id, item_id, stage)",
    "create unique index plan_version_number on plan_version (plan_id, number)",
    "create unique index plan_version_effective on plan_version (plan_id) where status = 'effective'",
    "create unique index inspection_number on inspection (site_id, number)",
    "create index inspection_lot on inspection (lot_id)",
    "create index inspection_receipt on inspection (receipt_id)",
    "create index inspection_open on inspection (site_id, opened_at) where status in ('open', 'in_progress')",
    "create unique index sample_number on sample (inspection_id, number)",
    # One answer in force an item: two phones at one item give one reading.
    "create unique index reading_current on reading (inspection_id, item_key) where status = 'current'",
    "create unique index ncr_number on ncr (site_id, number)",
    # RES-10: one NCR a characteristic and inspection.
    "create unique index ncr_once on ncr (inspection_id, characteristic)",
    "create index ncr_open on ncr (site_id, due_on) where status <> 'closed'",
    "create index ncr_lot on ncr (lot_id)",
    "create index follow_up_ncr on follow_up (ncr_id)",
    "create index follow_up_open on follow_up (owner_id, due_on) where done_at is null",
    "create unique index signature_nonce on signature (nonce)",
    "create index signature_subject on signature (subject_id)",
    # REL-4: however many sign at once, one decision is in force.
    'create unique index release_in_force on "release" (receipt_id) where superseded_at is null',
    'create index release_lot on "release" (lot_id)',
    "create index consumption_parent on consumption (parent_lot_id, child_lot_id)",
    "create index consumption_child on consumption (child_lot_id, parent_lot_id)",
    "create index notice_person on notice (person_id, created_at desc)",
    "create index job_due on job (due_at) where done_at is null",
    "create index session_person on session (person_id) where ended_at is null",
    "create index outgoing_waiting on outgoing (next_at) where state = 'waiting'",
    "create index outgoing_sent on outgoing (person_id, sent_at) where state = 'sent'",
    "create index chat_message_chat on chat_message (chat, number)",
]

TRIGGERS = {
    "sqlite": [
        "create trigger event_no_update before update on event "
        "begin select raise(abort, 'the log is append-only'); end",
        "create trigger event_no_delete before delete on event "
        "begin select raise(abort, 'the log is append-only'); end",
    ],
    "postgres": [
        "create function event_is_append_only() returns trigger language plpgsql as "
        "$$ begin raise exception 'the log is append-only'; end $$",
        "create trigger event_append_only before update or delete or truncate on event "
        "for each statement execute function event_is_append_only()",
        # The application's own role (deploy/postgres_roles.sql) may only add to the log.
        "do $$ begin if exists (select from pg_roles where rolname = 'lotgate_app') then "
        "revoke update, delete, truncate on event from lotgate_app; end if; end $$",
    ],
}
WORDS = {"sqlite": {"INT": "integer", "DECIMAL": "text"}, "postgres": {"INT": "bigint", "DECIMAL": "numeric"}}


def up(dialect: str) -> list[str]:
    """Statements that make the ground."""
    tables = TABLES
    for word, own in WORDS[dialect].items():
        tables = [table.replace(f" {word}", f" {own}") for table in tables]
    if dialect == "postgres":  # by code point: prefix searches use the index, numbers sort as written
        tables = [table.replace(" text", ' text collate "C"') for table in tables]
    return [*tables, *INDEXES, *TRIGGERS[dialect]]


def down(dialect: str) -> list[str]:
    """Statements that take it away again."""
    names = [table.split("(")[0].removeprefix("create table").strip() for table in TABLES]
    functions = ["drop function event_is_append_only() cascade"] if dialect == "postgres" else []
    return [*functions, *(f"drop table {name}" for name in reversed(names))]
