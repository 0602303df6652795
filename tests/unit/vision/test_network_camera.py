"""Network cameras, against a real server on this machine that dies and comes back."""

import socket
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import pytest

from attendance_app.vision.errors import NoSuchStream, NoVideoInStream, PortClosed, StreamWithoutPictures
from attendance_app.vision.films.deinterlace import is_combed
from attendance_app.vision.live_source import LiveTiming
from attendance_app.vision.network_camera import checked_address, open_network_camera, without_password
from attendance_app.vision.source_protocol import SourceState

from .interlaced_films import mpeg2_film

QUICK = LiveTiming(open_within=9.0, silent_for=0.1, retry_first=0.05, retry_longest=0.1, close_within=6.0)


class MjpegHandler(BaseHTTPRequestHandler):
    """Sends a red picture 50 times a second until the server is told to stop."""

    def do_GET(self):
        if self.path == "/recorder":
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                while not self.server.dying.wait(0.02):
                    self.wfile.write(self.server.film)
            return
        if self.path != "/video":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        picture = cv2.imencode(".jpg", np.full((48, 64, 3), (0, 0, 220), np.uint8))[1].tobytes()
        part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(picture), picture)
        try:
            while not self.server.dying.wait(0.02):
                self.wfile.write(part)
        except OSError:
            return

    def log_message(self, *_):
        pass


@contextmanager
def camera(port=0, film=b""):
    ThreadingHTTPServer.allow_reuse_address = True
    with ThreadingHTTPServer(("127.0.0.1", port), MjpegHandler) as server:
        server.dying = threading.Event()
        server.film = film
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.dying.set()
            server.shutdown()
            thread.join()


def wait_for(source, state):
    deadline = time.monotonic() + 20
    while source.state is not state:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_frames_come_over_http():
    with camera() as port, open_network_camera(f"http://127.0.0.1:{port}/video", timing=QUICK) as source:
        frame = source.read()
        assert frame.image.shape == (48, 64, 3)
        assert frame.image[20, 20].tolist() == pytest.approx([220, 0, 0], abs=5)
        assert source.read().seconds > frame.seconds


def test_an_interlaced_stream_of_a_network_recorder_shows_one_moment_a_picture(tmp_path):
    film = mpeg2_film(tmp_path / "a.m2v", frames=25).read_bytes()
    with camera(film=film) as port, open_network_camera(f"http://127.0.0.1:{port}/recorder", timing=QUICK) as source:
        images = [source.read(timeout=5).image for _ in range(5)]
    assert not any(is_combed(image) for image in images)
    assert all(image[:, 30:270].max() > 150 for image in images)


def test_a_camera_that_dies_and_comes_back_goes_on():
    with camera() as port:
        source = open_network_camera(f"http://127.0.0.1:{port}/video", timing=QUICK)
        before = source.read()
    with source:
        wait_for(source, SourceState.RECONNECTING)
        with camera(port):
            wait_for(source, SourceState.STREAMING)
            frames = [source.read(timeout=5) for _ in range(3)]
            source.close()
    assert frames[-1].index > before.index
    assert frames[-1].seconds > before.seconds


def test_a_path_without_a_stream_is_refused():
    with camera() as port, pytest.raises(NoSuchStream):
        open_network_camera(f"http://127.0.0.1:{port}/nothing", timing=QUICK)


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_closed_port_is_refused_at_once(scheme):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.monotonic()
    with pytest.raises(PortClosed, match=f"port={port}"):
        open_network_camera(f"{scheme}://127.0.0.1:{port}/stream")
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
def test_a_camera_that_accepts_but_never_answers_is_given_up_within_ten_seconds(scheme):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        started = time.monotonic()
        with pytest.raises((StreamWithoutPictures, NoVideoInStream)):
            open_network_camera(f"{scheme}://127.0.0.1:{silent.getsockname()[1]}/stream")
        assert time.monotonic() - started < 10


def test_the_password_is_not_shown():
    address = checked_address("rtsp://teacher:secret@camera.local:8554/live?x=1")
    assert without_password(address) == "rtsp://camera.local:8554/live?x=1"
