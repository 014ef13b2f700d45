"""Who signed is proved: by seals that no hand can change unseen, and by each person's SSH key.

Each attack is refused, and in its own words. The keys and signatures are ssh-keygen's own.
"""

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from leaflets.checks import accepting
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.compose.survey import survey
from leaflets.editions import signing
from leaflets.editions.make import make_edition
from leaflets.editions.proof import Proof
from leaflets.editions.workers import task
from leaflets.errors import ExitCode, InputError, RequestError
from leaflets.library import accepted, load, seal, signoff
from leaflets.library.accepted import Acceptance
from leaflets.library.signoff import ROLES, Approval, Role
from leaflets.records import keys, recalling
from leaflets.records.approval import persons, rules
from leaflets.records.approval.claims import claim_items
from leaflets.records.approval.dossier import Dossier, dossier_of
from leaflets.records.signing import Signer, verify
from tests.conftest import CLINIC_TOML, ClinicFolder
from tests.running import in_this_process
from tests.test_approval import BODY, FACTS, FORMS, NAMES, SOURCES, TODAY, UNTIL, translate

SIGNOFF = "locales/es/signoff.toml"
RIGHTS = {"translator": "translator@leaflets,reviser@leaflets", "reviser": "reviser@leaflets",
          "clinician": "clinician@leaflets,facts@leaflets,recall@leaflets"}  # fmt: skip
DAYS = 'valid-after="20260101",valid-before="20280101"'
LATER = TODAY + dt.timedelta(1)


