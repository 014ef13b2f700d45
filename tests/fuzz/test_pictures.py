"""Logos and figures: what is more than a picture is refused, and what is taken can be drawn."""

import io
import os
import re
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from PIL import Image

from leaflets.errors import LeafletsError
from leaflets.library import home, logo
from leaflets.render.weasy.typeset import typeset
from tests.fuzz import inputs
from tests.fuzz.harness import counted, examples, names, outcome, watched

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    b' viewBox="0 0 48 48" width="48" height="24"><title>Hill Street</title><defs>'
    b'<linearGradient id="a"><stop stop-color="#fff"/><stop offset="1"/></linearGradient>'
    b'<clipPath id="c"><rect width="9" height="9" rx="2"/></clipPath>'
    b'<g id="b"><path d="M0 0h9v9z"/></g></defs><style>path { fill: url(#a) }</style>'
    b'<use href="#b" x="3"/><g clip-path="url(#c)" transform="rotate(9 2 2) scale(2)">'
    b'<circle cx="5" cy="5" r="4" stroke-dasharray="1 2" style="stroke: red"/>'
    b'<path d="M1 2 C3 4 5 6 7 8 A9 9 0 0 1 3 3 Q1 1 2 2 S4 4 5 5 T1 1 Z" fill="none"/></g></svg>'
)
FIGURES = [(home.home() / f"templates/figures/{name}.svg").read_bytes()
           for name in ("icon-pen", "icon-fall")]  # fmt: skip

SVG_WORDS = (
    b"<script>alert(1)</script>", b"<image href='http://127.0.0.1:9/a.png'/>", b"<text>A</text>",
    b"<image href='file:///etc/hostname'/>", b"<use href='/etc/hostname#a'/>", b"<use href='#a'/>",
    b"<image href='data:image/png;base64,iVBORw0KGgo='/>", b"<foreignObject/>", b"<a href='#a'/>",
    b"<style>@import 'http://127.0.0.1:9/'</style>", b"<style>@font-face{src:url(/etc/x)}</style>",
    b" onload='x()'", b" style='fill:url(http://127.0.0.1:9/)'", b" fill='url(/etc/hostname)'",
    b" filter='url(#a)'", b" mask='url(#b)'", b" marker-start='url(#b)'", b"<animate/>", b"<g>",
    b"<use href='#b'/><use href='#b'/>", b"<pattern id='p'><use href='#p'/></pattern>", b"</g>",
    b" d='M'", b" d='A 0 0 0'", b" d='M1e999 0 L nan 3'", b" transform='scale(0)'", b" r='-1'",
    b" width='0'", b" height='1e30'", b" viewBox='0 0 0 0'", b" viewBox='a'", b" x='calc(1'",
    b" stroke-dasharray='0'", b" font-size='1e9'", b" id='b'", b" transform='matrix(1)'", b"50%",
    b"<?xml-stylesheet href='file:///etc/hostname'?>", b"<!DOCTYPE svg [<!ENTITY x 'y'>]>", b"&x;",
    b"<style>*{fill:u\\72l(http://127.0.0.1:9/)}</style>", b" xml:base='http://127.0.0.1:9/'",
    b"<iframe/>", b"<set attributeName='href' to='x'/>", b"<svg xmlns='http://www.w3.org/2000/svg'>",
    b"<g>" * 400 + b"</g>" * 400, b"<path d='" + b"M0 0L9 9" * 4000 + b"'/>", b"<mask id='b'>",
)  # fmt: skip


def _bitmap(kind: str, mode: str) -> bytes:
    data = io.BytesIO()
    Image.new(mode, (12, 8)).save(data, kind, **({"dpi": (72, 72)} if kind == "PNG" else {}))
    return data.getvalue()


PNGS = [_bitmap("PNG", mode) for mode in ("RGB", "P", "RGBA", "1", "I;16")]
JPEGS = [_bitmap("JPEG", mode) for mode in ("RGB", "L", "CMYK")]
PNG_WORDS = (
    b"IHDR",
    b"IDAT",
    b"PLTE",
    b"tRNS",
    b"iCCP",
    b"acTL",
    b"fcTL",
    b"IEND",
    b"eXIf",
    b"zTXt",
)
JPEG_WORDS = (
    b"\xff\xd8",
    b"\xff\xc0",
    b"\xff\xda",
    b"\xff\xe1",
    b"Exif\0\0",
    b"\xff\xd9",
    b"\xff\xee",
)

KINDS = {
    "logo.svg": inputs.every([SVG, *FIGURES], SVG_WORDS),
    "logo.png": inputs.changed(PNGS, PNG_WORDS),
    "logo.jpg": inputs.changed(JPEGS, JPEG_WORDS),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


def _drawn(folder: Path, name: str) -> None:
    address = escape((folder / name).as_uri())
    done = typeset(f'<p><img src="{address}" alt="">A', [folder], right_to_left=False)
    assert done.pdf
    assert [run.text for page in done.layout.pages for run in page.runs] == ["A"]
    for key in (b"/URI", b"/JavaScript", b"/JS", b"/EmbeddedFile", b"/Launch"):
        assert key not in done.pdf


@pytest.mark.parametrize("name", KINDS)
def test_a_logo_is_refused_or_drawn_and_brings_nothing_with_it(folder: Path, name: str) -> None:
    @examples({"logo.svg": 8_000}.get(name, 4_000), quick=40)
    @given(KINDS[name])
    def tried(data: bytes) -> None:
        (folder / name).write_bytes(data)
        with watched(f"logo ({name.rpartition('.')[2].upper()})", folder):
            found = outcome(logo.check, folder, name)
            assert names(found, folder / name)
            if not isinstance(found, LeafletsError):
                _drawn(folder, name)

    tried()


@examples(2_000, quick=30)
@given(inputs.texts())
def test_a_name_of_a_logo_is_refused_or_is_that_of_a_file_in_the_folder(
    folder: Path, name: str
) -> None:
    with watched("logo (its name)", folder):
        assert isinstance(outcome(logo.check, folder, name), LeafletsError)


@examples(3_000, quick=40)
@given(KINDS["logo.svg"])
def test_a_figure_of_a_clinic_is_refused_or_a_drawing_alone(folder: Path, data: bytes) -> None:
    path = folder / "figure.svg"
    path.write_bytes(data)
    os.utime(path, ns=(counted.total(), counted.total()))  # so that it is read anew
    with watched("figure (SVG)", folder):
        found = outcome(logo.check_figure, path)
        assert names(found, path)
        if not isinstance(found, LeafletsError):
            for word in (b"<script", b"<image h", b"<foreignObject", b"<text"):
                assert word not in _without_comments(data)


def _without_comments(data: bytes) -> bytes:
    return re.sub(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", b"", data, flags=re.DOTALL)
