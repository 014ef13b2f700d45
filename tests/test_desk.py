"""The desk: three clicks to one PDF, for the right page only, and nothing kept."""

import asyncio
import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2 as httpx
import msgspec
import page as validator
import pikepdf
import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Page, expect
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request as Asked
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from leaflets.catalogs import extract
from leaflets.catalogs.message import DESK
from leaflets.checks.text import plain
from leaflets.compose.personal import Appointment, Medicine, Personal
from leaflets.compose.plan import Request, plan
from leaflets.editions.gate import RECALLED
from leaflets.errors import RequestError
from leaflets.library import load, recalls
from leaflets.library.load import Library
from leaflets.library.recalls import Recall
from leaflets.library.seal import sealed
from leaflets.library.signoff import ROLES
from leaflets.output import shelf
from leaflets.output.site.publish import publish
from leaflets.records import ledger
from leaflets.records.trace import look_up
from leaflets.web.common.connection import Server, configured
from leaflets.web.common.guard import Headers
from leaflets.web.common.serving import listening_on
from leaflets.web.desk.access import access
from leaflets.web.desk.desk import Desk, DraftError, Order
from leaflets.web.desk.server import Pace, app
from tests import browsing
from tests.conftest import ClinicFolder, composed, print_into
from tests.test_approval import sign, translate
from tests.test_personal import SECRETS, details
from tests.waiting import HANG

TODAY = dt.date(2026, 11, 26)
PROFILES = (validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_2A)
CODE = re.compile(r"[1-9A-HJKMNP-TV-Z]{3}-[1-9A-HJKMNP-TV-Z]{4}")
OWN = {"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"}


def order(*leaflets: str, language: str = "es", **more: object) -> Order:
    found = {"language": language, "leaflets": leaflets, "format": "a4", "drafts": True, **more}
    return Order(**found)  # type: ignore[arg-type]  # checked when it is read


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk(None)


@pytest.fixture
def client(desk: Desk, tmp_path: Path) -> TestClient:
    return TestClient(app(desk, tmp_path, 8000), headers=OWN)


def pages(pdf: bytes) -> list[str]:
    with pdfium.PdfDocument(pdf) as document:
        return [plain(sheet.get_textpage().get_text_bounded()) for sheet in document]


@pytest.mark.parametrize("tag", ["es", "hi", "zh-Hans", "km"])
def test_a_packet_is_one_valid_file_in_the_chosen_order_each_on_sheets_of_its_own(
    desk: Desk, tmp_path: Path, tag: str
) -> None:
    pdf = desk.packet(order("warning-card", "diary", language=tag, own=tag), TODAY).file
    path = tmp_path / "packet.pdf"
    path.write_bytes(pdf)
    for profile in PROFILES:
        found = validator.validate_pdf(str(path), profile=profile)
        assert [failure.message for failure in found.failures] == []
    texts = pages(pdf)
    card, diary = (first_page(desk, texts, slug) for slug in ("warning-card", "diary"))
    assert card < diary
    assert card % 2 == diary % 2 == 0
    assert texts[1] == ""


def first_page(desk: Desk, texts: Sequence[str], slug: str) -> int:
    """Find the page after the cover that first has the English title of a leaflet."""
    title = plain(desk.library.leaflets[slug].title)
    return next(number for number, text in enumerate(texts) if title in text and number)


def test_the_cover_lists_what_was_given_with_its_codes(desk: Desk) -> None:
    given = ("warning-card", "diary")
    cover, *others = pages(desk.packet(order(*given), TODAY).file)
    for expected in (*(desk.library.leaflets[slug].title for slug in given), "Spanish"):
        assert plain(expected) in cover
    codes = CODE.findall(cover)
    assert len(set(codes)) == 2
    assert all(any(code in page for page in others) for code in codes)


def test_a_link_leads_to_the_warning_signs_of_its_own_leaflet(desk: Desk) -> None:
    pdf = desk.packet(order("recovery", "symptoms", language="en"), TODAY).file
    texts = pages(pdf)
    strip = plain("Warning signs: see page")
    begins = [number for number, text in enumerate(texts) if strip in text]
    assert len(begins) == 2
    with pikepdf.open(io.BytesIO(pdf)) as file:
        names = dict(pikepdf.NameTree(file.Root.Names.Dests).items())
        order_of = {sheet.objgen: number for number, sheet in enumerate(file.pages)}
        leads = [
            {order_of[names[str(link.Dest)][0].objgen] for link in file.pages[number].Annots}  # type: ignore[index]  # a page and a place
            for number in begins
        ]
    (first,), (second,) = leads
    assert begins[0] < first < begins[1] < second
    assert all(
        plain("Call 911 now if you have any of these") in texts[page] for page in (first, second)
    )


