"""Texts of the coach."""

from attendance_app.services.capture_coach import Advice, View
from attendance_app.ui.i18n import tr


def advice_words(advice: Advice) -> str:
    """Return the instruction for the student."""
    return {
        Advice.NOBODY: tr("Sit in front of the camera"),
        Advice.ONE_ONLY: tr("Only one person in the picture, please"),
        Advice.COME_NEARER: tr("Come nearer"),
        Advice.MOVE_BACK: tr("Move back a little"),
        Advice.TO_THE_MIDDLE: tr("Move into the oval"),
        Advice.TOO_DARK: tr("Too dark: more light on the face"),
        Advice.TOO_BRIGHT: tr("Too bright: less light on the face"),
        Advice.LOOK_AHEAD: tr("Look at the camera"),
        Advice.TURN_LEFT: tr("Turn a little to your left"),
        Advice.TURN_RIGHT: tr("Turn a little to your right"),
        Advice.TURN_LESS: tr("Turn back a little"),
        Advice.HOLD_STILL: tr("Hold still"),
        Advice.DONE: tr("Thank you, that is all"),
    }[advice]


def view_word(view: View) -> str:
    """Return the name of a view."""
    return {View.STRAIGHT: tr("Straight"), View.LEFT: tr("Left", "view"), View.RIGHT: tr("Right", "view")}[view]
