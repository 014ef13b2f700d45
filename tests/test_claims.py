"""Claims: each clinical statement has a basis, and a release waits until it is verified."""

import json
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from leaflets.checks import claims as checks
from leaflets.cli.commands.sign import lines_shown
from leaflets.compose.plan import Request
from leaflets.editions import signing
from leaflets.errors import ExitCode, InputError, RequestError
from leaflets.library import load
from leaflets.problem import Problem, Severity
from leaflets.records.approval import rules
from leaflets.records.approval.dossier import SignOffStatus, dossiers
from leaflets.records.signing import Signer, verify
from tests.conftest import ClinicFolder
from tests.test_approval import SOURCES, TODAY, UNTIL
from tests.test_signing_command import looked_up, run, sign

BODY = """<p>{% trans "sample.rest" trimmed %}Rest, but do not stay in bed.{% endtrans %}</p>
<h3>{{ pgettext("sample.rest.heading", "Rest") }}</h3>
{% if stated("calcium-daily") %}<p>{{ pgettext("sample.milk", "Drink milk.") }}</p>{% endif %}
"""
BED = """
[claim.bed]
says = "Long rest in bed can cause blood clots."
messages = ["sample.rest"]
basis = "source"
sources = ["book"]
place = "Page 3"
read = "abstract"
note = "One study."
"""
#: A sentence of ours that states a claim, and what a clinic says in its place.
OVERRIDDEN = "warning-card.main-message"
OVERRIDE = f'[message."{OVERRIDDEN}"]\ntext = "Ask us before you walk."\n'
VERIFY = ("verify", "--yes", "--name", "Dr Sol", "--until", "2028-11-25")


@pytest.fixture
def stating(clinic: ClinicFolder) -> ClinicFolder:
    """Return a clinic whose leaflet states one claim, which nobody has verified."""
    clinic.write("templates/sources.toml", SOURCES)
    clinic.without_our_claims()
    claim(clinic, BED)
    clinic.body(BODY)
    return clinic


def claim(clinic: ClinicFolder, text: str) -> None:
    """Add to the claims of the clinic."""
    path = clinic.path / "templates/claims.toml"
    clinic.write(
        "templates/claims.toml", (path.read_text("utf-8") if path.is_file() else "") + text
    )


def replace(clinic: ClinicFolder, file: str, old: str, new: str) -> None:
    text = (clinic.path / file).read_text("utf-8")
    assert old in text
    clinic.write(file, text.replace(old, new))


def verify_bed(clinic: ClinicFolder) -> None:
    library = load.load(clinic.path)
    items = rules.verifiable(library, ["claim.bed"])
    verify(library, clinic.path, items, Signer("Dr Sol", "clinician", TODAY, UNTIL))


def problems(clinic: ClinicFolder, leaflet: str = "sample") -> list[Problem]:
    """Check the claims of a clinic that has one leaflet alone."""
    library = load.load(clinic.path)
    alone = {leaflet: library.leaflets[leaflet]}
    return list(checks.check(msgspec.structs.replace(library, leaflets=alone)))


def standing(clinic: ClinicFolder) -> Mapping[str, SignOffStatus]:
    """Tell how each claim of the clinic's own leaflet stands."""
    request = Request(leaflets=("sample",), languages=("en",))
    (dossier,) = dossiers([load.load(clinic.path)], request, TODAY)
    return dossier.claims


def without_claim(clinic: ClinicFolder) -> list[str]:
    """List the messages of the clinic's own leaflet that have no claim."""
    return [
        one.where for one in problems(clinic) if one.code == "SRC-01" and one.leaflet == "sample"
    ]


# --- the file ---


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('sources = ["book"]\n', "", "claim.bed.sources: it rests on a source and names none"),
        ('["book"]', '["bok"]', "claim.bed.sources: there is no source “bok” in sources.toml"),
        ('read = "abstract"\n', "", "claim.bed.read: state how much of the source was read"),
        ('read = "abstract"', 'read = "half"', r"claim.bed.read: .*“in part”"),
        ('basis = "source"', 'basis = "hearsay"', r"claim.bed.basis: write “house”, “local” or"),
        ('["sample.rest"]', "[]", "claim.bed.messages"),
        ('["sample.rest"]', '["Sample rest"]', "claim.bed.messages"),
        ('place = "Page 3"', "page = 3", r"claim.bed.*page"),
        (BED, '[claim.bed]\nsays = "S"\nmessages = ["a.b"]\nbasis = "house"\n',
         "claim.bed.note: it is our own judgement; give the reason"),
        (BED, '[claim.bed]\nsays = "S"\nmessages = ["a.b"]\nbasis = "local"\nread = "whole"\n',
         "claim.bed.read: it names no source that was read"),
    ],
)  # fmt: skip
def test_a_claim_that_does_not_say_what_it_rests_on_is_refused_with_file_and_key(
    stating: ClinicFolder, old: str, new: str, words: str
) -> None:
    replace(stating, "templates/claims.toml", old, new)
    with pytest.raises(InputError, match=rf"claims\.toml.*{words}"):
        load.load(stating.path)


