"""Safety words: one word for another turns advice round, in every language that has its words."""

import re

import pytest

from leaflets.catalogs import extract, po
from leaflets.catalogs.message import SHARED
from leaflets.checks import catalog
from leaflets.checks.catalog import Rules
from leaflets.checks.translation import negation, placeholders, safety_words, sentences
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.compose.survey import survey
from leaflets.errors import InputError
from leaflets.library import cldr, load, orthography, safety
from leaflets.library.languages import SOURCE
from leaflets.library.load import Library
from leaflets.records.approval.dossier import untranslated
from tests.conftest import ClinicFolder

#: Language, English, a translation that says something else, and a right one.
EXAMPLES = [
    ("es", "Take it before food.", "Tómelo después de comer.", "Tómelo antes de comer."),
    ("es", "Take it once a week.", "Tómelo una vez al día.", "Tómelo una vez a la semana."),
    ("es", "Your leg is weak.", "Tiene débil el brazo.", "Tiene débil la pierna."),
    ("es", "Ask us about ibuprofen.", "Pregunte por el naproxeno.", "Pregunte por el ibuprofeno."),
    ("es", "Call us now.", "Llámenos hoy.", "Llámenos ahora."),
    ("es", "Lie on your left side.", "Échese del lado derecho.", "Échese del lado izquierdo."),
    ("es", "You have a fever.", "Tiene fiebre desde hace días.", "Tiene fiebre."),
    ("es", "Follow the packet.", "Tome el doble.", "Siga las instrucciones del envase."),
    ("es", "It must be checked again.", "Puede revisarse de nuevo.", "Debe revisarse de nuevo."),
    ("es", "A full glass of plain water.", "Un sorbo de agua.", "Un vaso lleno de agua."),
    ("es", "Lean forward.", "Inclínese hacia atrás.", "Inclínese hacia adelante."),
    ("es", "Wait at least 5 minutes.", "Espere como máximo 5 min.", "Espere al menos 5 min."),
    ("ar", "Take it before food.", "تناوله بعد الطعام.", "تناوله قبل الطعام."),
    ("ar", "You have pain in your calf.", "لديك ألم في الفخذ.", "لديك ألم في ربلة الساق."),
    ("ar", "Walk a little more.", "امشِ أقل قليلًا.", "امشِ أكثر قليلًا."),
    ("ar", "Call us the same day.", "اتصل بنا الآن.", "اتصل بنا في اليوم نفسه."),
    ("pl", "Take it in the morning.", "Proszę brać wieczorem.", "Proszę brać rano."),
    ("pl", "Lift less.", "Proszę dźwigać więcej.", "Proszę dźwigać mniej."),
    ("pl", "The pain gets worse.", "Ból jest lepszy.", "Ból jest gorszy."),
    ("pl", "Call %(n)s.", "Można zadzwonić: %(n)s.", "Proszę zadzwonić: %(n)s."),
    ("pl", "Tell us.", "Proszę nam powiedzieć o bólu nerek.", "Proszę nam powiedzieć."),
    ("zh-Hans", "Call %(n)s.", "方便时拨打%(n)s。", "拨打%(n)s。"),
    ("zh-Hans", "You may drink water.", "您可以喝水、果汁。", "您可以喝水。"),
    ("hi", "It must be checked again.", "जाँच हो सकती है।", "फिर से जाँच ज़रूरी है।"),
    ("en-GB", "Call us before you come.", "Call us after you come.", "Ring us before you come."),
    ("en-GB", "Take it once a week.", "Take it once a month.", "Take it once weekly."),
    ("zh-Hans", "Take it before food.", "饭后服用。", "饭前服用。"),
    ("zh-Hans", "Ask us about aspirin.", "关于布洛芬，请问我们。", "关于阿司匹林，请问我们。"),
    ("hi", "Take it in the morning.", "इसे शाम को लें।", "इसे सुबह लें।"),
    ("hi", "You have ear pain.", "आपके मुँह में दर्द है।", "आपके कान में दर्द है।"),
    ("ur", "Take it before food.", "کھانے کے بعد لیں۔", "کھانے سے پہلے لیں۔"),
    ("ur", "Your head hurts.", "آپ کے گھٹنے میں درد ہے۔", "آپ کے سر میں درد ہے۔"),
    ("km", "Take it before food.", "សូមលេបក្រោយបាយ។", "សូមលេបមុនបាយ។"),
    ("km", "You have pain in your thigh.", "អ្នកឈឺជង្គង់។", "អ្នកឈឺភ្លៅ។"),
]


