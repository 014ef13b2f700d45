"""Run the benchmarks: `python -m tests.benchmarks [--only NAME]… [--quick] [--clinics N]`."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence

import msgspec

from tests.benchmarks import (
    changes,
    clinics,
    cold,
    growth,
    memory,
    preview,
    report,
    starting,
)
from tests.benchmarks.measuring import QUICK, ROOT, Row, Size

QUESTIONS: dict[str, tuple[str, Callable[[Size], list[Row]]]] = {
    "cold": ("A cold build", cold.rows),
    "changes": ("A build after a change", changes.rows),
    "clinics": ("Many clinics", clinics.rows),
    "memory": ("Memory of a worker", memory.rows),
    "starting": ("Starting", starting.rows),
    "preview": ("The preview", preview.rows),
    "growth": ("Growth", growth.rows),
}


def main(arguments: Sequence[str]) -> int:
    """Print the tables; write the pages as well, if every question was asked."""
    asked = _parser().parse_args(arguments)
    size = QUICK if asked.quick else Size()
    if asked.memory:
        size = msgspec.structs.replace(size, memory=asked.memory)
    if asked.clinics and asked.clinics not in size.clinics:
        counts = (*(one for one in size.clinics if one < asked.clinics), asked.clinics)
        size = msgspec.structs.replace(size, clinics=counts)
    busy = os.getloadavg()[0]
    found: dict[str, list[Row]] = {}
    for name, (title, rows) in QUESTIONS.items():
        if asked.only and name not in asked.only:
            continue
        began = time.monotonic()
        found[name] = rows(size)
        sys.stdout.write(f"## {title}\n{report.table(found[name])}")
        sys.stdout.write(f"It took {time.monotonic() - began:.0f} s to measure.\n\n")
        sys.stdout.flush()
    if not asked.only:
        _write(found, asked, busy)
    return os.EX_OK


def _write(found: dict[str, list[Row]], asked: argparse.Namespace, busy: float) -> None:
    options = [
        *(["--quick"] if asked.quick else []),
        *([f"--clinics {asked.clinics}"] if asked.clinics else []),
        *([f"--memory {asked.memory}"] if asked.memory else []),
    ]
    command = " ".join([".venv/bin/python -m tests.benchmarks", *options])
    titles = {name: title for name, (title, _) in QUESTIONS.items()}
    text = report.page(found, titles, command, busy)
    (ROOT / "docs" / "benchmarks.md").write_text(text, "utf-8")
    (ROOT / "docs" / "benchmarks.svg").write_text(growth.CHART[-1], "utf-8")
    report.refresh(ROOT / "README.md", [row for rows in found.values() for row in rows])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=QUESTIONS, help="one question")
    parser.add_argument("--quick", action="store_true", help="less content, fewer rounds")
    parser.add_argument("--clinics", type=int, default=0, help="measure so many clinics too")
    parser.add_argument("--memory", type=int, default=0, help="editions that a worker makes")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
