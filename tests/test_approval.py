"""Sign-off: it covers exactly what was on the page, any change voids it, and a release obeys it."""

import datetime as dt
import itertools
from pathlib import Path

import msgspec
import polib
import pytest

from leaflets.catalogs import extract
from leaflets.cli.commands.sign import lines_shown
from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan
from leaflets.compose.survey import pairs, survey
from leaflets.editions import signing
from leaflets.editions.make import Making, make_edition
from leaflets.errors import InputError, RequestError
from leaflets.library import home, load, signoff
from leaflets.library.load import Library
from leaflets.library.signoff import ROLES, Approval, Role
from leaflets.records.approval import rules
from leaflets.records.approval.claims import claim_items
from leaflets.records.approval.dossier import Dossier, chain, dossier_of
from leaflets.records.approval.pages import differences
from leaflets.records.signing import Signer
from leaflets.records.signing import verify as verify_items
from leaflets.render.reading import Passage
from tests.conftest import LEAFLET_TOML, ClinicFolder, composed

TODAY = dt.date(2026, 11, 25)
UNTIL = dt.date(2028, 11, 25)
NAMES = {"translator": "Ana Ruiz", "reviser": "Luis Gil", "clinician": "Dr Eva Sol"}

FACTS = '[fact.rest]\nvalue = [3, 7]\nunit = "day"\nsource = "book"\n'
SOURCES = '[source.book]\nkind = "web"\ntitle = "The book"\nchecked = 2026-01-31\n'
BODY = (
    "{% set rest = fact('rest') %}{# L10N: days = how long, for example 3–7. #}\n"
    "<p>{% trans 'sample.rest' trimmed days=rest.text %}"
    "Rest for {{ days }} days.{% endtrans %}</p><p>{{ local('fasting-food-hours').text }}</p>"
)
FORMS = {"sample.title": "Un ejemplo", "sample.main": "Beba agua.",
         "sample.rest": "Descanse %(days)s días."}  # fmt: skip


@pytest.fixture
def signed(clinic: ClinicFolder) -> ClinicFolder:
    """Return a clinic whose leaflet all three signed in Spanish, and whose fact is verified."""
    clinic.write("templates/facts.toml", FACTS)
    clinic.write("templates/sources.toml", SOURCES)
    clinic.without_our_claims()
    roomy = LEAFLET_TOML.replace("a4 = 1, letter = 1", "a4 = 2, letter = 2")
    clinic.write("templates/leaflets/sample/leaflet.toml", roomy)
    clinic.body(BODY)
    translate(clinic, FORMS)
    for role in ROLES:
        sign(clinic, role)
    verify(clinic)
    return clinic


def translate(clinic: ClinicFolder, forms: dict[str, str], **own: str) -> None:
    sources = {"sample.title": "A sample", "sample.main": "Drink water.",
               "sample.rest": "Rest for %(days)s days.",
               **{f"sample.{key}": text for key, text in own.items()}}  # fmt: skip
    file = polib.POFile(wrapwidth=0)
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for key, text in forms.items():
        file.append(polib.POEntry(msgctxt=key, msgid=sources[key], msgstr=text))
    clinic.write("locales/es/LC_MESSAGES/sample.po", str(file))


def sign(
    clinic: ClinicFolder, role: Role, name: str = "", until: dt.date = UNTIL, on: dt.date = TODAY
) -> None:
    request = Request(leaflets=("sample",), languages=("es",))
    signer = Signer(name or NAMES[role], role, on, until)
    signing.sign(signing.propose([load.load(clinic.path)], request, signer), clinic.path)


def clinician_signs_english(clinic: ClinicFolder) -> None:
    request = Request(leaflets=("sample",), languages=("en",))
    signer = Signer(NAMES["clinician"], "clinician", TODAY, UNTIL)
    signing.sign(signing.propose([load.load(clinic.path)], request, signer), clinic.path)


def verify(clinic: ClinicFolder) -> None:
    library = load.load(clinic.path)
    signer = Signer(NAMES["clinician"], "clinician", TODAY, UNTIL)
    verify_items(library, clinic.path, rules.verifiable(library, ["rest"]), signer)


def dossier(clinic: ClinicFolder, day: dt.date = TODAY) -> Dossier:
    library = load.load(clinic.path)
    leaflet, language = library.leaflets["sample"], library.languages["es"]
    claims = claim_items(library)
    return dossier_of(library, survey(library, leaflet), leaflet, language, day, claims=claims)


