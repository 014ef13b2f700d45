"""Typesetting: the same inputs give the same bytes, and only the folders given are read."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from weasyprint.urls import FatalURLFetchingError

from leaflets import machine
from leaflets.library import fonts, home, load
from leaflets.render.weasy.fetcher import FolderFetcher
from leaflets.render.weasy.typeset import typeset
from tests.conftest import ClinicFolder

PRINT = """
import sys
from pathlib import Path
from leaflets.library.load import load
from leaflets.compose.plan import Request, plan
from tests.conftest import print_into
library = load(None)
request = Request(leaflets=("recovery",), languages=("en", "ar"), formats=("a4",))
print_into(library, plan(library, request), Path(sys.argv[1]))
"""


def print_in_a_process(folder: Path, **environment: str) -> dict[str, str]:
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-c", PRINT, str(folder)], check=True, env={**os.environ, **environment}
    )
    files = sorted(path for path in folder.rglob("[!.]*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_processes_hash_seeds_time_zones_and_other_fonts_do_not_change_a_byte(
    tmp_path: Path,
) -> None:
    few = tmp_path / "share" / "fonts"
    few.mkdir(parents=True)
    library = load.load(None)
    for name, path in fonts.locate(library.fonts.values()).items():
        (few / name).symlink_to(path)
    assert len(machine.font_files()) > len(list(few.iterdir()))
    one = print_in_a_process(tmp_path / "one", PYTHONHASHSEED="1", TZ="UTC")
    two = print_in_a_process(
        tmp_path / "two",
        PYTHONHASHSEED="2",
        TZ="Pacific/Auckland",
        LANG="ar_EG.UTF-8",
        XDG_DATA_HOME=str(tmp_path),
        XDG_DATA_DIRS=str(few.parent),
        SOURCE_DATE_EPOCH="1",
    )
    assert len(one) == 3
    assert one == two


def test_a_font_of_the_machine_that_is_not_listed_is_never_used(clinic: ClinicFolder) -> None:
    clinic.body("<p style=\"font-family: 'Noto Serif'\">Walk.</p>")
    assert not [one for one in clinic.problems() if one.code == "PAGE-02"]


def addresses(root: Path, outside: Path) -> list[str]:
    return [
        "http://169.254.169.254/latest",
        "https://example.org/a.css",
        "ftp://example.org/a",
        "data:text/css,p{}",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "file://localhost/etc/passwd",
        "file://example.org/etc/passwd",
        f"{root.as_uri()}/../outside.txt",
        f"{root.as_uri()}/%2e%2e/outside.txt",
        f"{root.as_uri()}/link.txt",
        outside.as_uri(),
    ]


def test_the_fetcher_refuses_every_address_outside_its_folders(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside.txt"
    root.mkdir()
    outside.write_text("secret")
    (root / "link.txt").symlink_to(outside)
    (root / "inside.txt").write_text("inside")
    fetcher = FolderFetcher([root])
    assert fetcher.fetch((root / "inside.txt").as_uri()).read() == b"inside"
    for address in addresses(root, outside):
        with pytest.raises((ValueError, FatalURLFetchingError)):
            fetcher.fetch(address)


@pytest.mark.parametrize(
    "body",
    [
        '<img src="/etc/hostname" alt="x">',
        '<img src="http://127.0.0.1:9/x.png" alt="x">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<style>@import "http://127.0.0.1:9/x.css";</style>',
        '<p style="background: url(file:///etc/hostname)">x</p>',
        '<link rel="attachment" href="file:///etc/passwd">',
    ],
)
def test_a_template_that_reaches_outside_is_not_printed(clinic: ClinicFolder, body: str) -> None:
    clinic.body(body)
    result = clinic.proof()
    assert not result.is_good
    assert "PAGE-05" in {one.code for one in result.problems}


def test_a_figure_that_reaches_outside_is_not_printed(clinic: ClinicFolder) -> None:
    clinic.write(
        "templates/figures/spy.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        '<image href="file:///etc/hostname" width="9" height="9"/></svg>',
    )
    clinic.body("{% call part.figure('spy', 'A spy') %}{% endcall %}")
    assert not clinic.proof().is_good


def test_figures_have_no_text_scripts_or_references() -> None:
    figures = sorted((home.home() / "templates" / "figures").glob("*.svg"))
    assert len(figures) > 50
    for path in figures:
        text = path.read_text("utf-8")
        for forbidden in ("<text", "<script", "<image", "<foreignObject", "href=", "url(http"):
            assert forbidden not in text, path.name


def test_no_word_is_left_alone_on_a_line_that_has_room(tmp_path: Path) -> None:
    words = "دونوں ٹانگوں میں نیچے تک نیا درد جائے، یا کسی ٹانگ میں نئی کمزوری یا نیا سُن پن ہو تو"
    sentence = f"<strong>{words} <span>911</span> پر فون کریں۔</strong>"
    style = (
        "body { font-family: 'Noto Nastaliq Urdu'; font-size: 12.5pt; margin: 0 } p { margin: 0 }"
        " span { font-family: 'Noto Sans'; white-space: nowrap }"
    )
    for width in range(130, 150):
        page = f"@page {{ size: {width}mm 60mm; margin: 3mm }} {style}"
        html = f'<html lang="ur" dir="rtl"><style>{page}</style><p>{sentence}</p></html>'
        (laid,) = typeset(html, [tmp_path], right_to_left=True).layout.pages
        first = laid.runs[0].text
        assert len(first.split()) > 1, (width, first)
