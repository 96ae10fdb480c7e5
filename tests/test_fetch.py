"""What a link may make the portal read: a real server on this machine, and addresses judged."""

from __future__ import annotations

import gzip
import io
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ckanext.scdl import fetch as fetch_module
from ckanext.scdl.conformity import texts
from ckanext.scdl.fetch import MB, Answer, Limits, NotFetched, fetch, is_public

BODY = b"a,b\n1,2\n"
HERE = "127.0.0.1"
RECOGNISED = {
    "/file": {"ETag": '"1"', "Last-Modified": "hier"},
    "/accents": {"ETag": '"é"', "Last-Modified": "août"},
}


class Site(BaseHTTPRequestHandler):
    """`/file`, `/accents`, `/to?<address>` redirects there, `/loop`, `/slow`, `/404`…"""

    asked: list[tuple[str, dict[str, str]]]

    def do_GET(self) -> None:
        self.asked.append((self.path, dict(self.headers)))
        path, _, query = self.path.partition("?")
        if path == "/to":
            self._answer(302, {"Location": query})
        elif path == "/loop":
            self._answer(301, {"Location": "/loop"})
        elif path == "/file" and self.headers.get("If-None-Match") == '"1"':
            self._answer(304, {})
        elif path in RECOGNISED:
            self._answer(200, RECOGNISED[path], BODY)
        elif path == "/packed":
            body = BODY if query == "identity" else gzip.compress(BODY)
            self._answer(200, {"Content-Encoding": query}, body)
        elif path == "/endless":
            self._answer(200, {})
            self._drip(b"x" * MB, 0)
        elif path == "/slow":
            self._answer(200, {})
            self._drip(b"x", 0.1)
        elif path == "/slow-head":
            self._drip(b"H", 0.1)
        elif path == "/cut":
            self._answer(200, {"Content-Length": "1000"}, b"x")
        else:
            self._answer(404, {})

    def _answer(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, piece: bytes, pause: float) -> None:
        try:
            for _ in range(100):
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(pause)
        except OSError:
            return

    def log_message(self, *words: object) -> None:
        """Nothing on the test's output."""


@pytest.fixture
def site() -> Iterator[type[Site]]:
    kind = type("OneSite", (Site,), {"asked": []})
    server = ThreadingHTTPServer((HERE, 0), kind)
    kind.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield kind
    server.shutdown()
    server.server_close()


@pytest.fixture
def read(site):
    """A function: a path of the site, and limits -> (answer, bytes)."""

    def call(path, known=None, host=HERE, url=None, **limits):
        allowed = {"allowed_hosts": [HERE], "ports": [site.port], "seconds": 5} | limits
        out = io.BytesIO()
        address = url or f"http://{host}:{site.port}{path}"
        return fetch(address, out, Limits(**allowed), known), out.getvalue()

    return call


def refusal(read, *words, **options):
    with pytest.raises(NotFetched) as refused:
        read(*words, **options)
    finding = refused.value.finding
    for lang in ("fr", "en"):
        assert "?" not in texts.sentence(finding, lang), "a parameter is missing"
    return finding.params["rule"]


def test_a_file_is_read_with_what_recognises_it(read, site):
    answer, content = read("/file")
    assert (answer.etag, answer.modified, content) == ('"1"', "hier", BODY)
    assert answer.url == f"http://{HERE}:{site.port}/file"


def test_a_file_that_has_not_changed_is_not_sent_again(read):
    answer, _ = read("/file")
    assert read("/file", known=answer) == (None, b"")
    other = Answer(answer.url, '"0"', None)
    assert read("/file", known=other)[1] == BODY


def test_what_cannot_be_sent_back_recognises_nothing(read):
    answer, _ = read("/accents")
    assert (answer.etag, answer.modified) == (None, None)
    assert read("/accents", known=answer)[1] == BODY


def test_a_file_is_asked_for_and_read_as_it_is(read, site):
    assert read("/packed?identity")[1] == BODY
    ((_, headers),) = site.asked
    assert headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("path", ["/to?/file", "/to?file", "/to?/to?/file"])
def test_redirects_are_followed(read, path):
    answer, content = read(path)
    assert content == BODY
    assert answer.url.endswith("/file")


@pytest.mark.parametrize(
    ("path", "limits", "rule"),
    [
        ("/404", {}, "status"),
        ("/loop", {}, "redirects"),
        ("/to?/file", {"redirects": 0}, "redirects"),
        ("/endless", {"size": 3 * MB}, "size"),
        ("/slow", {"seconds": 1}, "seconds"),
        ("/slow-head", {"seconds": 1}, "seconds"),
        ("/cut", {}, "unreachable"),
        ("/packed?gzip", {}, "encoding"),
        ("/packed?x-gzip", {}, "encoding"),
        ("/packed?identity,%20br", {}, "encoding"),
        ("/file", {"ports": [80, 443]}, "port"),
        ("/file", {"allowed_hosts": []}, "address"),
        ("/to?http://u:p@example.com/", {}, "credentials"),
        ("/to?file:///etc/passwd", {}, "address-unreadable"),
        ("/to?javascript:1", {}, "address-unreadable"),
        ("/to?http://xn--/x.csv", {}, "address-unreadable"),
        ("/to?http://xn--a/x.csv", {}, "address-unreadable"),
        ("/to?http://127.0.0.2:{port}/file", {}, "address"),
        ("/to?http://2130706434:{port}/file", {}, "address"),
        ("/to?http://[::ffff:127.0.0.1]:{port}/file", {}, "address"),
        ("/to?http://nulle-part.invalid:{port}/", {}, "unknown-host"),
    ],
)
def test_what_is_not_read(read, site, path, limits, rule):
    started = time.monotonic()
    assert refusal(read, path.format(port=site.port), **limits) == rule
    assert time.monotonic() - started < 9


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.com/x", "//example.com", "exemple", "", "http://", "é:é"),
        *("http://xn--/x.csv", "http://xn--a/x.csv", "javascript:1"),
    ],
)
def test_an_address_that_is_none(read, url):
    assert refusal(read, "", url=url or " ") == "address-unreadable"


