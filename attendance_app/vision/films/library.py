"""FFmpeg's libraries, as OpenCV's wheel brings them, called directly.

OpenCV 5.0 can't convert interlaced pictures with the FFmpeg that it ships, and reports success all the same
(docs/adr/0022). The libraries are called for what OpenCV leaves out. FFmpeg keeps the layout of its structures within
a major version, so only the versions whose layout is written down here are used.
"""

import ctypes
import functools
import logging
from collections.abc import Mapping
from ctypes import POINTER, c_char_p, c_int, c_int64, c_uint, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from attendance_app.vision.opencv import is_quiet

_log = logging.getLogger(__name__)

MAJOR_VERSIONS: Final = {"avutil": 60, "avcodec": 62, "avformat": 62, "swscale": 9}
"""FFmpeg 8, in the order in which the libraries need each other."""

# AV_LOG_QUIET: nothing is printed.
_LOG_QUIET: Final = -8


class Rational(ctypes.Structure):
    _fields_ = (("num", c_int), ("den", c_int))

    def value(self, *, otherwise: float) -> float:
        return self.num / self.den if self.num and self.den else otherwise


class AVFrame(ctypes.Structure):
    """AVFrame, up to the fields that are read."""

    _fields_ = (
        ("data", c_void_p * 8),
        ("linesize", c_int * 8),
        ("extended_data", c_void_p),
        ("width", c_int),
        ("height", c_int),
        ("samples", c_int),
        ("format", c_int),
        ("picture_type", c_int),
        ("aspect", Rational),
        ("pts", c_int64),
        ("dts", c_int64),
        ("time_base", Rational),
        ("quality", c_int),
        ("opaque", c_void_p),
        ("repeat", c_int),
        ("sample_rate", c_int),
        ("buffers", c_void_p * 8),
        ("extended_buffers", c_void_p),
        ("extended_buffer_count", c_int),
        ("side_data", c_void_p),
        ("side_data_count", c_int),
        ("flags", c_int),
        ("color_range", c_int),
        ("color_primaries", c_int),
        ("color_transfer", c_int),
        ("color_space", c_int),
        ("chroma_location", c_int),
        ("best_timestamp", c_int64),
    )


class SideData(ctypes.Structure):
    _fields_ = (("kind", c_int), ("data", POINTER(ctypes.c_int32)))


class Packet(ctypes.Structure):
    _fields_ = (
        ("buffer", c_void_p),
        ("pts", c_int64),
        ("dts", c_int64),
        ("data", c_void_p),
        ("size", c_int),
        ("stream", c_int),
    )


class CodecParameters(ctypes.Structure):
    _fields_ = (("kind", c_int), ("codec", c_int))


class Stream(ctypes.Structure):
    _fields_ = (
        ("av_class", c_void_p),
        ("index", c_int),
        ("id", c_int),
        ("parameters", POINTER(CodecParameters)),
        ("private", c_void_p),
        ("time_base", Rational),
        ("start", c_int64),
        ("duration", c_int64),
        ("frames", c_int64),
        ("disposition", c_int),
    )


Interrupted = ctypes.CFUNCTYPE(c_int, c_void_p)
"""Called repeatedly while FFmpeg waits; any value but 0 ends the wait."""


class Container(ctypes.Structure):
    """AVFormatContext, up to the fields that are read."""

    _fields_ = (
        ("av_class", c_void_p),
        ("input", c_void_p),
        ("output", c_void_p),
        ("private", c_void_p),
        ("io", c_void_p),
        ("flags", c_int),
        ("stream_count", c_uint),
        ("streams", POINTER(POINTER(Stream))),
        ("group_count", c_uint),
        ("groups", c_void_p),
        ("chapter_count", c_uint),
        ("chapters", c_void_p),
        ("url", c_char_p),
        ("start", c_int64),
        ("duration", c_int64),
        ("bit_rate", c_int64),
        ("packet_size", c_uint),
        ("max_delay", c_int),
        ("option_flags", c_int),
        ("probe_size", c_int64),
        ("max_analyze_duration", c_int64),
        ("key", c_void_p),
        ("key_length", c_int),
        ("program_count", c_uint),
        ("programs", c_void_p),
        ("codecs", c_int * 4),
        ("metadata", c_void_p),
        ("real_start", c_int64),
        ("rate_probe_size", c_int),
        ("error_recognition", c_int),
        ("is_interrupted", Interrupted),
        ("interrupted_opaque", c_void_p),
    )


@dataclass(frozen=True, slots=True)
class Library:
    """The four libraries, with the types of the functions that are called."""

    util: ctypes.CDLL
    codec: ctypes.CDLL
    format: ctypes.CDLL
    scale: ctypes.CDLL

    def options(self, values: Mapping[str, str]) -> c_void_p:
        """Return an AVDictionary, to be handed on by reference and freed with ``av_dict_free``."""
        dictionary = c_void_p()
        for name, value in values.items():
            self.util.av_dict_set(ctypes.byref(dictionary), name.encode(), value.encode(), 0)
        return dictionary


