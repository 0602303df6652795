"""Hints that would help the camera, shown once they last: light and focus first, then what most faces lack."""

from collections import Counter
from enum import Enum

from attendance_app.domain.faces import Flaw, Frame
from attendance_app.services.session.frame_result import FaceState, FrameResult
from attendance_app.ui.i18n import tr
from attendance_app.vision.quality import FrameHint, frame_hint
from attendance_app.vision.source_protocol import SourceState

EVERY_SECONDS = 1.5
"""Seconds of the source from one judgement to the next."""
LASTING = 2
"""Equal results in a row before a hint appears or disappears."""
FACES_AT_LEAST = 3
"""Number of flawed faces from which the picture is the likely cause, not a student."""


class PictureHint(Enum):
    """What is wrong with the picture as a whole."""

    SIDEWAYS = "lies on its side"


Hint = FrameHint | Flaw | SourceState | PictureHint | None


class HintWatch:
    """Used on the session's thread. ``look`` returns whether ``hint`` has changed."""

    def __init__(self) -> None:
        self.hint: Hint = None
        self._candidate: Hint = None
        self._agreed = 0
        self._next = float("-inf")

    def look(self, frame: Frame, result: FrameResult) -> bool:
        """Judge a frame, at most every ``EVERY_SECONDS``."""
        # The source's time, so that a recording gives the same hints however fast it is read.
        if frame.seconds < self._next:
            return False
        self._next = frame.seconds + EVERY_SECONDS
        found: Hint = frame_hint(frame.image) or _common_flaw(result)
        self._agreed = self._agreed + 1 if found == self._candidate else 1
        self._candidate = found
        if self._agreed < LASTING or found == self.hint:
            return False
        self.hint = found
        return True


def _common_flaw(result: FrameResult) -> Flaw | None:
    open_faces = [face for face in result.faces if face.state in {FaceState.PENDING, FaceState.DOUBTFUL}]
    # Students who turn away are no fault of the picture.
    flaws = Counter(face.flaw for face in open_faces if face.flaw is not None and face.flaw is not Flaw.TURNED_AWAY)
    if not flaws:
        return None
    flaw, count = flaws.most_common(1)[0]
    # Half of all faces at least: a few flawed ones sit badly, and the picture is not to blame.
    return flaw if count >= FACES_AT_LEAST and 2 * count >= len(result.faces) else None


def hint_words(hint: Enum | None) -> str:
    """Say a hint so that it can be acted upon; empty for none."""
    if hint is None:
        return ""
    words: dict[Enum, str] = {
        SourceState.OPENING: tr("Opening the camera…"),
        SourceState.RECONNECTING: tr(
            "The camera is lost. Check its cable; the program connects to it again by itself."
        ),
        SourceState.ENDED: tr("The recording has ended. Correct what is needed, then end the session."),
        PictureHint.SIDEWAYS: tr("Nobody is recognised: the picture seems to lie on its side or to stand on its head."),
        FrameHint.TOO_DARK: tr("Too dark to recognise anyone: switch on the light or uncover the camera."),
        FrameHint.BACKLIT: tr("Light from behind: draw the curtains or turn the camera away from the window."),
        FrameHint.BLURRED: tr("The picture is blurred: wipe the lens or let the camera focus."),
        Flaw.TOO_SMALL: tr("Most faces are too far away: move the camera nearer."),
        Flaw.BLURRED: tr("Most faces are blurred: more light helps, and a camera that stands still."),
        Flaw.TOO_DARK: tr("Most faces are too dark: more light from the front helps."),
        Flaw.TOO_BRIGHT: tr("Most faces are too bright: less light on them helps."),
    }
    return words.get(hint, "")
