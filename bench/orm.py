"""The common way, for comparison: a small FastAPI application over SQLAlchemy's ORM, on the same tables.

SQLite in FastAPI's threads, PostgreSQL by asyncpg; the same works, with as little checked as in `minimal`.

    python -m bench.orm FILE | postgresql://...
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from decimal import Decimal
from typing import Any

import asyncpg
import uuid_utils
from fastapi import FastAPI, HTTPException
from granian.constants import Interfaces
from granian.server.embed import Server
from pydantic import BaseModel
from sqlalchemy import Engine, ForeignKey, create_engine, event, func, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload
from sqlalchemy.types import Numeric, String, TypeDecorator

from backend.app import now

LOWER, UPPER = Decimal("9.80"), Decimal("10.20")


class Exact(TypeDecorator[Decimal]):
    """Decimals as the product keeps them: text on SQLite, numeric on PostgreSQL."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return str(value) if dialect.name == "sqlite" and value is not None else value

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value)


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "item"
    id: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]


class Supplier(Base):
    __tablename__ = "supplier"
    id: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[str]
    code: Mapped[str]


class Portion(Base):
    __tablename__ = "portion"
    id: Mapped[str] = mapped_column(primary_key=True)
    lot_id: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    quantity: Mapped[Decimal] = mapped_column(Exact)


class Inspection(Base):
    __tablename__ = "inspection"
    id: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[str]
    number: Mapped[str]
    lot_id: Mapped[str] = mapped_column(ForeignKey("lot.id"))
    status: Mapped[str]
    finished_at: Mapped[str | None]
    version: Mapped[int]


class Lot(Base):
    __tablename__ = "lot"
    id: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[str]
    number: Mapped[str]
    status: Mapped[str]
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    supplier_id: Mapped[str | None] = mapped_column(ForeignKey("supplier.id"))
    supplier_lot: Mapped[str | None]
    made_on: Mapped[str | None]
    expires_on: Mapped[str | None]
    created_at: Mapped[str]
    item: Mapped[Item] = relationship()
    supplier: Mapped[Supplier | None] = relationship()
    portions: Mapped[list[Portion]] = relationship()
    inspections: Mapped[list[Inspection]] = relationship()


class Reading(Base):
    __tablename__ = "reading"
    id: Mapped[str] = mapped_column(primary_key=True)
    site_id: Mapped[str]
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"))
    item_key: Mapped[str]
    characteristic: Mapped[str]
    entered: Mapped[str]
    value: Mapped[Decimal] = mapped_column(Exact)
    verdict: Mapped[str]
    status: Mapped[str]
    person_id: Mapped[str]
    source: Mapped[str]
    at: Mapped[str]
    attachments: Mapped[str]


class Event(Base):
    __tablename__ = "event"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[str]
    at: Mapped[str]
    site_id: Mapped[str]
    type: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    body: Mapped[str]
    leaf: Mapped[str]


class InspectionOut(BaseModel):
    number: str
    status: str


class LotOut(BaseModel):
    number: str
    status: str
    item: str
    open_inspections: list[InspectionOut]


class LineOut(BaseModel):
    number: str
    status: str
    item: str
    supplier_lot: str | None
    made_on: str | None
    expires_on: str | None
    created_at: str
    quantity: Decimal


class EntryIn(BaseModel):
    item_key: str
    entered: str


class RecordIn(BaseModel):
    id: str
    entries: list[EntryIn]


class RecordOut(BaseModel):
    status: str


def lot_of(session: Session, number: str) -> LotOut:
    """W1."""
    query = (
        select(Lot).where(Lot.number == number).options(selectinload(Lot.item), selectinload(Lot.inspections))
    )
    lot = session.scalars(query).first()
    if lot is None:
        raise HTTPException(404)
    opened = [
        InspectionOut(number=i.number, status=i.status)
        for i in lot.inspections
        if i.status in ("open", "in_progress")
    ]
    return LotOut(number=lot.number, status=lot.status, item=lot.item.code, open_inspections=opened)


def lots_of(session: Session, supplier: str, status: str, made_from: str, made_to: str) -> list[LineOut]:
    """W4."""
    query = (
        select(Lot)
        .join(Supplier)
        .where(
            Supplier.code == supplier,
            Lot.status == status,
            Lot.created_at >= made_from,
            Lot.created_at < made_to,
        )
        .order_by(Lot.created_at.desc(), Lot.id.desc())
        .limit(50)
        .options(selectinload(Lot.item), selectinload(Lot.portions))
    )
    return [
        LineOut(
            number=lot.number,
            status=lot.status,
            item=lot.item.code,
            supplier_lot=lot.supplier_lot,
            made_on=lot.made_on,
            expires_on=lot.expires_on,
            created_at=lot.created_at,
            quantity=sum((portion.quantity for portion in lot.portions), Decimal(0)),
        )
        for lot in session.scalars(query)
    ]