def test_a_claim_of_a_clinic_wins_over_ours_and_the_others_stay(clinic: ClinicFolder) -> None:
    ours = load.load(None).claims
    name = next(iter(ours.entries))
    claim(clinic, BED.replace("claim.bed", f"claim.{name}"))
    clinic.write("templates/sources.toml", SOURCES)
    theirs = load.load(clinic.path).claims
    assert theirs.entries[name].says == "Long rest in bed can cause blood clots."
    assert theirs.entries.keys() == ours.entries.keys()
    assert theirs.no_claim == ours.no_claim


# --- what check finds ---


def test_a_message_without_a_claim_is_named_with_its_words_and_a_heading_is_not(
    clinic: ClinicFolder,
) -> None:
    clinic.body(BODY)
    found = [one for one in problems(clinic) if one.leaflet == "sample"]
    assert [one.where for one in found] == ["sample.main", "sample.rest", "sample.milk"]
    assert {(one.code, one.severity) for one in found} == {("SRC-01", Severity.WARNING)}
    assert found[1].text == "Rest, but do not stay in bed."
    assert "[no_claim]" in found[1].hint


def test_a_message_that_is_printed_in_one_branch_only_needs_a_claim_too(
    clinic: ClinicFolder,
) -> None:
    night = '<p>{{ pgettext("sample.night", "Walk at night.") }}</p>'
    clinic.body(f"{{% if clinic.has_out_of_hours %}}{night}{{% endif %}}")
    assert "sample.night" in without_claim(clinic)


def test_a_claim_or_a_line_of_no_claim_settles_a_message_and_a_star_settles_many(
    stating: ClinicFolder,
) -> None:
    assert without_claim(stating) == ["sample.main", "sample.milk"]
    claim(stating, '[no_claim]\nmessages = ["sample.m*"]\n')
    assert without_claim(stating) == []


def test_a_text_in_no_part_that_we_know_is_not_taken_for_a_label(clinic: ClinicFolder) -> None:
    clinic.body('<div><div>{{ pgettext("sample.bare", "Take ten aspirin.") }}</div></div>')
    assert "sample.bare" in without_claim(clinic)


def test_what_every_leaflet_shares_needs_a_claim_and_what_an_emergency_box_says_is_no_label(
    clinic: ClinicFolder,
) -> None:
    clinic.without_our_claims()
    checked = checks.check(load.load(clinic.path))
    found = {one.where for one in checked if one.code == "SRC-01" and not one.leaflet}
    assert {"redflag.bladder", "common.box.now", "common.medicines.do-not-stop"} <= found
    assert not found & {"common.medicines.name", "common.card.name", "common.clinic"}


def test_the_words_of_a_clinic_need_a_claim_like_ours(clinic: ClinicFolder) -> None:
    clinic.without_our_claims()
    clinic.write("templates/overrides.toml", OVERRIDE)
    (problem,) = [one for one in problems(clinic, "warning-card") if one.where == OVERRIDDEN]
    assert problem.text == "Ask us before you walk."
    assert problem.file == "templates/overrides.toml"


def test_a_message_that_does_not_exist_is_named_with_the_claim(clinic: ClinicFolder) -> None:
    claim(clinic, BED.replace('"sample.rest"', '"sample.main", "sample.res", "walk.*"'))
    clinic.write("templates/sources.toml", SOURCES)
    found = [one.sentence() for one in problems(clinic) if one.code == "SRC-02"]
    assert len(found) == 2
    assert "claims.toml, claim.bed: there is no message “sample.res”." in found[0]
    assert "“walk.*”" in found[1]


def test_a_message_cannot_have_a_claim_and_have_none(stating: ClinicFolder) -> None:
    claim(stating, '[no_claim]\nmessages = ["sample.rest", "sample.r*"]\n')
    (problem,) = [one for one in problems(stating) if one.code == "SRC-03"]
    assert "“sample.rest” is listed here, and states the claim bed." in problem.message


def test_every_message_of_the_library_is_settled() -> None:
    assert [one.sentence() for one in checks.check(load.load(None))] == []


def test_a_leaflet_that_cannot_be_filled_is_left_to_the_check_of_its_pages(
    clinic: ClinicFolder,
) -> None:
    clinic.body('<p>{{ fact("nothing").text }}</p>')
    assert [one for one in problems(clinic) if one.leaflet == "sample"] == []


# --- verification ---


def status(clinic: ClinicFolder) -> str:
    return run(clinic.path, "status", "sample", "-l", "en").stdout


