"""The screens of an inspection: one item at a time, questions back, the result. Pure."""

from __future__ import annotations

from decimal import Decimal

from backend.domain.answers import read_count
from backend.domain.errors import Refused
from backend.views.inspections import InspectionSheet, ItemView, ReadingView
from bot.screens import Button, Screen
from bot.talk import Asked, At, Correcting, Doubted, Evidence, Finished, Judging, ReadOff, Step
from bot.words.wording import Markup, Wording

MARKS = {"conforming": "✅", "nonconforming": "❌", "undecidable": "❔"}


def next_step(sheet: InspectionSheet, later: list[str]) -> tuple[Step, bool]:
    """The next item without an answer, those put off last; whether only such are left."""
    waiting = [item.key for item in sheet.items if item.reading is None]
    if sheet.status in ("passed", "failed") or not waiting:
        return Finished(sheet.id), False
    key = next((each for each in waiting if each not in later), None)
    if key is not None:
        return Asked(At(sheet.id, key, [each for each in later if each in waiting])), False
    return Asked(At(sheet.id, waiting[0])), True


def item_of(sheet: InspectionSheet, key: str) -> ItemView:
    """An item by its key."""
    return next(item for item in sheet.items if item.key == key)


def too_many(item: ItemView, entered: str) -> bool:
    """Whether typed counts of nonconforming pieces are more than the plan accepts, or one of them is critical."""
    try:
        count = read_count(entered, item.n, item.characteristic.defects)
    except Refused:
        return False
    return count.nonconforming >= item.reject or count.critical > 0


def latest_of(sheet: InspectionSheet, name: str) -> ItemView | None:
    """The item that this person answered last."""
    mine = [item for item in sheet.items if item.reading is not None and item.reading.by == name]
    return max(
        mine, key=lambda item: (item.reading.at, item.reading.id) if item.reading else ("", ""), default=None
    )


def head(w: Wording, sheet: InspectionSheet, item: ItemView) -> list[str]:
    """Where we are, what is asked, of which piece, by which method."""
    of = item.characteristic
    place = next(number for number, each in enumerate(sheet.items, start=1) if each.key == item.key)
    lines: list[str] = [
        w.say(
            "item_head",
            place=place,
            total=sheet.total,
            inspection=sheet.number,
            item=w.name(sheet.lot.item.name),
            lot=sheet.lot.number,
        )
    ]
    limits = w.limits(of.lower, of.upper)
    if of.kind == "numeric":
        key = "item_numeric" if of.unit else "item_numeric_bare"
        lines.append(w.say(key, name=w.name(of.name), unit=of.unit, limits=limits))
    elif of.kind == "attribute":
        lines.append(w.say("item_attribute", name=w.name(of.name), n=item.n, accept=item.accept))
    else:
        lines.append(w.say("item_text", name=w.name(of.name)))
    if item.sample == 2:
        lines.append(w.say("item_second", n=item.n))
    if item.unit_position is not None:
        lines.append(w.say("item_sample", number=item.sample_number, unit=item.unit_position))
    if of.method.strip():
        lines.append(w.say("item_method", method=of.method))
    return lines


def gauge_at(item: ItemView, at: At) -> str | None:
    """The gauge that the answer will be taken with; None: it is to be chosen first, or none is asked for."""
    if item.instrument is None:
        return None
    return item.instrument.gauge_id if at.gauge is None else at.gauge or None


def chooses_gauge(item: ItemView, at: At) -> bool:
    """Whether the gauge comes before the answer (RES-6)."""
    return item.instrument is not None and item.reading is None and gauge_at(item, at) is None


def _gauges(w: Wording, sheet: InspectionSheet, item: ItemView) -> tuple[Markup, list[list[Button]]]:
    """Which gauge: those of the type, those in use first."""
    wanted = item.instrument.type if item.instrument is not None else ""
    of_type = [each for each in sheet.gauges if each.type == wanted]
    if not of_type:
        return w.say("gauge_none", type=w.one_of("instrument", wanted)), []
    rows = [
        [Button(w.say("button_gauge", code=each.code, due=each.due_on), ("gauge", each.id))]
        for each in of_type[:4]
    ]
    return w.say("ask_gauge", type=w.one_of("instrument", wanted)), rows


def _ways(w: Wording, answered: int) -> list[Button]:
    """The ways out of an item: always back, later, stop."""
    back = [Button(w.say("button_back"), ("back",))] if answered else []
    return [*back, Button(w.say("button_later"), ("later",)), Button(w.say("button_stop"), ("stop",))]