def recorded(session: Session, inspection_id: str, data: RecordIn) -> RecordOut:
    """W2."""
    inspection = session.get(Inspection, inspection_id, with_for_update=True)
    if inspection is None or inspection.status != "open":
        raise HTTPException(409)
    readings = [_reading(inspection, entry) for entry in data.entries]
    passed = all(reading.verdict == "conforming" for reading in readings)
    inspection.status = "passed" if passed else "failed"
    inspection.finished_at = now()
    inspection.version += 1
    session.add_all(readings)
    session.add(_event(session, inspection, data))
    session.commit()
    return RecordOut(status=inspection.status)


def _reading(inspection: Inspection, entry: EntryIn) -> Reading:
    value = Decimal(entry.entered)
    return Reading(
        id=str(uuid_utils.uuid7()),
        site_id=inspection.site_id,
        inspection_id=inspection.id,
        item_key=entry.item_key,
        characteristic=entry.item_key,
        entered=entry.entered,
        value=value,
        verdict="conforming" if LOWER <= value <= UPPER else "nonconforming",
        status="current",
        person_id="nobody",
        source="phone",
        at=now(),
        attachments="[]",
    )


def _event(session: Session, inspection: Inspection, data: RecordIn) -> Event:
    if session.get_bind().dialect.name == "sqlite":
        seq = session.scalars(select(func.max(Event.seq))).one() + 1
    else:
        seq = session.scalar(text("select nextval('bench_seq')"))
    body = json.dumps(data.model_dump())
    return Event(
        seq=seq,
        id=str(uuid_utils.uuid7()),
        at=now(),
        site_id=inspection.site_id,
        type="results_recorded",
        subject_kind="inspection",
        subject_id=inspection.id,
        body=body,
        leaf=hashlib.sha256(body.encode()).hexdigest(),
    )


def _engine(path: str, begin: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 10})

    @event.listens_for(engine, "connect")
    def durable(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def on_sqlite(app: FastAPI, path: str) -> None:
    """Handlers in threads, a session each; a writer takes the lock at once, so that it never has to give up."""
    engine, writer = _engine(path, "begin"), _engine(path, "begin immediate")

    @app.get("/api/lots/{number}")
    def lot(number: str) -> LotOut:
        with Session(engine) as session:
            return lot_of(session, number)

    @app.get("/api/lots")
    def lots(supplier: str, status: str, made_from: str, made_to: str) -> list[LineOut]:
        with Session(engine) as session:
            return lots_of(session, supplier, status, made_from, made_to)

    @app.post("/api/inspections/{inspection_id}/readings")
    def record(inspection_id: str, data: RecordIn) -> RecordOut:
        with Session(writer, expire_on_commit=False) as session:
            return recorded(session, inspection_id, data)


def on_postgres(app: FastAPI, url: str) -> None:
    """Asynchronous handlers, a session each."""
    from sqlalchemy.ext.asyncio import AsyncSession

    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"), pool_size=8)

    @app.get("/api/lots/{number}")
    async def lot(number: str) -> LotOut:
        async with AsyncSession(engine) as session:
            return await session.run_sync(lot_of, number)

    @app.get("/api/lots")
    async def lots(supplier: str, status: str, made_from: str, made_to: str) -> list[LineOut]:
        async with AsyncSession(engine) as session:
            return await session.run_sync(lots_of, supplier, status, made_from, made_to)

    @app.post("/api/inspections/{inspection_id}/readings")
    async def record(inspection_id: str, data: RecordIn) -> RecordOut:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            return await session.run_sync(recorded, inspection_id, data)


def make_app(address: str) -> FastAPI:
    """The application over that database."""
    app = FastAPI(openapi_url=None)

    @app.get("/healthz")
    async def health() -> str:
        return "ok"

    on_postgres(app, address) if address.startswith("postgresql:") else on_sqlite(app, address)
    return app


async def main() -> None:
    """Serve until the process is ended."""
    address = sys.argv[1]
    if address.startswith("postgresql:"):
        connection = await asyncpg.connect(address)
        await connection.execute("create sequence if not exists bench_seq start 1000000000")
        await connection.close()
    app = make_app(address)
    port = int(os.environ["LOTGATE_PORT"])
    await Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGINL, log_enabled=False).serve()


if __name__ == "__main__":
    asyncio.run(main())
