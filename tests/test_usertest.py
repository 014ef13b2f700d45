"""User tests: what the tester gets, what is entered, and that nothing looks tested that is not."""

import csv
import datetime as dt
import io
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from leaflets.checks import source
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Request, plan
from leaflets.editions import usertesting
from leaflets.editions.make import make_edition
from leaflets.errors import ExitCode, InputError, RequestError
from leaflets.library import home, load, usertest
from leaflets.library.load import Library
from leaflets.library.usertest import KINDS, Answered, UserTest
from leaflets.records import usertest as records
from leaflets.records.usertest import Interviewer
from tests.conftest import ClinicFolder
from tests.running import in_this_process as run

DAY = dt.date(2026, 11, 20)
INTERVIEWER = Interviewer("Ana Ruiz", DAY, dt.date(2026, 11, 29))
UNTESTED = "No patient has tested yet if this sheet is clear."
TESTED = "Patients have tested if this sheet is clear."

KIND_OF = ["find"] * 4 + ["understand"] * 4 + ["do"] * 4
QUESTIONS = "\n".join(
    f'[[question]]\nid = "q{number}"\nkind = "{kind}"\nask = "What now?"\nanswer = "This."\n'
    'messages = ["sample.one"]'
    for number, kind in enumerate(KIND_OF, 1)
)
BODY = """<h2>{% trans "sample.head" %}At home{% endtrans %}</h2>
<p>{% trans "sample.one" %}Walk a little every day.{% endtrans %}</p>
<p>{% trans "sample.two" %}Rest when you are tired.{% endtrans %}</p>"""


@pytest.fixture
def sample(clinic: ClinicFolder) -> ClinicFolder:
    """Return a clinic folder whose leaflet has questions."""
    clinic.body(BODY)
    clinic.write("templates/leaflets/sample/leaflet.toml", _roomy(clinic))
    clinic.write("templates/leaflets/sample/usertest.toml", QUESTIONS)
    return clinic


def _roomy(clinic: ClinicFolder) -> str:
    path = clinic.path / "templates/leaflets/sample/leaflet.toml"
    return path.read_text("utf-8").replace("a4 = 1, letter = 1", "a4 = 3, letter = 3")


