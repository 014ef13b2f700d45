"""Checks of translations: every fault is found by its own code, and what is right is left alone."""

import tomllib
from pathlib import Path

import msgspec
import polib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.catalogs import integrity, po
from leaflets.catalogs.message import COMMON, Message, Translation
from leaflets.catalogs.quantities import fold
from leaflets.checks import catalog, translation, wording
from leaflets.checks.translation.pair import Pair
from leaflets.editions.codes import CODES
from leaflets.errors import InputError
from leaflets.library import glossary, load, orthography
from leaflets.library.glossary import Glossary, Term
from leaflets.library.load import Library
from leaflets.problem import Severity
from tests.conftest import ClinicFolder

DATA = Path(__file__).parent / "data"
KNOWN = orthography.load(load.load(None).roots.locales)
ENGLISH = orthography.of(KNOWN, "en")

TERMS = Glossary(
    (
        Term(source="cement", preferred="ciment", forbidden=("colle",)),
        Term(source="FRAX", do_not_translate=True),
    )
)


def codes(
    tag: str, source: str, *forms: str, plural: str = "", terms: Glossary = TERMS
) -> list[str]:
    both = (source, plural) if plural else (source,)
    own = terms if tag == "fr" else Glossary()
    pair = Pair(both, forms, ENGLISH, orthography.of(KNOWN, tag), own)
    faults = [*integrity.faults(both, forms), *translation.faults(pair)]
    return list(dict.fromkeys(fault.code.id for fault in faults))


