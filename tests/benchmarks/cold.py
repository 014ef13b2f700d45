"""A cold build, in editions a second, against others that set the same pages."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from leaflets.render.fontconfig import isolated
from tests.benchmarks import pages, peers
from tests.benchmarks.measuring import (
    GOALS,
    LANGUAGES,
    Row,
    Size,
    build,
    chosen,
    folder,
    interleaved,
    seconds,
)

_LEFT_OUT = "They leave out composing and checks, and start before the clock does"
PEERS = {
    "loop": ("a plain WeasyPrint loop", f"{_LEFT_OUT}; PDF/UA-1 without our mending of tags."),
    "chromium": (
        "Chromium, warm",
        f"{_LEFT_OUT}; head and foot on the first page only, no page numbers, no PDF/UA mark.",
    ),
    "typst": (
        "Typst, warm",
        f"{_LEFT_OUT}; no pictures, colours, columns, head and foot, and so fewer pages;"
        " no PDF/UA mark.",
    ),
}


def rows(size: Size) -> list[Row]:
    """Measure the same editions with each, in turn."""
    with folder() as work, ExitStack() as stack:
        tasks, counts = _tasks(work, size, stack)
        times = interleaved(tasks, size.rounds)
    found = [
        Row(
            name=f"cold build, {count} process{'es' * (count > 1)}",
            ours=counts["all"] / times[f"ours {count}"],
            theirs=counts["all"] / times[f"{kind} {count}"],
            unit="editions/s",
            against=words,
            goal=GOALS[kind] if kind != "typst" else None,
            note=note,
            headline=True,
        )
        for kind, (words, note) in PEERS.items()
        for count in (1, 2)
    ]
    found.insert(
        2,
        Row(
            name="cold build, 1 process, fewer leaflets",
            ours=counts["few"] / times["ours few"],
            theirs=counts["few"] / times["command"],
            unit="editions/s",
            against="the weasyprint command, once per file",
            goal=GOALS["command"],
            note="It leaves out composing and checks.",
            headline=True,
        ),
    )
    return found


def _tasks(
    work: Path, size: Size, stack: ExitStack
) -> tuple[dict[str, Callable[[], float]], dict[str, int]]:
    """Say how each is timed."""
    files, names = composed(work, size.leaflets, LANGUAGES)
    few = [name for name in names if any(name.startswith(f"{slug}-") for slug in size.subset)]
    options = ["-f", "a4", *chosen("-l", LANGUAGES)]
    tasks: dict[str, Callable[[], float]] = {}
    for count in (1, 2):
        tasks[f"ours {count}"] = partial(_ours, work, [*size.leaflets, *options, "-j", str(count)])
    stack.enter_context(isolated(files))  # for the peers; ours shows itself the same fonts
    for kind in PEERS:
        for count in (1, 2):
            tasks[f"{kind} {count}"] = peer(work, kind, names, count).time
    tasks["ours few"] = partial(_ours, work, [*size.subset, *options, "-j", "1"])
    tasks["command"] = partial(_command, [work / "pages" / f"{name}.html" for name in few])
    return tasks, {"all": len(names), "few": len(few)}


def composed(
    work: Path, leaflets: Sequence[str], languages: Sequence[str]
) -> tuple[Mapping[str, Path], list[str]]:
    """Write the pages that the peers set, and the fonts; return the fonts, and names of pages."""
    fonts, folder_of_pages = work / "fonts", work / "pages"
    fonts.mkdir()
    folder_of_pages.mkdir()
    files = pages.font_files(languages)
    for name, path in files.items():
        shutil.copyfile(path, fonts / name)
    return files, pages.write(folder_of_pages, leaflets, languages)


def peer(work: Path, kind: str, names: Sequence[str], count: int) -> peers.Peer:
    """Give a peer a copy of the pages."""
    copy = work / f"{kind}-{count}"
    shutil.copytree(work / "pages", copy)
    ending = ".typ" if kind == "typst" else ".html"
    return peers.Peer(kind, work / "fonts", [copy / f"{name}{ending}" for name in names], count)


def _ours(work: Path, options: list[str]) -> float:
    return seconds(lambda: build(work, *options))


def _command(paths: list[Path]) -> float:
    return seconds(lambda: peers.command(paths))
