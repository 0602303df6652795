"""Cards are read from a picture: at several sizes and tilts, beside each other, and nothing else is taken for one."""

import cv2
import numpy as np
import pytest

from attendance_app.domain.faces import Frame, Image
from attendance_app.services.cards import qr_modules
from attendance_app.vision.cards import CardReader

TOKENS = ("ABCDEFGH234567AB", "ZYXWVUTS765432QP")


def card(token: str, side: int) -> Image:
    """A printed card's code with its white border, ``side`` pixels wide."""
    code = np.array(qr_modules(token))
    squares = np.pad(np.where(code, 0, 255).astype(np.uint8), 4, constant_values=255)
    large = cv2.resize(squares, None, fx=12, fy=12, interpolation=cv2.INTER_NEAREST)
    small = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def room(width: int = 1280, height: int = 720) -> Image:
    """A mottled background with a camera's noise."""
    rng = np.random.default_rng(7)
    coarse = rng.integers(40, 220, (18, 32, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def held_up(frame: Image, token: str, *, side: int, tilt: float = 0, at: tuple[int, int] = (640, 360)) -> Image:
    """The frame with a card in it, tilted by so many degrees, blurred a little and noisy."""
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), tilt, 1)
    turn[:, 2] += [at[0] - side / 2, at[1] - side / 2]
    shown = frame.copy()
    size = frame.shape[1], frame.shape[0]
    cv2.warpAffine(card(token, side), turn, size, shown, borderMode=cv2.BORDER_TRANSPARENT)
    noise = np.random.default_rng(3).normal(0, 4, shown.shape)
    return np.clip(cv2.GaussianBlur(shown, (3, 3), 0) + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("tilt", [-30, -15, 0, 15, 30])
@pytest.mark.parametrize("side", [150, 220, 320])
def test_a_card_is_read_at_several_sizes_and_tilts(side: int, tilt: float) -> None:
    assert CardReader().read(held_up(room(), TOKENS[0], side=side, tilt=tilt)) == (TOKENS[0],)


def test_two_cards_are_read_at_once_and_a_large_picture_too() -> None:
    both = held_up(held_up(room(), TOKENS[0], side=220, at=(300, 300)), TOKENS[1], side=220, at=(900, 400))
    assert CardReader().read(both) == tuple(sorted(TOKENS))
    large = held_up(room(3840, 2160), TOKENS[0], side=500, tilt=10, at=(1900, 1000))
    assert CardReader().read(large) == (TOKENS[0],)


def test_a_photograph_is_searched_in_its_full_size() -> None:
    """In a room's photograph a card is small: shrunk as a camera's picture, its code has too few pixels."""
    large = held_up(room(4032, 3024), TOKENS[0], side=200, at=(3000, 1200))
    assert CardReader().read_frame(Frame(0, 0.0, large, photograph="room.jpg")) == (TOKENS[0],)


def test_other_codes_and_empty_rooms_are_no_cards() -> None:
    import segno

    assert CardReader().read(room()) == ()
    code = np.array([list(row) for row in segno.make_qr("https://example.org").matrix_iter(scale=8, border=4)])
    frame = room()
    frame[100 : 100 + len(code), 100 : 100 + len(code)] = np.where(code, 0, 255).astype(np.uint8)[..., None]
    assert CardReader().read(frame) == ()