#: Each code: language, source, a faulty translation, a correct one.
EXAMPLES = [
    ("HOLD-01", "fr", "Wait %(days)s days.", "Attendez.", "Attendez %(days)s jours."),
    ("HOLD-02", "fr", "Wait.", "Attendez %(jours)s.", "Attendez."),
    ("HOLD-03", "fr", "Wait %(d)s days.", "Attendez %(d)s, %(d)s jours.", "Attendez %(d)s jours."),
    ("HOLD-05", "fr", "Most people", "La % des gens", "La plupart des gens"),
    ("HOLD-06", "fr", "On %(a)s. By %(b)s.", "Le %(b)s. Avant le %(a)s.", "Le %(a)s. Le %(b)s."),
    ("MARK-01", "fr", "<strong>Wait.</strong>", "Attendez.", "<strong>Attendez.</strong>"),
    ("MARK-02", "fr", "<strong>Sit.</strong>", "</strong>Ici<strong>.", "<strong>Ici</strong>."),
    ("MARK-03", "fr", "Wait.", "Attendez<script>x</script>.", "Attendez."),
    ("MARK-03", "fr", "<strong>A</strong>.", '<strong id="x">B</strong>.', "<strong>B</strong>."),
    ("MARK-04", "fr", "Eat and drink", "Manger & boire", "Manger &amp; boire"),
    ("NUM-03", "fr", "Wait for some days.", "Attendez 3 jours.", "Attendez quelques jours."),
    ("NUM-03", "fr", "Wait for some days.", "Attendez ² jours.", "Attendez quelques jours."),
    ("NUM-03", "bn", "Wait for some days.", "৩ দিন অপেক্ষা করুন।", "কয়েক দিন অপেক্ষা করুন।"),
    ("NUM-04", "fr", "Take 5 mg.", "Prenez 50 mg.", "Prenez 5 mg."),
    ("NUM-04", "fr", "Take 0.5 mg.", "Prenez 5 mg.", "Prenez 0,5 mg."),
    ("NUM-05", "fr", "Rest 30–60 minutes.", "Repos de 60–30 minutes.", "Repos de 30–60 minutes."),
    ("NUM-06", "fr", "Take 5 mg.", "Prenez 5 g.", "Prenez 5 mg."),
    ("NUM-06", "ar", "Take 5 mg.", "تناول ٥ كغ.", "تناول ٥ ملغ."),
    ("NUM-07", "fr", "020 7946 0000", "020 7946 0001", "020 7946 0000"),
    ("NUM-08", "fr", "See www.nhs.uk.", "Voir www.nhs.fr.", "Voir www.nhs.uk."),
    ("NEG-01", "fr", "Do not drive.", "Conduisez.", "Ne conduisez pas."),
    ("NEG-01", "zh-Hans", "Do not drive.", "请开车。", "请勿开车。"),
    ("NEG-01", "de", "You cannot stand.", "Sie stehen.", "Stehen ist unmöglich."),
    ("NEG-01", "es", "Do not lie down.", "Acuéstese.", "Evite acostarse."),
    ("NEG-01", "hi", "You cannot stand.", "आप खड़े होते हैं।", "आप खड़े नहीं हो पाते।"),
    ("NEG-01", "pl", "Do not stop without a plan.", "Stop bez planu.", "Nie wolno bez planu."),
    ("NEG-01", "ar", "You cannot get up.", "تنهض.", "عَجَزْتَ عن النهوض."),
    ("NEG-01", "ur", "Do not stop unless told.", "جب تک نہ کہیں، رکیں۔", "جب تک نہ کہیں، نہ رکیں۔"),
    ("NEG-02", "es", "Call us.", "No nos llame.", "Llámenos."),
    ("NEG-02", "pl", "Call us if it hurts.", "Nie dzwonić, jeśli boli.", "Dzwonić, jeśli boli."),
    ("NEG-02", "zh-Hans", "You have a fall.", "您没有跌倒。", "您跌倒了。"),
    ("NEG-03", "es", "Rest, unless we call.", "Descanse.", "Descanse, salvo si llamamos."),
    ("NEG-03", "km", "Rest unless we call.", "សម្រាក បើយើងហៅ។", "សម្រាក លើកលែងតែយើងហៅ។"),
    ("NEG-03", "pl", "Rest unless we call.", "Odpoczywać.", "Wstawać tylko wtedy, gdy zadzwonimy."),
    ("LANG-01", "fr", "Drink plain water.", "Drink plain water.", "Buvez de l’eau."),
    ("LANG-02", "fr", "Call if you feel ill.", "Appelez if you feel mal.", "Appelez si mal."),
    ("LANG-02", "hi", "Drink plain water.", "सादा water पिएँ।", "सादा पानी पिएँ।"),
    ("LANG-03", "ru", "Rest.", "Oтдыхайте.", "Отдыхайте."),
    ("LANG-03", "ur", "Rest.", "آرام كریں۔", "آرام کریں۔"),
    ("CHAR-01", "fr", "Rest.", "Repo\u200bsez-vous.", "Reposez-vous."),
    ("CHAR-01", "fr", "Rest.", "Repo\u00adsez-vous.", "Reposez-vous."),
    ("CHAR-02", "ar", "Rest.", "استرح\u202e.", "استرح."),
    ("CHAR-03", "fr", "Rest a little.", "Repos le\u0301ger.", "Repos léger."),
    ("CHAR-04", "fr", "Rest.", "Repos\u0007.", "Repos."),
    ("PUNC-01", "fr", "Rest (a little).", "Repos (un peu.", "Repos (un peu)."),
    ("PUNC-02", "fr", "Say “yes”.", "Dites «\u00a0oui.", "Dites «\u00a0oui\u00a0»."),
    ("PUNC-02", "pl", "Say “yes”.", "Proszę powiedzieć «tak“.", "Proszę powiedzieć „tak”."),
    ("PUNC-03", "fr", "Rest.", "Repos", "Repos."),
    ("PUNC-03", "hi", "Rest.", "आराम करें", "आराम करें।"),
    ("PUNC-03", "km", "Rest.", "សម្រាក.", "សម្រាក។"),
    ("PUNC-04", "es", "Does it hurt?", "Le duele?", "¿Le duele?"),
    ("PUNC-05", "fr", "Does it hurt?", "Avez-vous mal?", "Avez-vous mal\u202f?"),
    ("PUNC-05", "de", "Rest, then walk.", "Ruhe , dann gehen.", "Ruhe, dann gehen."),
    ("PUNC-06", "fr", "Rest.", " Repos.", "Repos."),
    ("PUNC-07", "fr", "Rest a little.", "Repos  léger.", "Repos léger."),
    ("PUNC-08", "fr", "Rest at home.", "Repos à la la maison.", "Repos à la maison."),
    ("PUNC-09", "zh-Hans", "Sit, and rest.", "坐下,休息。", "坐下，休息。"),
    ("TERM-01", "fr", "The cement sets.", "Le mortier durcit.", "Le ciment durcit."),
    ("TERM-02", "fr", "The cement sets.", "La colle durcit.", "Le ciment durcit."),
    ("TERM-03", "fr", "Ask about FRAX.", "Demandez le score.", "Demandez le FRAX."),
]  # fmt: skip


