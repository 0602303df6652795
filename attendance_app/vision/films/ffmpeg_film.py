"""A film or stream decoded by FFmpeg's own libraries."""

import errno
import math
import os
import time
from collections.abc import Mapping
from ctypes import byref, c_void_p
from typing import Final

import numpy as np

from attendance_app.domain.faces import Image
from attendance_app.vision.films.convert import Converter
from attendance_app.vision.films.film import FilmError, Unreadable, plausible_rate
from attendance_app.vision.films.geometry import MOST_PIXELS, square_pixels
from attendance_app.vision.films.library import Interrupted, Library, Stream

# Numbers of FFmpeg's headers: AVMEDIA_TYPE_VIDEO, AV_DISPOSITION_ATTACHED_PIC, AV_NOPTS_VALUE, AV_TIME_BASE,
# AVERROR(EAGAIN), AVERROR_EOF, AVERROR(ENOSYS). Numbers of ``errno`` differ from system to system.
_VIDEO: Final = 0
_COVER: Final = 0x400
"""AV_DISPOSITION_ATTACHED_PIC: a still picture that comes with the sound."""
_NO_TIME: Final = -(1 << 63)
_TIME_BASE: Final = 1_000_000
_AGAIN: Final = -errno.EAGAIN
_END: Final = -int.from_bytes(b"EOF ", "little")
_NOT_HERE: Final = -errno.ENOSYS
_FAILURES_AT_MOST: Final = 64
"""Packets in a row that give no picture before the film counts as ended, as in OpenCV."""


class FfmpegFilm:
    """See ``Film``. Not thread-safe.

    ``options`` are those of FFmpeg's containers and protocols. ``patience`` limits in seconds how long opening, and
    later each ``grab``, waits for a stream. Raises FilmError if no picture can be decoded.
    """

    def __init__(
        self, library: Library, address: str, options: Mapping[str, str], *, patience: float = math.inf
    ) -> None:
        self._library = library
        self._patience = patience
        self._deadline = time.monotonic() + patience
        # Kept for as long as the film is open: ctypes frees a callback that nobody in Python holds.
        self._is_interrupted = Interrupted(lambda _: time.monotonic() > self._deadline)
        self._converter = Converter(library)
        self._container = library.format.avformat_alloc_context()
        self._context = c_void_p()
        self._packet = library.codec.av_packet_alloc()
        self._frame = library.util.av_frame_alloc()
        self._no_decoder = False
        try:
            self._open(address, options)
        except FilmError:
            self.close()
            raise

    @property
    def rate(self) -> float:
        guessed = self._library.format.av_guess_frame_rate(self._container, byref(self._stream), None)
        return plausible_rate(guessed.value(otherwise=math.nan))

    @property
    def promised(self) -> float:
        if self._stream.frames > 0:
            return float(self._stream.frames)
        seconds = self._stated_duration
        # As OpenCV counts.
        return math.floor(seconds * self.rate + 0.5) if seconds > 0 else 0.0

    @property
    def stated_seconds(self) -> float:
        ticks = self._frame.contents.best_timestamp
        return math.nan if ticks == _NO_TIME else float(ticks * self._stream.time_base.value(otherwise=math.nan))

    @property
    def codec(self) -> str:
        name: bytes = self._library.codec.avcodec_get_name(self._stream.parameters.contents.codec)
        return name.decode()

    @property
    def no_decoder(self) -> bool:
        return self._no_decoder

    def grab(self) -> bool:
        self._deadline = time.monotonic() + self._patience
        codec, failures = self._library.codec, 0
        while failures <= _FAILURES_AT_MOST:
            answer = codec.avcodec_receive_frame(self._context, self._frame)
            if answer == 0:
                return True
            if answer == _END:
                return False
            # The decoder wants more packets before it gives a picture.
            if answer == _AGAIN:
                answer = self._feed()
            if answer < 0:
                failures += 1
                # FFmpeg's own AV1 decoder opens everywhere, and says at the first picture that it needs hardware.
                self._no_decoder |= answer == _NOT_HERE
        return False

    def picture(self) -> Image | None:
        frame = self._frame.contents
        image = self._converter.picture(frame)
        if image is None:
            return None
        aspect = self._library.format.av_guess_sample_aspect_ratio(self._container, byref(self._stream), self._frame)
        # Converted pictures are turned already, the stated aspect is that of the frame as it was coded.
        lying = image.shape[0] != frame.height
        ratio = aspect.value(otherwise=1.0)
        return np.ascontiguousarray(square_pixels(image, 1 / ratio if lying else ratio))

    def close(self) -> None:
        self._converter.close()
        self._library.codec.avcodec_free_context(byref(self._context))
        self._library.codec.av_packet_free(byref(self._packet))
        self._library.util.av_frame_free(byref(self._frame))
        self._library.format.avformat_close_input(byref(self._container))

    def _open(self, address: str, options: Mapping[str, str]) -> None:
        library = self._library
        self._container.contents.is_interrupted = self._is_interrupted
        dictionary = library.options(options)
        opened = library.format.avformat_open_input(
            # A file's name need not be text in the system's encoding.
            byref(self._container),
            os.fsencode(address),
            None,
            byref(dictionary),
        )
        library.util.av_dict_free(byref(dictionary))
        if opened < 0 or library.format.avformat_find_stream_info(self._container, None) < 0:
            raise FilmError(Unreadable.BROKEN)
        # Found by hand first: where there is no decoder, FFmpeg's best stream is none, and the error is to name the
        # coding.
        self._stream = self._video_stream()
        decoder = c_void_p()
        index = library.format.av_find_best_stream(self._container, _VIDEO, -1, -1, byref(decoder), 0)
        if index < 0 or not decoder:
            raise FilmError(Unreadable.NO_DECODER, self.codec)
        self._stream = self._container.contents.streams[index].contents
        self._context = c_void_p(library.codec.avcodec_alloc_context3(decoder))
        library.codec.avcodec_parameters_to_context(self._context, self._stream.parameters)
        for name, value in (("threads", "auto"), ("max_pixels", str(MOST_PIXELS))):
            library.util.av_opt_set(self._context, name.encode(), value.encode(), 0)
        if library.codec.avcodec_open2(self._context, decoder, None) < 0:
            raise FilmError(Unreadable.NO_DECODER, self.codec)

    def _video_stream(self) -> Stream:
        container = self._container.contents
        for index in range(container.stream_count):
            stream: Stream = container.streams[index].contents
            if stream.parameters.contents.kind == _VIDEO and not stream.disposition & _COVER:
                return stream
        raise FilmError(Unreadable.NO_PICTURE if container.stream_count else Unreadable.BROKEN)

    def _feed(self) -> int:
        """Send the film's next packet to the decoder; after the last one, send the signal to return the pictures it
        holds back."""
        codec, packet = self._library.codec, self._packet
        while (read := self._library.format.av_read_frame(self._container, packet)) in {0, _AGAIN}:
            wanted = read == 0 and packet.contents.stream == self._stream.index
            sent: int = codec.avcodec_send_packet(self._context, packet) if wanted else 0
            codec.av_packet_unref(packet)
            if wanted:
                return sent
        # No packet: the decoder returns the pictures that it has held back.
        codec.avcodec_send_packet(self._context, None)
        return 0

    @property
    def _stated_duration(self) -> float:
        """Seconds. Where the clock starts late, some files count from its zero, others from the first picture."""
        container = self._container.contents
        if container.duration == _NO_TIME:
            return 0.0
        late = container.start if 0 < container.start < container.duration else 0
        return float(container.duration - late) / _TIME_BASE
