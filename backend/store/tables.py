"""Nouns to tables. A noun's fields are its table's columns, in order: declared once, in `domain/`.

| a field of type            | SQLite           | PostgreSQL | in the log          |
|----------------------------|------------------|------------|---------------------|
| str, Literal               | text             | text       | string              |
| int                        | integer          | bigint     | integer             |
| bool                       | boolean (0, 1)   | boolean    | true, false         |
| Decimal                    | text, plain form | numeric    | string, plain form  |
| Struct, list, dict         | text, canonical  | text       | the JSON itself     |

Instants are text in one form (`2026-11-23T18:18:00.000000Z`): what is hashed is what is stored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Generic, Literal, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from piccolo.columns import BigInt, Boolean, Column, Numeric, Text
from piccolo.engine.base import Engine
from piccolo.table import Table, create_table_class

from backend.domain import (
    aliases,
    attachments,
    capas,
    change_requests,
    chart_signals,
    complaints,
    consignees,
    delegations,
    documents,
    environment,
    epcis_capture,
    equipment,
    gauges,
    genealogy,
    inspections,
    items,
    label_counts,
    log_marks,
    lots,
    material_units,
    ncrs,
    notices,
    people,
    plan_versions,
    process_facts,
    proposals,
    qualifications,
    recalls,
    report_schedules,
    retention,
    revocations,
    reworks,
    rights,
    searching,
    series,
    sessions,
    shipments,
    signatures,
    sites,
    taken_over,
    telling,
    training,
    webhooks,
)
from backend.domain.canonical import canonical

Noun = TypeVar("Noun", bound=msgspec.Struct)
Kind = Literal["text", "int", "bool", "decimal", "json"]
Dialect = Literal["sqlite", "postgres"]
Codec = Callable[[Any], Any]
Place = TypeVar("Place", int, str)

LOGGED: tuple[type[msgspec.Struct], ...] = (
    sites.Organisation,
    sites.Site,
    sites.Location,
    people.Person,
    people.RoleGrant,
    people.Credential,
    people.ChatAccount,
    rights.ActionRight,
    items.Item,
    items.ItemIdentifier,
    items.Supplier,
    aliases.Alias,
    items.OrderLine,
    qualifications.Qualification,
    qualifications.SupplierCertificate,
    qualifications.SupplierChange,
    material_units.ItemUnit,
    lots.Lot,
    lots.Receipt,
    lots.Portion,
    lots.SerialUnit,
    lots.Movement,
    lots.Hold,
    taken_over.TakenOver,
    retention.LegalHold,
    label_counts.LabelCount,
    inspections.Plan,
    plan_versions.PlanVersion,
    inspections.Inspection,
    inspections.Sample,
    inspections.Reading,
    inspections.Judgement,
    proposals.Proposal,
    series.SeriesState,
    series.SeriesAct,
    ncrs.Ncr,
    ncrs.FollowUp,
    reworks.Rework,
    capas.Capa,
    change_requests.ChangeRequest,
    complaints.Complaint,
    gauges.Gauge,
    gauges.Calibration,
    gauges.Assessment,
    equipment.Equipment,
    equipment.Service,
    chart_signals.ChartSignal,
    signatures.Signature,
    signatures.Release,
    revocations.Revocation,
    delegations.Delegation,
    genealogy.Consumption,
    process_facts.ProcessFact,
    environment.EnvironmentValue,
    environment.EnvironmentLimit,
    consignees.Consignee,
    shipments.Shipment,
    shipments.ShipmentLine,
    shipments.CustomerReturn,
    recalls.Recall,
    recalls.RecallLot,
    recalls.RecallConsignee,
    recalls.RecallLine,
    recalls.MockRecall,
    notices.Notice,
    notices.Job,
    telling.Telling,
    telling.Channel,
    webhooks.WebhookEndpoint,
    attachments.Attachment,
    epcis_capture.EpcisEvent,
    epcis_capture.EpcisMention,
    documents.Document,
    documents.DocumentVersion,
    report_schedules.ReportSchedule,
    report_schedules.ReportRun,
    training.TrainingNeed,
    training.Training,
    training.TrainingAttempt,
)
"""Business rows: each is written with an event that holds it, and checked against its events."""

PASSING: tuple[type[msgspec.Struct], ...] = (
    sessions.Session,
    sessions.SigningRequest,
    sessions.Ceremony,
    sessions.BindingCode,
    sessions.Conversation,
    sessions.ChatUpdate,
    sessions.Outgoing,
    sessions.ChatMessage,
    sessions.CommandRecord,
    log_marks.LogMark,
    searching.SearchName,
)
"""Rows that serve the running system; no evidence rests on them."""

PEOPLE: tuple[type[msgspec.Struct], ...] = (people.Person, people.RoleGrant, sessions.Session)
"""Rows that say who may come in: a change of theirs is announced."""

SECRET = {
    ("person", "password_hash"),
    ("person", "totp_secret"),
    ("channel", "address"),
    ("channel", "secret"),
    ("webhook_endpoint", "secret"),
    ("webhook_endpoint", "old_secret"),
}
"""Columns of which the log holds the digest, not the value."""


class ColumnOf(NamedTuple):
    """A column: its name, kind, and the Python type that JSON text decodes to."""

    name: str
    kind: Kind
    python: Any


def plain(value: Decimal) -> str:
    """One text per decimal as entered: no exponent, no negative zero, trailing zeros kept."""
    if value.is_zero():
        value = abs(value)
    return format(value, "f")


def _kind(annotation: Any) -> Kind:
    if get_origin(annotation) in (Union, UnionType):
        inner = [part for part in get_args(annotation) if part is not NoneType]
        annotation = inner[0] if len(inner) == 1 else dict
    if annotation is str or get_origin(annotation) is Literal:
        return "text"
    kinds: dict[Any, Kind] = {int: "int", bool: "bool", Decimal: "decimal"}
    return kinds.get(annotation, "json")


class TableOf(Generic[Noun]):
    """How one noun is stored: its columns, its SQL, and the way there and back on one engine."""

    def __init__(self, noun: type[Noun], dialect: Dialect) -> None:
        hints = get_type_hints(noun)
        self.noun = noun
        self.name = re.sub(r"(?<!^)(?=[A-Z])", "_", noun.__name__).lower()
        self.logged = noun in LOGGED
        self.columns = tuple(
            ColumnOf(field, _kind(hints[field]), hints[field]) for field in noun.__struct_fields__
        )
        names = ", ".join(f'"{column.name}"' for column in self.columns)
        marks = ", ".join(f"${index + 1}" for index in range(len(self.columns)))
        self.select = f'select {names} from "{self.name}"'
        self.insert = f'insert into "{self.name}" ({names}) values ({marks})'
        # Most columns are stored as they are: only the others are kept, by place or by name.
        self._encoders = _some(
            (place, _encoder(column, dialect)) for place, column in enumerate(self.columns)
        )
        self._decoders = _some(
            (place, _decoder(column, dialect)) for place, column in enumerate(self.columns)
        )
        self._text_decoders = _some(
            (place, _text_decoder(column)) for place, column in enumerate(self.columns)
        )
        self._states = _some((column.name, _state(self.name, column)) for column in self.columns)
        self._encoder_of = {self.columns[place].name: encode for place, encode in self._encoders}

    def encode(self, noun: Noun) -> list[Any]:
        """The row as the driver takes it."""
        row = list(msgspec.structs.astuple(noun))
        for place, encode in self._encoders:
            row[place] = encode(row[place])
        return row

    def encode_one(self, name: str, value: Any) -> Any:
        """One column's value as the driver takes it."""
        encode = self._encoder_of.get(name)
        return encode(value) if encode else value

    def decode(self, row: Any) -> Noun:
        """A noun from a row of all columns."""
        values = list(row)
        for place, decode in self._decoders:
            if values[place] is not None:
                values[place] = decode(values[place])
        return self.noun(*values)

    def decode_text(self, row: Sequence[str | None]) -> Noun:
        """A noun from a row of all columns as PostgreSQL writes them as text."""
        values: list[Any] = list(row)
        for place, decode in self._text_decoders:
            if values[place] is not None:
                values[place] = decode(values[place])
        return self.noun(*values)

    def state(self, noun: Noun) -> dict[str, Any]:
        """The row as the log holds it: JSON values, decimals as text, secrets as digests."""
        values = msgspec.structs.asdict(noun)
        for name, state in self._states:
            if values[name] is not None:
                values[name] = state(values[name])
        return values

    def state_of_row(self, row: Any) -> dict[str, Any]:
        """The same from a raw row; JSON that is not canonical stays text, so that it differs from its event."""
        state: dict[str, Any] = {}
        for column, value in zip(self.columns, row, strict=True):
            state[column.name] = _raw_state(self.name, column, value)
        return state