def faults(library: Library, tag: str, english: str, translation: str) -> list[str]:
    pair = Rules(library, library.languages[tag]).pair((english,), (translation,))
    return sorted({fault.code.id for fault in safety_words.changed(pair)})


@pytest.mark.parametrize(("tag", "english", "wrong", "right"), EXAMPLES)
def test_another_word_for_a_safety_word_is_found_and_the_right_one_is_left_alone(
    library: Library, tag: str, english: str, wrong: str, right: str
) -> None:
    assert faults(library, tag, english, wrong), wrong
    assert faults(library, tag, english, right) == []


UNITS = [
    ("es", "Wait %(n)s hours.", "Espere %(n)s días.", "Espere %(n)s horas."),
    ("es", "Take %(n)s micrograms.", "Tome %(n)s miligramos.", "Tome %(n)s microgramos."),
    ("ar", "Wait %(n)s days.", "انتظر %(n)s أسابيع.", "انتظر %(n)s أيام."),
    ("pl", "Wait %(n)s weeks.", "Proszę czekać %(n)s dni.", "Proszę czekać %(n)s tygodni."),
    ("hi", "Wait %(n)s weeks.", "%(n)s दिन रुकें।", "%(n)s हफ़्ते रुकें।"),
    ("ur", "Wait %(n)s hours.", "%(n)s دن انتظار کریں۔", "%(n)s گھنٹے انتظار کریں۔"),
    ("zh-Hans", "Wait %(n)s hours.", "请等%(n)s天。", "请等%(n)s小时。"),
    ("km", "Wait %(n)s weeks.", "រង់ចាំ %(n)s ថ្ងៃ។", "រង់ចាំ %(n)s អាទិត្យ។"),
]


@pytest.mark.parametrize(("tag", "english", "wrong", "right"), UNITS)
def test_another_unit_after_a_placeholder_is_found_in_the_words_of_the_language(
    library: Library, tag: str, english: str, wrong: str, right: str
) -> None:
    rules = Rules(library, library.languages[tag])
    for translation, codes in ((wrong, ["NUM-06"]), (right, [])):
        found = placeholders.units(rules.pair((english,), (translation,)))
        assert [fault.code.id for fault in found] == codes, translation


def test_a_word_is_found_in_each_script_where_it_begins_and_ends(library: Library) -> None:
    hindi = Rules(library, library.languages["hi"]).orthographies[1]
    assert hindi.negations("दबाने से खून रुकता है") == []
    assert hindi.negations("खून नहीं रुकता") == ["नहीं"]


def test_a_sentence_that_says_the_contrary_keeps_its_safety_words(library: Library) -> None:
    assert faults(library, "es", "Do not stop any medicine.", "Siga con todos.") == []
    assert faults(library, "es", "Do not get up.", "Quédese en el suelo.") == []
    assert faults(library, "es", "Stop that medicine.", "Tome ese medicamento.") == ["WORD-01"]


def test_numbers_are_said_in_the_words_of_cldr(library: Library) -> None:
    assert faults(library, "pl", "Lift both heels.", "Proszę unieść dwie pięty.") == []
    assert "trzema" in cldr.number_words("pl", 3)
    assert cldr.number_words("ur", 2) == ()


def test_the_shipped_catalogs_lose_no_safety_word(library: Library) -> None:
    for language in library.languages.values():
        if not language.pseudo:
            problems = catalog.check(library, language)
            lost = [problem for problem in problems if problem.code.startswith("WORD-")]
            assert lost == [], language.tag


def test_each_language_says_concepts_of_the_english_and_no_others(library: Library) -> None:
    roots = library.roots.locales
    english = safety.of_english(roots)
    for tag in library.languages:
        own = safety.load(roots, tag)
        assert own.concepts.keys() <= english.concepts.keys(), tag
        grouped = [name for name, concept in own.concepts.items() if concept.group]
        assert tag == SOURCE or not grouped, tag
    written = {"es", "ar", "pl", "hi", "zh-Hans", "km", "ur", SOURCE}
    assert {tag for tag in library.languages if safety.load(roots, tag).concepts} == written