def test_drafts_need_to_be_asked_for(desk: Desk) -> None:
    with pytest.raises(DraftError):
        desk.packet(order("recovery", drafts=False), TODAY)


@pytest.mark.parametrize(
    "wrong",
    [
        order(),
        order("recovery", "recovery"),
        order("nothing"),
        order("recovery", language="xx"),
        order("recovery", format="a4-card"),
        order("recovery", format="html"),
        order(*["recovery"] * 30),
        order("recovery", personal=Personal(procedure=dt.date(1990, 1, 1))),
        order(
            "preparation",
            personal=Personal(appointment=Appointment(day=TODAY, place="x" * 300)),
        ),
    ],
)
def test_what_cannot_be_printed_is_refused_in_a_sentence(desk: Desk, wrong: Order) -> None:
    with pytest.raises(RequestError):
        desk.packet(wrong, TODAY)


def test_the_words_of_the_desk_are_those_that_are_extracted(desk: Desk, library: Library) -> None:
    wanted = {message.text for message in extract.domain(library, DESK)}
    page = desk.page("en", TODAY)
    asked = {text for text in wanted if text in page}
    left = {text for text in wanted if text not in asked}
    messages = extract.domain(library, DESK)
    assert left <= {one.text for one in messages if one.id.startswith("desk.cover.")}


@pytest.mark.parametrize("tag", ["es", "ar", "pl", "hi", "zh-Hans", "km", "ur"])
def test_the_desk_speaks_each_language_of_the_library(desk: Desk, tag: str) -> None:
    page = desk.page(tag, TODAY)
    direction = desk.library.languages[tag].direction
    assert f'<html lang="{tag}" dir="{direction}">' in page
    assert "Make the PDF" not in page


def test_a_sheet_recalled_while_the_desk_is_open_is_not_printed(clinic: ClinicFolder) -> None:
    desk = Desk(clinic.path)
    asked = Order("en", ("sample",), "a4", drafts=True)
    assert desk.packet(asked, TODAY).file.startswith(b"%PDF-")
    one = composed(load.load(clinic.path), clinic.edition())
    recall = sealed(Recall(
        code=one.code, leaflet="sample", language="en", format="a4", on=dt.date(2026, 11, 26),
        name="Dr Sol", reason="Wrong number", fingerprint=one.fingerprint,
    ))  # fmt: skip
    (clinic.path / recalls.FILE).write_bytes(recalls.encoded({one.fingerprint: recall}))
    for typed in (Personal(), details()):
        with pytest.raises(RequestError) as caught:
            desk.packet(msgspec.structs.replace(asked, personal=typed), TODAY)
        assert "“A sample”: recalled (GOV-06)." in str(caught.value)
        assert RECALLED.remedy in str(caught.value)
        assert "Shorten" not in str(caught.value)


def test_who_typed_more_than_there_is_room_for_is_told_to_shorten_it(desk: Desk) -> None:
    typed = Personal(medicines=(Medicine(name="W" * 80),))
    with pytest.raises(RequestError, match=r"\(PAGE-\d\d\)\. Shorten what you typed"):
        desk.packet(order("preparation", language="en", personal=typed), TODAY)


def test_what_is_given_out_is_found_by_its_code_and_nothing_of_the_patient(
    clinic: ClinicFolder, tmp_path: Path
) -> None:
    desk = Desk(clinic.path)
    asked = Order("en", ("recovery", "preparation"), "a4", drafts=True, personal=details())
    given = desk.packet(asked, TODAY)
    assert given.entered
    codes = CODE.findall(pages(given.file)[0])
    assert len(codes) == 2
    found = ledger.read(clinic.path)
    for code in codes:
        (trace,) = look_up(desk.library, found, code)
        assert trace.entry
        assert trace.entry.first == TODAY
        assert found.items(trace.entry)
    for path in (one for one in tmp_path.rglob("*") if one.is_file()):
        kept = path.read_bytes()
        digest = hashlib.sha256(given.file).hexdigest()
        assert not any(secret.encode() in kept for secret in (*SECRETS, digest)), path