def test_a_release_waits_until_each_claim_of_its_leaflet_is_verified(
    stating: ClinicFolder, tmp_path: Path
) -> None:
    build = ("build", "sample", "-l", "en", "-f", "a4", "--release", "-o", str(tmp_path / "out"))
    assert sign(stating.path).returncode == ExitCode.OK
    held = run(stating.path, *build)
    assert held.returncode == ExitCode.HELD_BACK
    assert "GOV-13" in held.stdout
    assert "claim bed is not verified: nobody has signed." in held.stdout
    done = run(stating.path, *VERIFY, "claim.bed")
    assert done.returncode == ExitCode.OK, done.stderr
    assert "claim.bed: verified by Dr Sol until 2028-11-25" in done.stdout
    assert run(stating.path, *build).returncode == ExitCode.OK


def test_status_counts_claims_beside_facts_and_due_lists_them(stating: ClinicFolder) -> None:
    assert "0/1 claims are verified." in run(stating.path, "status").stdout
    verify_bed(stating)
    record = json.loads(run(stating.path, "status", "sample", "-l", "en", "--json").stdout)[0]
    assert record["claims"]["bed"]["state"] == "approved"
    assert "1/1" in status(stating)
    due = run(stating.path, "due", "3y").stdout
    assert "2028-11-25  claims.toml, bed: Dr Sol must check it again" in due


CHANGES = {
    "statement": ("templates/claims.toml", "can cause blood clots", "causes blood clots"),
    "basis": ("templates/claims.toml", 'basis = "source"', 'basis = "local"'),
    "place": ("templates/claims.toml", "Page 3", "Page 4"),
    "how it was read": ("templates/claims.toml", '"abstract"', '"summary"'),
    "note": ("templates/claims.toml", "One study.", "Two studies."),
    "source": ("templates/sources.toml", "The book", "Another book"),
    "English": ("templates/leaflets/sample/leaflet.html", "do not stay in bed", "stay in bed"),
    "messages": ("templates/claims.toml", '"sample.rest"]', '"sample.rest", "sample.main"]'),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_of_a_claim_its_source_or_its_english_voids_its_verification(
    stating: ClinicFolder, change: tuple[str, str, str]
) -> None:
    verify_bed(stating)
    replace(stating, *change)
    assert standing(stating)["bed"].state == "changed"


def test_status_shows_word_by_word_what_changed_of_a_claim(stating: ClinicFolder) -> None:
    verify_bed(stating)
    replace(stating, *CHANGES["English"])
    shown = status(stating)
    assert "claim bed: changed since Dr Sol signed as clinician on 2026-11-25" in shown
    assert "sample.rest: Rest, but [-do not -]stay in bed." in shown


def test_a_message_that_moves_on_the_page_voids_nothing(stating: ClinicFolder) -> None:
    first, second = (f'<p>{{{{ pgettext("sample.{one}", "Rest.") }}}}</p>' for one in "ab")
    replace(stating, "templates/claims.toml", '"sample.rest"', '"sample.a", "sample.b"')
    stating.body(first + second)
    verify_bed(stating)
    stating.body(second + first)
    assert standing(stating)["bed"].state == "approved"


def test_a_claim_that_a_clinic_says_in_its_own_words_is_verified_there(
    clinic: ClinicFolder,
) -> None:
    library = load.load(clinic.path)
    name, *_ = library.claims.of(OVERRIDDEN)
    day = looked_up(library)
    signer = Signer("Dr Sol", "clinician", day, UNTIL)
    verify(library, clinic.path, rules.verifiable(library, [f"claim.{name}"]), signer)

    def state() -> str:
        shown = run(clinic.path, "status", "warning-card", "-l", "en", "--json", day=day).stdout
        return str(json.loads(shown)[0]["claims"][name]["state"])

    assert state() == "approved"
    clinic.write("templates/overrides.toml", OVERRIDE)
    assert state() == "changed"


def test_only_claims_that_a_leaflet_can_print_hold_it_back(stating: ClinicFolder) -> None:
    assert [*standing(stating)] == ["bed"]


def test_a_claim_is_not_verified_before_its_source_was_looked_up(stating: ClinicFolder) -> None:
    replace(stating, "templates/sources.toml", "2026-01-31", "2026-12-24")
    with pytest.raises(RequestError, match="before the source book was last looked up"):
        verify_bed(stating)


def test_a_claim_that_does_not_exist_is_refused_with_the_nearest(stating: ClinicFolder) -> None:
    done = run(stating.path, *VERIFY, "claim.bad")
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.strip().endswith("There is no claim “bad”; did you mean bed?")
    assert not (stating.path / "templates/signoff.toml").exists()


def test_the_commands_show_what_a_claim_rests_on_and_how_it_was_read(
    stating: ClinicFolder,
) -> None:
    request = Request(leaflets=("sample",), languages=("en",), formats=("a4",))
    for state in ("not verified", "verified by Dr Sol, until 2028-11-25"):
        signer = Signer("Dr Sol", "clinician", TODAY, UNTIL)
        proposal = signing.propose([load.load(stating.path)], request, signer)
        shown = "\n".join(lines_shown(proposal))
        assert f"bed ({state})" in shown
        assert "book: The book." in shown
        assert "Read for this claim: abstract" in shown
        verify_bed(stating)