@functools.cache
def ffmpeg() -> Library | None:
    """Return the libraries, or None where OpenCV brings none or other versions (Windows has them inside one file)."""
    try:
        library = Library(*(_loaded(name, major) for name, major in MAJOR_VERSIONS.items()))
        for owner, functions in _FUNCTIONS.items():
            _declare(getattr(library, owner), functions)
    except (OSError, AttributeError) as error:
        _log.info("FFmpeg's libraries are not called directly: %s", error)
        return None
    if is_quiet():
        library.util.av_log_set_level(_LOG_QUIET)
    return library


def _loaded(name: str, major: int) -> ctypes.CDLL:
    import cv2

    package = Path(cv2.__file__).parent
    # Where the tools that repair wheels put libraries: auditwheel on Linux, delocate on macOS. auditwheel puts a hash
    # after the name.
    folders = [package.parent / "opencv_python_headless.libs", package / ".dylibs"]
    files = [file for folder in folders for file in sorted(folder.glob(f"lib{name}[-.]*"))]
    if not files:
        raise OSError(f"no lib{name} beside OpenCV")
    library = ctypes.CDLL(str(files[0]))
    version = getattr(library, f"{name}_version")
    version.restype = c_uint
    # Major, minor and micro version share one number, the major one in front.
    if version() >> 16 != major:
        raise OSError(f"lib{name} is version {version() >> 16}, not {major}")
    return library


def _declare(library: ctypes.CDLL, functions: Mapping[str, tuple[Any, list[Any]]]) -> None:
    for name, (result, arguments) in functions.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


# A pointer to a pointer, which FFmpeg sets: the caller hands over ``byref``.
_BY_REFERENCE: Final = c_void_p
_FUNCTIONS: Final[Mapping[str, Mapping[str, tuple[Any, list[Any]]]]] = {
    "util": {
        "av_dict_free": (None, [_BY_REFERENCE]),
        "av_dict_set": (c_int, [_BY_REFERENCE, c_char_p, c_char_p, c_int]),
        "av_frame_alloc": (POINTER(AVFrame), []),
        "av_frame_free": (None, [_BY_REFERENCE]),
        "av_frame_get_side_data": (POINTER(SideData), [POINTER(AVFrame), c_int]),
        "av_get_pix_fmt": (c_int, [c_char_p]),
        "av_log_set_level": (None, [c_int]),
        "av_opt_set": (c_int, [c_void_p, c_char_p, c_char_p, c_int]),
        "av_pix_fmt_get_chroma_sub_sample": (c_int, [c_int, POINTER(c_int), POINTER(c_int)]),
    },
    "codec": {
        "av_packet_alloc": (POINTER(Packet), []),
        "av_packet_free": (None, [_BY_REFERENCE]),
        "av_packet_unref": (None, [POINTER(Packet)]),
        "avcodec_alloc_context3": (c_void_p, [c_void_p]),
        "avcodec_free_context": (None, [_BY_REFERENCE]),
        "avcodec_get_name": (c_char_p, [c_int]),
        "avcodec_open2": (c_int, [c_void_p, c_void_p, c_void_p]),
        "avcodec_parameters_to_context": (c_int, [c_void_p, POINTER(CodecParameters)]),
        "avcodec_receive_frame": (c_int, [c_void_p, POINTER(AVFrame)]),
        "avcodec_send_packet": (c_int, [c_void_p, POINTER(Packet)]),
    },
    "format": {
        "av_find_best_stream": (c_int, [POINTER(Container), c_int, c_int, c_int, POINTER(c_void_p), c_int]),
        "av_guess_frame_rate": (Rational, [POINTER(Container), POINTER(Stream), c_void_p]),
        "av_guess_sample_aspect_ratio": (Rational, [POINTER(Container), POINTER(Stream), POINTER(AVFrame)]),
        "av_read_frame": (c_int, [POINTER(Container), POINTER(Packet)]),
        "avformat_alloc_context": (POINTER(Container), []),
        "avformat_close_input": (None, [_BY_REFERENCE]),
        "avformat_find_stream_info": (c_int, [POINTER(Container), c_void_p]),
        "avformat_open_input": (c_int, [_BY_REFERENCE, c_char_p, c_void_p, _BY_REFERENCE]),
    },
    "scale": {
        "sws_freeContext": (None, [c_void_p]),
        "sws_getCoefficients": (c_void_p, [c_int]),
        "sws_getContext": (c_void_p, [c_int] * 7 + [c_void_p] * 3),
        "sws_scale": (c_int, [c_void_p, c_void_p, c_void_p, c_int, c_int, c_void_p, c_void_p]),
        "sws_setColorspaceDetails": (c_int, [c_void_p, c_void_p, c_int, c_void_p, c_int, c_int, c_int, c_int]),
    },
}