def test_without_details_the_ledger_holds_the_same(clinic: ClinicFolder) -> None:
    kept = []
    for more in ({}, {"personal": details()}):
        shutil.rmtree(clinic.path / "ledger", ignore_errors=True)
        Desk(clinic.path).packet(order("preparation", language="en", **more), TODAY)
        kept.append([path.read_bytes() for path in sorted((clinic.path / "ledger").iterdir())])
    assert kept[0] == kept[1]


@pytest.mark.parametrize("damage", ["file", "line"])
def test_a_ledger_that_cannot_be_written_keeps_no_patient_waiting(
    clinic: ClinicFolder, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    clinic.write("ledger" if damage == "file" else "ledger/editions.jsonl", "{")
    asked = Order("en", ("preparation",), "a4", drafts=True, personal=details())
    given = Desk(clinic.path).packet(asked, TODAY)
    assert given.file.startswith(b"%PDF-")
    assert not given.entered
    assert "not entered into the ledger" in caplog.text
    assert not any(secret in caplog.text for secret in SECRETS)


def test_a_handout_that_is_held_back_is_not_entered(clinic: ClinicFolder) -> None:
    clinic.body("<p>水</p>")
    with pytest.raises(RequestError):
        Desk(clinic.path).packet(order("sample", language="en"), TODAY)
    assert ledger.read(clinic.path) == ledger.Ledger()


def test_a_leaflet_is_a_draft_until_all_have_signed(clinic: ClinicFolder) -> None:
    clinic.without_our_claims()
    desk = Desk(clinic.path)
    translate(clinic, {"sample.title": "Un ejemplo", "sample.main": "Beba agua."})
    for role in ROLES:
        assert "sample" in desk.drafts("es", TODAY)
        with pytest.raises(DraftError):
            desk.packet(order("sample", drafts=False), TODAY)
        sign(clinic, role)
    assert "sample" not in desk.drafts("es", TODAY)
    assert "sample" in desk.drafts("en", TODAY)
    assert desk.packet(order("sample", drafts=False), TODAY).entered
    assert [one.status for one in ledger.read(clinic.path).entries] == ["release"]


def test_the_drafts_of_an_unknown_language_are_refused(desk: Desk) -> None:
    with pytest.raises(RequestError):
        desk.drafts("xx", TODAY)


@pytest.mark.parametrize(
    ("own", "accepted", "tag"),
    [
        ("", "", "en"),
        ("pl", "es", "pl"),
        ("xx", "es-MX,es;q=0.9", "es"),
        ("", "fr, zh-CN;q=0.8", "zh-Hans"),
        ("", "*;q=0.1, <script>", "en"),
    ],
)
def test_the_page_is_in_the_language_asked_for_or_of_the_browser(
    desk: Desk, own: str, accepted: str, tag: str
) -> None:
    assert f'<html lang="{tag}"' in desk.page(own, TODAY, accepted)


# --- over HTTP --------------------------------------------------------------------------------


def send(client: TestClient, **more: object) -> httpx.Response:
    body = {"language": "en", "leaflets": ["diary"], "format": "a4", "drafts": True, **more}
    return client.post("/api/packet", json=body)


def test_a_packet_is_answered_in_memory_and_may_not_be_stored(client: TestClient) -> None:
    answer = send(client)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-leaflets-entered"] == "no"
    assert answer.content.startswith(b"%PDF-")


def test_a_draft_is_refused_until_it_is_asked_for_again(client: TestClient) -> None:
    assert send(client, drafts=False).status_code == 409


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1:9"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"content-type": "text/plain"}, 415),
        ({"content-length": "99999999"}, 413),
    ],
)
def test_a_request_from_elsewhere_or_too_large_is_refused(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    content = {"content-type": "application/json", **headers}
    assert client.post("/api/packet", content=b"{}", headers=content).status_code == status


def test_a_request_without_origin_is_refused(desk: Desk, tmp_path: Path) -> None:
    client = TestClient(app(desk, tmp_path, 8000), headers={"host": OWN["host"]})
    assert send(client).status_code == 403


def test_what_is_not_an_order_is_refused_and_not_repeated(client: TestClient) -> None:
    answer = send(client, personal={"procedure": "Zanzibar"})
    assert answer.status_code == 422
    assert "Zanzibar" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_computer_alone_needs_no_key(host: str) -> None:
    reached = access(host, 8000)
    assert (reached.address, reached.names, reached.token) == (f"http://{host}:8000/", (), "")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5"])  # noqa: S104 - the claim
def test_elsewhere_the_key_is_new_each_time_and_in_the_address_that_is_printed(host: str) -> None:
    first, second = access(host, 8000), access(host, 8000)
    assert len(first.token) >= 32
    assert first.token != second.token
    assert first.address.endswith(f":8000/#{first.token}")
    assert "0.0.0.0" not in first.address  # noqa: S104 - the claim
    assert host in first.names


def test_bound_elsewhere_it_demands_its_key(desk: Desk, tmp_path: Path) -> None:
    made = app(desk, tmp_path, 8000, names=["desk.local"], token="secret")  # noqa: S106 - of this test
    headers = {"host": "desk.local:8000", "origin": "http://desk.local:8000"}
    client = TestClient(made, headers=headers)
    assert client.get("/").status_code == 200
    assert send(client).status_code == 401
    client.headers["x-leaflets-key"] = "wrong"
    assert send(client).status_code == 401
    client.headers["x-leaflets-key"] = "secret"
    assert send(client).status_code == 200


def test_too_many_in_a_minute_are_refused_until_it_is_over() -> None:
    now = [0.0]
    pace = Pace(3, lambda: now[0])
    assert [pace.allows() for _ in range(4)] == [True, True, True, False]
    now[0] = 61
    assert pace.allows()


def test_infobutton_is_answered_over_http(desk: Desk, library: Library, tmp_path: Path) -> None:
    request = Request(leaflets=("osteoporosis-care",), languages=("en",), formats=("a4",))
    print_into(library, plan(library, request), tmp_path)
    with shelf.opened(tmp_path) as output:
        publish(library, output)
        output.commit()
    client = TestClient(app(desk, tmp_path, 8000), headers=OWN)
    asked = (
        "/infobutton?mainSearchCriteria.v.c=M81.0&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90"
    )
    answer = client.get(asked)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert "osteoporosis-care" in answer.text
    as_json = client.get(f"{asked}&knowledgeResponseType=application/json")
    assert json.loads(as_json.text)["language"] == "en"
    assert client.get("/infobutton?x=1").status_code == 422


def test_whoever_waits_when_the_desk_is_ended_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    begun = asyncio.Event()

    async def lasting(_: Asked) -> Response:
        begun.set()
        await asyncio.sleep(HANG)
        return Response()

    async def ended() -> bytes:
        slow = Starlette(routes=[Route("/", lasting)], middleware=[Middleware(Headers)])
        server, listening = Server(configured(slow)), listening_on("127.0.0.1", 0)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        await begun.wait()
        server.should_exit = True
        answer = await reader.read()
        writer.close()
        await serving
        return answer

    answer = asyncio.run(ended())
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"It has ended." in answer
    assert capfd.readouterr().err == ""


# --- in a browser -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve the desk as its command does, in folders of its own, and end it as Ctrl-C does."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("tmp", "home"):
        (folder / name).mkdir()
    own = {"TMPDIR": str(folder / "tmp"), "HOME": str(folder / "home")}
    with subprocess.Popen(
        [sys.executable, "-m", "leaflets", "desk", "--no-browser"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, **own},
    ) as server:
        assert server.stdout
        found = re.search(r"http://\S+", server.stdout.readline())
        assert found
        yield found[0], folder
        server.send_signal(signal.SIGINT)
        said, errors = server.communicate(timeout=HANG)
    assert "Traceback" not in errors
    assert "Zanzibar" not in said + errors


@pytest.fixture(scope="module")
def page(served: tuple[str, Path]) -> Iterator[Page]:
    with browsing.opened() as browser:
        page = browsing.new_page(browser, 1100)
        asked = browsing.asked_by(page)
        yield page
        assert all(url.startswith((served[0], "blob:")) for url in asked)
        assert not any("Zanzibar" in url for url in asked)


#: Say on the page that a PDF was read, when whoever has waited for it has done what it then does.
#: An attribute, for the page's own policy forbids the evaluation that waiting for a value needs.
NOTING_WHEN_AN_ANSWER_WAS_READ = """() => {
    const blob = Response.prototype.blob;
    Response.prototype.blob = async function () {
        const read = await blob.call(this);
        setTimeout(() => { document.documentElement.dataset.answerRead = "yes"; });
        return read;
    };
}"""


#: What stands in any field that is typed into.
VALUES = """() => [...document.querySelectorAll("input")]
    .filter((one) => !["radio", "checkbox"].includes(one.type))
    .map((one) => one.value).filter(Boolean)"""


def files(folder: Path) -> set[Path]:
    fonts = list((folder / "tmp").glob("leaflets-fonts-*"))
    found = {path for path in folder.rglob("*") if path.is_file()}
    return {path for path in found if not any(path.is_relative_to(one) for one in fonts)}


def test_by_the_keyboard_alone_two_handouts_become_a_pdf_and_nothing_is_kept(
    served: tuple[str, Path], page: Page
) -> None:
    address, folder = served
    page.goto(address)
    page.keyboard.press("Tab")  # the language of the page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("polish")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "pl"
    for slug in in_order_of(page, "preparation", "warning-card"):
        while page.evaluate("document.activeElement.value") != slug:
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.name") == "leaflet"
        page.keyboard.press("Space")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.locator("#place").fill("Zanzibar")
    page.locator("#day").fill("2026-12-24")
    page.locator("#make").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drafts")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "open"
    expect(page.locator("#status")).to_contain_text("not entered in the clinic’s list")
    assert files(folder) == set()
    page.keyboard.press("Tab")
    with page.expect_download() as saved:
        page.keyboard.press("Enter")
    assert plain("Zanzibar") in "".join(pages(saved.value.path().read_bytes()))


def in_order_of(page: Page, *leaflets: str) -> list[str]:
    """Put leaflets into the order in which the page lists them."""
    listed = page.locator('input[name="leaflet"]').evaluate_all("all => all.map(one => one.value)")
    return sorted(leaflets, key=listed.index)


def choose(page: Page, language: str, *leaflets: str) -> None:
    page.locator(f'input[name="language"][value="{language}"]').check()
    for slug in leaflets:
        page.locator(f'input[name="leaflet"][value="{slug}"]').check()


def make(page: Page) -> bytes:
    """Make the drafts all the same, and return the PDF that the page offers."""
    page.locator("#make").click()
    page.locator("#anyway").click()
    expect(page.locator("#result")).to_be_visible()
    with page.expect_download() as saved:
        page.locator("#save").click()
    return saved.value.path().read_bytes()


@pytest.mark.parametrize("own", ["en", "ar", "hi"])
def test_the_desk_has_no_fault_that_axe_finds_and_fits_at_twice_the_size(
    served: tuple[str, Path], page: Page, own: str
) -> None:
    page.set_viewport_size({"width": 550, "height": 450})  # 1100 by 900 at 200 %
    page.goto(f"{served[0]}?own={own}")
    choose(page, "es", "recovery", "diary")
    page.locator("summary").click()
    page.locator("#add").click()
    page.locator('[data-field="name"]').fill("Quokkaban")
    page.locator("#make").click()
    expect(page.locator("#drafts")).to_be_visible()
    for width in (550, 400):
        page.set_viewport_size({"width": width, "height": 450})
        browsing.is_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1100, "height": 900})


