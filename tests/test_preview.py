"""The preview's server: it shows the page, follows changes, edits one line, and answers only us."""

import asyncio
import datetime as dt
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from leaflets.catalogs import extract
from leaflets.catalogs.message import Message
from leaflets.compose.plan import Request, plan
from leaflets.library import home, load, recalls
from leaflets.library.load import Library
from leaflets.library.recalls import Recall
from leaflets.library.seal import sealed
from leaflets.web.preview.server import app
from leaflets.web.preview.studio import Studio
from tests.conftest import composed

PORT = 8765
HERE = f"http://127.0.0.1:{PORT}"
ASKED = {"leaflet": "diary", "language": "es", "format": "a4"}

#: A sentence of the diary, with markup.
NOTES = "diary.how.notes"


def clinic_in(folder: Path) -> Path:
    """Make a clinic folder with Spanish catalogs of its own."""
    folder.mkdir()
    (folder / "clinic.toml").write_text('name = "Test"\n')
    shutil.copytree(home.home() / "locales/es", folder / "locales/es")
    return folder


@contextmanager
def served(clinic: Path) -> Iterator[TestClient]:
    """Open a browser without a window, on the server of a clinic, which watches its files."""
    with TestClient(app(Studio(clinic), PORT), base_url=HERE) as opened:
        yield opened


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clinic folder for all tests that change nothing in it."""
    return clinic_in(tmp_path_factory.mktemp("preview") / "clinic")


@pytest.fixture(scope="module")
def reader(read_only: Path) -> Iterator[TestClient]:
    """Return the browser of the clinic that nobody changes."""
    with served(read_only) as opened:
        yield opened


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    """Return a clinic folder to be changed."""
    return clinic_in(tmp_path / "clinic")


@pytest.fixture
def client(clinic: Path) -> Iterator[TestClient]:
    """Return the browser of the clinic that is changed."""
    with served(clinic) as opened:
        yield opened


def catalog(clinic: Path) -> Path:
    return clinic / "locales/es/LC_MESSAGES/diary.po"


def view(client: TestClient, **other: str) -> dict[str, Any]:
    found = client.get("/api/view", params=ASKED | other).json()
    assert isinstance(found, dict)
    return found


def message(library: Library, message_id: str) -> Message:
    return next(one for one in extract.domain(library, "diary") if one.id == message_id)


def sentence(shown: dict[str, Any], message_id: str) -> dict[str, Any]:
    return next(one for one in shown["view"]["sentences"] if one["id"] == message_id)


def title(shown: dict[str, Any]) -> str:
    (printed,) = sentence(shown, "diary.title")["forms"]
    return str(printed)


def edit(client: TestClient, shown: dict[str, Any], message_id: str, *forms: str) -> Any:  # noqa: ANN401 - a response
    one = sentence(shown, message_id)
    body = {
        "language": "es", "domain": one["domain"], "id": message_id, "forms": forms,
        "digest": shown["view"]["digests"][one["domain"]],
    }  # fmt: skip
    return client.post("/api/sentence", json=body, headers={"Origin": HERE})


def test_a_view_holds_the_page_and_every_sentence_with_its_state_place_and_line(
    reader: TestClient, read_only: Path, library: Library
) -> None:
    shown = view(reader)
    assert shown["error"] == ""
    one = sentence(shown, NOTES)
    assert one["state"] == "unsigned"
    assert one["source"] == [message(library, NOTES).text]
    lines = catalog(read_only).read_text("utf-8").splitlines()
    around = lines[one["line"] - 1 : one["line"] + 8]
    assert any(NOTES in line for line in around)
    assert one["file"] == "locales/es/LC_MESSAGES/diary.po"
    assert any("Length: up to about" in note for note in one["notes"])
    spot = next(one for one in shown["view"]["spots"] if one["message"] == NOTES)
    assert 0 < spot["left"] < 100
    assert 0 < spot["top"] < 100
    assert shown["view"]["budget"] == library.leaflets["diary"].pages["a4"]
    token, last = shown["view"]["token"], shown["view"]["pages"]
    for number in range(1, last + 1):
        picture = reader.get(f"/page/{token}/{number}.png")
        assert picture.headers["content-type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")
    assert reader.get(f"/page/{token}/{last + 1}.png").status_code == 404


def test_the_page_is_read_aloud_in_the_order_of_its_tags(reader: TestClient) -> None:
    shown = view(reader)
    said = shown["view"]["aloud"]
    roles = [one["role"] for one in said]
    assert roles.index("H1") < roles.index("H2")
    heading = next(one for one in said if one["role"] == "H1")
    assert heading["text"] == title(shown)
    assert not any("Borrador" in one["text"] for one in said)


def test_an_edit_changes_one_line_of_the_catalog_and_then_the_page(
    client: TestClient, clinic: Path
) -> None:
    before = catalog(clinic).read_bytes().splitlines()
    shown = view(client)
    new = "<strong>Notas:</strong> escriba todo lo que hizo."
    assert edit(client, shown, NOTES, new).status_code == 200
    after = catalog(clinic).read_bytes().splitlines()
    changed = [line for line, old in zip(after, before, strict=True) if line != old]
    assert changed == [f'msgstr "{new}"'.encode()]
    assert client.get("/api/changes", params={"since": shown["epoch"]}).json()["epoch"] > 1
    again = view(client)
    assert sentence(again, NOTES)["forms"] == [new]
    assert again["view"]["token"] != shown["view"]["token"]


def test_an_edit_that_would_damage_the_page_is_refused_and_nothing_is_written(
    reader: TestClient, read_only: Path
) -> None:
    before = catalog(read_only).read_bytes()
    answer = edit(reader, view(reader), NOTES, "Escriba <script>todo</script>.")
    assert answer.status_code == 422
    assert "MARK-03" in answer.json()["error"]
    assert catalog(read_only).read_bytes() == before


def test_an_edit_of_a_file_that_somebody_else_changed_is_refused(
    client: TestClient, clinic: Path
) -> None:
    shown = view(client)
    path = catalog(clinic)
    path.write_text("# a comment of somebody else\n" + path.read_text("utf-8"), "utf-8")
    before = path.read_bytes()
    answer = edit(client, shown, NOTES, "<strong>Notas:</strong> escriba.")
    assert answer.status_code == 409
    assert "changed by another program" in answer.json()["error"]
    assert path.read_bytes() == before


def test_a_half_saved_file_keeps_the_last_good_page_and_names_the_line(
    client: TestClient, clinic: Path
) -> None:
    good = view(client)
    path = catalog(clinic)
    whole = path.read_text("utf-8")
    path.write_text(whole[: len(whole) // 2] + '\nmsgstr "open', "utf-8")
    client.get("/api/changes", params={"since": good["epoch"]})
    broken = view(client)
    assert broken["view"]["token"] == good["view"]["token"]
    assert "diary.po, line" in broken["error"]
    path.write_text(whole, "utf-8")
    client.get("/api/changes", params={"since": broken["epoch"]})
    assert view(client)["error"] == ""


def test_a_fuzzy_sentence_shows_what_changed_in_the_english(
    client: TestClient, clinic: Path, library: Library
) -> None:
    path = catalog(clinic)
    text = path.read_text("utf-8")
    before = message(library, NOTES).text.replace("</strong>", "</strong> always", 1)
    old = f'#| msgid "{before}"\n'
    entry = f'msgctxt "{NOTES}"'
    path.write_text(text.replace(entry, f"#, fuzzy\n{old}{entry}"), "utf-8")
    one = sentence(view(client), NOTES)
    assert one["state"] == "fuzzy"
    assert {"kind": "removed", "text": " always"} in one["previous"]
    assert [problem["code"] for problem in one["problems"]] == ["TRAN-02"]


def test_a_web_page_is_shown_as_itself_with_its_sentences(reader: TestClient) -> None:
    shown = view(reader, format="html")
    assert shown["error"] == ""
    seen = shown["view"]
    assert (seen["medium"], seen["pages"], seen["spots"], seen["sheet"]) == ("screen", 0, [], None)
    assert [one["code"] for one in seen["problems"]] == []
    assert sentence(shown, NOTES)["state"] == "unsigned"
    answer = reader.get(f"/file/{seen['token']}")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert title(shown) in answer.text
    assert '<body class="diary html' in answer.text
    assert reader.get(f"/page/{seen['token']}/1.png").status_code == 404


def test_a_web_page_in_the_frame_runs_nothing_and_loads_nothing(reader: TestClient) -> None:
    answer = reader.get(f"/file/{view(reader, format='html')['view']['token']}")
    policy = answer.headers.get_list("content-security-policy")
    assert len(policy) == 1
    rules = {rule.strip() for rule in policy[0].split(";")}
    assert {"default-src 'none'", "sandbox", "frame-ancestors 'self'"} <= rules
    assert "script" not in policy[0]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_plain_text_is_shown_as_text_with_its_sentences(reader: TestClient) -> None:
    shown = view(reader, format="text")
    seen = shown["view"]
    assert (seen["medium"], seen["pages"], seen["spots"], seen["aloud"]) == ("text", 0, [], [])
    assert [one["code"] for one in seen["problems"]] == []
    assert sentence(shown, NOTES)["source"]
    answer = reader.get(f"/file/{seen['token']}")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert f"{title(shown)}\n====" in answer.text


def test_a_file_with_pages_is_given_out_as_pictures_only(reader: TestClient) -> None:
    assert reader.get(f"/file/{view(reader)['view']['token']}").status_code == 404
    assert reader.get("/file/unknown").status_code == 404


def test_a_recalled_leaflet_is_shown_and_said_to_be_recalled(
    client: TestClient, clinic: Path
) -> None:
    library = load.load(clinic)
    (edition,) = plan(library, Request(leaflets=("diary",), languages=("es",), formats=("a4",)))
    one = composed(library, edition)
    recall = Recall(
        code=one.code, leaflet="diary", language="es", format="a4", on=dt.date(2026, 1, 1),
        name="A Nurse", reason="A wrong number.", fingerprint=one.fingerprint,
    )  # fmt: skip
    (clinic / recalls.FILE).write_bytes(recalls.encoded({one.fingerprint: sealed(recall)}))
    shown = view(client)
    assert shown["view"]["pages"] > 0
    assert [problem["code"] for problem in shown["view"]["problems"]] == ["GOV-06"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "127.0.0.1", "192.168.0.1:8765"])
def test_a_request_for_another_host_is_refused(reader: TestClient, host: str) -> None:
    assert reader.get("/api/choices", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
        ({"Origin": HERE, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": HERE, "Content-Type": "text/plain"}, 415),
        ({"Origin": HERE, "Content-Type": "application/json", "Content-Length": "999999"}, 413),
    ],
)
def test_a_write_from_elsewhere_or_of_another_kind_is_refused(
    reader: TestClient, read_only: Path, headers: dict[str, str], status: int
) -> None:
    before = catalog(read_only).read_bytes()
    kind = {"Content-Type": "application/json", **headers}
    assert reader.post("/api/sentence", content=b"{}", headers=kind).status_code == status
    assert catalog(read_only).read_bytes() == before


@pytest.mark.parametrize(
    "path",
    [
        "/../clinic.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/page/../../x/1.png",
        "/preview.css/../index.py",
        "/static/preview.js",
    ],
)
def test_no_path_leads_to_another_file(reader: TestClient, path: str) -> None:
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"language": "es"}',
        b'{"language":"../x","domain":"diary","id":"a","forms":["b"],"digest":""}',
    ],
)
def test_a_body_that_is_not_an_edit_is_refused_with_a_sentence(
    reader: TestClient, body: bytes
) -> None:
    kind = {"Origin": HERE, "Content-Type": "application/json"}
    answer = reader.post("/api/sentence", content=body, headers=kind)
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_every_answer_forbids_what_comes_from_outside(reader: TestClient) -> None:
    for path in ("/", "/preview.js", "/api/choices", "/nothing"):
        headers = reader.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
    for name in ("", "preview.css", "preview.js"):
        assert "http" not in reader.get(f"/{name}").text.replace("http://www.w3.org", "")


def test_an_unknown_edition_is_a_sentence_and_not_a_fault(reader: TestClient) -> None:
    shown = reader.get("/api/view", params={**ASKED, "leaflet": "hips"}).json()
    assert shown["view"] is None
    assert "There is no leaflet “hips”" in shown["error"]


def test_waiting_for_a_change_ends_by_itself(read_only: Path) -> None:
    async def waited() -> float:
        studio = Studio(read_only)
        began = time.monotonic()
        assert await studio.wait(1, 0.2) == 1
        return time.monotonic() - began

    assert asyncio.run(waited()) >= 0.2