def asked_screen(w: Wording, sheet: InspectionSheet, step: Asked) -> Screen:
    """An item, and how to answer it."""
    item = item_of(sheet, step.at.item)
    lines = head(w, sheet, item)
    if step.at.photos:
        lines.append(w.say("photos_kept", count=len(step.at.photos)))
    rows: list[list[Button]] = []
    if chooses_gauge(item, step.at):
        question, rows = _gauges(w, sheet, item)
        return Screen("\n".join([*lines, question]), [*rows, _ways(w, sheet.answered)])
    gauge = next((each for each in sheet.gauges if each.id == gauge_at(item, step.at)), None)
    if gauge is not None:
        lines.append(w.say("with_gauge", code=gauge.code, due=gauge.due_on))
        rows = [[Button(w.say("button_other_gauge"), ("gauge", ""))]]
    if item.characteristic.kind == "numeric":
        lines += _numbers(w, item)
    elif item.characteristic.kind == "text":
        lines.append(w.say("ask_text"))
    elif step.counting and item.characteristic.defects:
        lines += _kinds(w, item)
    elif step.counting:
        lines.append(w.say("ask_count", n=item.n))
    else:
        lines.append(w.say("ask_attribute", n=item.n))
        rows = [
            [
                Button(w.say("all_conform", n=item.n), ("all_conform",)),
                Button(w.say("some_do_not"), ("some",)),
            ]
        ]
    return Screen("\n".join(lines), [*rows, _ways(w, sheet.answered)])


def _numbers(w: Wording, item: ItemView) -> list[Markup]:
    """How many readings, and how a result beyond the method's limits is said."""
    of = item.characteristic
    count = of.replicates.count if of.replicates is not None else 1
    asked = w.say("ask_number") if count == 1 else w.say("ask_numbers", count=count)
    if of.detection is None:
        return [asked]
    words = {"<LOD": of.detection.lod, "<LOQ": of.detection.loq, ">ULOQ": of.detection.uloq}
    known = ", ".join(f"{word} ({limit:f})" for word, limit in words.items() if limit is not None)
    return [asked, w.say("ask_beyond", words=known)]


def _kinds(w: Wording, item: ItemView) -> list[Markup]:
    """The kinds of defects, and how they are counted."""
    kinds = item.characteristic.defects
    lines = [
        w.say(
            "defect_kind",
            code=kind.code,
            name=w.name(kind.name),
            severity=w.one_of("severity", kind.severity),
        )
        for kind in kinds
    ]
    return [*lines, w.say("ask_kinds", n=item.n, code=kinds[0].code, other=kinds[-1].code)]


def doubted_screen(w: Wording, sheet: InspectionSheet, step: Doubted) -> Screen:
    """What was typed is asked back."""
    item = item_of(sheet, step.at.item)
    of = item.characteristic
    limits = w.limits(of.lower, of.upper)
    codes = [step.code, *step.also]
    shown = step.value if "unit_converted" in codes else step.entered
    question = Markup(
        "\n".join(
            w.say(
                f"doubt.{code}",
                entered=step.entered if code == "unit_converted" else shown,
                value=step.value,
                unit=of.unit,
                limits=limits,
            )
            for code in codes
        )
    )
    if step.readings:
        choices = [[Button(reading, ("reading", reading))] for reading in step.readings[:4]]
    else:
        choices = [[Button(w.say("button_confirm", entered=step.entered), ("confirm",))]]
    rows = [*choices, [Button(w.say("button_retype"), ("retype",))], _ways(w, 0)]
    return Screen("\n".join([*head(w, sheet, item), "", question]), rows)


def read_off_screen(w: Wording, sheet: InspectionSheet, step: ReadOff) -> Screen:
    """Numbers from the photo of a display: which is it?"""
    item = item_of(sheet, step.at.item)
    of = item.characteristic
    asked = w.say("ask_display", value=step.readings[0], unit=of.unit, limits=w.limits(of.lower, of.upper))
    rows = [
        [Button(w.say("button_read", value=each, unit=of.unit), ("read_off", each))] for each in step.readings
    ]
    rows.append([Button(w.say("button_retype"), ("retype",))])
    return Screen("\n".join([*head(w, sheet, item), "", asked]), [*rows, _ways(w, 0)])


