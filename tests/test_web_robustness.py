"""The desk and the preview under attack: an answer or a refusal for each, and no long wait."""

import asyncio
import json
import logging
import re
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from leaflets.web.common.guard import protect
from tests.waiting import HANG, until

#: A name that nobody types by chance: it must turn up in no log.
PATIENT = "Zanzibar"

SAFE = {
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}

#: What a server may take more while it is attacked, in MB: two of its largest packets.
MORE = 100


@dataclass(frozen=True)
class Server:
    """A server that runs, and the address to which its page writes."""

    process: subprocess.Popen[str]
    port: int
    api: str
    key: str

    def get(self, path: str = "/", *lines: str, method: str = "GET", host: str = "") -> bytes:
        """Write a request as a browser would."""
        head = [f"{method} {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{self.port}'}", *lines]
        return "\r\n".join([*head, "", ""]).encode("latin-1")

    def post(self, body: bytes, *lines: str) -> bytes:
        """Write a request of its own page, with the lines that tell how long it is."""
        own = (f"Origin: http://127.0.0.1:{self.port}", "Content-Type: application/json")
        return self.get(self.api, *own, *lines, method="POST") + body

    def order(self, **more: object) -> bytes:
        """Write an order for one handout."""
        order = {"language": "en", "leaflets": ["diary"], "format": "a4", "drafts": True, **more}
        body = json.dumps(order).encode()
        return self.post(body, f"Content-Length: {len(body)}", "Connection: close")

    def peak(self) -> int:
        """Return the most memory that it has ever taken, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) // 1024


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    """Run a server as its command does, with the files that a process may commonly have open."""
    errors = folder / f"{'-'.join(options)}.txt".replace("/", "-")
    with (
        errors.open("w") as said,
        subprocess.Popen(
            [sys.executable, "-m", "leaflets", *options, "--no-browser"],
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            cwd=folder,
        ) as process,
    ):
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (1024, 1024))
        assert process.stdout
        found = re.search(r"http://[^:]+:(\d+)/\S*?(?:#(\S+))?$", process.stdout.readline())
        assert found
        api = "/api/packet" if options[0] == "desk" else "/api/sentence"
        try:
            yield Server(process, int(found[1]), api, found[2] or "")
            assert process.poll() is None
        finally:
            process.send_signal(signal.SIGINT)
            try:
                output, _ = process.communicate(timeout=HANG)
            finally:
                process.kill()
    assert PATIENT not in output
    # Nothing that was sent made it say anything: no warning, no name, no traceback.
    assert errors.read_text() == ""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the servers run: there are links that lead out of it."""
    made = tmp_path_factory.mktemp("attacked")
    (made / "build").mkdir()
    for link in (made / "out", made / "build/out"):
        link.symlink_to("/etc")
    return made


