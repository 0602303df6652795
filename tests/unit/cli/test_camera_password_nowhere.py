"""A camera's password stands nowhere but where it is kept: each way in which a camera fails, and one that works."""

import base64
import logging
import os
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest
from single_writes import each

from attendance_app.bootstrap import source_opener, utc_now
from attendance_app.cli import roll, start
from attendance_app.config.settings_file import read_settings
from attendance_app.domain.errors import KnownError
from attendance_app.domain.faces import Frame
from attendance_app.domain.roll_call import DecisionKind
from attendance_app.services.doctor import devices
from attendance_app.store import camera_passwords
from attendance_app.store.database import FILE_NAME, Store, open_store
from attendance_app.store.protection import decrypt, is_encrypted
from attendance_app.ui.crash import log_into, report_of
from attendance_app.ui.messages import message_of, remedy_of
from attendance_app.vision import sources
from attendance_app.vision.live_source import LiveTiming
from attendance_app.vision.network_camera import open_network_camera
from attendance_app.vision.source_protocol import ignore_state
from tests.rolls import Recognised, conclude, tools

MARK = "Zq7Marked"
"""In every password here, with an @ as %40 after it."""
PASSWORD = f"{MARK}%40Zq7Rest"
FORMS = (
    MARK.encode(),
    b"Zq7Rest",
    # In UTF-16 too, as a system's own text may be; and as HTTP sends it.
    MARK.encode("utf-16-le"),
    base64.b64encode(f"u:{MARK}@Zq7Rest".encode())[:12],
)
QUICK = LiveTiming(open_within=1.0, silent_for=0.1)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A class in a plain register: what stands in it can be searched. The passwords are kept elsewhere."""
    monkeypatch.setenv("ATTENDANCE_CONFIG", str(tmp_path / "config"))
    camera_passwords.forget_what_was_read()
    with open_store(tmp_path / "home") as store:
        course = each(store).courses.add("M1", "Maths")
        each(store).students.enrol(course.id, each(store).students.add("S1", "Student 1").id)
    decrypt(tmp_path / "home" / FILE_NAME, utc_now())
    monkeypatch.setattr(roll, "roll_tools", _tools)
    handler = log_into(tmp_path / "home")
    yield tmp_path / "home"
    logging.getLogger().removeHandler(handler)
    handler.close()
    camera_passwords.forget_what_was_read()


def _tools(store: Store):
    """The roll's own tools, but recognition sees the student in the first frame."""
    (student,) = store.students.all()
    recognised = Recognised()

    def see(frame: Frame) -> None:
        if frame.index == 0:
            recognised.conclusions[frame.seconds] = [conclude(DecisionKind.MARK, student.id, at=0.0)]

    recognised.in_frame = see
    opener = source_opener(store.home)
    usual = {"realtime": True, "on_state": ignore_state}
    return tools(store, lambda spec, **how: opener(spec, **(usual | how)), recognised, clock=utc_now)


def attendance(monkeypatch: pytest.MonkeyPatch, home: Path, *words: str) -> int:
    """Run a command as the console script does; return its status."""
    monkeypatch.setattr(sys, "argv", ["attendance", "--home", str(home), *words])
    mask = os.umask(0o077)
    try:
        start.run()
    except SystemExit as done:
        return int(done.code or 0)
    finally:
        os.umask(mask)
    return 0


