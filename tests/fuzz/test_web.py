"""Requests to the desk and the preview: an answer, or a refusal in a sentence; no fault of ours."""

import asyncio
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from leaflets.compose.plan import Request, plan
from leaflets.editions.packet import Packet
from leaflets.errors import RequestError
from leaflets.library import home
from leaflets.library.load import Library
from leaflets.web.desk import desk as desks
from leaflets.web.desk import server as desk_server
from leaflets.web.desk.desk import Desk
from leaflets.web.preview import server
from leaflets.web.preview.studio import Studio
from leaflets.web.preview.view import Drawn, digest
from tests.fuzz import inputs
from tests.fuzz.harness import examples, watched

PORT = 8000
HERE = f"http://127.0.0.1:{PORT}"

PATHS = (
    "/", "/api/drafts", "/api/packet", "/infobutton", "/favicon.ico", "/desk.css", "/api/choices",
    "/api/view", "/api/changes", "/api/sentence", "/page/x/1.png", "/page/x/" + "9" * 30 + ".png",
    "/../../etc/hostname", "/%2e%2e/%2e%2e/etc/hostname", "//etc/x", "/page/../x/1.png", "/\0",
    "/desk.css/..%2f..%2fetc/hostname", "/%ff", "*", "", "/page/x/²³.png", "/" + "a" * 17_000,
)  # fmt: skip
NAMES = ("own", "language", "leaflet", "format", "since", "mainSearchCriteria.v.c", "x")
VALUES = (
    "es",
    "en-x-a",
    "zh-CN",
    "sr-Latn-RS",
    "diary",
    "a4",
    "0",
    "-1",
    "9" * 5000,
    "²",
    "html",
    "ar",
)
HEADERS = (
    ("host", f"127.0.0.1:{PORT}"), ("host", "evil.example"), ("origin", HERE), ("origin", "null"),
    ("content-type", "application/json"), ("content-type", "text/plain"), ("content-length", "-1"),
    ("content-length", "9" * 5000), ("content-length", "٣"), ("content-length", ""),
    ("x", "x" * 6000),
    ("transfer-encoding", "chunked"), ("sec-fetch-site", "cross-site"),
    ("accept-language", "*;q=x,;"),
    ("accept-language", "es-419,es;q=0.9"), ("accept-language", "x" * 900), ("cookie", "\xff\xfe"),
    ("x-forwarded-host", "evil.example"), ("x-leaflets-key", "x"), ("expect", "100-continue"),
    ("accept-language", "-".join(["zh"] * 90)), ("range", "bytes=0-"), ("upgrade", "websocket"),
)  # fmt: skip

ORDER = json.dumps(
    {
        "language": "es", "leaflets": ["diary", "recovery"], "format": "a4", "own": "en",
        "drafts": True,
        "personal": {"procedure": "2026-12-01", "medicines": [{"name": "apixaban"}]},
    }
).encode()  # fmt: skip
JSON_WORDS = (b"{}", b"[]", b"null", b'"a4"', b'"xx"', b'"\\ud800"', b"[" * 2000, b'"drafts":1')


class _Still(Studio):
    """A studio that plans what is asked for, and draws nothing."""

    def _draw(self, key: tuple[str, str, str]) -> Drawn:
        leaflet, language, sheet = key
        plan(
            self.library,
            Request(leaflets=(leaflet,), languages=(language,), formats=(sheet,)),
        )
        raise RequestError("It is not drawn here.")


class _Once(Desk):
    """A desk that reads its library once."""

    found: Library | None = None

    def _read(self) -> Library:
        if self.found is None:
            self.found = super()._read()
        return self.found


class Clinic:
    """A clinic folder with catalogs of its own, and the two applications on it."""

    def __init__(self, path: Path) -> None:
        """Write the folder."""
        self.path = path
        (path / "clinic.toml").write_text('name = "Test"\nregion = "GB"\n')
        shutil.copytree(home.home() / "locales/es", path / "locales/es")
        self.catalog = path / "locales/es/LC_MESSAGES/diary.po"
        self.whole = self.catalog.read_bytes()
        self.loop = asyncio.new_event_loop()
        self.desk = desk_server.app(_Once(path), path / "build", PORT)
        self.desk.state.pace = desk_server.Pace(10**9)
        self.preview = server.app(_Still(path), PORT)

    def edit(self) -> bytes:
        """Write what the page sends when a sentence is saved."""
        return json.dumps(
            {
                "language": "es", "domain": "diary", "id": "diary.how.notes",
                "forms": ["<strong>Notas:</strong> escriba lo que hizo."],
                "digest": digest(self.whole),
            }
        ).encode()  # fmt: skip

    def ask(self, app: Starlette, request: "Asked") -> tuple[int, dict[str, str], bytes]:
        """Send a request to an application, and collect its answer."""
        return self.loop.run_until_complete(_answered(app, request))


class Asked(msgspec.Struct, frozen=True):
    """A request as a server hands it to an application; who asks stays for the answer, or not."""

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[str, str], ...]
    body: bytes
    padding: int = 0
    stays: bool = False


