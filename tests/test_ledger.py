"""The ledger of a clinic: what is entered, what git may do to it, and what damage is named."""

import datetime as dt
import fcntl
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pypdfium2 as pdfium
import pytest

from leaflets.compose.compose import compose
from leaflets.compose.inputs import Inputs
from leaflets.compose.plan import Edition, Request, plan, released
from leaflets.errors import InputError, OutputError
from leaflets.library import edition_code, load
from leaflets.library.signoff import Item
from leaflets.records import entering, ledger
from leaflets.records.ledger import Ledger, LedgerEntry, Turn
from tests.conftest import RELEASE, ClinicFolder, composed, print_into
from tests.test_approval import FACTS, SOURCES
from tests.waiting import HANG

DAYS = [dt.date(2026, 11, day) for day in range(1, 8)]


def entry(number: int, status: str = "draft", tag: str = "en") -> LedgerEntry:
    fingerprint = f"{number:064x}"
    return LedgerEntry(
        code=edition_code.of(fingerprint), fingerprint=fingerprint, leaflet="sample", language=tag,
        format="a4", region="GB", status=status, printed=(), pages=1, sha256="0",
    )  # fmt: skip


def printed(clinic: ClinicFolder, tmp_path: Path) -> tuple[Edition, ...]:
    library = load.load(clinic.path)
    editions = plan(library, Request(leaflets=("sample",), languages=("en",)))
    outcomes = print_into(library, editions, tmp_path / "out")
    assert all(one.entry for one in outcomes)
    return editions


def test_what_is_printed_is_entered_with_its_texts(clinic: ClinicFolder, tmp_path: Path) -> None:
    clinic.write("clinic.toml", 'name = "Clinic"\nregion = "GB"\nphone = "020 7946 0000"\n')
    clinic.write("templates/facts.toml", FACTS)
    clinic.write("templates/sources.toml", SOURCES)
    clinic.body('<p>{{ fact("rest").text }}</p>')
    (edition,) = printed(clinic, tmp_path)
    with pdfium.PdfDocument(tmp_path / "out" / edition.file) as file:
        pages = len(file)
    found = ledger.read(clinic.path)
    (one,) = found.find(composed(load.load(clinic.path), edition).code)
    assert (one.leaflet, one.language, one.format, one.region, one.status, one.pages) == (
        "sample", "en", "a4", "GB", "draft", pages,
    )  # fmt: skip
    stated = {item.id: item.source for item in found.items(one)}
    assert stated["sample.main"] == ("Drink water.",)
    assert stated["clinic.phone"] == ("020 7946 0000",)
    assert stated["region.emergency_number"] == ("999",)
    assert stated["rest"][0] == "3–7 day"
    lines = (clinic.path / "ledger/editions.jsonl").read_text().splitlines()
    assert [list(json.loads(line)) for line in lines] == [list(LedgerEntry.__struct_fields__)]


