"""What a clinic says in the place of ours is held against ours, in English and as translated."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path

import msgspec
import pytest

from leaflets.catalogs import integrity
from leaflets.checks import rewording, translation
from leaflets.checks.catalog import Rules
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.editions import accepting, checking, wording
from leaflets.library import home, load
from leaflets.library.languages import SOURCE
from leaflets.library.load import Library
from leaflets.problem import Problem, Severity
from tests.conftest import PRINTED, ClinicFolder

CORPUS = Path(__file__).parent / "data" / "override_corpus.toml"

Text = str | tuple[str, ...]


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence of ours, and two that a clinic might say in its place; the corpus says more."""

    id: str
    kind: str
    ours: Text
    faulty: Text
    wrong: str
    correct: Text
    right: str
    held_out: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    item: list[Item]


ITEMS = msgspec.toml.decode(CORPUS.read_bytes(), type=_File).item

#: Of the items that checks were improved on, and of those held out: at least so many are caught,
#: and at most so many alarm wrongly. Of the second no check had seen any when it was counted.
FLOORS = {"read": (88, 81, 2), "held out": (22, 20, 0)}


def forms(text: Text) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


def is_found(rules: Rules, ours: Text, theirs: Text) -> bool:
    """Tell whether an override is refused, or something is found in it."""
    both = zip(forms(ours), forms(theirs), strict=True)
    refused = any(any(integrity.faults((one,), (other,))) for one, other in both)
    return refused or any(
        translation.faults_of_own_words(rules.pair(forms(ours), forms(theirs), reworded=True))
    )


@pytest.fixture(scope="module")
def english(library: Library) -> Rules:
    return Rules(library, library.languages[SOURCE])


def test_wrong_sentences_of_a_clinic_are_found_and_right_ones_left_alone(
    english: Rules, record_property: Callable[[str, object], None]
) -> None:
    lines = ["A clinic's own English", f"{'':<12}{'caught':>12}{'false alarms':>16}"]
    counted = {}
    for name in FLOORS:
        items = [item for item in ITEMS if item.held_out == (name == "held out")]
        caught = sum(is_found(english, item.ours, item.faulty) for item in items)
        alarms = sum(is_found(english, item.ours, item.correct) for item in items)
        counted[name] = len(items), caught, alarms
        rates = f"{caught}/{len(items)}", f"{alarms}/{len(items)}"
        lines.append(f"{name:<12}{rates[0]:>12}{rates[1]:>16}")
    record_property(PRINTED, "\n".join(lines))
    for name, (size, least, most) in FLOORS.items():
        number, caught, alarms = counted[name]
        assert number == size
        assert (caught >= least, alarms <= most) == (True, True), (name, caught, alarms)


def test_each_sentence_of_the_corpus_stands_once_and_has_the_forms_of_ours() -> None:
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    for item in ITEMS:
        assert len(forms(item.ours)) == len(forms(item.faulty)) == len(forms(item.correct)), item.id


#: What only another English is asked for: ours, a wrong sentence with its code, and a right one.
EXAMPLES = [
    ("Go now, even if you feel well.", "WORD-01", "Go now if you feel ill.",
     "Even if you are well, go now."),
    ("Drive only if all of these are true.", "WORD-02", "Drive only if any of these is true.",
     "Only drive if every one of these is true."),
    ("Ask us about naloxone.", "WORD-02", "Ask us about naproxen.", "Talk to us about naloxone."),
    ("Call %(n)s if you are dizzy.", "WORD-03", "Call us if you are dizzy: %(n)s is busy.",
     "Feeling giddy? Call %(n)s."),
    ("Call us if it is red, open or sore, or smells.", "WORD-04", "Call us if it is red.",
     "Is it red, open or sore, or does it smell? Call us."),
    ("Keep it on unless we say so.", "NEG-03", "Keep it on until you say so.",
     "Only take it off if we say so."),
    ("Sit up. Do not lie down.", "NEG-01", "Sit up. Lie down.", "Sit up and stay upright."),
    ("Take it before meals.", "NEG-02", "Do not take it before meals.", "First take it, then eat."),
]  # fmt: skip


@pytest.mark.parametrize(("ours", "code", "wrong", "right"), EXAMPLES)
def test_another_english_must_say_what_ours_says(
    english: Rules, ours: str, code: str, wrong: str, right: str
) -> None:
    def found(theirs: str) -> set[str]:
        pair = english.pair((ours,), (theirs,), reworded=True)
        return {fault.code.id for fault in translation.faults_of_own_words(pair)}

    assert code in found(wrong)
    assert found(right) == set()


BONES = "recovery.check.bones"
WRONG = "Ask us about bone medicine. The cement makes your other bones strong."
RIGHT = "Ask our bone nurse about bone medicine. Cement makes no other bone strong."


def override(text: str, name: str = BONES) -> str:
    return f'[message."{name}"]\ntext = "{text}"\n'


def edition_of(library: Library, tag: str) -> Edition:
    request = Request(leaflets=("recovery",), languages=(tag,), formats=("a4",))
    return plan(library, request)[0]


def held_back(library: Library, tag: str, *names: str) -> set[tuple[str, str, str]]:
    """Return the errors in some messages that hold an edition back: code, language and message."""
    inputs, edition = Inputs(library), edition_of(library, tag)
    asked = [("message", tag, name) for name in names]
    found = wording.faults(inputs, edition, asked, None)
    return {(problem.code, problem.language, problem.where) for problem in found}