def filled(data: bytes, readers: int = 10, missed: Sequence[tuple[int, int]] = ()) -> bytes:
    """Fill a table in: all find and understand all, but for (line, reader) that find nothing."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    for number, row in enumerate(rows[1:-1], 2):
        for reader in range(readers):
            lost = (number, reader + 1) in missed
            row[3 + 2 * reader : 5 + 2 * reader] = ["n", ""] if lost else ["y", "Y"]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def enter(
    clinic: ClinicFolder, tag: str = "en", readers: int = 10, missed: Sequence[tuple[int, int]] = ()
) -> UserTest:
    """Enter a test of the sample of a clinic."""
    library = load.load(clinic.path)
    held = usertesting.in_hand(library, "sample", tag)
    table = records.table(held.questions, held.texts)
    path = clinic.write("filled.csv", filled(table, readers, missed).decode())
    _, test, faults = usertesting.enter(library, clinic.path, held, path, INTERVIEWER)
    assert faults == ()
    return test


def text_of(clinic: ClinicFolder, tag: str = "en") -> str:
    library = load.load(clinic.path)
    request = Request(leaflets=("sample",), languages=(tag,), formats=("text",))
    file = make_edition(Inputs(library), plan(library, request)[0]).file
    assert file is not None
    return file.decode()


def state_of(clinic: ClinicFolder, tag: str = "en") -> str:
    done = run("status", "sample", "-l", tag, "--clinic", clinic.path, "--json")
    (dossier,) = json.loads(done.stdout)
    return str(dossier["readers"] and dossier["readers"]["state"])


# --- nothing looks tested that was not ------------------------------------------------------------


def test_no_result_is_kept_with_the_library_and_every_sheet_says_that_it_is_untested(
    library: Library,
) -> None:
    assert not list((home.home() / "locales").glob("*/usertest.toml"))
    request = Request(formats=("text",))
    said = {
        "en": UNTESTED, "en-GB": UNTESTED, "es": "Ningún paciente ha probado",
        "ar": "لم يختبر أي مريض", "pl": "Żaden pacjent nie sprawdził", "hi": "किसी मरीज़ ने",
        "zh-Hans": "还没有病人测试过", "km": "មិនទាន់មានអ្នកជំងឺណា", "ur": "کسی مریض نے نہیں",
    }  # fmt: skip
    for edition in plan(library, request):
        if edition.leaflet.slug in {"recovery", "diary", "warning-card"}:
            file = make_edition(Inputs(library), edition).file
            assert file is not None
            assert said[edition.language.tag] in file.decode(), edition.name


def test_a_sheet_says_that_it_was_tested_only_after_a_test_that_it_passed(
    sample: ClinicFolder,
) -> None:
    assert UNTESTED in text_of(sample)
    assert state_of(sample) == "None"
    enter(sample)
    text = text_of(sample)
    assert TESTED in text
    assert UNTESTED not in text
    assert state_of(sample) == "passed"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Walk a little every day", "Walk a lot every day"),
        ("</p>", '</p><p>{% trans "sample.new" %}Drink water.{% endtrans %}</p>'),
        ('<p>{% trans "sample.two" %}Rest when you are tired.{% endtrans %}</p>', ""),
    ],
)
def test_a_text_that_is_changed_added_or_taken_out_was_not_tested(
    sample: ClinicFolder, old: str, new: str
) -> None:
    enter(sample)
    sample.body(BODY.replace(old, new, 1))
    assert UNTESTED in text_of(sample)
    assert state_of(sample) == "changed"
    shown = run("status", "sample", "-l", "en", "--clinic", sample.path)
    assert "the texts have changed since" in shown.stdout


def test_a_warning_sign_that_is_changed_was_not_tested(sample: ClinicFolder) -> None:
    enter(sample)
    path = "templates/common/redflags.html"
    text = (home.home() / path).read_text("utf-8")
    sign = "New: stools leak, or you do not feel them pass."
    assert sign in text
    sample.write(path, text.replace(sign, "Your bowels are odd."))
    assert UNTESTED in text_of(sample)
    assert state_of(sample) == "changed"


def test_a_number_that_is_changed_was_not_tested(sample: ClinicFolder) -> None:
    stated = '[fact.rest-days]\nvalue = [3, 7]\nunit = "day"\nsource = "own"\n'
    sample.write("templates/facts.toml", stated)
    sample.write(
        "templates/sources.toml",
        '[source.own]\nkind = "web"\ntitle = "T"\nchecked = 2026-01-31\nurl = "https://t.example"\n',
    )
    sample.body(BODY + '<p>{{ fact("rest-days").text }}</p>')
    enter(sample)
    assert TESTED in text_of(sample)
    sample.write("templates/facts.toml", stated.replace("[3, 7]", "[3, 9]"))
    assert UNTESTED in text_of(sample)


def test_a_test_in_english_says_nothing_of_the_spanish(sample: ClinicFolder) -> None:
    enter(sample)
    assert "Ningún paciente ha probado" in text_of(sample, "es")
    assert state_of(sample, "es") == "None"


def test_too_few_readers_or_answers_do_not_pass(sample: ClinicFolder) -> None:
    mark = usertest.pass_mark(load.load(sample.path).roots.templates)
    assert not enter(sample, readers=9).has_passed(mark)
    assert UNTESTED in text_of(sample)
    assert enter(sample, missed=[(2, 1)]).has_passed(mark)
    failed = enter(sample, missed=[(2, 1), (2, 2)])
    assert failed.failed(mark) == (Answered("q1", 8, 8),)
    assert UNTESTED in text_of(sample)
    assert state_of(sample) == "failed"


def test_of_those_who_found_an_answer_nine_in_ten_must_understand_it() -> None:
    mark = usertest.pass_mark([home.home() / "templates"])
    test = UserTest(
        leaflet="sample", name="A", on=DAY, day=DAY, readers=10, texts=(),
        answers=(Answered("a", 10, 9), Answered("b", 9, 9), Answered("c", 9, 8)),
    )  # fmt: skip
    assert [answered.id for answered in test.failed(mark)] == ["c"]


def test_results_that_were_changed_by_hand_are_refused(sample: ClinicFolder) -> None:
    enter(sample, missed=[(2, 1), (2, 2)])
    path = sample.path / "locales/en/usertest.toml"
    path.write_text(path.read_text("utf-8").replace("found = 8", "found = 9"), "utf-8")
    with pytest.raises(InputError, match="was changed by hand"):
        usertest.read(path)
    done = run("status", "sample", "-l", "en", "--clinic", sample.path)
    assert done.returncode == ExitCode.INPUT


def test_where_the_clinic_requires_keys_an_unsigned_test_counts_nowhere(
    sample: ClinicFolder,
) -> None:
    enter(sample)
    stated = (sample.path / "clinic.toml").read_text("utf-8")
    sample.write("clinic.toml", f'{stated}keys = "required"\n')
    sample.write("signers", "")
    assert UNTESTED in text_of(sample)
    assert state_of(sample) == "refused"


# --- the sheet and the table ----------------------------------------------------------------------


def test_the_tester_is_told_the_answers_and_where_they_stand(tmp_path: Path) -> None:
    done = run("usertest", "recovery", "-o", tmp_path)
    assert done.returncode == ExitCode.OK, done.stderr
    html = (tmp_path / "usertest-recovery-en.html").read_text("utf-8")
    asked = usertest.questions([home.home() / "templates"], "recovery")
    assert asked is not None
    for question in asked[1].question:
        assert question.answer in html
        for message in question.messages:
            assert f"({message})" in html
    heading = '<span lang="en" dir="auto">Moving safely</span>'
    assert f"under “{heading}” (recovery.move.drive-days)" in html
    assert "do not drive for ________ days" in html
    table = (tmp_path / "usertest-recovery-en.csv").read_text("utf-8-sig")
    rows = list(csv.reader(table.splitlines()))
    assert len(rows) == 1 + len(asked[1].question) + 1
    assert rows[0][3:] == [
        f"{what} {reader}" for reader in range(1, 11) for what in ("found", "understood")
    ]


def test_in_another_language_the_sheet_says_that_the_questions_are_not_translated(
    library: Library,
) -> None:
    held = usertesting.in_hand(library, "recovery", "ar")
    html = usertesting.sheet(library, held).decode()
    assert "they are not translated yet" in html
    assert '<blockquote lang="ar" dir="auto">' in html


def test_every_leaflet_has_questions_of_all_kinds_and_answers_that_are_printed(
    library: Library,
) -> None:
    for slug, tag in (*((slug, "en") for slug in library.leaflets), ("recovery", "en-GB")):
        held = usertesting.in_hand(library, slug, tag)
        assert {question.kind for question in held.questions} == {*KINDS}
        assert all(place.page for asked in held.asked for place in asked.places)


def test_an_answer_that_stands_nowhere_is_found(sample: ClinicFolder) -> None:
    sample.write(
        "templates/leaflets/sample/usertest.toml", QUESTIONS.replace("sample.one", "sample.ten", 1)
    )
    library = load.load(sample.path)
    with pytest.raises(InputError, match=r"question q1: “sample\.ten” is not printed"):
        usertesting.in_hand(library, "sample", "en")
    (problem,) = [one for one in source.check(library) if one.code == "USER-01"]
    assert problem.where == "sample.ten"
    assert problem.leaflet == "sample"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "q2"', 'id = "q1"', "two questions are called “q1”"),
        ('kind = "do"', 'kind = "find"', "1 questions of the kind “do”"),
        ('messages = ["sample.one"]', "messages = []", "messages"),
    ],
)
def test_questions_that_cannot_be_used_are_refused(
    sample: ClinicFolder, old: str, new: str, said: str
) -> None:
    text = QUESTIONS.replace(old, new, 3 if "kind" in old else 1)
    sample.write("templates/leaflets/sample/usertest.toml", text)
    with pytest.raises(InputError, match=said):
        usertesting.in_hand(load.load(sample.path), "sample", "en")


def test_a_leaflet_without_questions_says_where_they_are_written(clinic: ClinicFolder) -> None:
    with pytest.raises(RequestError, match=r"templates/leaflets/sample/usertest\.toml"):
        usertesting.in_hand(load.load(clinic.path), "sample", "en")


# --- results --------------------------------------------------------------------------------------


def test_each_fault_of_a_table_is_one_sentence_and_nothing_is_entered(
    sample: ClinicFolder, tmp_path: Path
) -> None:
    run("usertest", "sample", "-o", tmp_path, "--clinic", sample.path)
    table = tmp_path / "usertest-sample-en.csv"
    lines = filled(table.read_bytes()).decode().splitlines()
    lines[1] = lines[1].replace("y,Y", "perhaps,y", 1)
    lines[2] = lines[2].replace("y,Y", "n,y", 1)
    lines[3] = lines[3].replace("y,Y", "y,", 1)
    lines[4] = lines[4].replace("q4", "q44", 1)
    table.write_text("\n".join(lines), "utf-8")
    done = run(
        "usertest", "sample", "--results", table, "--day", "2026-11-20", "--name", "Ana Ruiz",
        "--clinic", sample.path,
    )  # fmt: skip
    assert done.returncode == ExitCode.INPUT
    said = done.stderr.splitlines()
    assert len(said) == 5
    for words in (
        "line 2, reader 1: “perhaps” under “found” is neither y nor n",
        "line 3, reader 1: nobody can understand what they did not find",
        "line 4, reader 1: “” under “understood” is neither y nor n",
        "line 5: there is no question “q44”",
        "the question “q4” is missing",
    ):
        assert any(words in line for line in said), done.stderr
    assert not (sample.path / "locales/en/usertest.toml").exists()


def test_a_table_of_other_texts_is_refused(sample: ClinicFolder) -> None:
    library = load.load(sample.path)
    held = usertesting.in_hand(library, "sample", "en")
    path = sample.write("t.csv", filled(records.table(held.questions, held.texts)).decode())
    sample.body(BODY.replace("a little", "a lot"))
    library = load.load(sample.path)
    held = usertesting.in_hand(library, "sample", "en")
    _, _, (fault,) = usertesting.enter(library, sample.path, held, path, INTERVIEWER)
    assert "is not the one that this table was made for" in str(fault)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe", "not in UTF-8"),
        (b"", "its first line is not that of the table"),
        (b"question;kind;ask\r\n", "its first line is not that of the table"),
    ],
)
def test_a_file_that_is_no_table_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        records.read(Path("t.csv"), data, (), ())


def test_a_table_that_nobody_filled_in_is_no_test(sample: ClinicFolder) -> None:
    held = usertesting.in_hand(load.load(sample.path), "sample", "en")
    table = records.table(held.questions, held.texts)
    read = records.read(Path("t.csv"), table, held.questions, held.texts)
    assert "nobody's answers are filled in" in str(read.faults[0])


def test_a_test_cannot_be_on_a_day_that_is_yet_to_come(sample: ClinicFolder) -> None:
    library = load.load(sample.path)
    held = usertesting.in_hand(library, "sample", "en")
    path = sample.write("t.csv", filled(records.table(held.questions, held.texts)).decode())
    late = msgspec.structs.replace(INTERVIEWER, day=dt.date(2027, 1, 1))
    with pytest.raises(RequestError, match="yet to come"):
        usertesting.enter(library, sample.path, held, path, late)


def test_the_newest_test_takes_the_place_of_the_one_before(sample: ClinicFolder) -> None:
    enter(sample, readers=9)
    enter(sample)
    (kept,) = usertest.read(sample.path / "locales/en/usertest.toml")
    assert kept.readers == 10


def test_the_results_of_a_command_are_told_and_shown_in_status(
    sample: ClinicFolder, tmp_path: Path
) -> None:
    shutil.rmtree(sample.path / "locales", ignore_errors=True)
    run("usertest", "sample", "-o", tmp_path, "--clinic", sample.path)
    table = tmp_path / "usertest-sample-en.csv"
    table.write_bytes(filled(table.read_bytes(), missed=[(2, 1), (2, 2)]))
    done = run(
        "usertest", "sample", "--results", table, "--day", "2026-11-20", "--name", "Ana Ruiz",
        "--clinic", sample.path,
    )  # fmt: skip
    assert done.returncode == ExitCode.OK, done.stderr
    assert "10 readers on 2026-11-20: not passed, 1 of 12 questions failed" in done.stdout
    assert "q1: 8 of 10 found the answer, and 8 of these understood it" in done.stdout
    status = run("status", "sample", "-l", "en", "-l", "es", "--clinic", sample.path)
    assert "sample, English: 10 readers on 2026-11-20: not passed" in status.stdout
    assert "sample, Spanish: not tested with readers" in status.stdout