def test_the_same_edition_printed_again_changes_no_byte(
    clinic: ClinicFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed(clinic, tmp_path)
    before = {path.name: path.read_bytes() for path in (clinic.path / "ledger").iterdir()}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1861920000")  # 2029-01-01
    printed(clinic, tmp_path)
    assert {path.name: path.read_bytes() for path in (clinic.path / "ledger").iterdir()} == before
    assert set(before) == {
        ".gitattributes", ".gitignore", ".lock", "editions.jsonl", "texts.jsonl",
    }  # fmt: skip


def test_without_a_clinic_folder_there_is_no_ledger(tmp_path: Path) -> None:
    library = load.load(None)
    editions = plan(
        library, Request(leaflets=("warning-card",), languages=("en",), formats=("a4",))
    )
    print_into(library, editions, tmp_path / "out")
    assert not list(tmp_path.rglob("*.jsonl"))


def test_an_edition_that_failed_is_not_entered(clinic: ClinicFolder, tmp_path: Path) -> None:
    clinic.body("<p>水</p>")
    library = load.load(clinic.path)
    editions = plan(library, Request(leaflets=("sample",), languages=("en",)))
    print_into(library, editions, tmp_path / "out")
    assert ledger.read(clinic.path) == Ledger()


def test_a_release_keeps_its_texts_like_a_draft(clinic: ClinicFolder) -> None:
    library = load.load(clinic.path)
    (draft,) = plan(library, Request(leaflets=("sample",), languages=("en",)))
    inputs = Inputs(library)
    ids = [
        {item.id for item in entering.items(inputs, one, compose(inputs, one).inputs)}
        for one in (draft, released(draft, RELEASE))
    ]
    assert ids[1] ^ ids[0] == {"common.draft.mark", "common.draft.text", "common.reviewed"}


def test_lines_are_sorted_by_code_whatever_the_order_of_printing(tmp_path: Path) -> None:
    entries = [entry(number) for number in (9, 4, 7)]
    orders = []
    for order in itertools.permutations(entries):
        found = Ledger()
        for one in order:
            found = ledger.add(found, [one], {}, DAYS[0])
        ledger.write(tmp_path, found)
        lines = (tmp_path / "ledger/editions.jsonl").read_text().splitlines()
        orders.append([json.loads(line)["code"] for line in lines])
    assert all(order == sorted(order) for order in orders)


def test_what_is_printed_later_takes_the_place_of_what_was() -> None:
    old, new, other = entry(1), entry(2), entry(3, tag="es")
    found = ledger.add(Ledger(), [old, other], {}, DAYS[0])
    found = ledger.add(found, [new], {}, DAYS[0])
    (first,) = found.find(old.code)
    assert [one.code for one in found.later(first)] == [new.code]
    assert found.later(found.find(new.code)[0]) == ()
    assert found.later(found.find(other.code)[0]) == ()


def test_an_edition_that_comes_back_is_current_again_and_keeps_its_first_day() -> None:
    old, new = entry(1), entry(2)
    found = ledger.add(Ledger(), [old], {}, DAYS[0])
    found = ledger.add(found, [new], {}, DAYS[1])
    found = ledger.add(found, [old], {}, DAYS[1])
    (back,) = found.find(old.code)
    assert back.first == DAYS[0]
    assert found.later(back) == ()
    assert [one.code for one in found.later(found.find(new.code)[0])] == [old.code]


def test_a_draft_never_takes_the_place_of_a_release() -> None:
    draft, release, again = entry(1), entry(2, "release"), entry(3)
    found = ledger.add(Ledger(), [draft], {}, DAYS[0])
    found = ledger.add(found, [release], {}, DAYS[1])
    found = ledger.add(found, [again], {}, DAYS[2])
    assert found.later(found.find(release.code)[0]) == ()
    assert [one.code for one in found.later(found.find(draft.code)[0])] == [
        release.code, again.code,
    ]  # fmt: skip


_ENTER = """
import datetime, pathlib, sys
from leaflets.library import edition_code
from leaflets.records import ledger
from leaflets.library.signoff import Item

folder, first = pathlib.Path(sys.argv[1]), int(sys.argv[2])
for number in range(first, first + 25):
    fingerprint = f"{number:064x}"
    entry = ledger.LedgerEntry(
        code=edition_code.of(fingerprint), fingerprint=fingerprint, leaflet="sample", language="en",
        format="a4", region="GB", status="draft", printed=(),
    )
    text = Item("sentence", str(number), ("Rest.",))
    ledger.enter(folder, [entry], {text.digest: text}, datetime.date(2026, 11, 1))
"""


def test_what_several_processes_enter_at_once_is_all_kept(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _ENTER, str(tmp_path)]
    running = [subprocess.Popen([*command, str(first)]) for first in (0, 100, 200)]
    assert [one.wait(timeout=HANG) for one in running] == [0, 0, 0]
    found = ledger.read(tmp_path)
    numbers = [first + number for first in (0, 100, 200) for number in range(25)]
    assert {one.code for one in found.entries} == {entry(number).code for number in numbers}
    assert {one.id for one in found.texts.values()} == {str(number) for number in numbers}
    assert len({one.last.turn for one in found.entries}) == len(numbers)


def test_what_a_killed_writer_has_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    ledger.enter(tmp_path, [entry(1)], {}, DAYS[0])
    before = {path.name for path in (tmp_path / "ledger").iterdir()}
    for name in (".editions.jsonl.x1", ".texts.jsonl.x1", "..gitignore.x1"):
        (tmp_path / "ledger" / name).write_bytes(b"{")
    ledger.enter(tmp_path, [entry(2)], {}, DAYS[0])
    assert {path.name for path in (tmp_path / "ledger").iterdir()} == before


def test_what_takes_a_place_by_a_clock_that_was_set_back_is_the_current_one(
    tmp_path: Path,
) -> None:
    ledger.enter(tmp_path, [entry(1)], {}, DAYS[3])
    ledger.enter(tmp_path, [entry(2)], {}, DAYS[0])
    first, second = ledger.read(tmp_path).entries
    (newest,) = (one for one in (first, second) if one.fingerprint == entry(2).fingerprint)
    assert newest.last == Turn(DAYS[3], 2)
    assert not ledger.read(tmp_path).later(newest)


def test_who_waits_too_long_for_a_ledger_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.enter(tmp_path, [entry(1)], {}, DAYS[0])
    monkeypatch.setattr(ledger, "_PATIENCE", 0.0)
    with (tmp_path / "ledger/.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(OutputError, match="another program"):
            ledger.enter(tmp_path, [entry(2)], {}, DAYS[0])
    ledger.enter(tmp_path, [entry(2)], {}, DAYS[0])
    assert len(ledger.read(tmp_path).entries) == 2


def test_an_edition_of_a_packet_gets_its_file_when_it_is_put_on_the_shelf() -> None:
    whole = entry(1)
    alone = msgspec.structs.replace(whole, pages=0, sha256="")
    found = ledger.add(Ledger(), [alone], {}, DAYS[0])
    found = ledger.add(found, [whole], {}, DAYS[1])
    (one,) = found.entries
    assert (one.pages, one.sha256, one.first) == (1, "0", DAYS[0])
    assert ledger.add(found, [alone], {}, DAYS[2]) == found


def git(folder: Path, *arguments: str) -> None:
    who = {
        f"GIT_{role}_{key}": "a@b" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")
    }
    subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, env={**os.environ, **who}
    )


def test_git_merges_the_ledgers_of_two_people_and_the_result_is_read(tmp_path: Path) -> None:
    texts = [Item("sentence", "a", ("Rest.",)), Item("sentence", "b", ("Walk.",))]
    shared = ledger.add(Ledger(), [entry(1)], {}, DAYS[0])
    ledger.write(tmp_path, shared)
    for arguments in (
        ["init", "-b", "one"],
        ["add", "."],
        ["commit", "-m", "x"],
        ["branch", "two"],
    ):
        git(tmp_path, *arguments)
    for branch, number, text in (("one", 2, texts[0]), ("two", 3, texts[1])):
        git(tmp_path, "checkout", branch)
        both = [entry(number), entry(9, tag="es")]
        ledger.write(tmp_path, ledger.add(shared, both, {text.digest: text}, DAYS[number]))
        git(tmp_path, "commit", "-am", "x")
    git(tmp_path, "merge", "one")
    merged = ledger.read(tmp_path)
    assert {one.code for one in merged.entries} == {entry(n).code for n in (1, 2, 3, 9)}
    assert set(merged.texts) == {one.digest for one in texts}
    (twice,) = merged.find(entry(9).code)
    assert twice.printed == (Turn(DAYS[2], 1), Turn(DAYS[3], 1))
    first = merged.find(entry(1).code)[0]
    assert [one.code for one in merged.later(first)] == [entry(2).code, entry(3).code]


def test_duplicate_disordered_and_empty_lines_mean_the_same(tmp_path: Path) -> None:
    text = Item("sentence", "a", ("Rest.",))
    found = ledger.add(Ledger(), [entry(1), entry(2, tag="es")], {text.digest: text}, DAYS[0])
    ledger.write(tmp_path, found)
    for name in ("editions.jsonl", "texts.jsonl"):
        path = tmp_path / "ledger" / name
        lines = path.read_bytes().splitlines()
        path.write_bytes(b"\r\n".join([*lines[::-1], b"", *lines]))
    assert ledger.read(tmp_path) == found


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("editions.jsonl", '"pages":1', '"pages":', "malformed"),
        ("editions.jsonl", '"pages":1', '"pages":"one"', "int"),
        ("editions.jsonl", '"pages":1,', '"pagse":1,', "pagse"),
        ("editions.jsonl", '{"code', '<<<<<<< HEAD\n{"code', "malformed"),
        ("editions.jsonl", entry(1).fingerprint, "f" * 64, "code and fingerprint differ"),
        ("editions.jsonl", entry(1).fingerprint, "no", "code and fingerprint differ"),
        ("editions.jsonl", '[{"on":"2026-11-01","turn":1}]', "[]", "differ"),
        ("texts.jsonl", "Rest.", "Run.", "not that of its digest"),
        ("texts.jsonl", "Rest.", "\udcff", "utf-8"),
    ],
)
def test_a_damaged_line_is_named(
    tmp_path: Path, file: str, old: str, new: str, reason: str
) -> None:
    text = Item("sentence", "a", ("Rest.",))
    ledger.write(tmp_path, ledger.add(Ledger(), [entry(1)], {text.digest: text}, DAYS[0]))
    path = tmp_path / "ledger" / file
    path.write_text(path.read_text().replace(old, new), errors="surrogateescape")
    with pytest.raises(InputError) as caught:
        ledger.read(tmp_path)
    message = str(caught.value)
    assert f"{file}, line 1: " in message
    assert reason in message
    assert "\n" not in message


def test_a_damaged_ledger_stops_the_build_before_anything_is_printed(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    clinic.write("ledger/editions.jsonl", "{\n")
    with pytest.raises(InputError, match="line 1"):
        printed(clinic, tmp_path)
    assert not list((tmp_path / "out").rglob("*.pdf"))
