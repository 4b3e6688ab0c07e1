"""`lotgate chart`: a column of numbers as a control chart, with its signals and capability."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from backend.cli.sampling import language

EXAMPLES = """examples:
  lotgate chart diameters.csv
  lotgate chart diameters.csv --column diameter --lower 4.00 --upper 4.20 --svg diameters.svg --lang zh

An individuals chart (I-MR) of the values in their order. Signals are Nelson's rules 1 to 8: advice, no verdict.
exit status: 0 charted, 2 not readable
"""
RULES = {
    1: ("beyond a control limit", "超出控制限"),
    2: ("nine in a row on one side", "连续 9 点在中心线同侧"),
    3: ("six in a row rising or falling", "连续 6 点递增或递减"),
    4: ("fourteen in a row alternating", "连续 14 点上下交替"),
    5: ("two of three beyond two sigmas", "3 点中有 2 点超出 2σ"),
    6: ("four of five beyond one sigma", "5 点中有 4 点超出 1σ"),
    7: ("fifteen in a row within one sigma", "连续 15 点在 1σ 以内"),
    8: ("eight in a row outside one sigma", "连续 8 点在 1σ 以外"),
}
SAY = {
    "limits": ("mean {centre:.6g}, control limits {lower:.6g} to {upper:.6g}",
               "均值 {centre:.6g}，控制限 {lower:.6g} 至 {upper:.6g}"),
    "ranges": ("moving range {centre:.6g}, up to {upper:.6g}", "移动极差 {centre:.6g}，上限 {upper:.6g}"),
    "signal": ("value {place} ({value:g}): rule {rule}, {says}", "第 {place} 个值（{value:g}）：规则 {rule}，{says}"),
    "quiet": ("no signal", "无异常信号"),
    "no_column": ("{file}: no column '{column}'. It has {there}", "{file}：没有“{column}”列。现有：{there}"),
    "no_number": ("{file} line {line}: '{text}' is no number", "{file} 第 {line} 行：“{text}”不是数字"),
    "too_few": ("{file}: two values at least make a chart", "{file}：至少需要两个值"),
    "unreadable": ("{file}: cannot be read ({detail})", "{file}：无法读取（{detail}）"),
}  # fmt: skip


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `chart`."""
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--column", help="its name in the first line; the first column otherwise")
    parser.add_argument("--lower", type=float, help="lower specification limit, for the capability")
    parser.add_argument("--upper", type=float, help="upper specification limit")
    parser.add_argument("--svg", type=Path, metavar="FILE.svg", help="draw it")
    parser.add_argument("--lang", choices=("en", "zh"), default=language())


class Unusable(Exception):
    """The file makes no chart; carries the sentence."""


def run(args: argparse.Namespace) -> int:
    """Chart, print, return the exit status."""
    try:
        values = _values(args)
        print("\n".join(_report(values, args)))
    except Unusable as unusable:
        print(unusable, file=sys.stderr)
        return 2
    return 0


def _say(args: argparse.Namespace, key: str, **facts: object) -> str:
    return SAY[key][args.lang == "zh"].format(file=args.file.name, **facts)


def _values(args: argparse.Namespace) -> list[float]:
    try:
        rows = list(csv.reader(args.file.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(
            _say(args, "unreadable", detail=getattr(error, "strerror", None) or "UTF-8?")
        ) from None
    header = [name.strip() for name in rows[0]] if rows else []
    if args.column is not None and args.column not in header:
        raise Unusable(_say(args, "no_column", column=args.column, there=", ".join(header)))
    place = header.index(args.column) if args.column is not None else 0
    values = []
    for line, row in enumerate(rows[1:], start=2):
        text = row[place].strip() if place < len(row) else ""
        if not any(cell.strip() for cell in row):
            continue
        try:
            values.append(float(text))
        except ValueError:
            values.append(float("nan"))
        if not abs(values[-1]) < 1e300:
            raise Unusable(_say(args, "no_number", line=line, text=text))
    if len(values) < 2:
        raise Unusable(_say(args, "too_few"))
    return values


def _report(values: list[float], args: argparse.Namespace) -> list[str]:
    from statistics import stdev

    from backend.domain.control_charts import capability, individuals, signals
    from backend.views.drawings import chart_svg

    chart = individuals(values)
    found = signals(chart.positions, chart.position)
    position, spread = chart.position, chart.spread
    limits = {"lower": position.lower, "centre": position.centre, "upper": position.upper}
    lines = [_say(args, "limits", **limits), _say(args, "ranges", centre=spread.centre, upper=spread.upper)]
    for signal in found:
        says, value = RULES[signal.rule][args.lang == "zh"], values[signal.point]
        lines.append(_say(args, "signal", place=signal.point + 1, value=value, rule=signal.rule, says=says))
    if not found:
        lines.append(_say(args, "quiet"))
    if (args.lower is not None or args.upper is not None) and chart.sigma > 0:
        index = capability(position.centre, chart.sigma, stdev(values), args.lower, args.upper)
        named = {"Cp": index.cp, "Cpk": index.cpk, "Pp": index.pp, "Ppk": index.ppk}
        lines.append("  ".join(f"{name} {value:.3f}" for name, value in named.items() if value is not None))
    if args.svg is not None:
        try:
            args.svg.write_text(chart_svg(args.file.stem, values, position, found), encoding="utf-8")
        except OSError as error:
            raise Unusable(f"{args.svg}: {error.strerror}") from None
    return lines
