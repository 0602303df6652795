"""Words for films whose pictures can't be read."""

from typing import Final

from attendance_app.vision.films import errors
from attendance_app.words.kinds import Table, Words

WORDS: Final[Table] = {
    errors.SoundAlone: Words(
        "{name} has no picture, only sound or text.",
        remedy="Choose the recording that has the picture; some cameras and phones save sound on its own.",
    ),
    errors.CodingUnknown: Words(
        "{name} is a kind of video that can't be read here ({codec}).",
        remedy="Convert it to MP4 with H.264, for example with HandBrake, or set the camera to H.264.",
    ),
}
