"""The inspection plans of the demo factory: small samples, so that an inspection is played in minutes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from backend.demo.materials import SET
from backend.domain.inspections import Plan, Stage
from backend.domain.items import Item
from backend.domain.plan_versions import PlanVersion
from backend.domain.plans import Characteristic, Method, PlanDocument, Severity
from backend.domain.sampling_rules import ByAql, Fixed, Rule, ZeroAcceptance
from backend.domain.words import Words


class Dimension(NamedTuple):
    """What is measured of a part that is otherwise only looked at."""

    code: str
    name: Words
    unit: str
    lower: str
    upper: str
    resolution: str


WI_LOOK, WI_MEASURE, WI_PAPERS = Method("WI-301", "B"), Method("WI-312", "C"), Method("WI-118", "A")


def look(code: str, en: str, zh: str, sampling: Rule, severity: Severity = "minor") -> Characteristic:
    """Something that conforms or does not, counted over the sample."""
    return Characteristic(
        code=code, name=Words(en, zh), kind="attribute", severity=severity, method=WI_LOOK, sampling=sampling
    )


def measure(
    size: Dimension,
    n: int,
    severity: Severity = "major",
    target: str | None = None,
    instrument: str | None = None,
) -> Characteristic:
    """A length, force or flow, read on `n` samples; with a gauge of a type where one is named."""
    return Characteristic(
        code=size.code,
        name=size.name,
        kind="numeric",
        severity=severity,
        method=WI_MEASURE,
        sampling=Fixed(n),
        unit=size.unit,
        lower=Decimal(size.lower) if size.lower else None,
        upper=Decimal(size.upper) if size.upper else None,
        target=Decimal(target) if target else None,
        resolution=Decimal(size.resolution),
        rounding="half_even",
        instrument_type=instrument,
    )


def read(code: str, en: str, zh: str) -> Characteristic:
    """Words copied from what came with the goods."""
    return Characteristic(
        code=code, name=Words(en, zh), kind="text", severity="minor", method=WI_PAPERS, sampling=Fixed(1)
    )


LABEL = look("LBL", "Label agrees with order and certificate", "标签与订单、合格证一致", Fixed(1), "major")
PACKING = look("PKG", "Outer packing intact", "外包装完好", Fixed(1))
CERTIFICATE = read("COA", "Number of the supplier's certificate", "供方检验报告编号")

TUBING = [
    LABEL,
    PACKING,
    look(
        "SUR", "Surface free of scratches and particles", "表面无划痕、无微粒", ByAql("S-2", "1.5"), "major"
    ),
    look("CLR", "Clear, no discolouration", "透明，无变色", ByAql("S-2", "1.5")),
    look("KNK", "No kinks, no flat spots", "无折痕、无压扁", ZeroAcceptance(8), "major"),
    look("ODR", "No foreign odour", "无异味", Fixed(3)),
    measure(Dimension("OD", Words("Outer diameter", "外径"), "mm", "4.00", "4.20", "0.01"), 2, target="4.10"),
    measure(Dimension("ID", Words("Inner diameter", "内径"), "mm", "2.95", "3.05", "0.01"), 2, target="3.00"),
]
NEEDLES = [
    LABEL,
    look("TIP", "Tip sharp, no burr or hook", "针尖锋利，无毛刺、无弯钩", ZeroAcceptance(13), "critical"),
    measure(Dimension("LEN", Words("Length", "长度"), "mm", "24.5", "25.5", "0.1"), 1, target="25.0"),
    CERTIFICATE,
]
POUCHES = [
    LABEL,
    look("SEA", "Seal continuous, no channels", "封边连续，无通道", ZeroAcceptance(8), "critical"),
    measure(Dimension("PEL", Words("Peel force", "剥离力"), "N/15mm", "1.2", "", "0.1"), 2),
    read("STE", "Indicator: colour before and after", "指示剂：变色前后颜色"),
]
FINISHED = [
    look("UDI", "UDI readable, agrees with the order", "UDI 可读，与生产单一致", Fixed(5), "major"),
    look("SEA", "Pouch sealed all round", "包装封口完整", ZeroAcceptance(20), "critical"),
    look("APP", "Assembly complete, no loose joints", "装配完整，无松动接头", ByAql("II", "2.5"), "major"),
    measure(
        Dimension("FLO", Words("Flow at 1 m head, 10 min", "1 m 静压 10 min 流量"), "mL", "1000", "", "1"), 2
    ),
    measure(
        Dimension("LEK", Words("Leak at 50 kPa", "50 kPa 气密性泄漏"), "mL/min", "", "0.5", "0.1"),
        2,
        "critical",
    ),
    measure(Dimension("PUL", Words("Joint pull force", "接头拉力"), "N", "15", "", "0.1"), 2),
    read("ENV", "Batch record number", "批生产记录编号"),
]
PARTS = {
    "SPK-02": Dimension("LEN", Words("Length of the point", "穿刺部长度"), "mm", "27.5", "28.5", "0.1"),
    "DRC-20": Dimension("VOL", Words("Drop volume, 20 drops", "20 滴体积"), "mL", "0.90", "1.10", "0.01"),
    "RLC-01": Dimension("TRQ", Words("Holding force", "夹持力"), "N", "4.0", "9.0", "0.1"),
    "LUR-06": Dimension("TPR", Words("Taper, large end", "锥度大端直径"), "mm", "4.27", "4.36", "0.01"),
    "FLT-15": Dimension("BUB", Words("Bubble point", "泡点压力"), "kPa", "2.5", "4.5", "0.1"),
    "CAP-04": Dimension("PUL", Words("Pull-off force", "拔脱力"), "N", "3", "12", "0.1"),
}

INSTRUMENTS = {"LUR-06": "calliper", "FLT-15": "pressure_gauge"}
"""Items whose size may be read with a registered gauge only."""


def characteristics_of(item: str) -> list[Characteristic]:
    """What the plan of an item asks."""
    own = {"TUB-30": TUBING, "NDL-21": NEEDLES, "PCH-15": POUCHES, SET: FINISHED}
    if item in own:
        return own[item]
    return [
        LABEL,
        look("APP", "Free of flash, cracks, particles", "无飞边、裂纹、微粒", ByAql("S-3", "1.0"), "major"),
        measure(PARTS[item], 1, instrument=INSTRUMENTS.get(item)),
        CERTIFICATE,
    ]


def plans(items: list[Item], new_id: Callable[[], str], today: str) -> tuple[list[Plan], list[PlanVersion]]:
    """A plan and its first version, in force from `today`, for every item."""
    made, versions = [], []
    for item in items:
        stage: Stage = "final" if item.kind == "finished" else "incoming"
        name = (
            Words(f"Final inspection, {item.name.en}", f"成品检验：{item.name.zh}")
            if stage == "final"
            else Words(f"Incoming inspection, {item.name.en}", f"进货检验：{item.name.zh}")
        )
        code = f"{'FI' if stage == 'final' else 'II'}-{item.code}"
        plan = Plan(new_id(), item.site_id, item.id, stage, code, name)
        document = PlanDocument(characteristics_of(item.code))
        made.append(plan)
        versions.append(PlanVersion(new_id(), item.site_id, plan.id, 1, "effective", document, today))
    return made, versions
