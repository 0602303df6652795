"""Checks of Python, system, processor, libraries and networks."""

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final

from attendance_app.domain.errors import KnownError
from attendance_app.networks.manifest import read_manifest, verify
from attendance_app.services.doctor.check_result import CheckResult, failed, fine, warning
from attendance_app.services.doctor.child_process import Ask, run_in_process
from attendance_app.services.doctor.errors import (
    LibraryBroken,
    ProcessorTooOld,
    PythonUntested,
    SingleCore,
    SlowProcessor,
    SystemNotServed,
)

OLDEST, NEWEST = (3, 11), (3, 13)
"""Versions of Python, as ``requires-python`` in ``pyproject.toml`` has them."""
LIBRARIES: Final = ("cv2", "dlib", "onnxruntime")


def check_python(version: Sequence[int] = sys.version_info[:3]) -> CheckResult:
    name = "Python and system"
    detail = f"Python {'.'.join(map(str, version[:3]))}, {platform.platform()}"
    if OLDEST <= (version[0], version[1]) <= NEWEST:
        return fine(name, detail)
    return warning(name, PythonUntested(version=".".join(map(str, version[:3]))), detail)


OLDEST_MACOS: Final = (14,)
OLDEST_GLIBC: Final = (2, 34)
"""What the wheels of PySide6, ONNX Runtime and dlib-bin ask for."""


@dataclass(frozen=True, slots=True)
class System:
    """``kind`` as in ``sys.platform``, ``machine`` as in ``platform.machine()``; versions empty where there is none."""

    kind: str
    machine: str
    macos: str = ""
    glibc: str = ""

    @classmethod
    def here(cls) -> "System":
        library, version = platform.libc_ver()
        glibc = version if library == "glibc" else ""
        return cls(sys.platform, platform.machine().lower(), platform.mac_ver()[0], glibc)


def check_system(system: System | None = None) -> CheckResult:
    """Say whether the libraries are made for this system; somebody may have built some of them from source."""
    name = "System"
    system = system or System.here()
    match system.kind:
        case "darwin":
            detail = f"macOS {system.macos}, {system.machine}"
            served = system.machine == "arm64" and _numbers(system.macos) >= OLDEST_MACOS
        case "linux":
            detail = f"Linux, {system.machine}, {f'glibc {system.glibc}' if system.glibc else 'no glibc'}"
            served = _numbers(system.glibc) >= OLDEST_GLIBC
        case _:
            detail = f"{system.kind}, {system.machine}"
            served = system.kind == "win32" and system.machine in {"amd64", "x86_64"}
    return fine(name, detail) if served else warning(name, SystemNotServed(system=detail), detail)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def check_processor() -> CheckResult:
    """Look for the vector instructions that ONNX Runtime is fast with."""
    name = "Processor"
    cores = os.cpu_count() or 1
    features = processor_features()
    detail = f"{platform.machine()}, {cores} cores" + (f", {', '.join(features)}" if features else "")
    if cores < 2:
        return warning(name, SingleCore(), detail)
    if not features:
        return warning(name, SlowProcessor(), detail)
    return fine(name, detail)


def processor_features() -> list[str]:
    """Return which of NEON, AVX2, AVX-512 and VNNI this processor has."""
    # Every 64-bit ARM processor has NEON.
    if platform.machine().lower() in {"arm64", "aarch64"}:
        return ["NEON"]
    if sys.platform == "win32":
        return _windows_features()
    if sys.platform == "darwin":
        return named_features(_output(["sysctl", "-n", "machdep.cpu.leaf7_features"]))
    return named_features(_text(Path("/proc/cpuinfo")))


def named_features(flags: str) -> list[str]:
    """Pick the features from the words that Linux or macOS has for them."""
    words = set(flags.lower().split())
    names = (("AVX2", {"avx2"}), ("AVX-512", {"avx512f"}), ("VNNI", {"avx512_vnni", "avx512vnni", "avx_vnni"}))
    return [name for name, known_as in names if words & known_as]


def _windows_features() -> list[str]:
    import ctypes

    asked = getattr(ctypes, "windll").kernel32.IsProcessorFeaturePresent  # noqa: B009 - absent elsewhere
    # PF_AVX2_INSTRUCTIONS_AVAILABLE and PF_AVX512F_INSTRUCTIONS_AVAILABLE in winnt.h
    return [name for name, number in (("AVX2", 40), ("AVX-512", 41)) if asked(number)]


def _output(command: list[str]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def check_libraries(ask: Ask = run_in_process) -> CheckResult:
    """Import the compiled libraries, each in a process of its own: on an old processor they may crash."""
    name = "Libraries"
    versions = []
    for library in LIBRARIES:
        answer = ask(partial(library_version, library))
        if answer.status:
            said = f"{library}: {answer.said}"
            # An instruction that the processor has not: a library that was built for a newer one.
            if answer.status == -signal.SIGILL:
                return failed(name, ProcessorTooOld(library=library), said)
            return failed(name, LibraryBroken(library=library), said)
        versions.append(f"{library} {answer.said}")
    return fine(name, ", ".join(versions))


def library_version(library: str) -> str:
    """Import a library and return its version."""
    return str(import_module(library).__version__)


def check_networks(folder: Path | None = None) -> CheckResult:
    """Compare every trained network with its checksum."""
    name = "Networks"
    try:
        entries = read_manifest(folder)
        for entry in entries:
            verify(entry, folder)
    except KnownError as error:
        return failed(name, error)
    return fine(name, f"{len(entries)} files as published")