def test_a_machine_that_does_not_listen(read, site):
    url = f"http://127.0.0.9:{site.port}/"
    assert refusal(read, "", url=url, allowed_hosts=["127.0.0.9"]) == "unreachable"


def test_a_name_is_resolved_once_and_that_address_is_asked(site):
    """A name that leads elsewhere a moment later (DNS rebinding) gains nothing."""
    answers = [[HERE], ["127.0.0.9"]]

    async def resolver(host: str, port: int) -> list[str]:
        return answers.pop(0)

    limits = Limits(ports=[site.port], allowed_hosts=["ville.test"], seconds=5)
    out = io.BytesIO()
    fetch(f"http://ville.test:{site.port}/file", out, limits, resolver=resolver)
    assert out.getvalue() == BODY
    ((_, headers),) = site.asked
    assert headers["Host"] == f"ville.test:{site.port}"


def test_a_name_that_takes_for_ever_takes_no_more_than_the_time_given(monkeypatch):
    """The system's lookup cannot be interrupted; no server of ours can be that slow."""
    end = threading.Event()

    def slow(*words: object, **options: object) -> list[object]:
        end.wait(120)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    limits = Limits(seconds=0.3)

    def rule() -> object:
        with pytest.raises(NotFetched) as refused:
            fetch("http://lent.test/", io.BytesIO(), limits)
        return refused.value.finding.params["rule"]

    started = time.monotonic()
    try:
        assert rule() == "seconds"
        assert time.monotonic() - started < 9
        before = threading.active_count()
        rules = [rule() for _ in range(9)]
        # no more of them are left behind than a process can bear
        assert threading.active_count() - before < 8
        assert rules[-1] == "no-room"
    finally:
        end.set()
    for _ in range(100):
        if fetch_module._LOOKUPS._value == 8:
            return
        time.sleep(0.05)
    pytest.fail("the lookups left behind keep their room")


def test_a_thread_that_cannot_start_keeps_no_room(monkeypatch):
    """No test can take all the system's threads without harm."""

    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    before = fetch_module._LOOKUPS._value
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(NotFetched) as refused:
            fetch("http://ville.test/", io.BytesIO(), Limits(seconds=5))
    assert refused.value.finding.params["rule"] == "no-room"
    assert fetch_module._LOOKUPS._value == before


def test_what_nobody_foresaw_is_a_link_that_cannot_be_read(caplog):
    async def resolver(host: str, port: int) -> list[str]:
        return ["no address"]

    with pytest.raises(NotFetched) as refused:
        fetch("http://ville.test/", io.BytesIO(), Limits(), resolver=resolver)
    assert texts.sentence(refused.value.finding).startswith("Le lien n'a pas pu être lu")
    assert "no address" in caplog.text, "the administrator needs to know"


def test_one_private_address_among_others_is_enough_to_refuse(site):
    async def resolver(host: str, port: int) -> list[str]:
        return ["93.184.216.34", HERE]

    limits = Limits(ports=[site.port])
    with pytest.raises(NotFetched) as refused:
        fetch(f"http://ville.test:{site.port}/", io.BytesIO(), limits, resolver=resolver)
    assert refused.value.finding.params["rule"] == "address"
    assert site.asked == []


def test_each_redirect_is_judged(site):
    async def resolver(host: str, port: int) -> list[str]:
        return [HERE]

    limits = Limits(ports=[site.port], allowed_hosts=["sure.test"], seconds=5)
    url = f"http://sure.test:{site.port}/to?http://traitre.test:{site.port}/file"
    with pytest.raises(NotFetched) as refused:
        fetch(url, io.BytesIO(), limits, resolver=resolver)
    assert refused.value.finding.params == {"rule": "address", "host": "traitre.test"}
    assert len(site.asked) == 1


PRIVATE = [
    *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "0.0.0.0", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "::1", "::", "fe80::1"),
    *("fe80::1%eth0", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1"),
    *("100::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::"),
    *("192.0.0.8", "192.0.0.170", "192.88.99.1", "::ffff:192.88.99.1", "3fff::1", "3fff:fff::1"),
    *("64:ff9b:1::a00:1", "64:ff9b::c058:6301", "2002:c058:6301::", "5f00::1", "4000::1"),
    *("::ffff:0:10.0.0.1", "2001:0:808:808::f5ff:fffe", "::10.0.0.1", "2002:a9fe:a9fe::1"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"],
)
def test_addresses_that_are(address):
    assert is_public(address)