@pytest.mark.parametrize("tag", ["en", "es", "en-GB"])
def test_a_sentence_that_turns_ours_round_holds_each_language_back(
    clinic: ClinicFolder, tag: str
) -> None:
    clinic.write("templates/overrides.toml", override(RIGHT))
    assert held_back(load.load(clinic.path), tag, BONES) == set()
    clinic.write("templates/overrides.toml", override(WRONG))
    assert held_back(load.load(clinic.path), tag, BONES) == {("NEG-01", "en", BONES)}


def test_what_is_found_is_accepted_for_exactly_that_sentence(clinic: ClinicFolder) -> None:
    clinic.write("templates/overrides.toml", override(WRONG))
    found = load.load(clinic.path)
    today = dt.date(2026, 11, 30)
    reason = accepting.Reason("Eva Sol", "clinician", "We mean so.", today, dt.date(2031, 1, 1))
    accepting.accept(found, clinic.path, SOURCE, ("NEG-01", [BONES]), reason)
    assert held_back(load.load(clinic.path), "en", BONES) == set()
    clinic.write("templates/overrides.toml", override(WRONG.replace("other", "own")))
    assert held_back(load.load(clinic.path), "en", BONES) == {("NEG-01", "en", BONES)}


def test_what_is_found_follows_our_sentence_too(clinic: ClinicFolder, tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    template = "leaflets/recovery/leaflet.html"
    text = (home.home() / "templates" / template).read_text("utf-8")
    other = ours / template
    other.parent.mkdir(parents=True)
    clinic.write("templates/overrides.toml", override(WRONG))
    found = load.load(clinic.path)
    theirs, base = found.roots.templates
    roots = msgspec.structs.replace(found.roots, templates=(theirs, base, ours))
    changed = msgspec.structs.replace(found, roots=roots)
    for words, problems in (("does not make", {("NEG-01", "en", BONES)}), ("makes", set())):
        other.write_text(text.replace("does not make", words), "utf-8")
        assert held_back(changed, "en", BONES) == problems


def _unwatched(_: int) -> nullcontext[Callable[[], None]]:
    return nullcontext(lambda: None)


def checked(found: Library, tag: str, ids: Iterable[str]) -> Sequence[Problem]:
    """Return what `leaflets check` says of some messages in a language."""
    problems = checking.check([found], [tag], quick=True, watching=_unwatched)
    return [problem for problem in problems if problem.where in ids]


SIGN = "redflag.very-unwell"


def test_a_copy_of_our_template_is_held_against_ours(clinic: ClinicFolder) -> None:
    name = "common/redflags.html"
    text = (home.home() / "templates" / name).read_text("utf-8")
    clinic.write(f"templates/{name}", text.replace("You cannot stop shaking", "You stop shaking"))
    (problem,) = checked(load.load(clinic.path), "en", {SIGN})
    assert (problem.code, problem.severity, problem.grave) == ("NEG-01", Severity.ERROR, True)
    assert problem.file == f"templates/{name}"


def catalog_of(clinic: ClinicFolder, tag: str, name: str, before: str, after: str) -> None:
    """Copy a catalog of ours into the clinic's folder, with one sentence said otherwise."""
    file = f"locales/{tag}/LC_MESSAGES/{name}.po"
    text = (home.home() / file).read_text("utf-8")
    assert before in text
    clinic.write(file, text.replace(before, after))


def test_a_catalog_of_the_clinic_is_held_back_where_it_says_otherwise_than_ours(
    clinic: ClinicFolder,
) -> None:
    catalog_of(clinic, "es", "recovery", "El cemento no hace", "El cemento hace")
    assert held_back(load.load(clinic.path), "es", BONES) == {("NEG-01", "es", BONES)}


def test_a_british_sentence_of_the_clinic_is_held_against_the_english(clinic: ClinicFolder) -> None:
    (ours,) = (item.ours for item in ITEMS if item.id == BONES)
    before = f'msgid "{ours}"\nmsgstr ""'
    after = f'msgid "{ours}"\nmsgstr "{WRONG}"'
    catalog_of(clinic, "en_GB", "recovery", before, after)
    assert held_back(load.load(clinic.path), "en-GB", BONES) == {("NEG-01", "en-GB", BONES)}


def test_a_translation_of_their_sentence_is_held_against_ours_as_well(
    clinic: ClinicFolder,
) -> None:
    name, theirs = "medicines.romosozumab.how", "Injections from us, month by month."
    clinic.write("templates/overrides.toml", override(theirs, name))
    said = "Nosotros le ponemos inyecciones, y un mes son varias."
    entry = f'msgctxt "{name}"\nmsgid "{theirs}"\nmsgstr "{said}"\n'
    head = (home.home() / "locales/es/LC_MESSAGES/medicines.po").read_text("utf-8").split("\n\n")[0]
    clinic.write("locales/es/LC_MESSAGES/overrides.po", f"{head}\n\n{entry}")
    problems = checked(load.load(clinic.path), "es", {name})
    assert "the English says “once a month”, and no such word was found." in {
        problem.message for problem in problems
    }


def test_without_a_clinic_there_is_nothing_to_compare(library: Library) -> None:
    assert not list(rewording.check(library, library.languages[SOURCE]))
