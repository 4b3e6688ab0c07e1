"""The screens of a scanned label, of receiving, and of a lot's card. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from backend.domain.errors import Reason
from backend.domain.print_check import answered
from backend.domain.readings import split_typed
from backend.views.deliveries import OrderLineView
from backend.views.lot_blockers import Blocker
from backend.views.lot_cards import LotCard
from backend.views.scans import Scan
from bot.dialogues.worklist import release_address
from bot.screens import Button, Screen
from bot.talk import Label
from bot.words.wording import Wording

MOST_DELIVERIES = 4


def label_screen(w: Wording, scan: Scan, step: Label) -> Screen:
    """What the label is, what it says, what stands against it, and what can be done."""
    text = step.codes[0].text if step.codes else ""
    lines: list[str] = [w.say(f"label.{scan.kind}", identifier=scan.reading.device_identifier, text=text)]
    lines += _said(w, scan, step)
    told = {f"label.{scan.kind}", *_SAID.get(scan.kind, ())}
    lines += [f"⚠️ {w.reason(reason)}" for reason in scan.warnings if reason.code not in told]
    unanswered = answered(scan.print, step.print_reason, step.print_looked)
    if unanswered:
        lines += ["", w.say("print_choose")]
    deliveries = [] if unanswered else _deliveries(scan)
    for line in deliveries:
        order = f"{line.purchase_order}/{line.line}"
        lines.append(
            w.say(
                "label_expected",
                order=order,
                supplier=line.supplier.name,
                open=line.open,
                unit=line.item.unit,
            )
        )
    if step.asking:
        chosen = next((each for each in deliveries if each.id == step.line), None)
        lines += ["", _question(w, step, chosen)]
        return Screen("\n".join(lines), [[Button(w.say("button_stop"), ("label",))]])
    rows = _print_buttons(w, unanswered) if unanswered else []
    return Screen("\n".join(lines), rows + _buttons(w, scan, step, deliveries))


def _print_buttons(w: Wording, unanswered: list[Reason]) -> list[list[Button]]:
    only_doubts = all(reason.code == "print_unsure" for reason in unanswered)
    same = [[Button(w.say("button_print_same"), ("print_same",))]] if only_doubts else []
    return [*same, [Button(w.say("button_print_reason"), ("print_reason",))]]


# What the first line says already is not said again as a warning.
_SAID = {
    "unknown_item": ("item_unknown",),
    "ambiguous": ("label_ambiguous",),
    "received": ("delivery_not_expected",),
}


def _said(w: Wording, scan: Scan, step: Label) -> list[str]:
    lines: list[str] = []
    if scan.item is not None:
        lines.append(w.say("label_item", item=w.name(scan.item.name), code=scan.item.code))
    lot = scan.reading.lot or step.supplier_lot
    if lot and scan.kind != "internal_lot":
        lines.append(w.say("label_lot", lot=lot))
    if scan.reading.expiry:
        lines.append(w.say("label_expiry", expiry=scan.reading.expiry))
    if scan.lot is not None:
        lines.append(
            w.say(
                "label_known",
                number=scan.lot.number,
                status=w.one_of("status", scan.lot.status),
                quantity=scan.lot.quantity,
                unit=scan.lot.item.unit,
            )
        )
    return lines


def _deliveries(scan: Scan) -> list[OrderLineView]:
    return scan.deliveries[:MOST_DELIVERIES] if scan.kind in ("new_lot", "known_lot") else []


def _question(w: Wording, step: Label, line: OrderLineView | None) -> str:
    if step.asking == "quantity" and line is not None:
        order = f"{line.purchase_order}/{line.line}"
        return w.say("ask_quantity", unit=line.item.unit, open=line.open, order=order)
    return w.say("ask_print_reason" if step.asking == "print_reason" else "ask_supplier_lot")


def _with_unit(typed: str, stock_unit: str) -> tuple[str, str] | None:
    """A typed quantity and its unit, the stock unit where none was typed."""
    number, unit = split_typed(typed)
    return (number.strip(), unit or stock_unit) if typed else None


def _buttons(w: Wording, scan: Scan, step: Label, deliveries: list[OrderLineView]) -> list[list[Button]]:
    rows: list[list[Button]] = []
    for line in deliveries:
        said = scan.reading.quantity or format(line.open, "f")
        both = f" ({line.ordered})" if line.ordered and not line.received else ""
        quantity, unit = _with_unit(step.quantity, line.item.unit) or (said, line.item.unit + both)
        order = f"{line.purchase_order}/{line.line}"
        text = w.say("button_receive", quantity=quantity, unit=unit, order=order)
        rows.append([Button(text, ("receive", line.id))])
    if deliveries:
        rows.append([Button(w.say("button_quantity"), ("quantity", deliveries[0].id))])
    places = readings_of(scan)
    ranked, likeliest = _ranked(scan)
    for reading in ranked[:5]:
        mark = "⭐ " if reading == likeliest else ""
        rows.append([Button(mark + reading, ("code", str(places.index(reading))))])
    if scan.lot is not None:
        rows.append([Button(w.say("button_show_lot", number=scan.lot.number), ("lot", scan.lot.number))])
    return [*rows[:6], [Button(w.say("button_home"), ("home",))]]


def readings_of(scan: Scan) -> list[str]:
    """The texts that an ambiguous code may stand for, in an order that depends on the code alone: a button holds
    a place in it, and what is on record may change between screen and press."""
    return _readings(scan.reading.error) if scan.kind == "ambiguous" and scan.reading.error else []


def _ranked(scan: Scan) -> tuple[list[str], str | None]:
    """The same, likeliest first, and which one's lot is on record."""
    if not readings_of(scan) or not scan.warnings:
        return readings_of(scan), None
    likeliest = scan.warnings[0].facts.get("likeliest")
    return _readings(scan.warnings[0]), likeliest if isinstance(likeliest, str) else None