def test_a_lost_negation_is_found_although_another_sentence_negates(library: Library) -> None:
    rules = Rules(library, library.languages["es"])
    english = "Do not drive. Do not drink."
    for translation, lost in (("No conduzca. Beba.", True), ("No conduzca. No beba.", False)):
        pair = rules.pair((english,), (translation,))
        assert bool([*negation.changed(pair)]) is lost


def test_sentences_are_paired_only_where_both_have_as_many() -> None:
    assert [*sentences.paired("Sit. Rest.", "休息。坐下。")] == [
        ("Sit.", "休息。"),
        ("Rest.", "坐下。"),
    ]
    assert [*sentences.paired("Sit. Rest.", "Siéntese y descanse.")] == [
        ("Sit. Rest.", "Siéntese y descanse.")
    ]


def test_a_clinic_adds_to_what_checks_know_and_takes_nothing_away(
    clinic: ClinicFolder, library: Library
) -> None:
    clinic.write(
        "locales/es/safety.toml",
        '[concept.before]\nwords = ["después"]\n[concept.ours-alone]\nwords = ["nunca"]\n',
    )
    clinic.write("locales/orthography.toml", '[language.es]\nnegation = ["sí"]\n')
    locales = load.load(clinic.path).roots.locales
    ours, theirs = (safety.load(roots, "es") for roots in (library.roots.locales, locales))
    assert theirs.concepts.keys() - ours.concepts.keys() == {"ours-alone"}
    assert {name: theirs.concepts[name] for name in ours.concepts} == dict(ours.concepts)
    assert orthography.load(locales) == orthography.load(library.roots.locales)


@pytest.mark.parametrize("parent", ['parent = "en"', ""])
def test_a_language_that_a_clinic_adds_says_draft_in_english(
    clinic: ClinicFolder, library: Library, parent: str
) -> None:
    table = (library.roots.locales[-1] / "languages.toml").read_text("utf-8")
    (own,) = re.findall(r"^\[language\.en-GB\]\n(?:.+\n)+", table, re.MULTILINE)
    own = own.replace("en-GB", "en-AU").replace('parent = "en"', parent)
    clinic.write("locales/languages.toml", own)
    entries = [
        f'msgctxt "{message.id}"\nmsgid "{message.text}"\nmsgstr "Approved"\n'
        for message in extract.original(library, "common")
        if library.parts.is_status(message.id)
    ]
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    clinic.write(f"locales/{po.file_name('en-AU', 'common')}", head + "\n".join(entries))
    of_clinic = load.load(clinic.path)
    request = Request(leaflets=("sample",), languages=("en-AU",), formats=("a4",))
    (edition,) = plan(of_clinic, request)
    page = compose(Inputs(of_clinic), edition).html
    assert entries
    own = of_clinic.languages["en-AU"]
    lacking = untranslated(of_clinic, survey(of_clinic, edition.leaflet), edition.leaflet, own)
    assert not [message for message in lacking if library.parts.is_status(message)]
    assert "Approved" not in page
    assert "No clinician has checked this sheet." in page


@pytest.mark.parametrize("language", ["es", "ar"])
def test_the_words_that_say_whether_a_sheet_is_a_draft_are_ours(
    clinic: ClinicFolder, library: Library, language: str
) -> None:
    for domain in SHARED[:2]:
        file = po.file_name(language, domain)
        ours = (library.roots.locales[-1] / file).read_text("utf-8")
        clinic.write(f"locales/{file}", re.sub(r'^(msgstr\S*) "', r'\1 "Sí. ', ours, flags=re.M))
        of_clinic = load.load(clinic.path)
        mine, theirs = (
            po.load(library, language, domain),
            po.load(of_clinic, language, domain),
        )
        changed = {key[0] for key in mine.entries if mine.entries[key] != theirs.entries[key]}
        assert changed == {
            message for message, _ in mine.entries if not library.parts.is_status(message)
        }


def test_a_fault_in_a_file_of_safety_words_names_file_and_key(clinic: ClinicFolder) -> None:
    clinic.write("locales/es/safety.toml", '[concept.before]\nword = ["antes"]\n')
    roots = load.load(clinic.path).roots.locales
    with pytest.raises(InputError, match=r"es/safety\.toml.*word"):
        safety.load(roots, "es")