async def _answered(app: Starlette, asked: Asked) -> tuple[int, dict[str, str], bytes]:
    pieces = [asked.body, b" " * asked.padding]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if pieces:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
        if asked.stays:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401 - an ASGI message
        sent.append(message)

    raw = asked.path.encode("utf-8", "surrogatepass")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": asked.method,
        "scheme": "http", "path": unquote_to_bytes(raw).decode("utf-8", "replace"), "raw_path": raw,
        "query_string": asked.query, "root_path": "", "client": ("127.0.0.1", 9),
        "server": ("127.0.0.1", PORT),
        "headers": [(name.encode(), value.encode("utf-8")) for name, value in asked.headers],
    }  # fmt: skip
    await app(scope, receive, send)
    if not sent:  # whoever asked has gone
        return 0, {}, b""
    head = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return sent[0]["status"], head, b"".join(one.get("body", b"") for one in sent[1:])


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    made = Clinic(tmp_path_factory.mktemp("web"))
    yield made
    made.loop.close()


@pytest.fixture(autouse=True)
def _nothing_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print no packet: what comes before it is tried here."""

    def printed(_library: object, editions: Sequence[Any], *_: object) -> Packet:
        return Packet(tuple(editions), (), b"%PDF")

    monkeypatch.setattr(desks, "packet", printed)
    monkeypatch.setattr(desks, "_entered", lambda *_: True)


def _usual(body: bytes) -> tuple[tuple[str, str], ...]:
    return (
        ("host", f"127.0.0.1:{PORT}"), ("origin", HERE), ("content-type", "application/json"),
        ("content-length", str(len(body))),
    )  # fmt: skip


#: What h11 lets through: all else it refuses itself.
_ASCII = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=30)


def _requests() -> st.SearchStrategy[Asked]:
    value = st.one_of(st.sampled_from(VALUES), inputs.texts())
    pairs = st.lists(st.tuples(st.sampled_from(NAMES), value), max_size=3)
    query = st.one_of(
        pairs.map(lambda found: urlencode(found, errors="replace").encode()), _ASCII.map(str.encode)
    )
    headers = st.lists(st.sampled_from(HEADERS), max_size=3).map(tuple)
    body = st.one_of(st.just(b"{}"), st.binary(max_size=60))
    return st.builds(
        lambda method, path, query, more, body, padding, plain: Asked(
            method, path, query, more if plain else (*_usual(body), *more), body, padding
        ),
        st.sampled_from(("GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "X")),
        st.one_of(st.sampled_from(PATHS), inputs.texts().map(lambda text: f"/{text}")),
        query,
        headers,
        body,
        st.sampled_from((0, 0, 9, 70_000)),
        st.sampled_from((False, False, False, True)),
    )


def _held(answer: tuple[int, dict[str, str], bytes]) -> int:
    status, headers, body = answer
    if status:
        assert status < 500 or status == 503
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert b"Traceback" not in body
        assert b"root:" not in body
    if status >= 400 and body:
        assert "\n" not in json.loads(body)["error"]
    return status


@pytest.mark.parametrize("name", ["desk", "preview"])
def test_a_request_is_answered_or_refused_in_a_sentence(clinic: Clinic, name: str) -> None:
    app: Starlette = getattr(clinic, name)

    @examples(5_000, quick=50)
    @given(_requests())
    def tried(asked: Asked) -> None:
        with watched(f"request to the {name}", clinic.path):
            _held(clinic.ask(app, asked))

    tried()


def _post(path: str, body: bytes) -> Asked:
    return Asked("POST", path, b"", _usual(body), body, stays=True)


def test_an_order_is_a_packet_or_refused_without_repeating_it(clinic: Clinic) -> None:
    @examples(4_000, quick=40)
    @given(inputs.every([ORDER], JSON_WORDS, inputs.changed_json))
    def tried(body: bytes) -> None:
        with watched("order at the desk", clinic.path):
            answer = clinic.ask(clinic.desk, _post("/api/packet", body))
        assert _held(answer) in {200, 409, 422, 413, 0}
        assert answer[0] == 200 or b"apixaban" not in answer[2]

    tried()
    assert _held(clinic.ask(clinic.desk, _post("/api/packet", ORDER))) == 200


def test_a_sentence_is_saved_or_refused_and_no_other_file_is_written(clinic: Clinic) -> None:
    others = {path: path.read_bytes() for path in clinic.path.rglob("*.po")}
    del others[clinic.catalog]

    @examples(3_000, quick=30)
    @given(inputs.every([clinic.edit()], JSON_WORDS, inputs.changed_json))
    def tried(body: bytes) -> None:
        try:
            with watched("sentence from the preview", clinic.path):
                answer = clinic.ask(clinic.preview, _post("/api/sentence", body))
            assert _held(answer) in {200, 409, 422, 413, 0}
        finally:
            clinic.catalog.write_bytes(clinic.whole)

    tried()
    assert {path: path.read_bytes() for path in others} == others
    assert _held(clinic.ask(clinic.preview, _post("/api/sentence", clinic.edit()))) == 200
    clinic.catalog.write_bytes(clinic.whole)