@pytest.fixture(scope="module")
def servers(folder: Path) -> Iterator[Mapping[str, Server]]:
    """Run a desk, a preview, and a desk that other computers can reach."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    with ExitStack() as stack:
        started = {
            "desk": serving(folder, "desk"),
            "preview": serving(folder, "preview", "diary", "--locale", "es"),
            "open desk": serving(folder, "desk", "--host", "0.0.0.0"),  # noqa: S104 - the claim
        }
        yield {name: stack.enter_context(one) for name, one in started.items()}


@pytest.fixture(params=["desk", "preview"])
def server(servers: Mapping[str, Server], request: pytest.FixtureRequest) -> Server:
    """Return one server after the other."""
    return servers[request.param]


@pytest.fixture
def desk(servers: Mapping[str, Server]) -> Server:
    return servers["desk"]


@pytest.fixture
def preview(servers: Mapping[str, Server]) -> Server:
    return servers["preview"]


class Client(asyncio.Protocol):
    """Sends something, and keeps what it gets until the connection ends."""

    def __init__(self, data: bytes) -> None:
        """Take what to send."""
        self.data, self.got = data, bytearray()
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send it."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.data)

    def data_received(self, data: bytes) -> None:
        """Keep what comes."""
        self.got += data

    def connection_lost(self, _: Exception | None) -> None:
        """Note the end."""
        self.ended.set_result(None)


def at_once(server: Server, requests: Sequence[bytes], seconds: float = HANG) -> Sequence[bytes]:
    """Send each request on a connection of its own, all at once; return what came back."""

    async def one(data: bytes) -> bytes:
        loop = asyncio.get_running_loop()
        _, client = await loop.create_connection(lambda: Client(data), "127.0.0.1", server.port)
        await client.ended
        return bytes(client.got)

    async def every() -> Sequence[bytes]:
        async with asyncio.timeout(seconds):
            return await asyncio.gather(*map(one, requests))

    return asyncio.run(every())


def read(answer: bytes) -> tuple[int, dict[str, str], str]:
    """Take one answer apart, and hold it to what holds for all of them."""
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    for name, value in SAFE.items():
        assert value in headers[name], (name, answer[:200])
    text = body.decode("utf-8", "replace")
    assert not re.search(r"Traceback|\.py|site-packages", text)
    if int(status[9:12]) in {429, 503}:
        assert int(headers["retry-after"]) > 0
    return int(status[9:12]), headers, text


def ask(server: Server, data: bytes, seconds: float = HANG) -> tuple[int, dict[str, str], str]:
    """Send something, and read the one answer to it."""
    (answer,) = at_once(server, [data], seconds)
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    return read(answer)


def status(server: Server, data: bytes) -> int:
    return ask(server, data)[0]


def refused(server: Server, data: bytes, code: int) -> bool:
    """Tell whether something large is refused; whoever still sends may not hear it."""
    (answer,) = at_once(server, [data])
    return not answer or read(answer)[0] == code


def serves(server: Server) -> bool:
    return status(server, server.get("/favicon.ico", "Connection: close")) == 204


# --- what keeps us waiting --------------------------------------------------------------------


def dripping(connection: socket.socket, data: bytes) -> None:
    """Send a request byte by byte until nobody takes it."""
    try:
        for byte in data:
            connection.send(bytes([byte]))
            time.sleep(0.2)
    except OSError:
        return


def dropped(connection: socket.socket, seconds: float) -> bool:
    """Tell whether the other side ends a connection within some seconds; read nothing of it."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(seconds * 1000))


@pytest.fixture(scope="module", autouse=True)
def slow(servers: Mapping[str, Server]) -> Iterator[Mapping[str, socket.socket]]:
    """Let slow clients begin; the last test but one looks whether they were dropped."""
    server = servers["open desk"]
    nine = "Content-Length: 9"
    begun = {
        "mute": b"",
        "byte by byte": b"",
        "a head without end": b"GET / HTTP/1.1\r\nHost:",
        "a body without end": server.post(b"{", f"X-Leaflets-Key: {server.key}", nine),
        "a refused body without end": server.post(b"{", "X-Leaflets-Key: no", nine),
        "reads nothing": server.get("/desk.js") * 4000,
    }
    with ExitStack() as stack:
        opened: dict[str, socket.socket] = {}
        for name, data in begun.items():
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            connection.setblocking(False)  # noqa: FBT003 - of the library
            if data:
                connection.send(data)
            opened[name] = connection
        # At five bytes a second, it would come to its end after any limit of ours.
        request = server.get("/", "X: " + "x" * 10 * HANG)
        thread = threading.Thread(target=dripping, args=(opened["byte by byte"], request))
        thread.start()
        yield opened
        thread.join(timeout=HANG)


# --- who asks, and for what -------------------------------------------------------------------


def test_no_path_leads_out_of_the_pages(server: Server) -> None:
    paths = [
        "/../../etc/passwd", "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/%252e%252e%252fetc%252fpasswd",
        "/..%5c..%5cetc%5cpasswd", "/..\\..\\etc\\passwd", "//etc/passwd", "/%2fetc/passwd",
        "/desk.css/../../etc/passwd", "/desk.css%00.html", "/%00", "/..%c0%afetc/passwd", "/%ff%fe",
        "/out/passwd", "/build/out/passwd", "/build/catalogue.json", "/clinic.toml", "/static/",
        "/page/../../etc/passwd/1.png", "/page/%2e%2e%2fx/1.png", "/page/x/" + "9" * 5000 + ".png",
        "/infobutton/../out/passwd", "http://evil.example/out/passwd", "*", "/" + "a" * 15_000,
    ]  # fmt: skip
    for path in paths:
        assert status(server, server.get(path, "Connection: close")) == 404, path


def test_what_is_no_address_is_no_request(server: Server) -> None:
    for path in ("/\0", "/\xff", "/a b", ""):
        assert status(server, server.get(path, "Connection: close")) == 400, path


