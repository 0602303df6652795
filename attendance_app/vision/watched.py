"""Lets a window show every frame of a source while recognition takes only those it has time for."""

import threading
from collections.abc import Callable

from attendance_app.domain.errors import SourceError
from attendance_app.domain.faces import Frame
from attendance_app.vision.source_protocol import ClosingSource, Source, SourceState

WAIT_SECONDS = 0.5


class WatchedSource(ClosingSource):
    """Shows each frame of ``inner`` to ``watch`` on a thread of its own; ``read`` gives the newest not yet read.

    ``inner`` must keep its own pace (a camera, or a recording opened with ``realtime``). It is read from the first
    ``read`` on, so that a recording does not start before somebody is there to recognise. The last frame of a
    recording is not lost to a slow reader.
    """

    live = True

    def __init__(self, inner: Source, watch: Callable[[Frame], None]) -> None:
        self._inner = inner
        self._watch = watch
        self._changed = threading.Condition()
        self._newest: Frame | None = None
        self._ended = False
        self._failure: SourceError | None = None
        self._thread = threading.Thread(target=self._run, name=f"watch {inner.name}", daemon=True)

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def state(self) -> SourceState:
        return self._inner.state

    @property
    def frames_read(self) -> int:
        return self._inner.frames_read

    @property
    def truncated(self) -> bool:
        return self._inner.truncated

    def read(self, timeout: float | None = None) -> Frame | None:
        """Return the newest frame; see ``Source.read``."""
        if not self._thread.is_alive() and self._thread.ident is None:
            self._thread.start()
        with self._changed:
            if not self._changed.wait_for(lambda: self._newest is not None or self._ended, timeout):
                raise TimeoutError
            newest, self._newest = self._newest, None
            if newest is None and self._failure is not None:
                raise self._failure
            return newest

    def close(self) -> None:
        """Release the source; a waiting reader gets None."""
        with self._changed:
            self._newest, self._ended = None, True
            self._changed.notify_all()
        self._inner.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ended:
                try:
                    frame = self._inner.read(timeout=WAIT_SECONDS)
                except TimeoutError:
                    continue
                if frame is None:
                    break
                self._watch(frame)
                with self._changed:
                    if not self._ended:
                        self._newest = frame
                        self._changed.notify_all()
        except SourceError as error:
            self._failure = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()
