/** 较少用到的代码（质量与管理）的中文词语，首次显示时加载。键与英文相同（由类型保证）。 */
import { moreLogZh } from "./more_log_zh.ts";
import type { More } from "./more_en.ts";
import { moreSaidZh } from "./more_said_zh.ts";
import { reportsZh } from "./reports_zh.ts";

export const moreZh: More = {
  ...moreSaidZh,
  ...moreLogZh,
  ...reportsZh,
  "epcis.title": "合作方的事件",
  "epcis.link": "合作方的事件（EPCIS）",
  "epcis.file": "选择 EPCIS 2.0 文件 (JSON)",
  "epcis.hint": "整份核对：有一处错误就什么都不保存。同一事件再次发送不会改变任何内容。",
  "epcis.refused": "未保存任何内容",
  "epcis.done": "新 {new} 个，已有 {known} 个",
  "epcis.none": "还没有合作方发来事件。",
  "epcis.error": "发送方声明此事件有误。",
  "epcis.object": "涉及",
  "epcis.input": "投入",
  "epcis.output": "产出",
  "epcis.child": "被包装",
  "epcis.parent": "包装于",
  "epcis.captured": "{by} 于 {at} 保存",
  "epcis.original": "原文",
  "epcis.more": "显示更早的",
  "search.title": "按编号找到",
  "search.none": "没有编号包含这段文字。",
  "search.more": "符合的不止这些，请再多输入几位。",
  "search.lot": "批次",
  "search.item": "物料",
  "search.inspection": "检验",
  "search.ncr": "不合格报告",
  "search.recall": "召回",
  "search.mock_recall": "模拟召回",
  "search.gauge": "量具",
  "search.supplier": "供应商",
  "search.consignee": "收货方",
  "search.capa": "CAPA",
  "search.change_request": "变更申请",
  "search.complaint": "投诉",
  "search.shipment": "发货",
};
