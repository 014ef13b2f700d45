"""The schemas of all TOML files: each key is tried with values that are out of bounds.

Each is refused in one sentence that names file and key, or everything after it works.
"""

import copy
import datetime as dt
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
import tomli_w

from leaflets.catalogs import extract
from leaflets.checks import reading
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.errors import InputError
from leaflets.library import (
    claims,
    clinic,
    edition_code,
    facts,
    fonts,
    formats,
    glossary,
    home,
    languages,
    leaflet,
    load,
    orthography,
    overrides,
    plurals,
    recalls,
    redflags,
    regions,
    safety,
    schema,
    seal,
    signoff,
    sources,
    toml,
)
from tests.conftest import LEAFLET_HTML

DAY = dt.date(2026, 1, 31)
ITEM = signoff.Item("sentence", "sample.main", ("Drink water.",), ("Beba agua.",))
SIGNATURE = "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"


def signed(kind: type[seal.Entry], stated: dict[str, Any]) -> dict[str, Any]:
    """Put seal and signature to an entry of a record."""
    entry = seal.sealed(msgspec.convert(stated, kind))
    return {**stated, "seal": entry.seal, "signature": SIGNATURE}


#: A clinic folder in which every key of every table is stated: file, form and content.
FILES: Mapping[str, tuple[type[msgspec.Struct], dict[str, Any]]] = {
    "clinic.toml": (clinic.Clinic, {
        "name": "Hill Street", "department": "Radiology", "region": "GB",
        "phone": "(020) 7946 0000", "out_of_hours": "111", "comments": "help@hill.example",
        "logo": "logo.svg",
        "address": "https://clinic.example/leaflets/", "languages": ["en", "sm"],
        "leaflets": ["sample"], "formats": ["own"], "digits": "native", "keys": "optional",
        "hours": [{"days": "mon-fri", "opens": "08:00", "closes": "17:00"}],
        "language": {"sm": {"region": "GB"}},
        "local": {
            "driving-days": [2, 3], "lifting-weight": {"value": 4.5, "unit": "kilogram"},
            "own-limit": 3,
        },
    }),
    "templates/facts.toml": (facts.File, {
        "fact": {
            "rest": {
                "value": [3, 7], "unit": "day", "source": "book", "per": 100, "note": "Note.",
                "by_region": {"GB": {"value": 2, "source": ["book"]}},
            },
        },
        "local": {
            "own-limit": {
                "label": "Limit", "unit": "day", "low": 1, "high": 9, "at_least": "driving-days",
                "note": "Note.",
            },
            "own-weight": {
                "label": "Weight", "units": ["pound", "kilogram"],
                "bounds": {"pound": [1, 50], "kilogram": [0.5, 23]},
            },
        },
    }),
    "templates/sources.toml": (sources.File, {"source": {"book": {
        "kind": "paper", "title": "The book", "checked": DAY, "authors": "A", "publisher": "P",
        "journal": "J", "year": 2019, "volume": "3", "issue": "1", "pages": "1-2",
        "doi": "10.1000/x", "pmid": "123", "url": "https://book.example/", "verified_how": "Read.",
        "note": "Note.",
    }}}),
    "templates/claims.toml": (claims.File, {
        "claim": {
            "rest": {
                "says": "Rest helps.", "messages": ["sample.rest", "sample.*"], "basis": "source",
                "sources": ["book"], "place": "Page 1", "read": "in part", "note": "Note.",
            },
        },
        "no_claim": {"messages": ["sample.title"]},
    }),
    "templates/formats.toml": (formats.File, {
        "format": {"own": {
            "name": "Own", "medium": "print", "arrangement": "leaflet", "usual": True,
            "paper": "a4", "width": 100, "height": 210, "margin_top": 10, "margin_bottom": 10,
            "margin_side": 10, "marker": 20, "stacked": True, "body": 12.5, "label": 11,
            "smallest": 10.5, "sign_pages": 2, "budget": {"of": "own", "times": 1.5},
            "limits": "For few.", "sheet": {"width": 297, "height": 210, "scheme": "booklet"},
        }},
        "refused": {"a2": "Too large."},
    }),
    "templates/regions.toml": (regions.File, {"region": {"GB": {
        "name": "United Kingdom", "emergency_number": "999", "paper": "a4",
        "medicines": {"acetaminophen": "paracetamol"}, "physio": "physiotherapist",
        "temperature": "celsius", "weight": "kilogram", "week_starts": "monday",
        "phone_country": "+44", "urgent_line": "111", "urgent_line_name": "NHS 111",
        "languages": ["en"],
        "main_languages": ["en"], "note": "Note.", "checked": DAY, "checked_how": "Known.",
        "support": [{
            "name": "Society", "topic": "mood", "checked": DAY, "phone": "116 123",
            "url": "https://society.example", "checked_how": "Known.",
        }],
    }}}),
    "templates/redflags.toml": (redflags.File, {
        "flag": [
            {"id": "bladder", "tier": "emergency", "icon": "bladder"},
            {"id": "fall", "tier": "same-day", "icon": "fall"},
        ],
        "sets": {
            name: {"flags": ["bladder", "fall"]}
            for name in ("general", "falls", "before-procedure", "after-procedure",
                         "bone-medicines")
        },
    }),
    "templates/fonts.toml": (fonts.File, {"family": {"Own Sans": {
        "files": ["NotoSans-Regular.ttf"], "package": "fonts-noto-core", "scripts": ["Latn"],
    }}}),
    "templates/overrides.toml": (overrides.File, {
        "message": {"recovery.x": {"text": "Walk.", "plural": "Walk more."}},
    }),
    "templates/jargon.toml": (reading.File, {
        "jargon": [{"word": "sacrum", "plain": ["base of the spine"]}],
    }),
    "templates/leaflets/sample/leaflet.toml": (leaflet.Leaflet, {
        "title": "A sample", "short_title": "Sample", "audience": "patients", "topic": "other",
        "order": 1,
        "pages": {"a4": 1, "letter": 1, "own": 3}, "red_flags": "general",
        "emergency_box": "first", "icd10cm": ["M81.0"], "snomed": ["64859006"],
        "governance": {
            "authors": ["clinic"], "reviewers": ["radiologist"], "patients": "none yet",
            "conflicts": "None declared.", "changes": [{"day": DAY, "what": "The first version."}],
        },
    }),
    "templates/signoff.toml": (signoff.SignOff, {
        "approval": [signed(signoff.Approval, {
            "leaflet": "sample", "role": "clinician", "name": "A", "on": DAY, "until": DAY,
            "items": [ITEM.digest],
            "page": [
                {"site": "", "region": "GB", "formats": ["own"], "items": [ITEM.digest]},
            ],
        })],
        "verification": [signed(signoff.Verification, {
            "fact": "rest", "name": "B", "role": "clinician", "on": DAY, "until": DAY,
            "item": ITEM.digest,
        }), signed(signoff.Verification, {
            "claim": "rest", "name": "B", "role": "clinician", "on": DAY, "until": DAY,
            "item": ITEM.digest,
        })],
        "item": {ITEM.digest: msgspec.to_builtins(ITEM)},
    }),
    "locales/languages.toml": (languages.File, {"language": {"sm": {
        "name": "Samoan", "autonym": "Gagana", "direction": "ltr", "fonts": ["Own Sans"],
        "native_digits": "arab", "parent": "en", "region": "GB", "leading": 1.2,
        "line_breaks": "icu", "extraction": "tags", "begun": True, "pseudo": "",
    }}}),
    "locales/plurals.toml": (plurals.File, {
        "cldr": {"en": "nplurals=2; plural=(n != 1);"},
        "beyond_cldr": {"sm": "nplurals=1; plural=0;"},
    }),
    "locales/orthography.toml": (orthography.File, {"language": {"sm": {
        "negation": ["le", "aua*"], "beside": ["lava"], "affirming": ["le na"],
        "denying": ["taofi*"], "keeping": ["tumau"], "unless": ["sei iloga"],
        "unless_not": ["seia"], "only_if": ["na o"], "negated_for": ["until"],
        "prefixes": ["o"], "shared": ["tofu"], "whole_first": True,
        "noted": ["aua"], "stop": ".", "question": "?",
        "exclamation": "!", "colon": ":", "unended": False, "quotes": ["“”"],
        "opening": False, "spaced": "?!", "invisible": "\u200d", "repeats": True, "foreign": "x",
    }}}),
    "locales/sm/safety.toml": (safety.File, {
        "concept": {"before": {
            "words": ["muamua*"], "certain": ["muamua lava"], "idioms": ["i luma"],
            "implied_by": ["first"], "reworded": ["first"], "number": 1, "contrary": True,
            "relative": True, "group": "time",
        }},
        "unit": {"day": ["aso"]}, "reviewed": "By A.",
    }),
    "locales/sm/glossary.toml": (glossary.Glossary, {"term": [{
        "source": "needle", "preferred": "nila", "stems": ["nila"], "allowed": ["nila"],
        "forbidden": ["tui"], "do_not_translate": False, "note": "Note.",
    }]}),
    "recalls.toml": (recalls.File, {"recall": [signed(recalls.Recall, {
        "code": edition_code.of("abc"), "leaflet": "sample", "language": "en", "format": "a4",
        "on": DAY, "name": "Dr Sol", "reason": "Wrong.", "fingerprint": "abc", "words": "a1",
    })]}),
}  # fmt: skip