class Office:
    """A clinic that requires keys, with a key for each of its people."""

    def __init__(self, folder: Path) -> None:
        """Take a folder that holds the clinic's folder and the keys."""
        self.folder = folder
        self.clinic = ClinicFolder(folder / "clinic")
        self.requires("required")
        self.clinic.write("templates/facts.toml", FACTS)
        self.clinic.write("templates/sources.toml", SOURCES)
        self.clinic.without_our_claims()
        self.clinic.body(BODY)
        translate(self.clinic, FORMS)

    @property
    def path(self) -> Path:
        """Return the clinic's folder."""
        return self.clinic.path

    def requires(self, state: str) -> None:
        """Say whether keys are required."""
        self.clinic.write("clinic.toml", f'{CLINIC_TOML}keys = "{state}"\n')

    def make_key(self, role: str) -> None:
        """Make the key of the person who has a role."""
        made_of = ["-q", "-t", "ed25519", "-N", "", "-C", ""]
        subprocess.run(["ssh-keygen", *made_of, "-f", self.key(role)], check=True)

    def key(self, role: str) -> Path:
        """Return the key of the person who has a role."""
        return self.folder / role

    def write_signers(
        self, names: Mapping[str, str] = NAMES, rights: Mapping[str, str] = RIGHTS, days: str = DAYS
    ) -> None:
        """Say whose key is whose, what it may sign, and when."""
        lines = ["# Who signs here"]
        for role in ROLES:
            kind, public, *_ = self.key(role).with_suffix(".pub").read_text().split()
            lines.append(f'"{names[role]}" namespaces="{rights[role]}",{days} {kind} {public}')
        self.clinic.write(keys.SIGNERS, "\n".join(lines) + "\n")

    def sign(
        self, role: Role, name: str = "", key: Path | None = None, on: dt.date = TODAY
    ) -> None:
        """Let somebody sign the Spanish leaflet."""
        request = Request(leaflets=("sample",), languages=("es",), formats=("a4",))
        signer = Signer(name or NAMES[role], role, on, UNTIL, key)
        proposal = signing.propose([load.load(self.path)], request, signer)
        signing.sign(proposal, self.path)

    def verify(self, key: Path | None, on: dt.date = TODAY) -> None:
        """Let the clinician verify the fact."""
        signer = Signer(NAMES["clinician"], "clinician", on, UNTIL, key)
        library = load.load(self.path)
        verify(library, self.path, rules.verifiable(library, ["rest"]), signer)

    def dossier(self, day: dt.date = TODAY) -> Dossier:
        """Look up how the Spanish leaflet stands."""
        library = load.load(self.path)
        leaflet = library.leaflets["sample"]
        surveyed, language = survey(library, leaflet), library.languages["es"]
        claims = claim_items(library)
        return dossier_of(library, surveyed, leaflet, language, day, claims=claims)

    def reasons(self, day: dt.date = TODAY) -> dict[str, str]:
        """Return why the Spanish leaflet is not released, by code."""
        return {problem.code: problem.message for problem in rules.reasons(self.dossier(day))}

    def replace(self, text: str, by: str) -> None:
        """Change the sign-off by hand."""
        path = self.path / SIGNOFF
        before = path.read_text("utf-8")
        assert text in before
        path.write_text(before.replace(text, by), "utf-8")

    def forge(self, role: Role, **changes: object) -> None:
        """Change an approval by a program that knows how a seal is made."""
        path = self.path / SIGNOFF
        file = signoff.read(path)
        forged = (
            seal.sealed(msgspec.structs.replace(entry, **changes)) if entry.role == role else entry
            for entry in file.approval
        )
        path.write_bytes(signoff.encoded(msgspec.structs.replace(file, approval=tuple(forged))))

    def approval(self, role: Role) -> Approval:
        """Return the approval of a role."""
        file = signoff.read(self.path / SIGNOFF)
        return next(entry for entry in file.approval if entry.role == role)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which all have signed with their keys."""
    office = Office(tmp_path_factory.mktemp("office"))
    for role in ROLES:
        office.make_key(role)
    office.write_signers()
    for role in ROLES:
        office.sign(role, key=office.key(role))
    office.verify(office.key("clinician"))
    return office.folder


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Office:
    """Return the same in a folder of its own, which a test may change."""
    shutil.copytree(made, tmp_path / "office")
    own = Office.__new__(Office)
    own.folder = tmp_path / "office"
    own.clinic = ClinicFolder.__new__(ClinicFolder)
    own.clinic.path = own.folder / "clinic"
    return own


def test_what_all_signed_with_their_keys_is_released_and_proved(office: Office) -> None:
    dossier = office.dossier()
    assert dossier.release
    for role, status in dossier.roles.items():
        shown = subprocess.run(
            ["ssh-keygen", "-l", "-f", office.key(role)], capture_output=True, text=True, check=True
        )
        assert status.is_proved
        assert status.key in shown.stdout
    assert dossier.facts["rest"].is_proved
    assert release(office).is_good


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("Luis Gil", "Ana Ruiz"),
        (f"until = {UNTIL}", "until = 2099-11-25"),
        (f"on = {TODAY}", "on = 2026-11-20"),
        ('role = "reviser"', 'role = "translator"'),
    ],
)
def test_an_entry_changed_by_hand_is_refused(office: Office, text: str, by: str) -> None:
    office.replace(text, by)
    with pytest.raises(InputError, match=r"signoff\.toml, approval, entry \d: .*changed by hand"):
        office.dossier()


def test_an_entry_without_its_seal_is_refused(office: Office) -> None:
    office.replace(f'seal = "{office.approval("reviser").seal}"\n', "")
    with pytest.raises(InputError, match="changed by hand"):
        office.dossier()


@pytest.mark.parametrize(
    "changes",
    [{"name": "Ana Ruiz"}, {"until": dt.date(2099, 1, 1)}, {"on": dt.date(2026, 11, 20)}],
    ids=["name", "last day", "day"],
)
def test_a_forged_seal_does_not_help_for_the_signature_is_of_another_entry(
    office: Office, changes: dict[str, object]
) -> None:
    office.forge("reviser", **changes)
    assert "is not of this entry" in office.reasons()["GOV-10"]


def test_a_signature_taken_from_another_entry_proves_nothing(office: Office) -> None:
    office.forge("reviser", signature=office.approval("translator").signature)
    assert office.reasons() == {
        "GOV-10": "reviser: the signature under the entry of Luis Gil is not of this entry."
    }


def test_a_signature_taken_away_does_not_count_where_keys_are_required(office: Office) -> None:
    office.forge("clinician", signature="")
    assert office.reasons() == {"GOV-09": f"clinician: Dr Eva Sol signed on {TODAY} without a key."}
    assert office.dossier().release is None


def refused(office: Office, role: Role, words: str, **how: Path | str | dt.date) -> None:
    """Claim that a signature is refused in these words, and nothing written."""
    before = (office.path / SIGNOFF).read_bytes()
    with pytest.raises(RequestError, match=re.escape(words)):
        office.sign(role, **{"key": office.key(role), **how})  # type: ignore[arg-type]
    assert (office.path / SIGNOFF).read_bytes() == before


def test_nobody_signs_with_the_name_of_another(office: Office) -> None:
    refused(office, "reviser", "the key is that of “Ana Ruiz”, not of “Luis Gil”",
            key=office.key("translator"))  # fmt: skip


def test_nobody_signs_in_a_role_that_the_key_may_not_have(office: Office) -> None:
    rights = {**RIGHTS, "reviser": "clinician@leaflets"}
    office.write_signers(rights=rights)
    refused(office, "reviser", "the key of Luis Gil may not sign as “reviser”")
    assert "may not sign as “reviser”" in office.reasons()["GOV-10"]


def test_nobody_signs_with_a_key_that_is_not_valid_on_the_day(office: Office) -> None:
    office.write_signers(days=f'valid-before="{TODAY:%Y%m%d}"')
    refused(office, "reviser", f"the key of Luis Gil was not valid any more on {TODAY}")
    office.write_signers(days=f'valid-after="{LATER:%Y%m%d}"')
    refused(office, "reviser", f"the key of Luis Gil was not valid yet on {TODAY}")
    assert "not valid yet" in office.reasons()["GOV-10"]


def test_the_first_day_of_a_key_counts_and_what_was_signed_stays_good_after_the_last(
    office: Office,
) -> None:
    office.write_signers(days=f'valid-after="{TODAY:%Y%m%d}",valid-before="{LATER:%Y%m%d}"')
    assert office.dossier(dt.date(2027, 6, 1)).release


def test_nobody_signs_with_a_key_that_the_clinic_does_not_know(office: Office) -> None:
    office.make_key("stranger")
    refused(office, "reviser", "the key of this signature is not in `signers`",
            key=office.key("stranger"))  # fmt: skip


def test_nobody_signs_without_a_key_where_keys_are_required(office: Office) -> None:
    before = (office.path / SIGNOFF).read_bytes()
    with pytest.raises(RequestError, match="requires keys: sign with --key"):
        office.sign("reviser")
    assert (office.path / SIGNOFF).read_bytes() == before


def test_a_key_that_cannot_be_used_is_named(office: Office) -> None:
    with pytest.raises(RequestError, match="there is no such key"):
        office.sign("reviser", key=office.folder / "nothing")
    (office.folder / "torn").write_text("no key")
    with pytest.raises(InputError, match="it cannot sign"):
        office.sign("reviser", key=office.folder / "torn")


def test_one_key_under_two_names_is_one_person(office: Office) -> None:
    office.write_signers({**NAMES, "translator": "Luis Gil", "reviser": "Luisa Mar"})
    both = office.path / keys.SIGNERS
    line = both.read_text().splitlines()[1]
    both.write_text(both.read_text() + line.replace("Luis Gil", "Ana Ruiz") + "\n")
    refused(office, "reviser", "“Ana Ruiz” translated and “Luis Gil” revised, with the same key",
            key=office.key("translator"))  # fmt: skip


def test_at_a_release_one_key_under_two_names_is_one_person(office: Office) -> None:
    (office.path / SIGNOFF).unlink()
    office.write_signers({**NAMES, "reviser": "Ana Ruiz", "translator": "Luis Gil"})
    both = office.path / keys.SIGNERS
    line = both.read_text().splitlines()[1]
    both.write_text(both.read_text() + line.replace("Luis Gil", "Maria Mar") + "\n")
    office.sign("reviser", "Maria Mar", office.key("translator"))
    given = office.approval("reviser")
    (office.path / SIGNOFF).unlink()
    office.sign("translator", "Luis Gil", office.key("translator"))
    file = signoff.read(office.path / SIGNOFF)
    both_roles = msgspec.structs.replace(file, approval=(*file.approval, given))
    (office.path / SIGNOFF).write_bytes(signoff.encoded(both_roles))
    assert "with the same key: translator and reviser must be two" in office.reasons()["GOV-11"]


SPELLINGS = ["  ANA  ruiz ", "Ruiz, Ana", "Ana Ruíz", "Dr. Ana Ruiz, PhD", "Ａｎａ Ruiz",
             "ana-ruiz"]  # fmt: skip


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_second_spelling_of_one_person_is_refused(office: Office, name: str) -> None:
    office.requires("optional")
    with pytest.raises(RequestError, match=r"which is the same name: .* must be two people"):
        office.sign("reviser", name)
    office.forge("reviser", name=name.strip(), signature="")
    assert "must be two people" in office.reasons()["GOV-11"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("Ana Ruiz", "Ana Ruiz Gil"), ("Ana Ruiz", "Anja Ruiz"), ("李 明", "李 娜"), ("Dr", "Prof")],
)
def test_two_people_are_two(first: str, second: str) -> None:
    assert persons.spelling(first) != persons.spelling(second)


def test_who_revised_does_not_then_translate(office: Office) -> None:
    office.requires("optional")
    with pytest.raises(RequestError, match="which is the same name"):
        office.sign("translator", "Gil, Luis")


def test_a_day_that_has_not_come_is_refused(office: Office) -> None:
    office.sign("clinician", key=office.key("clinician"), on=LATER)
    assert office.reasons() == {
        "GOV-12": f"clinician: Dr Eva Sol signed on {LATER}, a day that has not come."
    }
    assert office.dossier(LATER).release


def test_who_signed_before_the_role_before_has_not_seen_what_it_made(office: Office) -> None:
    office.sign("reviser", key=office.key("reviser"), on=LATER)
    assert office.reasons(LATER) == {
        "GOV-12": f"clinician: Dr Eva Sol signed as clinician on {TODAY}, before Luis Gil signed as"
        f" reviser on {LATER}."
    }
    refused(office, "clinician", f"before Luis Gil signed as reviser on {LATER}")


def test_a_fact_is_not_verified_before_its_source_was_looked_up(office: Office) -> None:
    office.clinic.write("templates/sources.toml", SOURCES.replace("2026-01-31", f"{LATER}"))
    assert "before the source book was last looked up" in office.reasons(LATER)["GOV-12"]
    with pytest.raises(RequestError, match="before the source book was last looked up"):
        office.verify(office.key("clinician"))


@pytest.mark.parametrize("pattern", ["*", "E*l", "Eva ?ol", "!Ana Ruiz", 'Eva Sol","*'])
def test_a_key_belongs_to_one_person_and_not_to_all_whom_a_pattern_fits(
    office: Office, pattern: str
) -> None:
    office.write_signers({**NAMES, "clinician": pattern})
    with pytest.raises(InputError, match=r"signers, line \d: a key belongs to one person"):
        office.sign("translator", key=office.key("translator"))


def test_without_signers_nothing_can_be_proved_so_nothing_is_read(office: Office) -> None:
    (office.path / keys.SIGNERS).unlink()
    with pytest.raises(InputError, match=r"signers: the file does not exist, and clinic\.toml req"):
        office.dossier()


def test_where_keys_are_not_required_what_is_signed_without_counts_and_is_not_proved(
    office: Office,
) -> None:
    office.requires("optional")
    office.sign("clinician")
    dossier = office.dossier()
    assert dossier.release
    assert not dossier.roles["clinician"].is_proved
    assert dossier.roles["reviser"].is_proved


def test_a_wrong_signature_does_not_count_where_keys_are_not_required_either(
    office: Office,
) -> None:
    office.requires("optional")
    office.forge("reviser", name="Maria Mar")
    assert "GOV-10" in office.reasons()


def test_a_page_that_somebody_signed_without_a_key_is_not_a_page_that_was_signed(
    office: Office,
) -> None:
    path = office.path / SIGNOFF
    own = signoff.read(path)
    office.clinic.body(f"<p>Aspirina.</p>{BODY}")
    office.requires("optional")
    office.sign("clinician", "Eve")
    forged = signoff.read(path)
    both = msgspec.structs.replace(
        own,
        approval=(*own.approval, office.approval("clinician")),
        item={**own.item, **forged.item},
    )
    path.write_bytes(signoff.encoded(both))
    assert release(office).is_good
    office.requires("required")
    assert "GOV-08" in {problem.code for problem in release(office).problems}


def release(office: Office) -> Proof:
    """Make the Spanish release on A4, which the rules must allow."""
    library = load.load(office.path)
    request = Request(leaflets=("sample",), languages=("es",), formats=("a4",))
    (edition,), held = rules.chosen(library, plan(library, request), TODAY)
    assert held == ()
    return make_edition(Inputs(library), edition)


def run(office: Office, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    day = {"SOURCE_DATE_EPOCH": "1795564800", "COLUMNS": "200"}
    # Where the tools are is looked up once in a process.
    if arguments[0] != "build" and "PATH" not in environment:
        return in_this_process(*arguments, "--clinic", office.path, **day, **environment)
    return subprocess.run(
        [sys.executable, "-m", "leaflets", *arguments, "--clinic", str(office.path)],
        capture_output=True, text=True, check=False, env={**os.environ, **day, **environment},
    )  # fmt: skip


def test_ssh_keygen_that_is_missing_is_named_with_what_installs_it_if_a_key_is_used(
    office: Office, tmp_path: Path
) -> None:
    status = ("status", "sample", "-l", "es")
    done = run(office, *status, PATH=str(tmp_path))
    assert done.returncode == ExitCode.SYSTEM
    assert "ssh-keygen is missing" in done.stderr
    assert "apt-get install --no-install-recommends openssh-client" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    for record in (SIGNOFF, "templates/signoff.toml"):
        (office.path / record).unlink()
    assert run(office, *status, PATH=str(tmp_path)).returncode == ExitCode.OK


def test_the_released_record_and_status_say_who_is_proved_and_who_is_not(
    office: Office, tmp_path: Path
) -> None:
    office.requires("optional")
    office.sign("clinician")
    out = str(tmp_path / "out")
    build = run(office, "build", "sample", "-l", "es", "-f", "a4", "--release", "-o", out)
    assert build.returncode == ExitCode.OK, build.stdout
    code = re.findall(r'"code":"([^"]+)"', (office.path / "ledger/editions.jsonl").read_text())[0]
    shown = run(office, "trace", code).stdout
    assert "Signed by Ana Ruiz as translator on 2026-11-25, until 2028-11-25; proved by" in shown
    assert "Signed by Dr Eva Sol as clinician on 2026-11-25, until 2028-11-25; not proved" in shown
    status = run(office, "status", "sample", "-l", "es").stdout
    assert "✓, not proved" in status
    assert "Not proved: 1 of 4 sign-offs and verifications" in status
    office.requires("required")
    status = run(office, "status", "sample", "-l", "es").stdout
    assert "sample, es, clinician: refused: GOV-09 Dr Eva Sol signed on 2026-11-25" in status


def test_an_accepted_finding_counts_by_key_where_keys_are_required(office: Office) -> None:
    entry = Acceptance(
        code="NEG-01", message="redflag.bleeding", text="0" * 32, name="Dr Eva Sol",
        role="clinician", why="Read aloud to three patients.", on=TODAY, until=UNTIL,
    )  # fmt: skip
    required = load.load(office.path)
    proved = keys.signed(required, entry, office.key("clinician"))
    assert accepting.holds(required, proved, TODAY)
    assert not accepting.holds(required, proved, TODAY - dt.timedelta(1))
    assert not accepting.holds(required, seal.sealed(entry), TODAY)
    assert not accepting.holds(required, msgspec.structs.replace(proved, role="reviser"), TODAY)
    office.requires("optional")
    assert accepting.holds(load.load(office.path), seal.sealed(entry), TODAY)
    text = accepted.encoded([proved]).decode().replace("three", "thirty")
    office.clinic.write("locales/es/accepted.toml", text)
    with pytest.raises(InputError, match=r"accepted\.toml, accepted, entry 1: .*changed by hand"):
        accepted.load([office.path / "locales"], "es")


def test_all_sites_of_a_folder_require_keys_or_none(office: Office) -> None:
    stated = (office.path / "clinic.toml").read_text()
    office.clinic.write("clinic.toml", f'{stated}[site.north]\nkeys = "optional"\n')
    with pytest.raises(InputError, match=r"site\.north\.keys: all sites share their sign-offs"):
        load.load(office.path)


def test_a_worker_elsewhere_must_agree_on_the_signers(office: Office) -> None:
    before = task.terms(Inputs(load.load(office.path)), ())
    office.write_signers(days='valid-before="20260101"')
    assert task.terms(Inputs(load.load(office.path)), ()) != before


def test_the_commands_take_a_key(office: Office) -> None:
    who = ["--name", "Dr Eva Sol", "--role", "clinician", "--until", "2028-11-25", "--yes"]
    key = ["--key", str(office.key("clinician"))]
    done = run(office, "verify", "rest", *who, *key)
    assert done.returncode == ExitCode.OK, done.stderr
    assert run(office, "verify", "rest", *who).returncode == ExitCode.USAGE


def test_a_recall_counts_without_a_key_and_is_said_not_to_be_proved(
    office: Office, tmp_path: Path
) -> None:
    out = str(tmp_path / "out")
    run(office, "build", "sample", "-l", "es", "-f", "a4", "--release", "-o", out)
    code = re.findall(r'"code":"([^"]+)"', (office.path / "ledger/editions.jsonl").read_text())[0]
    why = {"reason": "Wrong number", "name": "Dr Eva Sol", "day": TODAY}
    library = load.load(office.path)
    (proved,) = recalling.recall(
        library,
        office.path,
        [code],
        key=office.key("clinician"),
        **why,  # type: ignore[arg-type]
    ).recalls
    assert keys.judge(library, proved).key
    assert "not proved" not in run(office, "recall", "--list").stdout
    text = (office.path / "recalls.toml").read_text()
    (office.path / "recalls.toml").write_text(text.replace("Wrong number", "A mistake"))
    with pytest.raises(InputError, match=r"recalls\.toml, recall, entry 1: .*changed by hand"):
        load.load(office.path)
    (office.path / "recalls.toml").unlink()
    recalling.recall(load.load(office.path), office.path, [code], **why)  # type: ignore[arg-type]
    assert "by Dr Eva Sol, not proved: Wrong number" in run(office, "recall", "--list").stdout
    held = run(office, "build", "sample", "-l", "es", "-f", "a4", "--release", "-o", out)
    assert "GOV-06" in held.stdout