def _some(pairs: Iterable[tuple[Place, Codec | None]]) -> tuple[tuple[Place, Codec], ...]:
    return tuple((place, codec) for place, codec in pairs if codec is not None)


def _json(value: Any) -> str:
    """Canonical text; most lists of a row are empty."""
    return "[]" if value == [] else canonical(value).decode()


def _encoder(column: ColumnOf, dialect: Dialect) -> Callable[[Any], Any] | None:
    if column.kind == "json":
        return lambda value: None if value is None else _json(value)
    if column.kind == "decimal":
        if dialect == "sqlite":
            return lambda value: None if value is None else plain(value)
        return lambda value: None if value is None else Decimal(plain(value))
    if column.kind == "bool" and dialect == "sqlite":
        return lambda value: None if value is None else int(value)
    return None


def _decoder(column: ColumnOf, dialect: Dialect) -> Callable[[Any], Any] | None:
    if column.kind == "json":
        return msgspec.json.Decoder(column.python).decode
    if column.kind == "decimal" and dialect == "sqlite":
        return Decimal
    if column.kind == "bool" and dialect == "sqlite":
        return bool
    return None


def _text_decoder(column: ColumnOf) -> Codec | None:
    decoders: dict[Kind, Codec] = {"int": int, "decimal": Decimal, "bool": "true".__eq__}
    return decoders.get(column.kind) or _decoder(column, "postgres")