#: Those that take what the whole library tells of the language: code, language, source with its
#: plural, faulty forms, correct ones.
OF_THE_LIBRARY = [
    ("LANG-02", "pl", ("A light and a phone",), ("Lampka i phone",), ("Lampka i telefon",)),
    ("LANG-02", "es", ("Loose clothes",), ("Ropa loose",), ("Ropa holgada",)),
    ("LANG-03", "ar", ("Clear speech",), ("الکلام واضح",), ("الكلام واضح",)),
    ("LANG-05", "km", ("Rest.",), ("សម្រากก។",), ("សម្រាក។",)),
    ("LANG-05", "pl", ("Rest.",), ("Odpoczynek ñ.",), ("Odpoczynek.",)),
    (
        *("FORM-05", "es", ("%(n)s day", "%(n)s days")),
        ("%(n)s día", "%(n)s día"),
        ("%(n)s día", "%(n)s días"),
    ),
    (
        *("FORM-05", "pl", ("%(n)s hour", "%(n)s hours")),
        ("%(n)s godzinę", "%(n)s godzin", "%(n)s godzin"),
        ("%(n)s godzinę", "%(n)s godziny", "%(n)s godzin"),
    ),
    (
        *("FORM-05", "hi", ("%(n)s hour", "%(n)s hours")),
        ("%(n)s घंटा", "%(n)s घंटा"),
        ("%(n)s घंटा", "%(n)s घंटे"),
    ),
    (
        *("NUM-05", "zh-Hans", ("%(a)s people scored %(b)s.",)),
        ("%(b)s人得了%(a)s分。",),
        ("%(a)s人得了%(b)s分。",),
    ),
    (
        *("NUM-05", "es", ("Page %(page)s of %(pages)s",)),
        ("Página %(pages)s de %(page)s",),
        ("Página %(page)s de %(pages)s",),
    ),
]


@pytest.mark.parametrize("example", OF_THE_LIBRARY)
def test_what_the_library_tells_of_a_language_is_held_against_a_translation(
    library: Library,
    example: tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...]],
) -> None:
    code, tag, source, faulty, correct = example
    rules = catalog.Rules(library, library.languages[tag])
    assert code in {fault.code.id for fault in translation.faults(rules.pair(source, faulty))}
    assert [*translation.faults(rules.pair(source, correct))] == []


def test_the_translation_of_another_sentence_is_found(library: Library) -> None:
    rules = catalog.Rules(library, library.languages["es"])
    source, long = ("Pus comes out.",), 30
    other = max(
        (
            entry.forms
            for entry in po.load(library, "es", "common").entries.values()
            if entry.usable
        ),
        key=lambda forms: len(forms[0]),
    )
    assert len(other[0]) > long
    codes = {fault.code.id for fault in translation.faults(rules.pair(source, other))}
    assert "LANG-04" in codes
    assert [*translation.faults(rules.pair(source, ("Sale pus.",)))] == []


def test_a_genitive_in_every_form_is_no_other_plural_form(library: Library) -> None:
    rules = catalog.Rules(library, library.languages["pl"])
    forms = ("do %(n)s godziny", "do %(n)s godzin", "do %(n)s godzin")
    assert [*translation.faults(rules.pair(("up to %(n)s hour", "up to %(n)s hours"), forms))] == []


@pytest.mark.parametrize(("code", "tag", "source", "faulty", "correct"), EXAMPLES)
def test_a_fault_is_found_by_its_code_and_its_correct_twin_is_not(
    code: str, tag: str, source: str, faulty: str, correct: str
) -> None:
    assert code in codes(tag, source, faulty)
    assert codes(tag, source, correct) == []


def test_a_placeholder_missing_from_one_plural_form_is_found() -> None:
    two = ("Wait %(n)s day.", "Wait %(n)s days.")
    assert codes("fr", two[0], "Attendez un jour.", "Attendez %(n)s jours.", plural=two[1]) == [
        "HOLD-04"
    ]
    forms = ("Attendez %(n)s jour.", "Attendez %(n)s jours.")
    assert codes("fr", two[0], *forms, plural=two[1]) == []


