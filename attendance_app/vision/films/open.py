"""Opens a film with the best reader that this machine has."""

from pathlib import Path

from attendance_app.vision.films.ffmpeg_film import FfmpegFilm
from attendance_app.vision.films.film import Film
from attendance_app.vision.films.library import ffmpeg
from attendance_app.vision.films.opencv_film import OpenCvFilm
from attendance_app.vision.opencv import prepare_opencv


def open_film(path: Path) -> Film:
    """Open a film of this machine. Raises FilmError if it has no pictures that can be read."""
    prepare_opencv()
    library = ffmpeg()
    if library is None:
        return OpenCvFilm(str(path))
    # "file:" so that "10:30.mp4" is not taken for an address; a play list in a file must not reach the network.
    return FfmpegFilm(library, f"file:{path}", {"protocol_whitelist": "file"})
