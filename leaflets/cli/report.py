"""What several commands show: problems, changes of texts, recalls, and JSON."""

import sys
from collections.abc import Iterator, Sequence

import msgspec
from rich.text import Text

from leaflets.catalogs.difference import difference
from leaflets.library.recalls import Recall
from leaflets.problem import Problem
from leaflets.records.approval.items import Change


def problem_groups(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield a line for each problem, once for all the editions that share it."""
    groups: dict[tuple[str, str, str, str, str], list[Problem]] = {}
    for one in problems:
        groups.setdefault((one.code, one.language, one.where, one.message, one.text), []).append(
            one
        )
    for same in groups.values():
        first = same[0]
        more = f" (and {len(same) - 1} more like it)" if len(same) > 1 else ""
        yield f"{first.severity.value}: {first.sentence()}{more}"


def write_json(value: object) -> None:
    """Print a value as indented JSON."""
    text = msgspec.json.format(msgspec.json.encode(value), indent=2)
    sys.stdout.write(text.decode() + "\n")


def changed(change: Change) -> Text:
    """Write a change as wdiff does: [-removed-] {+added+}."""
    text = Text(f"  {change.id}: ")
    for name, old, new in change.texts():
        if old == new:
            continue
        text.append(f"{name}: " if name else "")
        for piece in difference(old, new):
            if piece.kind == "removed":
                text.append(f"[-{piece.text}-]", style="red")
            elif piece.kind == "added":
                text.append(f"{{+{piece.text}+}}", style="green")
            else:
                text.append(piece.text)
        text.append(" ")
    return text


def recall_line(recall: Recall) -> str:
    """Say when, by whom and why an edition was recalled."""
    return f"RECALLED on {recall.on} by {recall.name}: {recall.reason}"
