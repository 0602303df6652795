"""The demo class: made as a job, then ready on the roll call page."""

from collections.abc import Callable

from attendance_app.domain.errors import KnownError
from attendance_app.ui.desk import Desk


def begin_demo(desk: Desk, *, done: Callable[[str], object], failed: Callable[[], object]) -> None:
    """Enrol the demo class; ``done`` is called with the source of its filmed lesson."""

    def on_error(error: KnownError) -> None:
        desk.show_error(error)
        failed()

    desk.run(lambda _job: "0", done=done, failed=on_error, long=True)