def _readings(reason: Reason) -> list[str]:
    readings = reason.facts.get("readings")
    return list(readings) if isinstance(readings, list) else []


def _decides(roles: Collection[str], inspection_status: str) -> bool:
    return inspection_status in ("passed", "failed") and not {"supervisor", "quality_manager"}.isdisjoint(
        roles
    )


def card_screen(
    w: Wording,
    card: LotCard,
    roles: Collection[str],
    base_url: str,
    blockers: Sequence[Blocker] | None = None,
) -> Screen:
    """A lot in a few lines, and where it leads a person of these roles; `blockers` where they were asked for."""
    lines: list[str] = [
        w.say(
            "lot_card",
            number=card.number,
            item=w.name(card.item.name),
            status=w.one_of("status", card.status),
            quantity=card.quantity,
            unit=card.item.unit,
        )
    ]
    if card.supplier is not None:
        lines.append(w.say("lot_supplier", supplier=card.supplier.name, lot=card.supplier_lot))
    if card.expires_on:
        lines.append(w.say("label_expiry", expiry=card.expires_on))
    for portion in card.portions[:4]:
        if portion.quantity > 0:
            place = w.say(
                "lot_place",
                location=portion.location.code,
                name=w.name(portion.location.name),
                quantity=portion.quantity,
                unit=card.item.unit,
                status=w.one_of("status", portion.status),
            )
            lines.append(place)
    if blockers is not None:
        lines += _blockers(w, blockers)
    for hold in card.holds:
        lines.append(w.say("lot_hold", hold=w.one_of("hold", hold.code), ncr=hold.ncr_number))
    for each in card.open_inspections[:2]:
        lines.append(w.say("lot_inspection", inspection=each.number, status=w.one_of("status", each.status)))
    for receipt in card.receipts[:3]:
        for release in receipt.releases:
            decision = w.one_of("decision", release.decision)
            at = w.clock(release.decided_at)
            lines.append(w.say("lot_release", decision=decision, by=release.by, at=at))
    return Screen("\n".join(lines), _card_buttons(w, card, roles, base_url))


def _blockers(w: Wording, blockers: Sequence[Blocker]) -> list[str]:
    if not blockers:
        return [w.say("release_clear")]
    lines: list[str] = [w.say("release_stands", count=len(blockers))]
    for each in blockers[:6]:
        who = w.say("blocker_people", names=each.people[:3]) if each.people else ""
        lines.append(f"• {w.reason(each.reason)}{who}")
    return lines


def _card_buttons(w: Wording, card: LotCard, roles: Collection[str], base_url: str) -> list[list[Button]]:
    rows: list[list[Button]] = []
    if "inspector" in roles:
        rows += [[Button(f"🔎 {each.number}", ("inspection", each.id))] for each in card.open_inspections[:2]]
    for receipt in card.receipts[:3]:
        inspected = receipt.inspection is not None and _decides(roles, receipt.inspection.status)
        if inspected and receipt.undecided > 0:
            url = release_address(base_url, receipt.id)
            rows.append([Button(w.say("button_open_release"), url=url)])
    asked = [
        Button(w.say("button_blocks"), ("lot", card.number, "blocks")),
        Button(w.say("button_trace"), ("trace", card.number)),
    ]
    return [*rows[:4], asked, [Button(w.say("button_home"), ("home",))]]