def _pairs() -> list[dict[str, str | list[str]]]:
    found = tomllib.loads((DATA / "correct.toml").read_text("utf-8"))["pair"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("pair", _pairs(), ids=lambda pair: f"{pair['language']}: {pair['source']}")
def test_what_is_correct_raises_no_alarm(pair: dict[str, str | list[str]]) -> None:
    plural = str(pair.get("plural", ""))
    assert codes(str(pair["language"]), str(pair["source"]), *pair["forms"], plural=plural) == []


def test_the_corpus_covers_the_languages_that_are_easily_wronged() -> None:
    tags = {str(pair["language"]) for pair in _pairs()}
    assert tags >= {
        "de", "es", "fr", "pl", "ar", "fa", "ur", "hi", "bn", "zh-Hans", "th", "km",
    }  # fmt: skip


def _seeded(name: str) -> list[tuple[polib.POEntry, set[str]]]:
    terms = Glossary(
        (
            Term(source="bone cement", preferred="ciment osseux", stems=("ciment",)),
            Term(source="blood thinner", preferred="anticoagulant", forbidden=("fluidifiant",)),
            Term(source="DXA", do_not_translate=True),
        )
    )
    found = []
    for entry in polib.pofile(str(DATA / name)):
        forms = tuple(entry.msgstr_plural.values()) if entry.msgid_plural else (entry.msgstr,)
        plural = entry.msgid_plural
        got = codes("fr", entry.msgid, *forms, plural=plural, terms=terms)
        found.append((entry, set(got)))
    return found


def test_every_seeded_fault_is_caught_by_exactly_its_codes() -> None:
    found = _seeded("faulty.po")
    assert len(found) == 35
    for entry, got in found:
        assert got == set(entry.tcomment.split()), entry.msgctxt


def test_the_correct_twin_of_the_seeded_file_raises_no_alarm() -> None:
    found = _seeded("faultless.po")
    assert [entry.msgctxt for entry, _ in found] == [one.msgctxt for one, _ in _seeded("faulty.po")]
    assert [(entry.msgctxt, got) for entry, got in found if got] == []


def test_a_lost_negation_is_an_error_in_a_warning_sign_and_a_warning_elsewhere(
    library: Library,
) -> None:
    rules = catalog.Rules(library, library.languages["es"])
    done = Translation(("Conduzca.",), fuzzy=False, line=7)
    severities = []
    for message_id in ("redflag.x", "recovery.x"):
        message = Message(message_id, "Do not drive.", "", "x.html", ())
        (one,) = catalog.check_message(rules, message, done, "recovery")
        assert (one.code, one.line) == ("NEG-01", 7)
        severities.append(one.severity)
    assert severities == [Severity.ERROR, Severity.WARNING]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("nplurals=2", "nplurals=3", "FORM-02"),
        ("Language: es", "Language: fr", "FORM-03"),
        ("charset=UTF-8", "charset=ASCII", "FORM-03"),
        ('msgstr "Borrador"', 'msgstr ""\n"Borrador"', "FORM-04"),
        ('msgstr "Sí"', 'msgstr ""', "TRAN-01"),
        ('msgctxt "common.yes"', '#, fuzzy\nmsgctxt "common.yes"', "TRAN-02"),
    ],
)
def test_a_fault_of_a_catalog_as_a_file_is_found(
    tmp_path: Path, library: Library, old: str, new: str, code: str
) -> None:
    source = library.roots.locales[0] / "es/LC_MESSAGES/common.po"
    root = tmp_path / "locales"
    path = root / "es/LC_MESSAGES/common.po"
    path.parent.mkdir(parents=True)
    text = source.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    roots = msgspec.structs.replace(library.roots, locales=(root, *library.roots.locales))
    changed = msgspec.structs.replace(library, roots=roots)
    found = [one for one in catalog.check(changed, library.languages["es"]) if one.code == code]
    assert found
    assert found[0].file == "locales/es/LC_MESSAGES/common.po"
    assert not [one for one in catalog.check(library, library.languages["es"]) if one.code == code]


def test_a_message_with_a_form_too_few_is_found(library: Library) -> None:
    rules = catalog.Rules(library, library.languages["pl"])
    message = Message("x.y", "Wait %(n)s day.", "Wait %(n)s days.", "x.html", ())
    done = Translation(("Proszę czekać %(n)s dzień.",) * 2, fuzzy=False, line=1)
    assert "FORM-01" in [one.code for one in catalog.check_message(rules, message, done, "x")]


