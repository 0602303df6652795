"""Unknown people of a session: tracks that are nobody of the roster, grouped by person."""

from collections.abc import Collection

import numpy as np

from attendance_app.domain.roll_call import DecisionKind, merge_unknown
from attendance_app.services.session.frame_result import UnknownPerson
from attendance_app.services.session.stages.track_states import TrackStates

LOOK_SECONDS = 2.0
"""How often a better picture of an unknown person is reported."""


def unknown_people(states: TrackStates) -> tuple[UnknownPerson, ...]:
    """Return each person who is not on the roster.

    A track similar to that of a marked student is that student again, badly seen, and is left out.
    """
    tracks = sorted(states.roll_call.unknown_tracks & states.unknown.keys())
    if states.proved and tracks:
        known = np.stack(list(states.proved.values()))
        apart = {one: float(np.linalg.norm(known - states.unknown[one].mean, axis=1).min()) for one in tracks}
        tracks = [one for one in tracks if apart[one] >= states.limits_of(one).student]
    limits = [states.limits_of(track_id).tracks for track_id in tracks]
    groups = merge_unknown([states.unknown[track_id].mean for track_id in tracks], same_below=limits)
    people: dict[int, list[int]] = {}
    for group, track_id in zip(groups, tracks, strict=True):
        people.setdefault(group, []).append(track_id)
    return tuple(_person(states, one) for one in people.values())


def _person(states: TrackStates, tracks: list[int]) -> UnknownPerson:
    looks = [look for track_id in tracks if (look := states.unknown[track_id].best) is not None]
    return UnknownPerson(tuple(tracks), max(looks, key=lambda look: look.quality.score, default=None))


class UnknownPeople:
    """Reports when a person has become unknown or was proved a student, and at intervals a better picture."""

    def __init__(self, states: TrackStates) -> None:
        self._states = states
        self._any = False
        self._reported: tuple[UnknownPerson, ...] = ()
        self._next = float("-inf")

    def changed(self, decided: Collection[DecisionKind], seconds: float) -> tuple[UnknownPerson, ...] | None:
        """Return all unknown people if they have changed; ``decided``: the kinds of this frame's decisions."""
        self._any |= DecisionKind.UNKNOWN in decided
        # A mark changes the unknown people as well: an unknown track may now be that student.
        pressing = DecisionKind.UNKNOWN in decided or DecisionKind.MARK in decided
        if not self._any or not (pressing or seconds >= self._next):
            return None
        self._next = seconds + LOOK_SECONDS
        people = unknown_people(self._states)
        if people == self._reported:
            return None
        self._reported = people
        return people
