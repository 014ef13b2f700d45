"""Write what was measured: the table, docs/benchmarks.md, and the headline of README."""

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.measuring import Row

BEGIN, END = "<!-- benchmarks: written by make bench -->", "<!-- end of benchmarks -->"

_PACKAGES = ("weasyprint", "typst", "playwright", "typer")

_INTRODUCTION = """# Benchmarks

Each figure is a ratio of ours to theirs: medians, measured in turn in one run on the same machine
and the same content. Seconds differ from machine to machine, ratios much less. Of speed, more is
better; of time and memory, less. The goals are what we aim at, in `tests/benchmarks/measuring.py`.
`make bench` writes this page, its chart and the line in README.
"""


def table(rows: Sequence[Row]) -> str:
    """Write rows as a Markdown table; those whose note is the same share it, below."""
    lines = [
        "| what | ours | against | theirs | ratio | goal | |",
        "|---|---:|---|---:|---:|---:|---|",
    ]
    for row in rows:
        verdict = "" if row.goal is None else "met" if row.goal.met(row.ratio) else "**missed**"
        lines.append(
            f"| {row.name} | {_figure(row.ours)} {row.unit} | {row.against}"
            f" | {_figure(row.theirs)} {row.unit} | {_figure(row.ratio)}"
            f" | {row.goal or ''} | {verdict} |"
        )
    said: dict[str, list[str]] = {}
    for row in rows:
        if row.note:
            said.setdefault(row.note, []).append(row.against if _shared(rows) else row.name)
    if said:
        lines.append("")
        lines += [
            f"- {_capital(', '.join(dict.fromkeys(about)))}: {note}" for note, about in said.items()
        ]
    return "\n".join(lines) + "\n"


def _shared(rows: Sequence[Row]) -> bool:
    """Tell whether it is the peer that tells rows apart."""
    return len({row.against for row in rows}) > len({row.name for row in rows})


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}" if value >= 1 else f"{value:.2f}"


def machine() -> str:
    """Say in neutral words what it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}"


def versions() -> str:
    """Name the versions of what was measured."""
    found = [f"Python {platform.python_version()}"]
    found += [f"{name} {version(name)}" for name in _PACKAGES]
    if chromium := shutil.which("chromium"):
        said = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=True)
        if match := re.search(r"Chromium \S+", said.stdout):
            found.append(match[0])
    return ", ".join(found)


def page(
    found: Mapping[str, Sequence[Row]], titles: Mapping[str, str], commands: str, busy: float
) -> str:
    """Write docs/benchmarks.md."""
    parts = [
        _INTRODUCTION,
        f"Measured on {machine()}; {_load(busy)}. {versions()}.\n",
        f"```sh\n{commands}\n```\n",
    ]
    for name, rows in found.items():
        parts.append(f"## {titles[name]}\n{table(rows)}")
        if name == "growth":
            parts.append("![Time of a cold build against pages printed](benchmarks.svg)\n")
    return "\n".join(parts)


def _load(busy: float) -> str:
    if busy < 0.5:
        return "otherwise idle when it began"
    return f"busy with other work when it began (load {busy:.1f})"


def headline(rows: Sequence[Row]) -> str:
    """Say in one line how many goals were met, and how a cold build compares with the others."""
    goals = [row for row in rows if row.headline and row.goal is not None]
    met = sum(row.goal.met(row.ratio) for row in goals if row.goal is not None)
    many = max((row for row in rows if row.headline and row.unit == "editions/s"), key=_ours)
    return (
        f"{_capital(many.name)}: {_figure(many.ours)} {many.unit}."
        f" {met} of {len(goals)} goals met, [each beside others' figures](docs/benchmarks.md).\n"
    )


def _ours(row: Row) -> float:
    return row.ours


def refresh(readme: Path, rows: Sequence[Row]) -> None:
    """Put the headline between the marks of README; raise `ValueError` if it has none."""
    text = readme.read_text("utf-8")
    head, mark, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"{readme.name}: the marks for the benchmarks are missing")
    readme.write_text(f"{head}{BEGIN}\n{headline(rows)}{END}{tail}", "utf-8")
