"""The validation report on paper: what was proved on which machine, and protocol lines that people fill in and sign.

The tests are the developer's verification. Installation and operation at a site (IQ, OQ) and its own work (PQ) are
tried by its people: their lines are printed empty.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import msgspec
import typst
from pysqlite3 import dbapi2 as sqlite

from backend.outside.font_coverage import FONTS, printable

ROOT = Path(__file__).resolve().parents[1]
PAGE = Path(__file__).with_name("validation.typ")
PROTOCOLS = (
    (
        "IQ: installation 安装确认",
        (
            "lotgate doctor ends with 0. 结束代码为 0。",
            "The version and the digest of the lock file are those on page 1. 版本与锁定文件摘要与第 1 页一致。",
            "The data folder and maker.key can be read by the server's account alone. 数据目录与密钥仅服务账户可读。",
            "On PostgreSQL the server runs as lotgate_app. 使用 PostgreSQL 时服务以 lotgate_app 运行。",
            "The clock is kept by a time server, and the zone of the site is right. 时钟已同步，时区正确。",
            "The page is served over HTTPS under the name of the passkeys. 页面经 HTTPS 以通行密钥的名称提供。",
            "lotgate backup make and check end with 0 on the place of backups. 备份与检查均以 0 结束。",
            "A copy of maker.vkey is kept outside of this installation. maker.vkey 已另存一份于系统之外。",
        ),
    ),
    (
        "OQ: operation 运行确认",
        (
            "A lot is received by its scanned label; the values are those that are printed. 扫码收货，数值与印刷一致。",
            "A reading outside of its limits holds the lot and opens an NCR. 超限读数冻结批并开出不合格报告。",
            "A release with something open is refused with each reason. 有未决事项时放行被拒并逐条说明。",
            "Two people release a lot; the first alone cannot. 双人放行，一人不能完成。",
            "The certificate is verified on another computer without network. 证书在另一台离线计算机上核验通过。",
            "A person whose access has ended can neither sign in nor sign. 已停用人员不能登录或签名。",
            "lotgate log verify says nothing and ends with 0. 无任何输出并以 0 结束。",
            "A mock recall reaches every consignee of a shipped lot. 模拟召回覆盖所有收货方。",
            "A backup is restored into a new folder and its log holds. 备份恢复至新目录，日志完整。",
            "An archive opens in a browser without network and is verified. 归档离线打开并核验通过。",
        ),
    ),
    (
        "PQ: the site's own work 性能确认",
        (
            "Three lots of the site, from receiving to release, by its people. 三批自有产品由本厂人员全流程完成。",
            "The site's own labels are read on its own phones, in its own light. 本厂标签在本厂手机与光照下可读。",
            "A shift without network: nothing that was entered is lost. 断网一个班次，录入无丢失。",
            "The rights table is the one that the site has approved. 权限表与本厂批准的一致。",
        ),
    ),
)  # fmt: skip


def environment(at: datetime) -> list[tuple[str, str]]:
    """What it was run with, as far as this machine says."""
    lock = hashlib.sha256((ROOT / "requirements.lock").read_bytes()).hexdigest()
    found = [
        ("Lotgate", version()),
        ("commit", commit()),
        ("requirements.lock", f"SHA-256 {lock}"),
        ("at 时间", at.isoformat(" ", "seconds")),
        (
            "system 系统",
            f"{platform.system()} {platform.release()}, {platform.machine()}, {os.cpu_count()} CPU",
        ),
        ("Python", platform.python_version()),
        ("SQLite", sqlite.sqlite_version),
        ("PostgreSQL", _said("postgres", "--version") or "?"),
        ("Chromium", _said(os.environ.get("LOTGATE_CHROMIUM", "chromium"), "--version") or "?"),
    ]
    return [(name, printable(value)) for name, value in found]


def version() -> str:
    """Of the project."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def commit() -> str:
    """The commit, and whether the files are still as it has them; "?" outside of a repository."""
    head = _said("git", "-C", str(ROOT), "rev-parse", "HEAD")
    changed = _said("git", "-C", str(ROOT), "status", "--porcelain", "--untracked-files=no")
    return f"{head}, with changes" if head and changed else head or "?"


def _said(program: str, *words: str) -> str:
    """What a program prints; nothing where it is not here. PostgreSQL's own lies beside no path."""
    found = shutil.which(program)
    if found is None and program == "postgres":
        places = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
        found = str(places[-1]) if places else None
    if found is None:
        return ""
    done = subprocess.run([found, *words], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def validation_pdf(
    rows: Sequence[tuple[str, str, str, str, str]], without: Sequence[str], at: datetime | None = None
) -> bytes:
    """`rows`: requirement, what, clause, test, result. Raises typst.TypstError when it can't be set."""
    at = at or datetime.now(UTC)
    results = [row[4] for row in rows]
    failed = sum(result != "passed" and re.fullmatch(r"\d+ passed", result) is None for result in results)
    count = len({row[0] for row in rows})
    summary = (
        f"{count} requirements, {len(rows)} tests that name them, {failed} not passed. "
        f"{count} 项要求，{len(rows)} 个测试，{failed} 个未通过。"
    )
    data = {
        "version": version(),
        "commit": commit()[:12],
        "environment": environment(at),
        "summary": summary,
        "rows": [[_breakable(printable(cell)) for cell in row] for row in rows],
        "without": list(without),
        "protocols": PROTOCOLS,
    }
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    compiler = typst.Compiler(PAGE, font_paths=fonts, ignore_system_fonts=True)
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"data": msgspec.json.encode(data).decode()},
        pdf_standards="a-2b",
        timestamp=at.replace(microsecond=0),
    )
    return cast(bytes, pdf)


def _breakable(text: str) -> str:
    """Names of tests break after their parts."""
    return re.sub(r"([/:_])(?=\w)", "\\1\u200b", text)