def test_handouts_moved_by_the_keyboard_are_printed_in_that_order(
    served: tuple[str, Path], page: Page, desk: Desk
) -> None:
    page.goto(served[0])
    choose(page, "en", "diary", "symptoms", "warning-card")
    page.locator("#up-warning-card").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "up-warning-card"
    expect(page.locator("#status[role=status]")).to_have_text("My warning card: 2 / 3")
    page.keyboard.press("Enter")
    # It is the first now: the button that is left has the focus.
    assert page.evaluate("document.activeElement.id") == "down-warning-card"
    expect(page.get_by_role("button", name="Move down My warning card")).to_be_focused()
    texts = pages(make(page))
    begins = [first_page(desk, texts, slug) for slug in ("warning-card", "diary", "symptoms")]
    assert begins == sorted(begins)
    assert len(set(begins)) == 3


def test_drafts_are_marked_in_the_list_once_a_language_is_chosen(
    served: tuple[str, Path], page: Page
) -> None:
    page.goto(served[0])
    assert page.locator(".mark:visible").count() == 0
    choose(page, "pl")
    expect(page.get_by_role("checkbox", name="My pain and walking diary Draft")).to_be_visible()
    assert page.locator(".mark:visible").count() == page.locator('input[name="leaflet"]').count()
    page.locator("#find").fill("nothing has this name")
    expect(page.locator("#none")).to_be_visible()
    expect(page.locator(".mark").first).to_be_hidden()