@contextmanager
def server(answer: bytes | None) -> Iterator[int]:
    """A camera's port: it answers every request with ``answer``; None: never."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ended = threading.Event()
        open_ones: list[socket.socket] = []

        def serve() -> None:
            while not ended.is_set():
                with suppress(OSError):
                    one, _ = listening.accept()
                    open_ones.append(one)
                    if answer is not None:
                        one.settimeout(1)
                        if one.recv(4096):
                            one.sendall(answer)
                        one.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        ended.set()
        with suppress(OSError):
            socket.create_connection(listening.getsockname(), 1).close()
        thread.join(5)
        for one in open_ones:
            one.close()


REFUSED = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Basic realm="camera"\r\n\r\n'
DIGEST = b'RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nWWW-Authenticate: Digest realm="camera", nonce="1"\r\n\r\n'
WEB_REFUSED = b'HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm="camera"\r\nContent-Length: 0\r\n\r\n'
NO_STREAM = b"RTSP/1.0 404 Not Found\r\nCSeq: 1\r\n\r\n"

FAILING = {
    "port too large": ("rtsp://u:{password}@127.0.0.1:99999/x", b""),
    "port of letters": ("rtsp://u:{password}@127.0.0.1:video/x", b""),
    "unknown host": ("rtsp://u:{password}@nowhere.invalid/x", b""),
    "no name of a host": ("rtsp://u:{password}@host..x/x", b""),
    "host of other letters": ("rtsp://ü:{password}ñ…@cámara.invalid/x", b""),
    "host that Unicode forbids": ("rtsp://u:{password}@ho℀st/x", b""),
    "not UTF-8": ("rtsp://u:{password}\udcff@127.0.0.1:1/x", b""),
    "port closed": ("rtsp://u:{password}@127.0.0.1:1/x", b""),
    "silent": ("rtsp://u:{password}@127.0.0.1:{port}/x", None),
    "silent on the web": ("http://u:{password}@127.0.0.1:{port}/x", None),
    "refused": ("rtsp://u:{password}@127.0.0.1:{port}/x", REFUSED),
    "refused by digest": ("rtsp://u:{password}@127.0.0.1:{port}/x", DIGEST),
    "refused on the web": ("http://u:{password}@127.0.0.1:{port}/x", WEB_REFUSED),
    "no such stream": ("rtsp://u:{password}@127.0.0.1:{port}/x", NO_STREAM),
    "no video": ("http://u:{password}@127.0.0.1:{port}/x", b"HTTP/1.0 200 OK\r\n\r\nnothing to see"),
    "named in the path": ("rtsp://127.0.0.1:{port}/user=u_password={password}_channel=1", REFUSED),
    "named in the query": ("http://127.0.0.1:{port}/video?user=u&pwd={password}", WEB_REFUSED),
    "brackets left open": ("rtsp://u:{password}@[::1/x", b""),
    "an @ unescaped": ("rtsp://u:{password}@x@127.0.0.1:1/x", b""),
    "a # unescaped": ("rtsp://u:{password}#x@127.0.0.1:1/x", b""),
    "a / unescaped": ("rtsp://u:12/{password}@nowhere.invalid/x", b""),
    "a space": ("rtsp://u:{password} x@127.0.0.1:1/x", b""),
    "no host": ("rtsp://u:{password}@/x", b""),
    "its @ forgotten": ("rtsp://u:{password}", b""),
    "one slash": ("rtsp:/u:{password}@127.0.0.1/x", b""),
    "no scheme": ("u:{password}@127.0.0.1/x", b""),
    "a scheme that is none": ("rstp://u:{password}@127.0.0.1/x", b""),
}


def found_in(folder: Path) -> list[str]:
    """The files, and names of files, with the password in them."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [str(file) for file in files if any(form in bytes(file) + file.read_bytes() for form in FORMS)]


def assert_nowhere(home: Path, said: str, records: list[logging.LogRecord]) -> None:
    logged = "\n".join(
        record.getMessage() + "".join(traceback.format_exception(*record.exc_info) if record.exc_info else "")
        for record in records
    )
    for form in ("Zq7", FORMS[3].decode()):
        assert form not in said
        assert form not in logged
    assert not is_encrypted(home / FILE_NAME)
    assert found_in(home) == []


