"""An address is shown without its password, however it is written."""

import pytest

from attendance_app.domain.addresses import HIDDEN, with_dots, with_password_of, without_secrets


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://camera.local:554/live?x=1", "rtsp://camera.local:554/live?x=1"),
        ("rtsp://admin:SECRET@10.0.0.5/1", "rtsp://10.0.0.5/1"),
        ("rtsp://admin:SE@CR#ET/1@10.0.0.5/1", "rtsp://10.0.0.5/1"),
        ("rtsp://u:SECRET@host:99999/x", "rtsp://host:99999/x"),
        ("rtsp:/u:SECRET@host/x", "rtsp:/host/x"),
        ("rstp://u:SECRET@host/x", "rstp://host/x"),
        ("u:SECRET@host/x", "host/x"),
        ("  rtsp://u:SECRET@host/x", "rtsp://host/x"),
        ("rtsp://admin:SECRET", "rtsp://admin"),
        ("rtsp://admin@host/x", "rtsp://host/x"),
        ("http://host/video?user=a&pwd=SECRET&x=1", f"http://host/video?user=a&pwd={HIDDEN}&x=1"),
        (
            "rtsp://host:554/user=admin&password=SECRET&channel=1",
            f"rtsp://host:554/user=admin&password={HIDDEN}&channel=1",
        ),
        ("http://host/?token=SECRET", f"http://host/?token={HIDDEN}"),
        ("rtsp://[fe80::1]:554/x", "rtsp://[fe80::1]:554/x"),
        ("films/party@home.mp4", "films/party@home.mp4"),
        ("C:\\films\\a@b.mp4", "C:\\films\\a@b.mp4"),
        ("0", "0"),
        ("webcam:Logitech", "webcam:Logitech"),
        ("", ""),
    ],
)
def test_what_is_shown(address, shown):
    assert without_secrets(address) == shown


@pytest.mark.parametrize("address", ["rtsp://admin:SECRET@host/1", "rtsp://admin:S@E/C@host/1", "rtsp://host/1", "0"])
def test_an_address_that_is_left_as_it_was_shown_keeps_its_password(address):
    assert "S" not in with_dots(address)
    assert with_password_of(with_dots(address), address) == address


def test_the_rest_of_an_address_can_be_edited_without_the_password():
    before = "rtsp://admin:SECRET@host/1"
    edited = with_dots(before).replace("host/1", "host/2")
    assert with_password_of(edited, before) == "rtsp://admin:SECRET@host/2"
    assert with_password_of("rtsp://admin:NEW@host/1", before) == "rtsp://admin:NEW@host/1"
