"""Names of the parts of exported records, for people: the last names of a field's path in both languages.

A name that is not here is one inside a signed record or an event: it is shown as it is written there.
"""

from __future__ import annotations

from backend.domain.words import Words

TITLES: dict[str, tuple[str, str]] = {
    "lot_history": ("Lot history", "批历史记录"),
    "batch_record": ("Batch record", "批生产记录"),
    "supplier_report": ("Supplier report", "供应商报告"),
    "audit_extract": ("Audit trail extract", "审计追踪摘录"),
    "lot_list": ("List of lots", "批清单"),
    "trace_list": ("Trace list", "追溯清单"),
    "recall_report": ("Recall report", "召回报告"), "mock_recall_report": ("Mock recall report", "模拟召回报告"),
}  # fmt: skip
"""What stands above a record, by its kind."""
TABLES = frozenset((
    "asked", "made", "material", "recipe", "made_on_line", "operated", "parameter", "environment", "result", "yield",
    "listed_lot", "traced_lot", "went_into", "sent_out",
    "qualified", "paper", "figure", "behind", "supplied_lot", "reported",
    "recall_figure", "recall_stock", "party_lot",
))  # fmt: skip
"""Sections that paper shows as a table, one entry a line; all others have one field a line."""
SECTIONS: dict[str, tuple[str, str]] = {
    "lot": ("Lot", "批"), "receipt": ("Receipt", "收货记录"), "portion": ("Portion", "库存份"),
    "serial_unit": ("Serial unit", "单件"), "movement": ("Movement", "库存移动"), "hold": ("Hold", "冻结"),
    "label_count": ("Label count", "标签清点"), "taken_over": ("Taken over", "期初接管"),
    "inspection": ("Inspection", "检验"), "sample": ("Sample", "样本"),
    "reading": ("Reading", "读数"), "judgement": ("Judgement", "判定"), "proposal": ("Proposal", "提议"),
    "ncr": ("NCR", "不合格报告"),
    "rework": ("Rework", "返工"),
    "follow_up": ("Follow-up", "跟进事项"), "signature": ("Signature", "电子签名"),
    "release": ("Decision", "放行决定"), "revocation": ("Revocation", "撤销放行"),
    "consumption": ("Genealogy", "批次谱系"), "process_fact": ("Process fact", "生产所用"),
    "shipment": ("Shipment", "发货"), "shipment_line": ("Shipment line", "发货行"),
    "customer_return": ("Customer return", "客户退货"), "recall_lot": ("Recalled", "召回"),
    "event": ("Event", "事件"),
    "asked": ("What was asked for", "导出范围"),
    "order": ("Production order", "生产订单"), "made": ("Lots made", "所产批次"),
    "material": ("Materials consumed", "投料"),
    "recipe": ("Recipe", "配方"), "made_on_line": ("Line and equipment", "产线与设备"),
    "operated": ("Operators", "操作人员"), "parameter": ("Parameters", "工艺参数"),
    "environment": ("Environment", "环境"),
    "result": ("Inspection results", "检验结果"), "yield": ("Yield", "收率"),
    "decision": ("Decision", "放行决定"),
    "supplier": ("Supplier", "供应商"), "qualified": ("Qualifications", "资质"),
    "paper": ("Certificates", "证书"), "notice": ("Change notice", "变更通知"),
    "figure": ("Scorecard", "记分卡"), "behind": ("Counted from", "计数依据"),
    "supplied_lot": ("Lots", "批次"), "reported": ("Nonconformity reports", "不合格报告"),
    "listed_lot": ("Lots", "批次"),
    "traced_lot": ("Lots", "批次"), "went_into": ("What went into what", "投料关系"), "sent_out": ("Shipped", "已发货"),
    "recalled": ("Recall", "召回"), "recall_figure": ("Effect", "效果"), "recall_stock": ("In the house", "厂内库存"),
    "party": ("Consignee", "收货方"), "party_lot": ("What they have", "收货方所持批次"),
    "conclusion": ("Conclusion", "结论"), "signed": ("Signed", "签名"),
    "log": ("The log", "日志"), "leaf": ("To be checked: event", "供核对：事件"),
}  # fmt: skip
LABELS: dict[str, tuple[str, str]] = {
    "id": ("Id", "标识"), "site_id": ("Site", "工厂"),
    "number": ("Number", "编号"), "item_id": ("Item", "物料"),
    "supplier_id": ("Supplier", "供应商"), "supplier_lot": ("Supplier lot", "供应商批号"),
    "production_order": ("Production order", "生产订单"), "made_on": ("Made on", "生产日期"),
    "expires_on": ("Expires on", "有效期至"),
    "status": ("Status", "状态"), "created_at": ("Created", "建立时间"),
    "version": ("Version", "版本"),
    "retest_on": ("Retest date", "复验日期"), "split_from": ("Split from", "拆分自"),
    "lot_id": ("Lot", "批"), "source": ("Source", "来源"), "order_line_id": ("Order line", "订单行"),
    "quantity": ("Quantity", "数量"), "text": ("Text", "文字"), "symbology_id": ("Symbology", "码制"),
    "picture": ("Picture", "图片"),
    "attachments": ("Attachment", "附件"), "received_by": ("Received by", "收货人"),
    "received_at": ("Received", "收货时间"),
    "device_at": ("Device time", "设备时间"), "receipt_id": ("Receipt", "收货记录"),
    "origin_id": ("Origin", "来源收货"),
    "location_id": ("Location", "库位"), "container": ("Container", "容器"),
    "release_id": ("Decision", "放行决定"), "serial": ("Serial", "序列号"), "portion_id": ("Portion", "库存份"),
    "kind": ("Kind", "种类"), "from_location_id": ("From", "自"), "to_location_id": ("To", "至"),
    "person_id": ("Person", "人员"), "at": ("At", "时间"),
    "code": ("Code", "代码"), "ncr_id": ("NCR", "不合格报告"),
    "opened_at": ("Opened", "开始时间"),
    "lifted_at": ("Lifted", "解除时间"), "inspection_id": ("Inspection", "检验"),
    "plan_version_id": ("Plan version", "检验计划版本"),
    "stage": ("Stage", "阶段"), "lot_size": ("Lot size", "批量"),
    "seed": ("Seed", "随机种子"),
    "assigned_to": ("Assigned to", "分配给"), "finished_at": ("Finished", "完成时间"),
    "repeats": ("Repeats", "重复检验"), "purpose": ("Purpose", "目的"), "unit": ("Unit", "单位"),
    "sample_id": ("Sample", "样本"),
    "item_key": ("Question", "检验项"), "characteristic": ("Characteristic", "特性"),
    "entered": ("Entered", "录入值"), "value": ("Value", "数值"), "qualifier": ("Qualifier", "限定符"),
    "verdict": ("Verdict", "判定"), "corrects": ("Corrects", "更正"), "reason": ("Reason", "原因"),
    "gauge_id": ("Gauge", "量具"), "gauge_due_on": ("Gauge due", "量具到期"),
    "gauge_resolution": ("Gauge resolution", "量具分辨力"), "severity": ("Severity", "严重度"),
    "owner_id": ("Owner", "负责人"), "due_on": ("Due", "到期日"), "containment": ("Containment", "遏制措施"),
    "disposition": ("Disposition", "处置"),
    "justification": ("Justification", "理由"), "closed_at": ("Closed", "关闭时间"),
    "what": ("What", "内容"), "done_at": ("Done", "完成时间"), "outcome": ("Outcome", "结果"),
    "reading_id": ("Reading", "读数"),
    "subject_kind": ("About (kind)", "对象种类"), "subject_id": ("About", "对象"),
    "subject": ("About", "对象"),
    "printed_name": ("Printed name", "签名人姓名"), "meaning": ("Meaning", "签名含义"),
    "method": ("Method", "签名方式"), "signed_at": ("Signed", "签名时间"), "digest": ("Digest", "摘要"),
    "nonce": ("Nonce", "随机数"), "decision": ("Decision", "决定"), "signature_id": ("Signature", "签名"),
    "decided_at": ("Decided", "决定时间"), "superseded_at": ("Superseded", "被取代时间"),
    "certificate_pdf": ("Certificate", "放行证书"),
    "condition": ("Condition", "条件"), "ends_on": ("Ends on", "截止日"),
    "parent_lot_id": ("From lot", "来源批"),
    "child_lot_id": ("Into lot", "去向批"), "consignee_id": ("Consignee", "收货方"),
    "order_number": ("Order number", "订单号"),
    "carrier": ("Carrier", "承运人"), "waybill": ("Waybill", "运单号"),
    "papers": ("Papers", "随货文件"),
    "shipped_by": ("Shipped by", "发货人"), "shipped_at": ("Shipped", "发货时间"),
    "shipment_id": ("Shipment", "发货"), "shipment_line_id": ("Shipment line", "发货行"),
    "serials": ("Serial", "序列号"), "returned_by": ("Returned by", "退货登记人"), "seq": ("Sequence", "序号"),
    "schema": ("Form", "格式版本"), "site": ("Site", "工厂"),
    "person": ("Person", "人员"), "type": ("Type", "类型"),
    "command": ("Command", "命令"), "answer": ("Answer digest", "答复摘要"), "table": ("Table", "表"),
    "recall_id": ("Recall", "召回"),
    "depth": ("Steps away", "距离"), "shipment": ("Shipment", "发货"), "consignee": ("Consignee", "收货方"),
    "returned": ("Returned", "退回数量"),
    "order": ("Production order", "生产订单"), "lot": ("Lot", "批"), "item": ("Item", "物料"), "name": ("Name", "名称"),
    "supplier": ("Supplier", "供应商"), "by": ("By", "人员"), "line": ("Line", "产线"),
    "equipment": ("Equipment", "设备"),
    "inspection": ("Inspection", "检验"), "plan": ("Plan", "检验计划"), "samples": ("Samples", "样本数"),
    "sample": ("Sample", "样本"), "gauge": ("Gauge", "量具"), "finding": ("Finding", "评估结论"),
    "planned": ("Planned", "计划数量"), "produced": ("Produced", "产出数量"),
    "released": ("Released, conceded included", "放行数量（含让步）"),
    "rejected": ("Rejected", "不合格数量"), "undecided": ("Not decided", "待定数量"),
    "yield_made": ("Yield (produced / planned)", "收率（产出÷计划）"),
    "yield_released": ("Yield (released / produced)", "收率（放行÷产出）"),
    "instruction": ("Instruction", "返工要求"), "done": ("What was done", "完成内容"),
    "reworked": ("Reworked", "返工数量"), "ncr": ("NCR", "不合格报告"), "delegated": ("Delegated by", "授权人"),
    "expires": ("Valid until", "有效期至"), "figure": ("Figure", "指标"), "formula": ("How it is counted", "计算方法"),
    "of": ("Of", "总数"), "bad": ("Nonconforming", "不合格数"), "note": ("Note", "说明"), "since": ("From", "自"),
    "until": ("Until", "至"), "received": ("Received", "收货数量"), "record": ("Record", "记录"),
    "events": ("Events", "事件数"), "checkpoint": ("Signed checkpoint", "签名检查点"),
    "size": ("Events in the log", "日志事件总数"), "root": ("Root hash", "根哈希"), "vkey": ("Key", "公钥"),
    "rule": ("How to check", "核对方法"), "leaf": ("Leaf hash", "叶哈希"), "body": ("As it was hashed", "原文"),
    "proof": ("Inclusion proof", "包含性证明"), "position": ("Place in the log", "日志位置"),
    "on_hand": ("On hand", "现存量"), "recipe": ("Recipe", "配方"), "facts": ("Facts", "事实"),
    "lots": ("Lots", "批数"),
    "place": ("Place", "地点"), "count": ("Values", "数值个数"), "least": ("Lowest", "最小值"),
    "mean": ("Mean", "平均值"), "most": ("Highest", "最大值"), "low": ("Lower limit", "下限"),
    "high": ("Upper limit", "上限"),
    "outside": ("Out of limits", "超限个数"), "outside_from": ("Out from", "首次超限"),
    "outside_until": ("Out until", "末次超限"),
    "maker": ("Maker", "生产企业"), "started_at": ("Started", "启动时间"), "ended_at": ("Ended", "结束时间"),
    "basis": ("Begins at", "范围起点"), "blocked": ("Blocked", "冻结数量"), "lies": ("Lies here", "现存"),
    "disposed": ("Disposed of", "已处理"), "books": ("By the books", "账面数量"), "counted": ("Found", "实际清点"),
    "contacts": ("Contacts", "联系人"),
    "letter_at": ("Written to", "通知时间"), "answered_at": ("Answered", "答复时间"),
    "said": ("Answer", "回执"), "reached": ("Reached", "是否联系上"), "destroyed": ("Destroyed", "已销毁"),
    "used": ("Used", "已使用"), "lost": ("Cannot be found", "无法找到"), "came_back": ("Came back", "已到货"),
    "conclusion": ("Conclusion", "结论"),
}  # fmt: skip
FORMULAS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "received": (
        ("Deliveries received", "到货次数"),
        ("receipts of deliveries in the period", "期间内的收货次数"),
    ),
    "accepted": (
        ("Accepted", "合格接收"),
        ("deliveries with a release in force, of all or a part", "全部或部分有有效放行的到货"),
    ),
    "conceded": (
        ("Accepted by concession", "让步接收"),
        ("deliveries with a concession in force, of all or a part", "全部或部分有有效让步放行的到货"),
    ),
    "rejected": (
        ("Rejected", "拒收"),
        (
            "deliveries with a rejection in force, or with stock that a disposition has rejected",
            "有有效拒收或处置中被拒收库存的到货",
        ),
    ),
    "undecided": (
        ("Not decided", "未决定"),
        ("deliveries with none of these decisions", "尚无上述决定的到货"),
    ),
    "ppm": (
        ("Nonconforming units, ppm", "不合格品率 ppm"),
        (
            "nonconforming units × 1,000,000 ÷ units inspected, in the first inspection of each delivery",
            "每次到货首次检验中：不合格件数 × 1000000 ÷ 检验件数",
        ),
    ),
    "days_to_decision": (
        ("Days to the decision, median", "至决定天数（中位数）"),
        ("median of the days from receipt to the first decision in force", "收货至首个有效决定的天数中位数"),
    ),
    "ncrs_open": (
        ("Nonconformity reports open", "未关闭的不合格报告"),
        ("reports about these deliveries that are not closed", "这些到货的未关闭不合格报告"),
    ),
    "ncrs_closed": (
        ("Nonconformity reports closed", "已关闭的不合格报告"),
        ("reports about these deliveries that are closed", "这些到货的已关闭不合格报告"),
    ),
    "days_to_containment": (
        ("Days to containment, median", "至隔离天数（中位数）"),
        ("median of the days from opening to containment", "开立至遏制的天数中位数"),
    ),
    "days_to_disposition": (
        ("Days to disposition, median", "至处置天数（中位数）"),
        ("median of the days from opening to disposition", "开立至处置的天数中位数"),
    ),
}  # fmt: skip
"""Figures of a supplier's scorecard: their names, and how each is counted (see `scorecards`)."""
RECALL_FIGURES: dict[str, tuple[str, str]] = {
    "consignees": ("Consignees", "收货方数"), "written": ("Written to", "已通知"), "answered": ("Answered", "已答复"),
    "accounted": ("Accounted for", "去向已明"), "recovered": ("Sent back or destroyed", "已收回或销毁"),
    "first_letter": ("From start to first letter", "启动至首次通知"),
    "last_answer": ("From start to last answer", "启动至最后答复"),
    "time": ("Time taken", "用时"), "lots": ("Lots", "批数"),
    "counted": ("Lots whose count agrees", "账实相符的批次"), "reached": ("Reached", "已联系上"),
}  # fmt: skip
"""Figures of a recall and of an exercise, as their paper names them."""
_OLD_NEW = {"old": ("before", "原值"), "new": ("after", "新值")}


def label_of(path: str) -> Words:
    """`reading.3.entered`: Entered; of a change in the log also whether it is the value before or after."""
    parts = [part for part in path.split(".") if not part.isdigit()]
    name = parts[-1]
    if name in _OLD_NEW and parts[0] == "event" and len(parts) > 2:
        name = parts[-2]
    en, zh = LABELS.get(name, (name, name))
    for part in parts[1:]:
        if part in _OLD_NEW and parts[0] == "event":
            return Words(f"{en} ({_OLD_NEW[part][0]})", f"{zh}（{_OLD_NEW[part][1]}）")
    return Words(en, zh)


def section_of(path: str) -> Words:
    """`reading.3.entered`: Reading 3. A section that is a table has its name alone."""
    table, place = path.split(".")[:2]
    en, zh = SECTIONS[table]
    if table in TABLES:
        return Words(en, zh)
    return Words(f"{en} {place}", f"{zh} {place}")


def title_of(kind: str) -> Words:
    """What stands above it."""
    return Words(*TITLES[kind])