def test_another_host_is_refused_so_that_no_name_can_be_bound_anew(server: Server) -> None:
    port = server.port
    for host in (
        "evil.example", f"evil.example:{port}", f"127.0.0.1.evil.example:{port}", "127.0.0.1",
        f"127.0.0.1:{port + 1}", f"0.0.0.0:{port}", f"user@127.0.0.1:{port}",
    ):  # fmt: skip
        assert status(server, server.get("/", "Connection: close", host=host)) == 421, host
    assert status(server, b"GET / HTTP/1.0\r\n\r\n") == 421
    assert status(server, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n") == 400
    assert status(server, server.get("/", "Host: evil.example")) == 400
    forwarded = ("X-Forwarded-Host: 127.0.0.1", "Connection: close")
    assert status(server, server.get("/", *forwarded, host="evil.example")) == 421


def test_another_page_is_refused_whatever_it_asks_for(server: Server) -> None:
    here = f"http://127.0.0.1:{server.port}"
    for line in ("Origin: https://evil.example", "Origin: null", f"Origin: {here}.evil.example",
                 f"Origin: https://127.0.0.1:{server.port}", "Origin: http://127.0.0.1:1",
                 "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site"):  # fmt: skip
        for path in ("/", server.api):
            assert status(server, server.get(path, line, "Connection: close")) == 403, line
        sent = ("Content-Type: application/json", "Content-Length: 2", line, "Connection: close")
        assert status(server, server.get(server.api, *sent, method="POST") + b"{}") == 403, line
    plain = (f"Origin: {here}", "Content-Type: text/plain", "Content-Length: 2")
    sent = (*plain, "Connection: close")
    assert status(server, server.get(server.api, *sent, method="POST") + b"{}") == 415


def test_bound_elsewhere_nothing_is_done_without_the_key(servers: Mapping[str, Server]) -> None:
    server = servers["open desk"]
    assert len(server.key) >= 32
    for key in ("", "x", server.key[:-1], server.key + "x", server.key.swapcase(), "\xff"):
        lines = (f"X-Leaflets-Key: {key}", "Content-Length: 2", "Connection: close")
        assert status(server, server.post(b"{}", *lines)) == 401, key
    lines = (f"X-Leaflets-Key: {server.key}", "Content-Length: 2", "Connection: close")
    assert status(server, server.post(b"{}", *lines)) == 422
    assert server.key not in ask(server, server.get("/", "Connection: close"))[2]


def test_other_methods_are_refused_and_head_is_get_without_its_body(server: Server) -> None:
    for method in ("OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "NONSENSE"):
        code, headers, _ = ask(server, server.get("/", "Connection: close", method=method))
        assert (code, set(headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert status(server, server.get(server.api, "Connection: close")) == 405
    got = ask(server, server.get("/", "Connection: close"))
    code, headers, body = ask(server, server.get("/", "Connection: close", method="HEAD"))
    assert (code, body) == (200, "")
    assert headers["content-length"] == got[1]["content-length"]


def test_a_socket_is_not_opened_for_whoever_asks_for_one(server: Server) -> None:
    lines = ("Upgrade: websocket", "Connection: upgrade, close", "Sec-WebSocket-Version: 13")
    assert status(server, server.get("/", *lines, "Sec-WebSocket-Key: eA==")) == 200


# --- what is sent -----------------------------------------------------------------------------


def test_a_body_beyond_the_limit_is_refused_however_its_length_is_said(server: Server) -> None:
    before = server.peak()
    large = b"{" + b" " * 50_000_000 + b"}"
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(large), large)
    for body, code, *lines in (
        (large, 413, f"Content-Length: {len(large)}"),
        (chunked, 411, "Transfer-Encoding: chunked"),
        (chunked, 411, "Transfer-Encoding: chunked", "Content-Length: 5"),
        (chunked, 411, "Content-Length: 5", "Transfer-Encoding: chunked"),
    ):
        assert refused(server, server.post(body, *lines, "Connection: close"), code), lines
        few = server.post(b"5\r\n{   }\r\n0\r\n\r\n", *lines, "Connection: close")
        assert status(server, few) == code, lines
    assert server.peak() - before < MORE


def test_a_wrong_length_is_refused(server: Server) -> None:
    for length in ("-1", "+2", "1e3", "0x2", "", "2, 3", "9" * 30, "2\r\nContent-Length: 3"):
        lines = (f"Content-Length: {length}", "Connection: close")
        assert status(server, server.post(b"{}", *lines)) in {400, 413}, length
    assert status(server, server.post(b"{}", "Connection: close")) == 413


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 0", "Content-Length: 60"),
        ("Content-Length: 60", "Transfer-Encoding: chunked"),
        ("Content-Length: 60", "Transfer-Encoding: xchunked"),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding: chunked, identity",),
        ("Transfer-Encoding : chunked",),
        ("Transfer-Encoding:\x0bchunked",),
        ("X: y\r\n Transfer-Encoding: chunked", "Content-Length: nine"),
    ],
)
def test_no_request_is_smuggled_in_the_body_of_another(
    server: Server, lines: tuple[str, ...]
) -> None:
    for first in (server.post(b"", *lines), server.get("/", *lines)):
        assert status(server, first + b"0\r\n\r\n" + server.get("/smuggled")) in {400, 411}


def test_what_is_no_order_is_refused_in_a_sentence_that_repeats_nothing(desk: Server) -> None:
    bodies = [
        b"", b"[]", b"null", b"\xff\xfe", b'{"language":"\xff"}', b'{"language":"\\ud800"}',
        b"[" * 60_000, b'{"language":' + b"[" * 60_000, b'{"personal":{"x":' * 3000, b"1" * 60_000,
        b'{"language":"en","leaflets":["../../etc/passwd"],"format":"a4"}',
        b'{"language":"../en","leaflets":["diary"],"format":"a4"}',
        b'{"language":"en","leaflets":["diary"],"format":"a4","own":"\\u0000"}',
        b'{"language":"en","leaflets":["diary"],"format":"a4","personal":{"procedure":"Zanzibar"}}',
    ]  # fmt: skip
    for body in bodies:
        lines = (f"Content-Length: {len(body)}", "Connection: close")
        code, _, text = ask(desk, desk.post(body, *lines))
        assert code in {409, 422}, body[:60]
        assert json.loads(text)["error"]
        assert PATIENT not in text


def test_what_is_no_sentence_is_refused(preview: Server) -> None:
    for body in (
        b"", b"\xff\xfe", b'{"language":"\xff"}', b"[" * 60_000, b'{"forms":' * 6000,
        b'{"language":"../x","domain":"diary","id":"a","forms":["b"],"digest":""}',
    ):  # fmt: skip
        lines = (f"Content-Length: {len(body)}", "Connection: close")
        assert status(preview, preview.post(body, *lines)) == 422, body[:60]
    for since in ("", "-1", "x", "%C2%B2", "9" * 5000 + "x"):
        ended = preview.get(f"/api/changes?since={since}", "Connection: close")
        assert status(preview, ended) == 400, since


def test_a_head_of_megabytes_is_refused(server: Server) -> None:
    before = server.peak()
    for head in (
        server.get("/", "X: " + "a" * 5_000_000),
        server.get("/", *["X: y"] * 500_000),
        server.get("/" + "a" * 5_000_000),
        b"\0" * 5_000_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a browser that tries HTTPS
    ):
        assert refused(server, head, 400)
    # What comes in one piece is read before its length is known.
    assert status(server, server.get("/", "X: " + "a" * 17_000, "Connection: close")) in {400, 431}
    assert status(server, server.get("/?" + "a" * 17_000, "Connection: close")) in {400, 431}
    assert server.peak() - before < MORE


def test_a_client_that_goes_away_leaves_no_trace(server: Server) -> None:
    for data in (
        server.get("/"),
        server.get("/api/changes?since=" + "9" * 5000),
        server.post(b"{", "Content-Length: 99"),
        server.post(b"zz\r\n", "Transfer-Encoding: chunked"),
        server.order(personal={"appointment": {"day": "2026-01-01", "place": PATIENT}}),
    ):
        with socket.create_connection(("127.0.0.1", server.port), HANG) as connection:
            connection.send(data)
            time.sleep(0.05)
    assert serves(server)


def test_a_fault_of_ours_is_an_answer_and_its_words_stay_out_of_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def faulty(_: object) -> None:
        raise ValueError(PATIENT)

    made = Starlette(routes=[Route("/", faulty)])
    protect(made, port=80, largest=10)
    with caplog.at_level(logging.DEBUG):
        answer = TestClient(made).get("/", headers={"Host": "localhost:80"})
    assert answer.status_code == 500
    assert "frame-ancestors" in answer.headers["content-security-policy"]
    assert PATIENT not in answer.text + caplog.text
    assert "ValueError" in caplog.text


# --- how many at once -------------------------------------------------------------------------


def test_only_so_many_requests_are_answered_at_the_same_time() -> None:
    async def found() -> Counter[int]:
        go_on = asyncio.Event()

        async def waiting(_: Request) -> Response:
            await go_on.wait()
            return Response("done")

        made = Starlette(routes=[Route("/", waiting)])
        protect(made, port=80, largest=10)
        transport = httpx.ASGITransport(made)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            host = {"Host": "localhost:80"}
            asked = [asyncio.create_task(client.get("/", headers=host)) for _ in range(40)]
            while sum(one.done() for one in asked) < 8:
                await asyncio.sleep(0)
            go_on.set()
            return Counter(one.status_code for one in await asyncio.gather(*asked))

    assert asyncio.run(found()) == {200: 32, 503: 8}


def test_pages_that_wait_for_changes_are_few_and_leave_their_place(preview: Server) -> None:
    epoch = httpx.get(f"http://127.0.0.1:{preview.port}/api/changes?since=0").json()["epoch"]
    request = preview.get(f"/api/changes?since={epoch}", "Connection: close")
    with ExitStack() as stack:
        waiting = []
        for _ in range(40):
            connection = stack.enter_context(
                socket.create_connection(("127.0.0.1", preview.port), HANG)
            )
            connection.send(request)
            waiting.append(connection)
        # Those that were here first wait; the others were sent away.
        assert all(dropped(one, HANG) for one in waiting[16:])
        assert {read(one.recv(9999))[0] for one in waiting[16:]} == {503}
        assert not any(dropped(one, 0) for one in waiting[:16])
        assert serves(preview)
    newest = preview.get("/api/changes?since=0", "Connection: close")
    until(lambda: status(preview, newest) != 503)


def test_clients_that_say_nothing_hold_up_nobody(server: Server) -> None:
    before = server.peak()
    with ExitStack() as stack:
        unfinished = server.post(b"{", "Content-Length: 9")
        for data in (b"", b"GET / HT", unfinished, server.get("/desk.js")) * 300:
            connection = stack.enter_context(
                socket.create_connection(("127.0.0.1", server.port), HANG)
            )
            connection.send(data)
        assert all(serves(server) for _ in range(5))
    assert server.peak() - before < MORE


def test_a_thousand_requests_at_once_get_the_page_or_are_asked_to_come_again(
    server: Server,
) -> None:
    before = server.peak()
    answers = at_once(server, [server.get("/", "Connection: close")] * 1000)
    found = [read(answer) for answer in answers]
    count = Counter(code for code, _, _ in found)
    assert set(count) <= {200, 503}
    assert count[200] >= 30
    pages = {text for code, _, text in found if code == 200}
    assert len(pages) == 1
    assert pages.pop().rstrip().endswith("</html>")
    assert serves(server)
    assert server.peak() - before < MORE


def test_a_thousand_orders_at_once_make_a_few_packets_and_the_page_still_answers(
    desk: Server,
) -> None:
    before = desk.peak()
    requests = [desk.order()] * 1000 + [desk.get("/desk.css", "Connection: close")]
    answers = at_once(desk, requests)
    assert read(answers[-1])[0] in {200, 503}
    count = Counter(read(answer)[0] for answer in answers[:-1])
    assert set(count) <= {200, 429, 503}
    assert 1 <= count[200] <= 16
    for answer in answers[:-1]:
        if read(answer)[0] == 200:
            assert answer.partition(b"\r\n\r\n")[2].startswith(b"%PDF-")
            assert answer.rstrip().endswith(b"%%EOF")
    assert desk.peak() - before < MORE
    assert status(desk, desk.order()) == 200


@pytest.mark.parametrize(
    "name",
    [
        "mute",
        "byte by byte",
        "a head without end",
        "a body without end",
        "a refused body without end",
        "reads nothing",
    ],
)
def test_a_slow_client_is_dropped(slow: Mapping[str, socket.socket], name: str) -> None:
    assert dropped(slow[name], HANG)


def test_a_request_that_does_not_arrive_is_answered_so(slow: Mapping[str, socket.socket]) -> None:
    for name in ("a head without end", "a body without end"):
        assert dropped(slow[name], HANG)
        assert read(slow[name].recv(9999))[0] == 408
    assert read(slow["a refused body without end"].recv(9999))[0] == 401