def judging_screen(w: Wording, sheet: InspectionSheet, step: Judging) -> Screen:
    """Words need the inspector's own verdict."""
    item = item_of(sheet, step.at.item)
    text = "\n".join([*head(w, sheet, item), "", w.say("echo", mark="📝", name="", entered=step.entered)])
    verdicts = [
        Button(w.say("button_conforms"), ("judged", "yes")),
        Button(w.say("button_does_not"), ("judged", "no")),
    ]
    return Screen(text, [verdicts, [Button(w.say("button_retype"), ("retype",))], _ways(w, 0)])


def evidence_screen(w: Wording, sheet: InspectionSheet, step: Evidence) -> Screen:
    """A failing answer: photo and reason before it is recorded."""
    item = item_of(sheet, step.at.item)
    needed = item.characteristic.photo_required and not step.at.photos
    lines = [
        *head(w, sheet, item),
        "",
        w.say("evidence_photo" if needed else "evidence", entered=step.entered),
    ]
    if step.at.photos:
        lines.append(w.say("photos_kept", count=len(step.at.photos)))
    record = [] if needed else [[Button(w.say("button_record"), ("record",))]]
    return Screen("\n".join(lines), [*record, [Button(w.say("button_retype"), ("retype",))], _ways(w, 0)])


def correcting_screen(w: Wording, sheet: InspectionSheet, step: Correcting) -> Screen:
    """Why first, then what it should be."""
    item = item_of(sheet, step.item)
    of = item.characteristic
    reading = item.reading
    lines = head(w, sheet, item)
    rows = [[Button(w.say("button_stop"), ("leave",))]]
    if not step.reason:
        was = reading.entered if reading else ""
        lines += ["", w.say("correct_why", name=w.name(of.name), entered=was)]
        return Screen("\n".join(lines), rows)
    lines += ["", w.say("correct_value", name=w.name(of.name), reason=step.reason)]
    if step.photos:
        lines.append(w.say("photos_kept", count=len(step.photos)))
    if step.doubt:
        limits = w.limits(of.lower, of.upper)
        lines.append(
            w.say(f"doubt.{step.doubt}", entered=step.entered, value=step.value, unit=of.unit, limits=limits)
        )
        rows.insert(0, [Button(w.say("button_confirm", entered=step.entered), ("confirm",))])
    return Screen("\n".join(lines), rows)


def result_screen(w: Wording, sheet: InspectionSheet, ncrs: list[str]) -> Screen:
    """How it ended, or how far it is; what it brought."""
    key = f"result_{sheet.status}" if sheet.status in ("passed", "failed") else "result_open"
    text = w.say(
        key, inspection=sheet.number, lot=sheet.lot.number, answered=sheet.answered, total=sheet.total
    )
    undecided = [
        item
        for item in sheet.items
        if item.reading and item.reading.verdict == "undecidable" and not asks_more(item)
    ]
    told = [*undecided, *(item for item in sheet.computed if item not in undecided)]
    lines = [text, *(echo(w, item, item.reading) for item in told if item.reading), *ncrs]
    buttons = [Button(w.say("button_back"), ("back",)), Button(w.say("button_home"), ("home",))]
    return Screen("\n".join(lines), [buttons])


def asks_more(item: ItemView) -> bool:
    """A count of the first sample that leaves the lot to the second."""
    return item.more and item.characteristic.kind == "attribute"


def echo(w: Wording, item: ItemView, reading: ReadingView) -> Markup:
    """What was recorded, with unit, limits and verdict."""
    of = item.characteristic
    verdict = "second_sample" if reading.verdict == "undecidable" and asks_more(item) else reading.verdict
    return w.say(
        "echo_count" if of.kind == "attribute" else "echo",
        mark=MARKS[reading.verdict],
        name=w.name(of.name),
        entered=_plain(reading),
        unit=of.unit,
        limits=w.limits(of.lower, of.upper),
        n=item.n,
        verdict=w.one_of("verdict", verdict),
    )


def _plain(reading: ReadingView) -> str:
    """The value as it was understood, so that a misread number is seen at once; words as typed."""
    basis = reading.basis
    if basis is not None and (basis.inputs or basis.defects):
        return reading.entered
    if basis is not None and len(basis.parts) > 1:
        each = "; ".join(f"{part.qualifier}{part.value:f}" for part in basis.parts)
        return each if reading.result is None else f"{each} → {reading.result}"
    if isinstance(reading.value, Decimal):
        return f"{reading.qualifier or ''}{reading.value:f}"
    return reading.entered