def _digest(value: str) -> str:
    return "sha256:" + hashlib.sha256(value.encode()).hexdigest()


def _state(table: str, column: ColumnOf) -> Callable[[Any], Any] | None:
    if (table, column.name) in SECRET:
        return _digest
    if column.kind == "json":
        return lambda value: msgspec.json.decode(_json(value))
    return plain if column.kind == "decimal" else None


def _raw_state(table: str, column: ColumnOf, value: Any) -> Any:
    if value is None:
        return None
    if (table, column.name) in SECRET:
        return _digest(str(value))
    if column.kind == "json":
        try:
            parsed = msgspec.json.decode(value)
            return parsed if canonical(parsed).decode() == value else value
        except (msgspec.DecodeError, ValueError, TypeError):
            return value
    if column.kind == "decimal":
        return plain(value) if isinstance(value, Decimal) else value
    if column.kind == "bool" and value in (0, 1):
        return bool(value)
    return value


@cache
def table_of(noun: type[Noun], dialect: Dialect) -> TableOf[Noun]:
    """The stored form of a noun on an engine."""
    return TableOf(noun, dialect)


_PICCOLO: dict[Kind, Callable[[], Column]] = {
    "text": lambda: Text(null=True),
    "json": lambda: Text(null=True),
    "int": lambda: BigInt(null=True),
    "bool": lambda: Boolean(null=True),
    "decimal": lambda: Numeric(null=True),
}


def piccolo_table(noun: type[msgspec.Struct], engine: Engine[Any]) -> type[Table]:
    """Piccolo's table class of a noun, for queries that its builder says best."""
    table = table_of(noun, "sqlite" if engine.engine_type == "sqlite" else "postgres")
    members: dict[str, Any] = {
        column.name: Text(primary_key=True) if column.name == "id" else _PICCOLO[column.kind]()
        for column in table.columns
    }
    if engine.engine_type == "sqlite":
        members |= {c.name: Text(null=True) for c in table.columns if c.kind == "decimal"}
    return create_table_class(
        noun.__name__, class_kwargs={"tablename": table.name, "db": engine}, class_members=members
    )
