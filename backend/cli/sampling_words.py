"""The words of `lotgate sampling`, in English and Chinese."""

from __future__ import annotations

from backend.domain.errors import Reason
from backend.domain.words import Words

SAY = {
    "aql_missing": Words("--aql is missing: --aql 1.0", "缺少 --aql：例如 --aql 1.0"),
    "beside_batch": Words(
        "{options}: passed over with --batch, where each line says its own",
        "{options}：使用 --batch 时不起作用，以表中每行为准",
    ),
    "place": Words("{file} line {line}{column}: ", "{file} 第 {line} 行{column}："),
    "place_file": Words("{file}: ", "{file}："),
    "place_column": Words(", column {column}", "，{column} 列"),
    "title": Words(
        "{standard}, level {level}, AQL {aql}, {severity} inspection, lot of {lot}",
        "{standard}，检验水平 {level}，AQL {aql}，{severity}检验，批量 {lot}",
    ),
    "letter": Words("code letter", "样本量字码"),
    "sample": Words("sample", "样本量"),
    "sample_1": Words("first sample", "第一样本"),
    "sample_2": Words("second sample", "第二样本"),
    "sample_number": Words(
        "  at the AQL {units} units are inspected on average", "  质量等于 AQL 时，平均样本量为 {units}"
    ),
    "double_batch": Words(
        "a table is answered with single plans: leave --double or --batch out",
        "批量表只给出一次抽样方案：请去掉 --double 或 --batch",
    ),
    "accept": Words("accept up to", "接收数 Ac"),
    "reject": Words("reject from", "拒收数 Re"),
    "whole_lot": Words("every unit: the sample is as large as the lot", "全检：样本量不小于批量"),
    "gap": Words(
        "between the two: the lot is accepted, the next is inspected normally",
        "介于两者之间：该批接收，下一批转为正常检验",
    ),
    "passes": Words("what the plan lets pass", "方案放行的质量水平"),
    "percent": Words("percent nonconforming", "不合格品百分数"),
    "per_hundred": Words("nonconformities per 100 units", "每百单位产品不合格数"),
    "point": Words(
        "  {share:>4} of 100 lots are accepted at  {quality}", "  质量 {quality} 时，每 100 批接收 {share} 批"
    ),
    "worst": Words(
        "  on average at most {quality} goes out, if rejected lots are sorted",
        "  拒收批经全数筛选后，平均检出质量上限 (AOQL) 为 {quality}",
    ),
}
SEVERITY = {
    "normal": Words("normal", "正常"),
    "tightened": Words("tightened", "加严"),
    "reduced": Words("reduced", "放宽"),
}
STANDARD = {
    "iso2859-1": "ISO 2859-1:1999",
    "gb-t2828.1": "GB/T 2828.1-2012",
    "z1.4": "ANSI/ASQ Z1.4",
}
WHY = {
    "aql_unsupported": Words(
        "AQL '{aql}' is not one of the standard's. Take one of: {supported}",
        "标准中没有 AQL “{aql}”。请选用：{supported}",
    ),
    "level_unsupported": Words(
        "inspection level '{level}' is not one of the standard's. Take one of: {supported}",
        "标准中没有检验水平“{level}”。请选用：{supported}",
    ),
    "severity_unsupported": Words(
        "'{severity}' is no severity of inspection. Take one of: {supported}",
        "没有“{severity}”这种检验严格度。请选用：{supported}",
    ),
    "standard_unsupported": Words(
        "the tables of '{standard}' are not held. Take one of: {supported}",
        "没有“{standard}”的抽样表。请选用：{supported}",
    ),
    "lot_size_invalid": Words(
        "'{lot_size}' is no lot size. Write a number from 1 up, a band such as 281-500, or 500001-",
        "“{lot_size}”不是批量。请写从 1 起的整数、范围（如 281-500）或 500001-",
    ),
    "lot_band_has_several_plans": Words(
        "lots of {lot_size} have several plans. Split the band where the standard's Table 1 does, or name one lot size",
        "批量 {lot_size} 对应多个抽样方案。请按标准表 1 的界限拆分，或写一个批量",
    ),
    "not_offered": Words(
        "the double plans of '{standard}' are not held. Take those of {supported}, or a single plan",
        "没有“{standard}”的二次抽样表。请选用 {supported}，或一次抽样方案",
    ),
    "columns_missing": Words(
        "these columns are missing: {missing}. The first line has to name {expected}",
        "缺少列：{missing}。首行应包含 {expected}",
    ),
    "file_not_readable": Words("cannot be read ({detail})", "无法读取（{detail}）"),
    "columns_twice": Words(
        "these columns stand there twice: {columns}. Leave one of each",
        "以下列重复：{columns}。每列只保留一个",
    ),
    "row_too_long": Words(
        "{cells} cells for {columns} columns. A number with a comma stands in quotes, or without the comma",
        "有 {cells} 个单元格，而列数为 {columns}。带逗号的数字请加引号，或去掉逗号",
    ),
    "csv_not_text": Words("is not text. Save it as CSV UTF-8", "不是文本。请另存为 CSV UTF-8"),
    "csv_row_broken": Words(
        "a quotation mark is not closed. Close it, or take it out",
        "引号没有配对。请补上或去掉",
    ),
}


def why(reason: Reason, language: str) -> str:
    """A reason in words, with its way out."""
    facts = {name: ", ".join(fact) if isinstance(fact, list) else fact for name, fact in reason.facts.items()}
    return WHY[reason.code].in_language(language).format(**facts)