def codes(clinic: ClinicFolder, day: dt.date = TODAY) -> list[str]:
    return [one.code for one in rules.reasons(dossier(clinic, day))]


def test_a_leaflet_whose_chain_is_complete_is_released_with_the_dates_of_its_review(
    signed: ClinicFolder,
) -> None:
    library = load.load(signed.path)
    editions = plan(library, Request(leaflets=("sample",), languages=("es",)))
    released, held = rules.chosen(library, editions, TODAY)
    assert held == ()
    (edition,) = released
    assert edition.release is not None
    assert (edition.release.reviewed, edition.release.due) == (TODAY, UNTIL)
    printed = make_edition(Inputs(library), edition)
    assert printed.fingerprint != composed(library, editions[0]).fingerprint
    assert printed.problems == ()
    assert printed.is_good


def test_two_languages_signed_alone_are_released_on_one_sheet(signed: ClinicFolder) -> None:
    clinician_signs_english(signed)
    assert bilingual(signed) == []
    # A sentence of the second language alone is left out by a style of the clinic's own.
    page = (home.home() / "templates/style/page.css").read_text("utf-8")
    signed.write("templates/style/page.css", f"{page}.second {{ display: none }}")
    assert "GOV-08" in bilingual(signed)


@pytest.mark.parametrize(
    ("english", "spanish", "medicine"),
    [
        ("Take %(medicine)s with water.", "Tome %(medicine)s con agua.", "aspirina"),
        ("Ask us about %(medicine)s", "%(medicine)s: pregunte", "aspirina"),
        ("For pain: %(medicine)s", "Para el dolor: %(medicine)s", "aspirina"),
        ("%(medicine)s", "%(medicine)s", "aspirina"),
        ("Take %(medicine)s with water.", "Tome %(medicine)s con agua.", "aspirin"),
        ("%(medicine)s", "%(medicine)s", "aspirin"),
    ],
)
def test_a_text_that_stands_inside_another_is_released_in_two_languages(
    signed: ClinicFolder, english: str, spanish: str, medicine: str
) -> None:
    body = english.replace("%(medicine)s", "{{ medicine }}")
    signed.body(
        "<p>{{ pgettext('sample.medicine', 'aspirin') }}</p>"
        f"{BODY}{{# L10N: medicine = its name. #}}<p>{{% trans 'sample.take' trimmed "
        f"medicine=pgettext('sample.medicine', 'aspirin') %}}{body}{{% endtrans %}}</p>"
    )
    own = {"sample.take": spanish, "sample.medicine": medicine}
    translate(signed, FORMS | own, take=english, medicine="aspirin")
    for role in ROLES:
        sign(signed, role)
    clinician_signs_english(signed)
    assert bilingual(signed) == []
    library = load.load(signed.path)
    edition = both_languages(library)
    workings = make_edition(Inputs(library), edition, Making(purpose="look")).workings
    assert workings is not None
    assert workings.reading is not None
    read = workings.reading
    assert not list(differences(library, edition, read))
    for place, passage in enumerate(read.passages):
        if "aspirin" in passage.text:
            other = Passage(passage.message, passage.text.replace("aspirin", "ibuprofen"))
            passages = (*read.passages[:place], other, *read.passages[place + 1 :])
            changed = msgspec.structs.replace(read, passages=passages)
            assert list(differences(library, edition, changed))


@pytest.mark.parametrize("rows", [6, 7])
def test_a_table_that_goes_over_a_page_in_two_languages_alone_is_released(
    signed: ClinicFolder, rows: int
) -> None:
    """The head is repeated there, and what belongs to no message is on two pages."""
    head = "<th>{{ pgettext('sample.day', 'Day') }}</th><th>{{ pgettext('sample.pain', 'Pain') }}"
    row = '<tr><td style="height: 14mm">A</td><td>B</td></tr>'
    signed.body(
        f"{BODY}<table><thead><tr>{head}</th></tr></thead><tbody>{row * rows}</tbody></table>"
    )
    own = {"sample.day": "Día", "sample.pain": "Dolor"}
    translate(signed, FORMS | own, day="Day", pain="Pain")
    for role in ROLES:
        sign(signed, role)
    clinician_signs_english(signed)
    assert bilingual(signed) == []


def both_languages(library: Library) -> Edition:
    """Release Spanish with English below."""
    request = Request(leaflets=("sample",), languages=("es",), formats=("a4",), beside="en")
    (edition,), _ = rules.chosen(library, plan(library, request), TODAY)
    return edition


