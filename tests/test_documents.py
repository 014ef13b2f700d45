"""What people read holds no mark to be filled in, and leads nowhere that does not exist."""

import importlib
import re
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from leaflets.library import edition_code

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob(".github/**/*.md")])
FOLDERS = ("docs", "templates", "locales", "leaflets", ".ci", ".github")
WRITTEN = (".md", ".html", ".css", ".js", ".toml", ".po", ".pot", ".py", ".yml", ".yaml", ".svg")

# Spelt in pieces, so that this file does not find itself.
MARKS = re.compile(
    r"@@\w"  # a figure that a script was to fill in
    rf"|\b(?:{'TO' + 'DO'}|{'FIX' + 'ME'}|X{'XX'}|T{'BD'})\b"
    rf"|(?i:\bl{'orem'} ipsum\b)"
)
# A unified diff of catalogs, quoted in a document or made by the code, has such a line of its own.
HUNK = re.compile(r"^@@ -\d")

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# Seven signs, and not all of them digits, as those of a telephone number or a range may be.
EDITION_CODE = re.compile(r"(?<![\w-])(?=[0-9-]*[A-Z])[A-Z0-9]{3}-[A-Z0-9]{4}(?![\w-])")
QUOTED = re.compile(r"`([^`\n]+)`")


def test_a_document_that_is_made_from_the_program_is_up_to_date(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(ROOT / ".ci")
    made = importlib.import_module("docs").DOCUMENTS
    for name, document in made.items():
        assert (ROOT / name).read_text("utf-8") == document(), f"{name}: run make docs"


def written() -> Iterator[Path]:
    """Yield every file that people wrote for people, or for the page."""
    yield from (*ROOT.glob("*.md"), ROOT / "Makefile", ROOT / "pyproject.toml")
    for path in chain.from_iterable((ROOT / folder).rglob("*") for folder in FOLDERS):
        if path.suffix in WRITTEN and "__pycache__" not in path.parts:
            yield path


def anchors(document: Path) -> set[str]:
    """Return the names of a document's headings, as code hosts make them."""
    headings = HEADING.findall(FENCE.sub("", document.read_text("utf-8")))
    words = [re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", text).lower()) for text in headings]
    return {text.strip().replace(" ", "-") for text in words}


def links(document: Path) -> list[str]:
    """Return where a document leads within the project."""
    found = LINK.findall(FENCE.sub("", document.read_text("utf-8")))
    return [target for target in found if not re.match(r"[a-z]+:", target)]


def test_nothing_that_people_read_holds_an_unfilled_mark() -> None:
    unfilled = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in written()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if MARKS.search(line) and not HUNK.match(line)
    ]
    assert unfilled == []


@pytest.mark.parametrize(
    "line",
    ["it takes @@H hours", "# TO" + "DO: say more", "L" + "orem ipsum dolor", "see X" + "XX"],
)
def test_a_mark_is_known_when_it_is_seen(line: str) -> None:
    assert MARKS.search(line)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_a_heading_that_exist(document: Path) -> None:
    for target in links(document):
        name, _, heading = target.partition("#")
        path = (document.parent / name).resolve() if name else document
        assert path.exists(), f"{document.name} leads to {target}, and there is no such file"
        if heading:
            assert heading in anchors(path), f"{document.name}: no such heading: {target}"


def test_every_edition_code_that_stands_as_an_example_is_one() -> None:
    codes = {
        code: path.relative_to(ROOT)
        for path in written()
        for code in EDITION_CODE.findall(path.read_text("utf-8"))
    }
    assert {path.parts[0] for path in codes.values()} >= {"docs", "leaflets", ".github"}
    for code, path in codes.items():
        signs = code.replace("-", "")
        right = edition_code.check_sign(signs[:-1])
        assert signs[-1] == right, f"{path}: {code} should end with {right}"


def named_paths(document: Path) -> set[str]:
    """Return what a document calls by its path: `leaflets/…`, or a module with its room."""
    quoted = QUOTED.findall(FENCE.sub("", document.read_text("utf-8")))
    looks_like_one = re.compile(r"[\w./-]+/(?:[\w.-]+\.\w+)?|[\w-]+\.(?:py|toml|md|html|css)")
    return {text for text in quoted if looks_like_one.fullmatch(text)}


def known_paths() -> set[str]:
    """Return every tail of every path in the project: a page may name a module from its room."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    whole = {str(parent) + "/" for path in listed for parent in Path(path).parents} | set(listed)
    return {
        "/".join(parts[start:])
        for path in whole
        for parts in [path.split("/")]
        for start in range(len(parts))
    }


#: What a clinic, a build or a new language has, and the project has not.
ELSEWHERE = (
    "our-clinic/", "clinic.toml", "ledger/", "recalls.toml", "overrides.toml", "signoff.toml",
    "accepted.toml",
    "templates/overrides.toml", "templates/signoff.toml", "locales/es/signoff.toml", "locales/vi/",
    "build/", "dist/", ".venv/",
)  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_that_a_document_names_exists(document: Path) -> None:
    missing = named_paths(document) - known_paths()
    assert {path for path in missing if not path.startswith(ELSEWHERE)} == set()
