"""Plural forms: our own table, compared with CLDR through ICU."""

from collections.abc import Mapping
from pathlib import Path

import icu
import pytest

from leaflets.catalogs import po
from leaflets.errors import InputError
from leaflets.library import home, languages, load, plurals, toml
from leaflets.library.load import Library
from tests.conftest import ClinicFolder

#: Languages that clinics hand leaflets out in.
PATIENTS = (
    "ar", "bn", "de", "en", "es", "fa", "fil", "fr", "gu", "he", "hi", "ht", "hu", "hy", "id",
    "it", "ja", "ka", "km", "ko", "ku", "lo", "ml", "mr", "my", "ne", "pa", "pl", "ps", "pt",
    "ro", "ru", "so", "sq", "sr", "sw", "ta", "te", "th", "ti", "tl", "tr", "uk", "ur", "uz",
    "vi", "yue", "zh", "am", "om", "hmn", "prs",
)  # fmt: skip
NUMBERS = range(1001)


def table(name: str) -> Mapping[str, str]:
    read = toml.read(home.home() / "locales/plurals.toml", plurals.File)
    return {"cldr": read.cldr, "beyond": read.beyond_cldr}[name]


def categories(tag: str) -> Mapping[str, list[int]]:
    rules = icu.PluralRules.forLocale(icu.Locale.forLanguageTag(tag))
    found: dict[str, list[int]] = {}
    for number in NUMBERS:
        found.setdefault(rules.select(number), []).append(number)
    return found


def test_the_table_has_sixty_languages_and_those_of_our_patients() -> None:
    known = table("cldr").keys() | table("beyond").keys()
    assert len(known) >= 60
    assert set(PATIENTS) <= known
    assert not table("cldr").keys() & table("beyond").keys()


@pytest.mark.parametrize("tag", sorted(table("cldr")))
def test_a_form_of_gettext_is_a_category_of_cldr(tag: str) -> None:
    index = po.plural_function(table("cldr")[tag])
    forms = {name: {index(one) for one in numbers} for name, numbers in categories(tag).items()}
    assert all(len(found) == 1 for found in forms.values()), forms
    assert len({min(found) for found in forms.values()}) == len(forms), forms


@pytest.mark.parametrize("tag", sorted({**table("cldr"), **table("beyond")}))
def test_the_number_of_forms_is_that_of_the_forms_used(tag: str) -> None:
    header = {**table("cldr"), **table("beyond")}[tag]
    index = po.plural_function(header)
    used = {index(number) for number in NUMBERS}
    assert used == set(range(len(used)))
    assert header.startswith(f"nplurals={len(used)}; ")


@pytest.mark.parametrize("tag", sorted(table("beyond")))
def test_a_language_listed_as_beyond_cldr_is_unknown_to_it(tag: str) -> None:
    # ICU falls back to one category for a language without a rule.
    assert set(categories(tag)) == {"other"}


def test_every_language_of_the_library_has_its_forms_from_the_table(library: Library) -> None:
    known = {**table("cldr"), **table("beyond")}
    for tag, language in library.languages.items():
        assert language.plural_forms == plurals.of(known, tag)


@pytest.mark.parametrize(
    ("tag", "key"),
    [("zh-Hans", "zh"), ("en-GB", "en"), ("pt-PT", "pt-PT"), ("pt-BR", "pt"), ("es-419-x-a", "es")],
)
def test_a_longer_tag_takes_the_forms_of_the_longest_key_that_begins_it(tag: str, key: str) -> None:
    assert plurals.of(table("cldr"), tag) == table("cldr")[key]


def test_a_language_that_the_table_lacks_is_refused_naming_both_files(clinic: ClinicFolder) -> None:
    clinic.write(
        "locales/languages.toml",
        '[language.tlh]\nname = "Klingon"\nautonym = "tlhIngan Hol"\ndirection = "ltr"\n'
        'fonts = ["Noto Sans"]\n',
    )
    with pytest.raises(InputError, match=r"languages\.toml, language\.tlh: .*plurals\.toml"):
        load.load(clinic.path)
    clinic.write("locales/plurals.toml", '[beyond_cldr]\ntlh = "nplurals=1; plural=0;"\n')
    assert load.load(clinic.path).languages["tlh"].plural_count == 1


@pytest.mark.parametrize(
    ("forms", "part"),
    [
        ("nplurals=2", "tlh"),
        ("nplurals=2; plural=__import__;", "tlh"),
        ("nplurals=2; plural=(n != );", "is not a rule"),
        ("nplurals=2; plural=n%0;", "is not a rule"),
        ("nplurals=3; plural=(n != 1);", "each of its 3 forms"),
    ],
)
def test_a_rule_that_is_none_is_refused(clinic: ClinicFolder, forms: str, part: str) -> None:
    clinic.write("locales/plurals.toml", f'[beyond_cldr]\ntlh = "{forms}"\n')
    with pytest.raises(InputError, match=part) as caught:
        load.load(clinic.path)
    assert "plurals.toml" in str(caught.value)


def test_plural_forms_in_languages_toml_are_refused(tmp_path: Path) -> None:
    (tmp_path / "languages.toml").write_text(
        '[language.es]\nname = "a"\nautonym = "b"\ndirection = "ltr"\nfonts = ["Noto Sans"]\n'
        'plural_forms = "nplurals=1; plural=0;"\n'
    )
    with pytest.raises(InputError, match=r"language\.es\.plural_forms: this is not a key we know"):
        languages.load([tmp_path], {})