@pytest.mark.parametrize("how", FAILING)
def test_a_camera_that_fails_shows_no_password(home, how, monkeypatch, capfd, caplog):
    form, answer = FAILING[how]
    run = partial(attendance, monkeypatch, home)
    caplog.set_level(logging.DEBUG)
    if answer is None:  # each time is waited out
        monkeypatch.setattr(sources, "open_network_camera", partial(open_network_camera, timing=QUICK))
    with server(answer) as port:
        address = form.format(password=PASSWORD, port=port)
        assert run("room", "check", address) == 1
        assert run("session", "run", "--course", "M1", "--source", address) == 1
        in_settings = run("settings", "set", "camera", address)
        assert in_settings == 0
        camera_passwords.forget_what_was_read()
        shown = read_settings(home).settings.camera
        assert camera_passwords.whole_address(shown) == address
        assert run("room", "check", shown) == 1
        # What the window would say of it, and a report of a fault that has it as its cause.
        with pytest.raises(KnownError) as failed:
            source_opener(home)(shown, realtime=True, on_state=ignore_state, turn=0)
        error, fault = failed.value, _fault(failed.value)
        logging.getLogger("a").error("unexpected", exc_info=fault)
        told = [message_of(error), remedy_of(error), repr(error), report_of(error), report_of(fault)]
        told.append(str(devices.check_camera(shown, cameras=lambda: ())))
    assert run("settings", "list") == run("settings", "list", "--json") == 0
    assert run("session", "list", "--json") == run("audit", "list", "--json") == run("backup") == 0
    said = capfd.readouterr()
    assert "Traceback (most" not in said.err
    assert_nowhere(home, said.out + said.err + "".join(told), [one for one in caplog.records if one.name != "a"])


def _fault(cause: KnownError) -> RuntimeError:
    try:
        raise RuntimeError("unforeseen") from cause
    except RuntimeError as fault:
        return fault


def test_a_fault_that_has_an_address_in_its_words_is_logged_and_reported_without_its_password(home):
    fault = ValueError(f"cannot open 'rtsp://u:{PASSWORD}@127.0.0.1/x'")
    logging.getLogger("a").error("unexpected %s", fault, exc_info=fault)
    assert "rtsp://127.0.0.1/x" in (home / "attendance.log").read_text()
    assert found_in(home) == []
    assert "Zq7" not in report_of(fault)


class Camera(BaseHTTPRequestHandler):
    """Gives pictures to whoever has the password."""

    def do_GET(self) -> None:
        wanted = "Basic " + base64.b64encode(f"u:{MARK}@Zq7Rest".encode()).decode()
        if self.headers.get("Authorization") != wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="camera"')
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        picture = cv2.imencode(".jpg", np.full((48, 64, 3), (0, 0, 220), np.uint8))[1].tobytes()
        part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(picture), picture)
        with suppress(OSError):
            while not self.server.ended.wait(0.02):  # type: ignore[attr-defined]
                self.wfile.write(part)

    def log_message(self, *_args: object) -> None: ...


@pytest.fixture
def camera() -> Iterator[str]:
    """The address of a camera that works, without a password."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Camera) as web:
        web.ended = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=web.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://u@127.0.0.1:{web.server_port}/video"
        web.ended.set()  # type: ignore[attr-defined]
        web.shutdown()
        thread.join()


@pytest.mark.parametrize("given", ["typed", "kept", "environment"])
def test_a_session_with_a_camera_that_works_leaves_no_password(
    home, camera, given, monkeypatch, capfd, caplog, tmp_path
):
    run = partial(attendance, monkeypatch, home)
    caplog.set_level(logging.DEBUG)
    typed = camera.replace("u@", f"u:{PASSWORD}@")
    out = tmp_path / "exports"
    out.mkdir()
    if given == "environment":
        monkeypatch.setenv(camera_passwords.PASSWORD_VARIABLE, f"{MARK}@Zq7Rest")
    if given == "kept":
        assert run("settings", "set", "camera", typed) == 0
        camera_passwords.forget_what_was_read()
    source = typed if given == "typed" else camera
    assert run("session", "run", "--course", "M1", "--source", source, "--max-seconds", "0.3", "--json") == 0
    assert run("session", "list", "--json") == run("session", "show", "1", "--json") == 0
    for name in ("register.csv", "register.json", "register.xlsx", "register.pdf"):
        assert run("session", "export", "1", "--out", str(out / name)) == 0
    assert run("audit", "list", "--json") == run("backup") == 0
    said = capfd.readouterr()
    assert_nowhere(home, said.out + said.err, caplog.records)
    assert len(list(out.iterdir())) == 4
    assert found_in(out) == []
