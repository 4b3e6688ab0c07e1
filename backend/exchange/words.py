"""What a report of the watched folder says, in English and Chinese: one sentence a reason."""

from __future__ import annotations

from backend.domain.errors import Reason
from backend.domain.words import Words

SENTENCES: dict[str, Words] = {
    "watch_kind_unknown": Words(
        "Nothing says what the file holds. Put it into suppliers/, materials/, orders/, equipment/, consignees/, "
        "stock/ or complaints/, or begin its name so.",
        "无法判断文件内容。请放入 suppliers/、materials/、orders/、equipment/、consignees/、stock/ 或 complaints/，"
        "或以此开头命名。",
    ),
    "import_landed_on_kept": Words(
        "{code} is {kept}: the row goes to {kept}.", "{code} 即 {kept}：该行归入 {kept}。"
    ),
    "import_columns_missing": Words(
        "These columns were not found: {columns}. Say which header each has (columns.json in the watched folder, "
        "--column FIELD=HEADER on the command line), or add them.",
        "未找到这些列：{columns}。"
        "请指明各列的表头（监视文件夹中的 columns.json，命令行 --column 字段=表头），或补上这些列。",
    ),
    "import_empty": Words("There is no row below a header.", "没有表头下的数据行。"),
    "import_too_long": Words(
        "The file has {rows} rows; {most} are taken.", "文件有 {rows} 行；最多 {most} 行。"
    ),
    "file_too_large": Words("The file is too large. Divide it.", "文件太大，请拆分。"),
    "workbook_unreadable": Words(
        "This is no spreadsheet. Save it as .xlsx or CSV.", "无法作为电子表格读取。请另存为 .xlsx 或 CSV。"
    ),
    "workbook_locked": Words("The file is locked by a password.", "文件有密码保护。"),
    "csv_not_text": Words("This is no table in UTF-8 or GB18030.", "这不是 UTF-8 或 GB18030 的表格。"),
    "csv_row_broken": Words(
        "Line {line} has other columns than the header.", "第 {line} 行的列数与表头不同。"
    ),
    "cell_formula": Words("A formula; paste its value instead.", "单元格为公式，请改为粘贴其值。"),
    "cell_merged": Words("Part of a merged range; divide it.", "单元格属于合并区域，请取消合并。"),
    "cell_empty": Words("Empty, and it has to say something.", "为空，必须填写。"),
    "cell_too_long": Words("Longer than {most} characters.", "超过 {most} 个字符。"),
    "cell_unprintable": Words(
        "Holds signs that can't be seen; type it anew.", "含有不可见字符，请重新输入。"
    ),
    "cell_no_count": Words("{text} is no whole number.", "{text} 不是整数。"),
    "cell_no_choice": Words("{text} is none of: {choices}.", "{text} 不属于：{choices}。"),
    "cell_no_quantity": Words(
        "{text} is no plain quantity; write 1200 or 1.2.", "{text} 不是单纯的数量，请写 1200 或 1.2。"
    ),
    "quantity_not_positive": Words("The quantity must be more than zero.", "数量必须大于零。"),
    "cell_no_day": Words(
        "{text} is no day that can be told for sure; write 2026-11-28.",
        "{text} 不是能确定的日期，请写成 2026-11-28。",
    ),
    "cell_no_country": Words("{text} is no country in two letters.", "{text} 不是两位国家代码。"),
    "equipment_unknown": Words(
        "{code} is not kept here. Kept are: {known}.", "{code} 未登记。已登记：{known}。"
    ),
    "service_day_missing": Words(
        "An interval needs the day of the last service.", "填写间隔时须填写上次保养日期。"
    ),
    "contact_unreachable": Words("{name} has neither telephone nor e-mail.", "{name} 没有电话或电子邮箱。"),
    "cell_no_gtin": Words("{text} is no GTIN.", "{text} 不是 GTIN。"),
    "check_digit_wrong": Words(
        "The check digit is wrong; it should end in {expected}.", "校验码错误，末位应为 {expected}。"
    ),
    "row_twice": Words("Line {line} names the same.", "第 {line} 行是同一项。"),
    "supplier_block_stands": Words("{supplier} is blocked.", "{supplier} 已被禁用。"),
    "identifier_taken": Words("{value} names another material.", "{value} 已是另一物料的标识。"),
    "material_in_use": Words("There are lots of {item} in {old}.", "{item} 已有批次以 {old} 记录。"),
    "material_unknown": Words("There is no material {item}.", "没有物料 {item}。"),
    "opening_known": Words(
        "Taken over already, with {old} here (row {line} of {file}). "
        "What has changed since is stated on the lot, not by a file.",
        "已接管，此处原为 {old}（{file} 第 {line} 行）。之后的变化请在批次上登记，而不是用文件。",
    ),
    "complaint_known": Words(
        "Taken in already as {complaint}, with {old} here. "
        "What has changed since is stated on the complaint, not by a file.",
        "已受理为 {complaint}，此处为 {old}。之后的变化请在投诉上登记，而不是用文件。",
    ),
    "lot_unknown": Words("There is no lot {lot}. Check the number.", "没有批次 {lot}。请核对批号。"),
    "consignee_unknown": Words(
        "There is no consignee {consignee}. Check the code, or import it first.",
        "没有收货方 {consignee}。请核对编码，或先导入该收货方。",
    ),
    "received_day_wrong": Words("{day} is no day up to today.", "{day} 不是今天或之前的日期。"),
    "opening_unit_differs": Words(
        "The material is kept in {wanted}, not in {unit}. State the quantity in {wanted}.",
        "该物料以 {wanted} 计，不是 {unit}。请按 {wanted} 填写数量。",
    ),
    "opening_supplier_missing": Words(
        "{item} is bought: name its supplier and the supplier's lot.",
        "{item} 为采购物料：请填写供应商和供应商批号。",
    ),
    "opening_lot_differs": Words(
        "The same lot says {stored} elsewhere, here {day}. Put right which of them is wrong.",
        "同一批次别处为 {stored}，此处为 {day}。请更正有误的一处。",
    ),
    "release_evidence_missing": Words(
        "What was released needs who released it, when, and where that is written. Without these it is in quarantine.",
        "已放行的须写明放行人、放行日期和放行依据；否则为待检。",
    ),
    "day_in_future": Words(
        "{day} is yet to come.",
        "{day} 尚未到来。",
    ),
    "expires_before_made": Words(
        "It expires before it was made ({made}).",
        "失效日期早于生产日期（{made}）。",
    ),
    "location_unknown": Words(
        "There is no place {code}. Places are: {known}.",
        "没有库位 {code}。现有库位：{known}。",
    ),
    "supplier_lot_missing": Words(
        "The supplier's lot number is missing.",
        "缺少供应商批号。",
    ),
    "location_for_released_only": Words(
        "{location} takes released stock only.",
        "{location} 只存放已放行的库存。",
    ),
    "location_missing": Words(
        "There is no place for such stock.",
        "没有可存放此类库存的位置。",
    ),
    "supplier_unknown": Words("There is no supplier {supplier}.", "没有供应商 {supplier}。"),
    "order_line_begun": Words("Something has arrived on this line.", "该行已有到货。"),
    "order_below_received": Words("{received} have arrived already.", "已到货 {received}。"),
    "csv_encoding_unsure": Words(
        "It can't be told which code page the file is in. Save it as CSV UTF-8, or as .xlsx.",
        "无法确定文件的编码。请另存为 CSV UTF-8 或 .xlsx。",
    ),
    "sheets_several": Words(
        "Several sheets have such columns: {sheets}. Hide or delete those that are not meant.",
        "有多个工作表含有这些列：{sheets}。请隐藏或删除不需要的工作表。",
    ),
    "import_column_twice": Words(
        "Several columns may be {column}: {headers}. Say which one it is.",
        "有多列可能是{column}：{headers}。请指明是哪一列。",
    ),
    "import_column_shared": Words(
        "{header} was chosen for {columns}. Choose another for one of them.",
        "{header} 被同时选作 {columns}。请为其中一项另选一列。",
    ),
    "cell_error": Words(
        "The cell holds an error ({text}). Put it right, or leave it empty.",
        "单元格是错误值（{text}）。请改正或留空。",
    ),
    "cell_code_day": Words(
        "The spreadsheet has made a day of it ({text}). Format the cell as text and type it anew.",
        "电子表格把它变成了日期（{text}）。请将单元格设为文本格式后重新输入。",
    ),
    "cell_code_number": Words(
        "The spreadsheet has made a number of it ({text}); digits may be lost. Format the cell as text "
        "and type it anew.",
        "电子表格把它变成了数字（{text}），可能丢失数位。请将单元格设为文本格式后重新输入。",
    ),
    "cell_apostrophe": Words(
        "{text} begins with an apostrophe. Remove it.",
        "{text} 以撇号开头。请删除撇号。",
    ),
    "cell_number_unsure": Words(
        "{text} may be {grouped} or {plain}. Write one of them.",
        "{text} 可能是 {grouped}，也可能是 {plain}。请写成其中之一。",
    ),
    "cell_no_such_day": Words(
        "There is no day {text}. Put it right.",
        "没有 {text} 这一天。请改正。",
    ),
    "cell_day_far": Words(
        "{text} is not between {first} and {last}. Put it right, or leave it empty where there is no day.",
        "{text} 不在 {first} 年至 {last} 年之间。请改正；没有日期则留空。",
    ),
    "cell_shown_otherwise": Words(
        "The cell shows something else than the {text} that it holds (zeros before it, %, a unit). "
        "Format it as text and type what is meant.",
        "单元格显示的与其实际值 {text} 不同（前导零、% 或单位）。请设为文本格式后输入所指的内容。",
    ),
    "row_hidden": Words(
        "The row is hidden. Show it, or delete it.",
        "该行被隐藏。请取消隐藏或删除。",
    ),
    "column_hidden": Words(
        "The column is hidden. Show it, or delete it.",
        "该列被隐藏。请取消隐藏或删除。",
    ),
    "row_is_header": Words(
        "The header stands here once more. Delete the row.",
        "此处又是表头。请删除该行。",
    ),
    "row_is_total": Words(
        "This is a row of totals. Delete it.",
        "这是合计行。请删除。",
    ),
    "row_too_wide": Words(
        "No header stands above this cell. Put what holds a comma into quotes, or save as .xlsx.",
        "此单元格上方没有表头。含逗号的内容请加引号，或另存为 .xlsx。",
    ),
    "header_unit_differs": Words(
        "The header says {unit}, wanted is {wanted}. Convert the values and the header.",
        "表头单位为 {unit}，应为 {wanted}。请换算数值并修改表头。",
    ),
    "code_alike": Words(
        "{code} is here already, spelt so. Write it so; if another is meant, give it another code.",
        "此处已有 {code}。请照此书写；若是另一个，请另取编码。",
    ),
    "quantity_not_whole": Words(
        "{quantity} {unit} is no whole number; {near} are next to it.",
        "{quantity} {unit} 不是整数；最近的是 {near}。",
    ),
    "row_cut_off": Words(
        "The file ends within this row; it may be cut off. Put the whole file, or complete the row.",
        "文件在此行中断，可能不完整。请放入完整文件，或补全该行。",
    ),
    "file_not_ours": Words(
        "The file may not be read here. Give the server the right to, and put it there once more.",
        "此处无权读取该文件。请授予服务器读取权限后重新放入。",
    ),
    "not_allowed": Words(
        "Whoever imports this lacks a right: {action}. Let somebody import it who may.",
        "导入人缺少权限：{action}。请由有权限的人员导入。",
    ),
    "command_id_reused": Words("This file was imported by another person.", "此文件已由他人导入。"),
}
TITLES = {
    "taken": Words(
        "{file}: imported as {kind}. {rows} rows: {new} new, {changed} changed, {same} the same.",
        "{file}：已作为{kind}导入。{rows} 行：新增 {new}，更改 {changed}，相同 {same}。",
    ),
    "again": Words(
        "{file}: this very file was imported at {at}. Nothing was changed.",
        "{file}：同一文件已于 {at} 导入，未作更改。",
    ),
    "refused": Words(
        "{file}: nothing was written. {count} cells are wrong.", "{file}：未写入。有 {count} 个单元格有误。"
    ),
}
KINDS = {
    "suppliers": Words("suppliers", "供应商"),
    "materials": Words("materials", "物料"),
    "orders": Words("order lines", "订单行"),
    "stock": Words("rows of opening stock", "期初库存"),
    "equipment": Words("lines and machines", "产线与设备"),
    "consignees": Words("consignees", "客户"),
    "complaints": Words("complaints", "投诉"),
}


def sentences(reason: Reason) -> Words:
    """A reason in both languages; one that is not known by its code."""
    known = SENTENCES.get(reason.code, Words(reason.code, reason.code))
    facts = {
        name: ", ".join(value) if isinstance(value, list) else value for name, value in reason.facts.items()
    }
    return Words(*(each.format_map(_Facts(facts)) for each in (known.en, known.zh)))


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "?"
