"""Standing type: a page set again for another clinic is the page set whole, to the byte."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from weasyprint.layout import layout_document

from leaflets.compose.inputs import Inputs
from leaflets.compose.personal import Personal
from leaflets.compose.plan import Edition, Request, plan
from leaflets.editions.make import Making, make_edition
from leaflets.library import load
from leaflets.library.load import Library
from leaflets.render.weasy import standing
from leaflets.render.weasy.standing import Standing
from leaflets.render.weasy.typeset import typeset

#: Clinics whose names and numbers are short, in another script, or full of signs; some state
#: something that the one before does not, so that its page cannot be set again.
SITES = """
[site.a]
name = "Hill Street"
phone = "020 7946 0001"
[site.b]
name = "Mill Street"
phone = "020 7946 0012"
[site.c]
name = "St M & <Co>"
phone = "0800 1111"
[site.d]
name = "مستشفى الأمل"
phone = "+44 20 7946 0017"
[site.e]
name = "Mill Lane"
phone = "020 7946 0018"
out_of_hours = "020 7946 0019"
[site.f]
name = "Dale"
phone = "020 7946 0020"
department = "Radiology"
address = "https://example.org/l/"
[site.g]
name = "Vale"
phone = "020 7946 0021"
department = "Day surgery"
address = "https://example.org/other/"
"""

#: On another format than the usual one: the first, its twin, and one whose script is another.
OF_OTHER_FORMATS = {"a", "b", "d"}

CASES = [
    ("en", "a4", ("symptoms", "warning-card")),
    ("en", "a4-giant", ("warning-card",)),
    ("en", "a4-trifold", ("warning-card",)),
    ("en", "a4-card", ("warning-card",)),
    ("ar", "a5-booklet", ("symptoms",)),
    ("hi", "a4-large", ("warning-card",)),
    ("zh-Hans", "a4", ("warning-card",)),
    ("km", "a4", ("diary",)),
]


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Library]:
    """Return the library as each of some clinics sees it."""
    folder = tmp_path_factory.mktemp("hill")
    (folder / "clinic.toml").write_text(f'name = "Hill"\nregion = "GB"\n{SITES}', "utf-8")
    return load.load_each(folder, ())


class Whole:
    """Counts the pages that are laid out whole."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin to count."""
        self.count = 0
        lay_out = layout_document

        def counted(*arguments: object) -> object:
            self.count += 1
            return lay_out(*arguments)

        monkeypatch.setattr(standing, "layout_document", counted)


def edition(library: Library, slug: str, language: str = "en", page: str = "a4") -> Edition:
    asked = Request(leaflets=(slug,), languages=(language,), formats=(page,))
    (found,) = plan(library, asked)
    return found


@pytest.mark.parametrize(("language", "page", "slugs"), CASES)
def test_an_edition_set_again_for_the_next_clinic_has_the_bytes_of_one_set_whole(
    sites: Sequence[Library],
    language: str,
    page: str,
    slugs: Sequence[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = Whole(monkeypatch)
    kept = Standing()
    for slug in slugs:
        for library in sites:
            if page != "a4" and library.clinic.site not in OF_OTHER_FORMATS:
                continue
            before = whole.count
            one = edition(library, slug, language, page)
            again = make_edition(Inputs(library), one, Making(standing=kept))
            alone = make_edition(Inputs(library), one)
            assert again.file is not None, again.problems
            assert (again.file, again.problems) == (alone.file, alone.problems)
            if library.clinic.site in {"b", "g"}:  # the one before differs in a few words only
                assert whole.count == before


def test_a_clinic_whose_name_takes_another_line_gets_a_page_set_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = (
        "Hill Street",
        "The Outpatient Clinic for Bones and Joints of the North and the Isles, Second Floor",
        "Dale",
    )
    tables = [f'[site.{n}]\nname = "{name}"\nphone = "111"' for n, name in enumerate(names)]
    text = "\n".join(('name = "Hill"', 'region = "GB"', *tables))
    (tmp_path / "clinic.toml").write_text(text, "utf-8")
    short, long, other = load.load_each(tmp_path, ())
    whole, kept = Whole(monkeypatch), Standing()
    for library, count in ((short, 1), (long, 2), (other, 2), (long, 2)):
        found = make_edition(Inputs(library), edition(library, "recovery"), Making(standing=kept))
        assert found.file == make_edition(Inputs(library), edition(library, "recovery")).file
        assert whole.count == count


def test_pages_that_differ_in_more_than_words_are_set_whole(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole, kept = Whole(monkeypatch), Standing()
    first = '<html lang="en"><title>A</title><style>p {}</style><h1 id="a">A</h1><p>B <b>C</b></p>'
    pages = (
        (first, True),
        (first.replace("C", "D"), False),
        (first.replace("p {}", "p { color: red }"), True),
        (first.replace("<b>C</b>", "<i>C</i>"), True),
        (first.replace("<b>C</b>", "<b></b>"), True),
        (first.replace("A</h1>", "B</h1>"), True),  # a heading that others may point to
        (first.replace("<p>", '<p class="b">'), True),
        (first.replace("B <b>", "B " * 500 + "<b>"), True),
    )
    for html, is_set_whole in pages:
        before = whole.count
        again = typeset(html, [tmp_path], right_to_left=False, assets={}, standing=kept)
        assert again.pdf == typeset(html, [tmp_path], right_to_left=False, assets={}).pdf
        assert (whole.count > before) == is_set_whole, html


def test_another_file_of_the_same_name_is_not_taken_for_the_one_that_stands(
    tmp_path: Path,
) -> None:
    kept = Standing()
    figure = tmp_path / "a.svg"
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h{}v9"/></svg>'
    html = f'<html lang="en"><title>A</title><p><img src="{figure.as_uri()}" alt="A">B</p>'
    found = []
    for width in (3, 8):
        figure.write_text(svg.format(width), "utf-8")
        assets = {figure: hashlib.sha256(figure.read_bytes()).hexdigest()}
        again = typeset(html, [tmp_path], right_to_left=False, assets=assets, standing=kept)
        assert again.pdf == typeset(html, [tmp_path], right_to_left=False, assets=assets).pdf
        found.append(again.pdf)
    assert found[0] != found[1]


def test_what_is_complained_of_is_complained_of_for_each_clinic(tmp_path: Path) -> None:
    kept = Standing()
    for name in ("A", "B"):
        html = f'<html lang="en"><title>A</title><p style="no-such: 1">{name}</p>'
        found = typeset(html, [tmp_path], right_to_left=False, assets={}, standing=kept)
        assert "no-such" in "".join(found.layout.warnings)


def test_nothing_of_a_patient_is_left_standing(sites: Sequence[Library]) -> None:
    kept = Standing()
    one = edition(sites[0], "preparation")
    assert make_edition(
        Inputs(sites[0]),
        one,
        Making(personal=Personal(procedure=dt.date(2026, 12, 1)), standing=kept),
    ).file
    assert len(kept) == 0
