"""The others: each sets pages that are already composed, in a process that is warm.

`python -m tests.benchmarks.peers KIND FONTS FILE…` sets a page that is none of these to be warm,
says `ready`, waits for a line, sets each file beside itself as a PDF, and says `done`.
"""

import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import typst
import weasyprint
from playwright.sync_api import sync_playwright

from tests.benchmarks.measuring import ROOT, environment
from tests.benchmarks.pages import WARM

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

Setter = Callable[[Path], object]


def command(paths: Sequence[Path]) -> None:
    """Run the `weasyprint` command once for each file."""
    for path in paths:
        subprocess.run(
            [sys.executable, "-m", "weasyprint", "--quiet", "--pdf-variant", "pdf/ua-1",
             str(path), str(path.with_suffix(".pdf"))],
            env=environment(path.parent), cwd=path.parent, check=True, capture_output=True,
        )  # fmt: skip


class Peer:
    """Processes of one kind, each with a share of the files."""

    def __init__(self, kind: str, fonts: Path, paths: Sequence[Path], count: int) -> None:
        """Take what they are given; nothing is started yet."""
        self._words = [sys.executable, "-m", "tests.benchmarks.peers", kind, str(fonts)]
        self._paths = paths
        self._count = count

    def time(self) -> float:
        """Start new processes, wait until all are warm, and let them set all files; time that.

        New ones, for some remember what they have set before: Typst would not set it again.
        """
        for path in self._paths:
            path.with_suffix(".pdf").unlink(missing_ok=True)
        with ExitStack() as stack:
            running = [stack.enter_context(self._started(n)) for n in range(self._count)]
            _hear(running, "ready")
            began = time.perf_counter()
            for one in running:
                if one.stdin:
                    one.stdin.write("go\n")
                    one.stdin.flush()
            _hear(running, "done")
            taken = time.perf_counter() - began
            for one in running:
                if one.stdin:
                    one.stdin.close()
        for path in self._paths:
            if not path.with_suffix(".pdf").read_bytes().startswith(b"%PDF-"):
                raise RuntimeError(f"{path.name}: no PDF")
        return taken

    def _started(self, number: int) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*self._words, *map(str, self._paths[number :: self._count])],
            env=environment(self._paths[0].parent),
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )


def _hear(running: Sequence["subprocess.Popen[str]"], word: str) -> None:
    for one in running:
        if not one.stdout or one.stdout.readline().strip() != word:
            raise RuntimeError(f"a peer did not say {word}: {one.args!r}")


@contextmanager
def _loop(_fonts: Path) -> Iterator[Setter]:
    """Set pages with WeasyPrint, nothing shared between them."""
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)

    def set_page(path: Path) -> None:
        html = path.read_text("utf-8")
        weasyprint.HTML(string=html, base_url=path.as_uri()).write_pdf(
            path.with_suffix(".pdf"), pdf_variant="pdf/ua-1"
        )

    yield set_page


@contextmanager
def _chromium(_fonts: Path) -> Iterator[Setter]:
    """Print pages with one browser, as tagged PDF."""
    with sync_playwright() as started, ExitStack() as stack:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        stack.callback(browser.close)
        page = browser.new_page()

        def set_page(path: Path) -> None:
            page.goto(path.as_uri())
            page.pdf(
                path=path.with_suffix(".pdf"),
                tagged=True,
                prefer_css_page_size=True,
                print_background=True,
            )

        yield set_page


@contextmanager
def _typst(fonts: Path) -> Iterator[Setter]:
    """Set pages with one Typst compiler."""
    compiler: typst.Compiler | None = None

    def set_page(path: Path) -> None:
        nonlocal compiler
        if compiler is None:
            compiler = typst.Compiler(
                str(path), root=str(path.parent), font_paths=[str(fonts)], ignore_system_fonts=True
            )
        compiler.compile(input=str(path), output=str(path.with_suffix(".pdf")))

    yield set_page


KINDS = {"loop": _loop, "chromium": _chromium, "typst": _typst}


def main(kind: str, fonts: str, *files: str) -> int:
    """Do as the parent says."""
    paths = [Path(file) for file in files]
    with KINDS[kind](Path(fonts)) as set_page:
        set_page(paths[0].with_name(f"{WARM}{paths[0].suffix}"))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for path in paths:
            set_page(path)
        sys.stdout.write("done\n")
        sys.stdout.flush()
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