#: What is written in place of what belongs there.
WRONG: tuple[Any, ...] = (
    0, -1, 0.5, 10**9, 10**30, math.nan, math.inf, -math.inf, True, "", " ", "spaces", "x" * 6000,
    "a\x07b", "a\nb", "a\u202eb", "a\ue000b", "../a", "%(x)s{{ 1 }}<b>", DAY, [], [[]], [""],
    [9, 1], [1, 2, 3], ["x", 5], {}, {"x": 1},
)  # fmt: skip

PROSE = LEAFLET_HTML.replace(
    "BODY",
    "{{ fact('rest').with_unit }} {{ fact('rest').per }} {{ local('driving-days').text }}"
    " {{ local('lifting-weight').text }} {{ local('own-limit').with_unit }}"
    " {{ local('own-weight').with_unit }}",
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clinic folder that states everything."""
    path = tmp_path_factory.mktemp("stated")
    texts = {name: tomli_w.dumps(stated) for name, (_, stated) in FILES.items()}
    # It replaces a sentence of the library, so that only one that is there can be named.
    texts["templates/overrides.toml"] = ""
    texts |= {"templates/leaflets/sample/leaflet.html": PROSE, "logo.svg": SVG}
    for name, text in texts.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text, "utf-8")
    return path


def use(folder: Path) -> None:
    """Read the whole folder, and make all that is made of it before a page is set."""
    library = load.load(folder)
    request = Request(leaflets=("sample",), languages=("en",), formats=("own",))
    for edition in plan(library, request):
        assert ".." not in edition.file
        compose(Inputs(library), edition)
    assert all(source.citation() for source in library.sources.values())
    consult(library)


def consult(library: load.Library) -> None:
    """Read what is not of the library itself, and ask it."""
    terms = glossary.load(library.roots.locales, "sm")
    terms.standing_in("A needle.")
    for term in terms.term:
        term.misused("O le nila.")
    orthography.of(orthography.load(library.roots.locales), "sm").negations("Aua le x.")
    orthography.of(orthography.load(library.roots.locales), "sm").phrases_of("only_if", "Na o.")
    safety.load(library.roots.locales, "sm").said_in("I luma o le muamua.")
    messages = extract.domain(library, "sample")
    jargon = reading.load_jargon(library.roots.templates)
    tuple(reading.check("sample", messages, jargon, library.parts))
    signoff.load(library.roots.templates, signoff.FILE)


def places(stated: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - of TOML
    """Yield the path of each value of a document: tables, lists and what stands in them."""
    entries = stated.items() if isinstance(stated, dict) else enumerate(stated)
    for key, value in entries:
        yield (*at, key)
        if isinstance(value, dict | list):
            yield from places(value, (*at, key))


def changed(stated: dict[str, Any], at: tuple[str | int, ...], value: Any) -> dict[str, Any]:  # noqa: ANN401 - of TOML
    """Copy a document with one value in the place of another."""
    document = copy.deepcopy(stated)
    table: Any = document
    for key in at[:-1]:
        table = table[key]
    table[at[-1]] = value
    return document


@pytest.mark.parametrize("name", FILES)
def test_a_value_that_is_out_of_bounds_is_refused_or_everything_after_it_works(
    folder: Path, name: str
) -> None:
    path = folder / name
    before = path.read_text("utf-8")
    kind, stated = FILES[name]
    roots = (str(folder.parent), "templates/", "locales/")
    refused = 0
    try:
        for at in places(stated):
            for value in WRONG:
                path.write_text(tomli_w.dumps(changed(stated, at, value)), "utf-8")
                # Most is refused by its type alone, and then nothing else need be read.
                message = refusal(lambda: read(path, kind)) or refusal(lambda: use(folder))
                refused += bool(message)
                # Another file may be the one that no longer fits.
                assert not message or message.startswith(roots), (at, value)
    finally:
        path.write_text(before, "utf-8")
    assert refused
    use(folder)


def read(path: Path, kind: type[msgspec.Struct]) -> None:
    toml.read(path, kind)


def refusal(call: Callable[[], None]) -> str:
    """Return the sentence in which something is refused, or nothing; nothing else may be raised."""
    message = ""
    try:
        call()
    except InputError as error:
        message = str(error)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", FILES)
def test_every_key_is_tried(name: str) -> None:
    kind, stated = FILES[name]
    assert not set(keys(kind)) - {key for at in places(stated) for key in at}


def keys(kind: Any) -> Iterator[str]:  # noqa: ANN401 - a type or an annotation
    """Yield the keys of a table and of the tables in it, but for those that the program sets."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = toml.hints(kind)
        for field in schema.fields(kind):
            if not schema.is_set_by_program(field.type):
                yield field.encode_name
                yield from keys(hints[field.name])
    for part in get_args(kind):
        yield from keys(part)


@pytest.mark.parametrize("name", FILES)
def test_each_key_says_what_it_means_and_its_example_is_one(name: str) -> None:
    for table in tables(FILES[name][0]):
        hints = toml.hints(table)
        for field in schema.fields(table):
            _, said = schema.bare(field.type)
            for example in said.get("examples", ()):
                msgspec.convert(example, hints[field.name])
            holds_tables = "table" in schema.words(field.type)
            assert (
                said.get("description") or holds_tables or schema.is_set_by_program(field.type)
            ), field.name


def tables(kind: Any) -> Iterator[type[msgspec.Struct]]:  # noqa: ANN401 - a type or an annotation
    """Yield a table and the tables in it."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind is not signoff.Item:
        yield kind
        for hint in toml.hints(kind).values():
            yield from tables(hint)
    for part in get_args(kind):
        yield from tables(part)


@pytest.mark.parametrize(
    ("name", "at", "value", "said"),
    [
        ("templates/facts.toml", ("fact", "rest", "unit"), "spaces", "fact.rest.unit: “spaces”"),
        ("templates/formats.toml", ("format", "own", "width"), 0, "format.own.width: 0 is too"),
        ("templates/formats.toml", ("format", "own", "width"), -1, "from 0 to 1200, not -1."),
        ("templates/formats.toml", ("format", "own", "margin_side"), 90, "own.margin_side: the ma"),
        ("templates/formats.toml", ("format", "own", "id"), "x", "own.id: write nothing: take"),
        ("templates/formats.toml", ("format", "own", "body"), math.nan, "own.body: write a size"),
        ("templates/leaflets/sample/leaflet.toml", ("pages", "a4"), 0, "pages.a4: write a number"),
        ("locales/languages.toml", ("language", "sm", "leading"), math.inf, "sm.leading: write"),
        ("locales/languages.toml", ("language", "sm", "parent"), "fr", "sm.parent: “fr” cannot"),
        ("locales/languages.toml", ("language", "sm", "native_digits"), "zzzz", "know the digits"),
        ("clinic.toml", ("hours", 0, "opens"), "8", "hours, entry 1, opens: write a time such"),
        ("clinic.toml", ("name",), "Hill\u202eStreet", "name: write text on one line"),
        ("templates/regions.toml", ("region", "GB", "paper"), "a9", "GB.paper: there is no format"),
        ("locales/orthography.toml", ("language", "sm", "negation", 0), "", "negation, entry 1: w"),
    ],
)  # fmt: skip
def test_the_sentence_names_the_file_and_the_key_and_says_what_belongs_there(
    folder: Path, name: str, at: tuple[str | int, ...], value: object, said: str
) -> None:
    path = folder / name
    before = path.read_text("utf-8")
    path.write_text(tomli_w.dumps(changed(toml.document(before, path), at, value)), "utf-8")
    try:
        message = refusal(lambda: use(folder))
    finally:
        path.write_text(before, "utf-8")
    assert Path(name).name in message
    assert said in message


def test_the_types_of_the_schemas_are_such_as_msgspec_can_hold() -> None:
    # Some unions of types with bounds end its process; they are easy to write without noticing.
    script = "from leaflets.library import load; load.load(None)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONMALLOC": "debug", "PYTHONPATH": str(home.home())},
        check=False,
    )
    assert done.returncode == 0
