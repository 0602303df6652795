"""Lets a window show the frames of a source: of a camera every frame, while recognition takes those it has time for; of
a recording each frame as recognition takes it."""

import threading
from collections.abc import Callable

from attendance_app.domain.faces import Frame
from attendance_app.vision.mailbox import Mailbox
from attendance_app.vision.source_protocol import Source, WrappedSource

WAIT_SECONDS = 0.5
"""How often the thread looks whether it is to end, while no frame comes."""


class WatchedSource(WrappedSource):
    """Shows each frame of ``inner`` to ``watch`` on a thread of its own; ``read`` gives the newest not yet read.

    ``inner`` must keep its own pace (a camera, or a recording opened with ``realtime``). It is read from the first
    ``read`` on, so that a recording does not start before somebody is there to recognise. The last frame of a
    recording is not lost to a slow reader; what ``inner`` or ``watch`` raises is raised by ``read``.
    """

    live = True

    def __init__(self, inner: Source, watch: Callable[[Frame], None]) -> None:
        super().__init__(inner)
        self._watch = watch
        self._mailbox: Mailbox[Frame] = Mailbox()
        self._closed = False
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name=f"watch {inner.name}", daemon=True)

    def read(self, timeout: float | None = None) -> Frame | None:
        """Return the newest frame; see ``Source.read``."""
        # Started by the first ``read``: a session reads only after its networks are loaded, and a recording must not
        # run before.
        if not self._thread.is_alive() and self._thread.ident is None and not self._closed:
            self._thread.start()
        newest = self._mailbox.take(timeout)
        if newest is None and self._failure is not None and not self._closed:
            raise self._failure
        return newest

    def close(self) -> None:
        """Release the source; a waiting reader gets None."""
        self._closed = True
        self._mailbox.close()
        # Before joining: it ends the thread's wait for a frame.
        self._inner.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            # ``close`` may be called on the thread itself, by a listener of the source's state.
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._closed:
                try:
                    frame = self._inner.read(timeout=WAIT_SECONDS)
                except TimeoutError:
                    continue
                if frame is None:
                    break
                # The window shows every frame, also those that recognition is too slow for.
                self._watch(frame)
                self._mailbox.put(frame)
        except Exception as error:  # noqa: BLE001 - raised again by ``read``, on the thread that can tell of it
            self._failure = error
        finally:
            self._mailbox.finish()


class ShownRecording(WrappedSource):
    """Passes each frame of a recording to ``show`` when it is read: none is lost, however slow the reader is."""

    def __init__(self, inner: Source, show: Callable[[Frame], None]) -> None:
        super().__init__(inner)
        self._show = show

    def read(self, timeout: float | None = None) -> Frame | None:
        """Return the next frame; see ``Source.read``."""
        frame = self._inner.read(timeout)
        if frame is not None:
            self._show(frame)
        return frame
