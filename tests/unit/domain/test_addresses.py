"""An address is shown without its password, however it is written."""

import pytest

from attendance_app.domain.addresses import (
    HIDDEN,
    camera_account,
    lacks_password,
    secrets_of,
    text_without_secrets,
    with_dots,
    with_password,
    with_secrets,
    without_secrets,
)


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


def test_a_password_between_underscores_is_hidden_with_what_follows_it():
    address = "rtsp://host:554/user=admin_password=SECRET_channel=1?real"
    assert without_secrets(address) == f"rtsp://host:554/user=admin_password={HIDDEN}?real"


KEPT_APART = [
    "rtsp://admin:SECRET@host/1",
    "rtsp://admin:S@E/C@host/1",
    "rtsp://admin:SE%40CR@host:99999/1",
    "rtsp:/admin:SECRET@host/1",
    "admin:SECRET@host/x",
    "  rtsp://admin:SECRET@host/x",
    "rtsp://admin:SECRET",
    "rtsp://admin:SECRET@[fe80::1]:554/x",
    "http://admin:SECRET@host/video?user=a&pwd=SESAME&x=1",
    "rtsp://host:554/user=admin_password=SECRET_channel=1",
    "rtsp://host/1",
    "rtsp://admin@host/1",
    "webcam:Aula: S@l",
    "C:\\films\\S:a@b.mp4",
    "0",
]


@pytest.mark.parametrize("address", KEPT_APART)
def test_dots_and_passwords_together_are_the_address(address):
    shown = with_dots(address)
    if not address.startswith(("webcam:", "C:")):
        assert "S" not in shown
    assert with_secrets(shown, secrets_of(address)) == address
    assert with_dots(shown) == shown
    assert set(secrets_of(shown)) <= {HIDDEN}


def test_passwords_that_do_not_fit_the_dots_are_not_put_in():
    assert with_secrets(f"http://u:{HIDDEN}@host/?pwd={HIDDEN}", ("one",)) is None
    assert with_secrets(f"http://u:NEW@host/?pwd={HIDDEN}", ("one", "two")) == "http://u:NEW@host/?pwd=two"
    assert with_secrets("rtsp://host/1", ()) == "rtsp://host/1"


@pytest.mark.parametrize(
    ("address", "lacks"),
    [
        ("rtsp://admin@host/1", True),
        (f"rtsp://admin:{HIDDEN}@host/1", True),
        (f"http://host/?pwd={HIDDEN}", True),
        ("rtsp://admin:SECRET@host/1", False),
        ("rtsp://host/1", False),
        ("films/party@home.mp4", False),
        ("0", False),
    ],
)
def test_an_address_with_a_user_alone_lacks_a_password(address, lacks):
    assert lacks_password(address) is lacks


def test_a_typed_password_is_escaped():
    assert with_password("rtsp://admin@host/1", "a@b/c%ñ") == "rtsp://admin:a%40b%2Fc%25%C3%B1@host/1"
    assert with_password(f"rtsp://admin:{HIDDEN}@host/1", "a@b") == "rtsp://admin:a%40b@host/1"


@pytest.mark.parametrize(
    ("address", "account"),
    [
        ("rtsp://admin:SECRET@HOST:554/1", "admin@host"),
        ("http://admin@host/2?x", "admin@host"),
        ("rtsp://admin:S@[fe80::1]:554/x", "admin@[fe80::1]"),
        ("http://host/?token=SECRET", "@host"),
    ],
)
def test_a_password_is_for_a_user_of_a_host(address, account):
    assert camera_account(address) == account


def test_a_report_loses_the_passwords_of_its_addresses():
    text = "bad address 'rtsp://u:PA SS@E@host/x' of http://host/?pwd=SECRET\nRuntimeError: rtsp://u:SECRET@host:9/x\n"
    shown = text_without_secrets(text)
    assert not [part for part in ("PA", "SS", "E@", "SECRET") if part in shown]
    assert "RuntimeError: rtsp://host:9/x\n" in shown
    assert text_without_secrets('File "/a/b.py", line 3, in x@y') == 'File "/a/b.py", line 3, in x@y'
