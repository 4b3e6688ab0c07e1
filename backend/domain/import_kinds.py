"""What can be imported from spreadsheets: the columns of each kind, and the headers by which they are known (IMP-1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

ImportKind = Literal["suppliers", "materials", "orders", "equipment", "consignees", "stock", "complaints"]
Form = Literal["code", "text", "prose", "count", "quantity", "day", "choice", "gtin", "country"]
IMPORT_KINDS: tuple[ImportKind, ...] = get_args(ImportKind)


class Column(NamedTuple):
    """A column: its field, how a cell of it is read, whether a row needs it, the headers that name it."""

    field: str
    form: Form
    needed: bool
    headers: str


# fmt: off
COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = {
    "suppliers": (
        Column("code", "code", True,
               "code suppliercode supplierno suppliernumber vendor vendorcode vendorno vendornumber "
               "编码 供应商编码 供应商代码 供应商编号 厂商编码 厂家编码 代码 编号"),
        Column("name", "text", True,
               "name suppliername vendorname "
               "名称 供应商名称 供应商全称 供应商 厂商名称 厂家名称"),
        Column("status", "choice", False,
               "status approval "
               "状态 资质状态 是否合格"),
    ),
    "materials": (
        Column("code", "code", True,
               "code item itemcode itemno itemnumber material materialcode materialno materialnumber partno "
               "partnumber sku "
               "编码 物料编码 物料代码 物料编号 料号 物料号 存货编码 代码 编号"),
        Column("name_zh", "text", True,
               "namezh chinesename "
               "名称 物料名称 存货名称 品名 中文名称 中文名"),
        Column("name_en", "text", False,
               "name nameen englishname description itemname "
               "英文名称 英文名"),
        Column("kind", "choice", True,
               "kind type class "
               "类别 类型 物料类型 物料类别"),
        Column("unit", "code", True,
               "unit uom stockunit baseunit "
               "单位 库存单位 基本单位 计量单位 主计量单位"),
        Column("shelf_life_days", "count", False,
               "shelflife shelflifedays expirydays "
               "有效期 保质期 有效期天数 保质期天数"),
        Column("retest_days", "count", False,
               "retest retestdays retestinterval "
               "复验期 复检期 复验天数 复验周期"),
        Column("gtin", "gtin", False,
               "gtin udi udidi di barcode ean udi-di "
               "产品标识 条码 商品条码"),
    ),
    "orders": (
        Column("purchase_order", "code", True,
               "purchaseorder purchaseorderno purchaseordernumber po order orderno ordernumber pono ponumber "
               "采购订单 采购订单号 采购订单编号 订单号 订单编号 采购单号"),
        Column("line", "count", True,
               "line lineno linenumber position pos item# "
               "行号 订单行 行 序号 项次"),
        Column("item", "code", True,
               "item itemcode itemno itemnumber material materialcode materialno materialnumber partno partnumber sku "
               "物料编码 物料代码 物料编号 料号 物料号 存货编码 物料 编码"),
        Column("supplier", "code", True,
               "supplier suppliercode supplierno suppliernumber vendor vendorcode vendorno vendornumber "
               "供应商 供应商编码 供应商代码 供应商编号"),
        Column("quantity", "quantity", True,
               "quantity qty ordered orderedquantity "
               "数量 订购数量 采购数量 订单数量"),
        Column("expected_on", "day", True,
               "expected expectedon due duedate deliverydate eta "
               "到货日期 交货日期 预计到货 预计到货日期 计划到货日期 要求到货日期 交期"),
        Column("carrier", "text", False,
               "carrier forwarder "
               "承运商 承运人 物流公司"),
        Column("transport_batch", "text", False,
               "transportbatch shipment shipmentno tracking "
               "运输批号 运单号 物流单号"),
    ),
    "equipment": (
        Column("code", "code", True,
               "code equipment equipmentcode equipmentno equipmentnumber machine machineno asset assetno "
               "编码 设备编码 设备编号 资产编号 代码 编号"),
        Column("kind", "choice", True,
               "kind type class "
               "类别 类型 设备类别 设备类型"),
        Column("name_zh", "text", True,
               "namezh chinesename "
               "名称 设备名称 中文名称 中文名"),
        Column("name_en", "text", False,
               "name nameen englishname description "
               "英文名称 英文名"),
        Column("stands_in", "code", False,
               "line productionline linecode "
               "产线 所在产线 生产线"),
        Column("interval_days", "count", False,
               "interval intervaldays serviceinterval maintenanceinterval "
               "保养间隔 保养周期 保养间隔天数 保养周期天数"),
        Column("serviced_on", "day", False,
               "serviced servicedon lastservice lastmaintenance "
               "上次保养 上次保养日期 最近保养日期"),
    ),
    "consignees": (
        Column("code", "code", True,
               "code customer customercode customerno customernumber consignee consigneecode consigneeno "
               "编码 客户编码 客户代码 客户编号 代码 编号"),
        Column("name", "text", True,
               "name customername consigneename hospital "
               "名称 客户名称 客户 医院 医院名称"),
        Column("address", "text", True,
               "address shippingaddress "
               "地址 收货地址 客户地址"),
        Column("country", "country", True,
               "country countrycode "
               "国家 国家代码"),
        Column("language", "choice", False,
               "language letters "
               "语言 函件语言"),
        Column("contact", "text", True,
               "contact contactperson contactname "
               "联系人 联系人姓名"),
        Column("phone", "text", False,
               "phone telephone tel mobile "
               "电话 联系电话 手机"),
        Column("email", "text", False,
               "email mail "
               "邮箱 电子邮箱 邮件"),
    ),
    "stock": (
        Column("item", "code", True,
               "item itemcode itemno itemnumber material materialcode materialno materialnumber partno partnumber sku "
               "物料编码 物料代码 物料编号 料号 物料号 存货编码 物料 编码"),
        Column("old_number", "code", True,
               "lot lotno lotnumber batch batchno batchnumber oldlot oldlotnumber internallot "
               "批号 批次号 内部批号 原批号 本厂批号"),
        Column("supplier", "code", False,
               "supplier suppliercode supplierno suppliernumber vendor vendorcode vendorno vendornumber "
               "供应商 供应商编码 供应商代码 供应商编号"),
        Column("supplier_lot", "code", False,
               "supplierlot supplierlotno vendorlot supplierbatch vendorbatch "
               "供应商批号 厂家批号 来料批号"),
        Column("quantity", "quantity", True,
               "quantity qty onhand stock balance "
               "数量 库存数量 现存量 结存数量 库存"),
        Column("unit", "code", True,
               "unit uom stockunit baseunit "
               "单位 库存单位 基本单位 计量单位"),
        Column("made_on", "day", False,
               "madeon made manufactured productiondate mfgdate "
               "生产日期 制造日期"),
        Column("expires_on", "day", False,
               "expireson expiry expirydate expires exp usebefore "
               "有效期至 失效日期 有效期 到期日期"),
        Column("retest_on", "day", False,
               "reteston retest retestdate "
               "复验日期 复检日期"),
        Column("location", "code", False,
               "location bin place storagelocation "
               "库位 货位 储位"),
        Column("status", "choice", True,
               "status state lotstatus "
               "状态 质量状态 库存状态 批次状态"),
        Column("released_by", "text", False,
               "releasedby approvedby releaser "
               "放行人 批准人"),
        Column("released_on", "day", False,
               "releasedon releasedate approvedon "
               "放行日期 批准日期"),
        Column("reference", "text", False,
               "reference evidence releaseno releasereference certificate record "
               "放行单号 放行依据 依据 检验报告号 报告编号"),
        Column("note", "text", False,
               "note reason remark blockedfor "
               "备注 原因 冻结原因"),
    ),
    "complaints": (
        Column("their_reference", "code", True,
               "reference referenceno referencenumber ref refno complaint complaintno complaintnumber complaintid case "
               "caseno casenumber caseid ticket ticketno ticketnumber eventno eventnumber id "
               "编号 投诉编号 投诉单号 投诉号 客诉编号 客诉单号 反馈编号 反馈单号 参考号 外部编号 单号"),
        Column("received_on", "day", True,
               "received receivedon receiveddate datereceived receiptdate complaintdate date "
               "收到日期 接收日期 受理日期 投诉日期 客诉日期 反馈日期 日期"),
        Column("described", "prose", True,
               "description described complaintdescription eventdescription problem problemdescription issue details "
               "描述 投诉描述 投诉内容 客诉内容 反馈内容 问题描述 事件描述 内容"),
        Column("reporter", "text", True,
               "reporter reportedby reportername complainant complainedby contact contactperson "
               "投诉人 报告人 反馈人 投诉人姓名 联系人"),
        Column("lot_number", "code", False,
               "lot lotno lotnumber batch batchno batchnumber "
               "批号 批次号 产品批号 批次"),
        Column("serial", "code", False,
               "serial serialno serialnumber sn "
               "序列号 产品序列号 机身号"),
        Column("quantity", "quantity", False,
               "quantity qty affected affectedquantity complaintquantity "
               "数量 涉及数量 投诉数量 问题数量"),
        Column("consignee", "code", False,
               "consignee consigneecode consigneeno customer customercode customerno customernumber "
               "客户 客户编码 客户代码 客户编号 收货方 收货方编码"),
    ),
}

CHOICES: Mapping[tuple[ImportKind, str], Mapping[str, str]] = {
    ("suppliers", "status"): {
        **dict.fromkeys(("approved", "yes", "合格", "批准", "已批准", "是"), "approved"),
        **dict.fromkeys(("blocked", "no", "停用", "冻结", "不合格", "否"), "blocked"),
    },
    ("materials", "kind"): {
        **dict.fromkeys(("raw", "rawmaterial", "component", "原料", "原材料", "零件", "包材"), "raw"),
        **dict.fromkeys(("finished", "finishedgood", "product", "成品", "产品"), "finished"),
    },
    ("equipment", "kind"): {
        **dict.fromkeys(("line", "productionline", "产线", "生产线"), "line"),
        **dict.fromkeys(("equipment", "machine", "设备", "机器"), "equipment"),
    },
    ("consignees", "language"): {
        **dict.fromkeys(("zh", "zhcn", "chinese", "中文", "汉语"), "zh"),
        **dict.fromkeys(("en", "english", "英文", "英语"), "en"),
    },
    ("stock", "status"): {
        **dict.fromkeys(("released", "approved", "放行", "已放行", "合格"), "released"),
        **dict.fromkeys(("quarantine", "inspecting", "pending", "待检", "待验", "检验中"), "quarantine"),
        **dict.fromkeys(("blocked", "held", "onhold", "冻结", "已冻结", "封存", "不合格"), "blocked"),
    },
}
# fmt: on
"""What a cell of a choice may say, as `sheets.header_name` writes it, and what it means."""

KEY: Mapping[ImportKind, tuple[str, ...]] = {
    "suppliers": ("code",),
    "materials": ("code",),
    "orders": ("purchase_order", "line"),
    "equipment": ("kind", "code"),
    "consignees": ("code",),
    "stock": ("item", "old_number", "location"),
    "complaints": ("their_reference",),
}
"""What names a row: the same again is the same thing, changed or not."""