def test_a_time_without_a_day_and_a_medicine_without_a_name_are_asked_for(
    served: tuple[str, Path], page: Page
) -> None:
    page.goto(served[0])
    choose(page, "en", "preparation")
    page.locator("summary").click()
    page.locator("#time").fill("14:30")
    page.locator("summary").click()  # folded away: it must open to show what lacks
    for lacks, value in (("#day", "2026-12-24"), ('[data-field="name"]', "Quokkaban")):
        page.locator("#make").click()
        expect(page.locator(lacks)).to_be_focused()
        assert page.evaluate("document.activeElement.validity.valueMissing")
        expect(page.locator("#status")).to_be_empty()
        page.locator(lacks).fill(value)
        if lacks == "#day":
            page.locator("#add").click()
    text = "".join(pages(make(page)))
    assert plain("Quokkaban") in text
    assert plain("2:30") in text


def test_a_pdf_of_other_choices_is_taken_away(served: tuple[str, Path], page: Page) -> None:
    page.goto(served[0])
    choose(page, "en", "diary")
    make(page)
    choose(page, "es")
    expect(page.locator("#result")).to_be_hidden()
    assert page.locator("#open").get_attribute("href") is None


def test_nothing_of_one_patient_is_left_to_the_next(served: tuple[str, Path], page: Page) -> None:
    page.goto(served[0])
    choose(page, "es", "preparation", "recovery")
    page.locator("#find").fill("espa")
    page.locator("summary").click()
    for field, value in (
        ("#procedure", "2026-12-03"),
        ("#day", "2026-12-24"),
        ("#time", "14:30"),
        ("#place", "Zanzibar"),
    ):
        page.locator(field).fill(value)
    page.locator("#add").click()
    page.locator('[data-field="name"]').fill("Zanzibar")
    make(page)
    page.locator("#next").click()
    expect(page.locator("#find")).to_be_focused()
    assert page.evaluate(VALUES) == []
    assert page.locator(":checked:not(option)").count() == 0
    assert page.locator(".medicine").count() == 0
    assert page.locator("#chosen li").count() == 0
    expect(page.locator("#result")).to_be_hidden()
    expect(page.locator("#status")).to_be_empty()
    assert "Zanzibar" not in page.content()
    assert [page.locator(link).get_attribute("href") for link in ("#open", "#save")] == [None, None]


