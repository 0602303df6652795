"""The sources of a roll: one, or several at the same time."""

from collections.abc import Callable

from attendance_app.services.session.roll_messages import PictureKnown, RollOrder, SourceStatus
from attendance_app.services.session.roll_source import RollSource
from attendance_app.services.session.roll_tools import RollTools


class RollSources:
    """The main source is always there, open or not; others come and go. Used on the roll's thread."""

    def __init__(self, order: RollOrder, tools: RollTools, post: Callable[[Callable[[], None]], None]) -> None:
        self._order, self._tools, self._post = order, tools, post
        self.main = RollSource(order, tools, post)
        self._others: list[RollSource] = []
        self._gone: list[RollSource] = []
        self._count = 1
        self._turn = 0

    @property
    def all(self) -> tuple[RollSource, ...]:
        return self.main, *self._others

    @property
    def open(self) -> tuple[RollSource, ...]:
        """Those that can be read."""
        return tuple(one for one in self.all if one.source is not None)

    @property
    def idle(self) -> bool:
        """Whether nothing comes any more, and nothing is waited for."""
        return all(one.idle for one in self.all)

    @property
    def statuses(self) -> tuple[SourceStatus, ...]:
        return tuple(status for one in self.all if (status := one.status) is not None)

    def numbered(self, number: int | None) -> RollSource | None:
        """Return the source with that number, None if it has gone; for None the main one."""
        return self.main if number is None else next((one for one in self.all if one.number == number), None)

    def another(self) -> RollSource:
        """Return where a further source can be opened: the main one while it is idle, else a new one."""
        if self.main.idle and self.main.error is None:
            return self.main
        added = RollSource(self._order, self._tools, self._post, self._count)
        self._count += 1
        self._others.append(added)
        return added

    def drop(self, source: RollSource) -> None:
        """Close a source and forget it; what it has given still counts."""
        source.close()
        source.error = source.spec = None
        if source in self._others:
            self._others.remove(source)
            self._gone.append(source)

    def in_turn(self) -> tuple[RollSource, ...]:
        """Return the open sources, each time beginning with the next one, so that none is left out."""
        sources = self.open
        self._turn += 1
        first = self._turn % len(sources) if sources else 0
        return sources[first:] + sources[:first]

    @property
    def reopen_at(self) -> float | None:
        """When the next lost camera is opened again, in ``ticks``."""
        return min((one.reopen_at for one in self.all if one.reopen_at is not None), default=None)

    @property
    def frames_read(self) -> int:
        """Frames of all sources so far, including those that were dropped."""
        return sum(one.frames_read for one in self._ever)

    @property
    def seconds(self) -> float:
        """Of the source that has been watched longest."""
        return max(one.seconds for one in self._ever)

    @property
    def truncated(self) -> bool:
        return any(one.truncated for one in self._ever)

    @property
    def pictures(self) -> tuple[PictureKnown, ...]:
        """What the cameras have given."""
        return tuple(picture for one in self._ever for picture in one.pictures)

    @property
    def _ever(self) -> tuple[RollSource, ...]:
        """Those that have gone as well."""
        return self.all + tuple(self._gone)

    @property
    def begun(self) -> tuple[RollSource, ...]:
        """Those that have given frames."""
        return tuple(one for one in self._ever if one.time is not None)

    def close(self) -> None:
        """Close all."""
        for one in self.all:
            one.close()