def bilingual(clinic: ClinicFolder) -> list[str]:
    """Return the codes of what holds back a release of Spanish with English below."""
    library = load.load(clinic.path)
    edition = both_languages(library)
    return [problem.code for problem in make_edition(Inputs(library), edition).problems]


def test_a_release_says_when_it_was_checked_and_not_that_it_is_a_draft(
    signed: ClinicFolder,
) -> None:
    library = load.load(signed.path)
    editions = plan(library, Request(leaflets=("sample",), languages=("es",)))
    (edition,), _ = rules.chosen(library, editions, TODAY)
    html = compose(Inputs(library), edition).html
    assert "25 de noviembre de 2026" in html
    assert "25 de noviembre de 2028" in html
    assert "Borrador" not in html
    assert "Borrador" in compose(Inputs(library), editions[0]).html


@pytest.mark.parametrize("role", ROLES)
def test_without_one_of_the_three_a_leaflet_is_held_back(signed: ClinicFolder, role: Role) -> None:
    path = signed.path / "locales/es/signoff.toml"
    given = signoff.read(path)
    kept = tuple(one for one in given.approval if one.role != role)
    path.write_bytes(signoff.encoded(msgspec.structs.replace(given, approval=kept)))
    (reason,) = rules.reasons(dossier(signed))
    assert reason.code == "GOV-01"
    assert reason.message == f"{role}: nobody has signed."


def test_an_unsigned_leaflet_names_every_reason(clinic: ClinicFolder) -> None:
    found = codes(clinic)
    assert found.count("GOV-01") == 3
    assert {"GOV-05", "GOV-13"} <= set(found)


def test_a_changed_translation_voids_every_approval_and_shows_the_words(
    signed: ClinicFolder,
) -> None:
    translate(signed, {**FORMS, "sample.main": "No beba agua."})
    found = dossier(signed)
    assert [one.state for one in found.roles.values()] == ["changed"] * 3
    (change,) = found.roles["reviser"].changes
    assert change.id == "sample.main"
    assert ("translation", "Beba agua.", "No beba agua.") in list(change.texts())
    assert found.release is None


def test_a_changed_dose_in_the_source_voids_every_translation_until_someone_signs_again(
    signed: ClinicFolder,
) -> None:
    signed.write("templates/facts.toml", FACTS.replace("[3, 7]", "[3, 9]"))
    assert set(codes(signed)) == {"GOV-02", "GOV-04"}
    for role in ROLES:
        sign(signed, role)
    assert set(codes(signed)) == {"GOV-04"}
    verify(signed)
    assert codes(signed) == []


def test_a_changed_term_that_stands_on_the_page_voids_an_approval(signed: ClinicFolder) -> None:
    term = '[[term]]\nsource = "{}"\npreferred = "{}"\n'
    signed.write("locales/es/glossary.toml", term.format("chair", "silla"))
    assert codes(signed) == []
    signed.write("locales/es/glossary.toml", term.format("water", "agua"))
    assert set(codes(signed)) == {"GOV-02"}


def test_a_changed_source_of_a_fact_voids_its_verification(signed: ClinicFolder) -> None:
    signed.write("templates/sources.toml", SOURCES.replace("The book", "Another book"))
    assert "GOV-04" in codes(signed)


def test_a_sentence_taken_away_voids_an_approval(signed: ClinicFolder) -> None:
    signed.body("<p>{{ fact('rest').text }} {{ local('fasting-food-hours').text }}</p>")
    (change,) = dossier(signed).roles["translator"].changes
    assert (change.id, change.after) == ("sample.rest", None)


def test_sentences_in_another_order_void_an_approval(signed: ClinicFolder) -> None:
    again = "{{ pgettext('sample.title', 'A sample') }}"
    signed.body(BODY.replace("<p>", f"<p>{again}", 1))
    assert codes(signed) == []
    items = dossier(signed).roles
    assert items["translator"].state == "approved"
    signed.write(
        "templates/leaflets/sample/leaflet.html",
        (signed.path / "templates/leaflets/sample/leaflet.html")
        .read_text("utf-8")
        .replace(
            "{% block main_message %}",
            "{% block audience %}" + BODY + "{% endblock %}{% block main_message %}",
        )
        .replace("{% block body %}\n", "{% block body %}", 1),
    )
    assert set(codes(signed)) == {"GOV-02"}


