"""The words of `lotgate log verify`, in English and Chinese: one sentence a finding."""

from __future__ import annotations

from backend.domain.words import Words
from backend.store.log_report import Code, Finding, LogReport

SENTENCES: dict[Code, Words] = {
    "log_cut": Words("the end of the log is missing: events {expected}", "日志末尾缺失：事件 {expected}"),
    "event_missing": Words("event missing from the log: {expected}", "日志中缺少事件：{expected}"),
    "event_unexpected": Words("event at an impossible place: {found}", "事件序号不可能存在：{found}"),
    "event_altered": Words(
        "event {seq}: content is not what was committed (hash {expected}, now {found})",
        "事件 {seq}：内容与提交时不符（原哈希 {expected}，现为 {found}）",
    ),
    "event_unreadable": Words(
        "event {seq}: content cannot be read as an event ({found})", "事件 {seq}：内容无法读取（{found}）"
    ),
    "event_column": Words(
        "event {seq}: column {column} should be {expected}, is {found}",
        "事件 {seq}：列 {column} 应为 {expected}，实为 {found}",
    ),
    "event_contradicts": Words(
        "event {seq} does not fit earlier ones: {table} {id} {column} was {expected}, the event says {found}",
        "事件 {seq} 与之前的事件矛盾：{table} {id} {column} 原为 {expected}，事件称 {found}",
    ),
    "row_changed": Words(
        "{table} {id}: column {column} should be {expected}, is {found}",
        "{table} {id}：列 {column} 应为 {expected}，实为 {found}",
    ),
    "row_deleted": Words(
        "{table} {id}: row deleted; it was {expected}", "{table} {id}：该行被删除，原为 {expected}"
    ),
    "row_inserted": Words(
        "{table} {id}: row that no event made: {found}", "{table} {id}：该行没有对应的事件：{found}"
    ),
    "table_unreadable": Words("table {table} cannot be read: {found}", "表 {table} 无法读取：{found}"),
    "answer_changed": Words(
        "command {id} (event {seq}): its kept answer was touched: {column} should be {expected}, is {found}",
        "命令 {id}（事件 {seq}）：保存的应答被改动：{column} 应为 {expected}，实为 {found}",
    ),
    "answer_missing": Words(
        "command {id} (event {seq}): its kept answer is missing", "命令 {id}（事件 {seq}）：保存的应答缺失"
    ),
    "schema_missing": Words(
        "schema of {table}: {id} is missing: {expected}", "表 {table} 的结构：缺少 {id}：{expected}"
    ),
    "schema_changed": Words(
        "schema of {table}: {id} should be {expected}, is {found}",
        "表 {table} 的结构：{id} 应为 {expected}，实为 {found}",
    ),
    "schema_unknown": Words(
        "schema of {table}: {id} is not Lotgate's: {found}", "表 {table} 的结构：{id} 不属于 Lotgate：{found}"
    ),
    "witness_missing": Words(
        "witness file {id} is missing: a cut or rewritten log could not be told",
        "见证文件 {id} 缺失：无法判断日志是否被截断或重写",
    ),
    "witness_cut": Words(
        "witness file {id}: {expected} hashes were kept, only {found} are left",
        "见证文件 {id}：应有 {expected} 个哈希，仅剩 {found} 个",
    ),
    "witness_unreadable": Words(
        "witness file {id} cannot be read (line {seq})", "见证文件 {id} 无法读取（第 {seq} 行）"
    ),
    "checkpoint_untrusted": Words(
        "the log's head is not signed by the maker's key ({found})",
        "日志检查点不是由制造商密钥签署（{found}）",
    ),
    "checkpoint_differs": Words(
        "the first {seq} events are not those of the signed head (root {expected}, now {found})",
        "前 {seq} 个事件与已签署的检查点不符（根 {expected}，现为 {found}）",
    ),
    "history_differs": Words(
        "the first {seq} events are not those of an earlier head (root {expected}, now {found})",
        "前 {seq} 个事件与早先的检查点不符（根 {expected}，现为 {found}）",
    ),
}
HOLDS = Words(
    "{events} events, {rows} rows, {answers} answers, {heads} heads: all as written",
    "{events} 个事件、{rows} 行、{answers} 个应答、{heads} 个检查点：均与写入时一致",
)
TOUCHED = Words(
    "{count} findings in {events} events, {rows} rows, {answers} answers, {heads} heads{more}",
    "共 {count} 处问题（{events} 个事件、{rows} 行、{answers} 个应答、{heads} 个检查点）{more}",
)
MORE = Words("; the first {shown} are listed, --json lists all", "；仅列出前 {shown} 处，--json 列出全部")
UNREADABLE = {
    "unreadable": Words("The database cannot be read: {detail}", "无法读取数据库：{detail}"),
    "not_migrated": Words(
        "No Lotgate database of this version; start Lotgate on it once (missing: {detail})",
        "不是本版本的 Lotgate 数据库，请先用 Lotgate 启动一次（缺少：{detail}）",
    ),
    "newer_version": Words(
        "The database was made by a newer Lotgate; verify it with that one ({detail})",
        "数据库由更新版本的 Lotgate 创建，请用该版本校验（{detail}）",
    ),
}


def line(finding: Finding, language: str) -> str:
    """One finding as a sentence."""
    facts = {name: _text(getattr(finding, name)) for name in finding.__struct_fields__}
    return SENTENCES[finding.code].in_language(language).format(**facts)


def summary(report: LogReport, most: int, language: str) -> str:
    """The last line."""
    count = len(report.findings)
    facts = {
        "events": report.events,
        "rows": report.rows,
        "answers": report.answers,
        "heads": report.heads,
        "count": count,
        "more": MORE.in_language(language).format(shown=most) if count > most else "",
    }
    return (TOUCHED if count else HOLDS).in_language(language).format(**facts)


def unreadable(code: str, detail: str, language: str) -> str:
    """Why nothing could be checked."""
    return UNREADABLE[code].in_language(language).format(detail=detail)


def _text(value: object) -> str:
    """No line breaks and no terminal codes from the database reach the terminal."""
    text = "–" if value is None else str(value)
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