@pytest.mark.parametrize("own", ["", '[language.es-MX]\nshared = ["celular"]\n'])
def test_a_layer_has_the_words_that_its_language_shares_with_english(
    clinic: ClinicFolder, own: str
) -> None:
    clinic.write(
        "locales/languages.toml",
        '[language.es-MX]\nname = "Spanish (Mexico)"\nautonym = "Español (México)"\n'
        'parent = "es"\ndirection = "ltr"\nfonts = ["Noto Sans"]\n',
    )
    clinic.write(f"locales/{orthography.FILE}", own)
    library = load.load(clinic.path)
    rules = catalog.Rules(library, library.languages["es-MX"])
    found = wording.check(rules, COMMON, [po.load(library, tag, COMMON) for tag in ("es-MX", "es")])
    assert [problem for problem in found if problem.code == "LANG-02"] == []
    pair = rules.pair(("Loose clothes",), ("Ropa loose",))
    assert "LANG-02" in {fault.code.id for fault in translation.faults(pair)}


def test_a_text_that_is_longer_than_its_note_allows_is_found(library: Library) -> None:
    rules = catalog.Rules(library, library.languages["es"])
    message = Message("x.y", "Later weeks", "", "x.html", ())
    for text, codes in (("Más semanas", []), ("Tras la primera semana y más", ["LONG-01"])):
        entry = Translation((text,), fuzzy=False, line=1, room=22)
        found = [one.code for one in catalog.check_message(rules, message, entry, "x")]
        assert found == codes


def test_the_room_of_a_text_is_that_of_its_note(library: Library) -> None:
    entries = po.load(library, "es", "common").entries
    rooms = {key[0]: entry.room for key, entry in entries.items()}
    assert rooms["common.strip.call"] == 36
    assert rooms["common.imprint"] == 0


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('[[term]]\nsource = "bone"\n', "neither a preferred word nor do_not_translate"),
        ('[[term]]\nsource = " "\npreferred = "x"\n', "source: write text"),
        ('[[term]]\nsource = "a"\npreferd = "x"\n', "did you mean `preferred`"),
    ],
)
def test_a_faulty_glossary_is_named(tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "glossary.toml").write_text(text)
    with pytest.raises(InputError, match=part):
        glossary.load([tmp_path], "fr")


def test_a_clinics_term_wins_over_the_librarys(tmp_path: Path, library: Library) -> None:
    (tmp_path / "es").mkdir()
    own = '[[term]]\nsource = "sacrum"\npreferred = "rabadilla"\n'
    (tmp_path / "es" / "glossary.toml").write_text(own)
    found = glossary.load([tmp_path, *library.roots.locales], "es")
    assert [one.preferred for one in found.term if one.source == "sacrum"] == ["rabadilla"]
    assert len(found.term) > 25


@pytest.mark.parametrize("tag", ["es", "ar", "en-GB", "pl", "hi", "zh-Hans", "ur"])
def test_every_language_has_a_glossary_of_25_terms(library: Library, tag: str) -> None:
    assert len(glossary.load(library.roots.locales, tag).term) >= 25


def test_every_code_of_a_translation_has_an_example() -> None:
    shown = {code for code, *_ in [*EXAMPLES, *OF_THE_LIBRARY]} | {"HOLD-04", "LANG-04"}
    families = ("HOLD-", "MARK-", "NEG-", "LANG-", "CHAR-", "PUNC-", "TERM-")
    assert {code for code in CODES if code.startswith(families)} == {
        code for code in shown if code.startswith(families)
    }


@given(st.text())
def test_folding_digits_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert len(fold(text)) == len(text)


@given(st.integers(0, 20), st.integers(1, 9))
def test_a_damaged_placeholder_never_reaches_a_page(start: int, length: int) -> None:
    whole = "Espere %(days)s días."
    damaged = whole[:start] + whole[start + length :]
    found = list(integrity.faults(("Wait %(days)s days.",), (damaged,)))
    assert ("%(days)s" in damaged) or found


def test_the_catalogs_are_read_where_translators_wrote_them(library: Library) -> None:
    catalog_ = po.load(library, "es", "common")
    assert catalog.file_of(library, catalog_) == "locales/es/LC_MESSAGES/common.po"