def test_what_a_clinic_decided_itself_is_for_its_clinician_to_approve_again(
    signed: ClinicFolder,
) -> None:
    text = (signed.path / "clinic.toml").read_text("utf-8")
    signed.write("clinic.toml", text + "[local]\nfasting-food-hours = 6\n")
    found = dossier(signed)
    states = {role: one.state for role, one in found.roles.items()}
    assert states == {"translator": "approved", "reviser": "approved", "clinician": "changed"}
    sign(signed, "clinician")
    assert dossier(signed).release


@pytest.mark.parametrize(("day", "code"), [(UNTIL, None), (UNTIL + dt.timedelta(1), "GOV-03")])
def test_an_approval_holds_to_its_last_day(
    signed: ClinicFolder, day: dt.date, code: str | None
) -> None:
    assert (code in codes(signed, day)) == (code is not None)
    assert (dossier(signed, day).release is None) == (code is not None)


def test_translator_and_reviser_must_be_two_people(signed: ClinicFolder) -> None:
    with pytest.raises(RequestError, match="two people"):
        sign(signed, "reviser", name="  ANA  ruiz ")


def test_a_leaflet_that_is_not_translated_cannot_be_signed(signed: ClinicFolder) -> None:
    translate(signed, {key: FORMS[key] for key in ("sample.title", "sample.main")})
    with pytest.raises(RequestError, match=r"sample\.rest"):
        sign(signed, "translator")


def test_an_end_that_is_over_is_refused(signed: ClinicFolder) -> None:
    with pytest.raises(RequestError, match="--until"):
        sign(signed, "clinician", until=TODAY)
    with pytest.raises(RequestError, match="more than 5 years after"):
        sign(signed, "clinician", until=TODAY.replace(year=TODAY.year + 6))


def test_english_needs_a_clinician_only(clinic: ClinicFolder, library: Library) -> None:
    assert chain(library.languages["en"]) == ("clinician",)
    entry = Approval(leaflet="sample", role="reviser", name="A", on=TODAY, until=UNTIL, items=())
    found = load.load(clinic.path)
    with pytest.raises(RequestError, match="Sign as clinician"):
        rules.approve(
            found,
            survey(found, found.leaflets["sample"]),
            found.languages["en"],
            entry,
            clinic.path,
        )


def test_a_record_changed_by_hand_is_refused(signed: ClinicFolder) -> None:
    path = signed.path / "locales/es/signoff.toml"
    path.write_text(path.read_text("utf-8").replace("Beba agua.", "No beba agua."), "utf-8")
    with pytest.raises(InputError, match=r"signoff\.toml, item\..*changed after it was approved"):
        dossier(signed)


def test_writing_a_sign_off_anew_changes_nothing(signed: ClinicFolder) -> None:
    path: Path = signed.path / "locales/es/signoff.toml"
    assert signoff.encoded(signoff.read(path)) == path.read_bytes()


@pytest.mark.parametrize("count", range(1, 7))
def test_a_survey_composes_every_two_choices_together(count: int) -> None:
    regions = tuple("abcdef"[:count])
    composed = set(pairs(regions))
    values = (regions, (True, False), (True, False), (True, False))
    for first, second in itertools.combinations(range(4), 2):
        together = {(branch[first], branch[second]) for branch in composed}
        assert together == set(itertools.product(values[first], values[second]))


def test_a_surveyed_leaflet_asks_for_exactly_the_messages_that_are_extracted(
    library: Library,
) -> None:
    asked = {key for one in library.leaflets.values() for key in survey(library, one).messages}
    extracted = {message.key for message in extract.domain(library, "common")}
    for one in library.leaflets.values():
        extracted |= {message.key for message in extract.domain(library, one.slug)}
    assert asked == extracted


def test_whoever_signs_is_shown_the_warnings_of_checks(signed: ClinicFolder) -> None:
    translate(signed, {**FORMS, "sample.main": "Beba  agua."})
    request = Request(leaflets=("sample",), languages=("es",))
    signer = Signer(NAMES["translator"], "translator", TODAY, UNTIL)
    proposal = signing.propose([load.load(signed.path)], request, signer)
    assert [(one.code, one.where) for one in proposal.doubts] == [("PUNC-07", "sample.main")]
    shown = "\n".join(lines_shown(proposal))
    assert "finds an error in these texts; 1 warning:\n  PUNC-07 " in shown
