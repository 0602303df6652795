"""A network camera's answer becomes an error that says what to change."""

import re
import socket
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from attendance_app.vision.errors import NoSuchStream, NoVideoInStream, PasswordRefused, PasswordWanted
from attendance_app.vision.stream_answer import explain_stream_error

BASIC = 'WWW-Authenticate: Basic realm="camera"'
DIGEST = 'WWW-Authenticate: Digest realm="camera", nonce="0123abc", algorithm="MD5"'
BASIC_PROOF = "Authorization: Basic dGVhY2hlcjpzZWNyZXQ="


class Camera:
    """Knows /live only, and asks for ``proof`` first, where there is one."""

    def __init__(self, protocol, challenge="", proof=""):
        self.protocol, self.challenge, self.proof = protocol, challenge, proof
        self.asked = []

    def answer(self, request):
        self.asked.append(request)
        if self.challenge and not re.search(self.proof, request):
            return f"{self.protocol} 401 Unauthorized\r\n{self.challenge}\r\n\r\n"
        return f"{self.protocol} {'200 OK' if '/live ' in request else '404 Not UprightPicture'}\r\n\r\n"

    @contextmanager
    def running(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.05)
            over = threading.Event()
            thread = threading.Thread(target=self._serve, args=(server, over))
            thread.start()
            try:
                yield server.getsockname()[1]
            finally:
                over.set()
                thread.join()

    def _serve(self, server, over):
        while not over.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(1)
                connection.sendall(self.answer(connection.recv(4096).decode()).encode())


def kind(scheme, camera, path="/live", login=""):
    with camera.running() as port:
        return type(explain_stream_error(urlsplit(f"{scheme}://{login}127.0.0.1:{port}{path}"), "NAME"))


SCHEMES = pytest.mark.parametrize(("scheme", "protocol"), [("rtsp", "RTSP/1.0"), ("http", "HTTP/1.1")])
CHALLENGES = pytest.mark.parametrize(
    ("challenge", "proof"),
    [(BASIC, BASIC_PROOF), (f"{DIGEST}\r\n{BASIC}", 'Digest username="teacher", realm="camera", nonce="0123abc"')],
    ids=["basic", "digest"],
)


@SCHEMES
def test_a_path_that_is_not_there_is_named(scheme, protocol):
    assert kind(scheme, Camera(protocol), "/other") is NoSuchStream


@SCHEMES
@CHALLENGES
def test_a_camera_that_wants_a_password_says_so(scheme, protocol, challenge, proof):
    assert kind(scheme, Camera(protocol, challenge, proof)) is PasswordWanted


@SCHEMES
@CHALLENGES
def test_a_wrong_password_is_told_from_a_wrong_path(scheme, protocol, challenge, proof):
    camera = Camera(protocol, challenge, proof)
    assert kind(scheme, camera, "/other", "teacher:secret@") is NoSuchStream
    assert kind(scheme, Camera(protocol, challenge, "never"), "/live", "teacher:bad@") is PasswordRefused
    assert len(camera.asked) == 2


def test_the_digest_is_the_standard_s():
    camera = Camera("RTSP/1.0", DIGEST, "response")
    with camera.running() as port:
        explain_stream_error(urlsplit(f"rtsp://Mufasa:Circle%20Of%20Life@127.0.0.1:{port}/live"), "NAME")
    given = dict(re.findall(r'(\w+)="([^"]*)"', camera.asked[1]))
    assert given["uri"] == f"rtsp://127.0.0.1:{port}/live"
    assert given["username"] == "Mufasa"
    assert given["response"] == _digest("Mufasa:camera:Circle Of Life", f"DESCRIBE:{given['uri']}")


def _digest(who, what):
    from urllib.request import AbstractDigestAuthHandler

    md5, proof = AbstractDigestAuthHandler().get_algorithm_impls("MD5")
    return proof(md5(who), f"0123abc:{md5(what)}")


@pytest.mark.parametrize("answer", ["", "SSH-2.0-OpenSSH_9.2\r\n"])
def test_an_answer_that_says_nothing_leaves_the_general_kind(answer):
    camera = Camera("RTSP/1.0")
    camera.answer = lambda _request: answer  # type: ignore[method-assign]
    assert kind("rtsp", camera) is NoVideoInStream