def test_a_pdf_that_is_late_is_not_shown_to_the_next_patient(
    served: tuple[str, Path], page: Page
) -> None:
    page.goto(served[0])
    choose(page, "en", "diary")
    page.locator("#make").click()
    page.evaluate(NOTING_WHEN_AN_ANSWER_WAS_READ)
    page.locator("#anyway").click()
    with page.expect_response("**/api/packet"):
        page.locator("#next").click()
    expect(page.locator("html")).to_have_attribute("data-answer-read", "yes")
    expect(page.locator("#result")).to_be_hidden()
    expect(page.locator("#status")).to_be_empty()


def test_a_language_is_found_by_its_own_name_and_without_accents(
    served: tuple[str, Path], page: Page
) -> None:
    page.goto(served[0])
    for typed, tag in (("espanol", "es"), ("العربية", "ar"), ("khm", "km")):
        page.locator("#find").fill(typed)
        assert page.locator('input[name="language"]:checked').get_attribute("value") == tag


def test_nothing_chosen_is_said_to_whoever_cannot_see_the_page(
    served: tuple[str, Path], page: Page
) -> None:
    page.goto(served[0])
    page.locator("#make").click()
    expect(page.locator("#error[role=alert]")).to_have_text(
        "Choose a language and a handout first."
    )
