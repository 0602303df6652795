"""Matches all faces in the picture with the gallery at once, so that no student is assigned to two of them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from attendance_app.domain.fusion import ClassifierChoice, fuse
from attendance_app.domain.roll_call import assign, shows_class
from attendance_app.services.session.doubts import Alternatives, alternatives_about, apply_names
from attendance_app.services.session.evidence import (
    InHouseNetworks,
    TrackEvidence,
    likeliest,
    network_posterior,
    unknown_to_head,
)
from attendance_app.services.session.stages.frame_work import FrameState, Posterior, TrackMatch
from attendance_app.services.session.stages.track_states import TrackStates
from attendance_app.vision.track import Track


class MatchFaces:
    """Adds a match for each face that was encoded in this frame."""

    def __init__(self, states: TrackStates, in_house: InHouseNetworks) -> None:
        self._states = states
        self._in_house = in_house

    def run(self, work: FrameState) -> None:
        states, roster = self._states, self._states.roster
        visible = [t for t in states.tracker.tracks if t.id in states.evidence and states.evidence[t.id].count]
        if not work.fresh or not visible:
            return
        # All faces in the picture take part, not only the fresh ones: a student is on one face of the frame at most.
        evidence = [states.evidence[track.id] for track in visible]
        posterior = self._named(visible, evidence)
        # Settled together with the class, few strangers are left a name: small faces need no caution (docs/adr/0042).
        if work.frame.photograph is not None and shows_class(assign(posterior), states.roll_call.rules.accept):
            posterior = self._named(visible, evidence, cautious=False)
        distances = roster.matcher.distances(_means(evidence))
        fresh = {track.id for track in work.fresh}
        for track, answer, distance, row in zip(visible, assign(posterior), distances, posterior, strict=True):
            if track.id in fresh:
                # Without a student there may be no distance at all, as on an empty roster.
                nearest = distance.min(initial=np.inf) if answer[0] is None else distance[answer[0]]
                work.matches.append(self._match(track, answer, nearest=float(nearest), row=row))

    def _named(
        self, visible: Sequence[Track], evidence: Sequence[TrackEvidence], *, cautious: bool = True
    ) -> Posterior:
        """The probabilities of all faces, with the names that the teacher has given."""
        posterior = self._posterior(evidence, cautious=cautious)
        return apply_names(posterior, [track.id for track in visible], self._states.named, self._states.roster.column)

    def _match(self, track: Track, answer: tuple[int | None, float], *, nearest: float, row: Posterior) -> TrackMatch:
        column, probability = answer
        student_id = None if column is None else self._states.roster.gallery.students[column].id
        alternatives, either = self._alternatives(track, student_id, row)
        evidence = self._states.evidence[track.id]
        evidence.student_id, evidence.probability, evidence.alternatives = student_id, probability, alternatives
        return TrackMatch(track, student_id, probability, nearest, alternatives, either)

    def _alternatives(self, track: Track, student_id: int | None, row: Posterior) -> tuple[Alternatives | None, float]:
        """Return the two students that a doubt is about, and the probability that it is one of them.

        ``row``: the face's posterior, (students + 1,).
        """
        if student_id is None:
            return None, 0.0
        roster, opinions = self._states.roster, self._states.evidence[track.id].opinions
        probabilities = {student: float(row[place]) for student, place in roster.column.items()}
        found = alternatives_about(student_id, probabilities, opinions=opinions.both, alike=roster.alike)
        if found is None:
            return None, 0.0
        return found, sum(probabilities[one] for one in found.student_ids)

    def _posterior(self, evidence: Sequence[TrackEvidence], *, cautious: bool = True) -> Posterior:
        """Return the probabilities of the matcher, of the identity network, or of both, as ``classifier`` says.

        For a masked face only the matcher's model for masks counts: the network was not trained on masked faces.
        """
        roster, in_house = self._states.roster, self._in_house
        masked = np.array([one.masked for one in evidence])
        means = _means(evidence)
        counts = np.array([one.count for one in evidence], dtype=np.intp)
        face_px = np.array([one.face_px for one in evidence])
        main = roster.matcher.posterior(means, counts, face_px=face_px, cautious=cautious)
        if masked.any():
            main[masked] = roster.matcher.masked_posterior(means[masked], face_px=face_px[masked])
        if in_house.head is None or in_house.embedder is None:
            return main
        second = network_posterior(in_house.head, roster.gallery, evidence)
        for one, first_row, second_row in zip(evidence, main, second, strict=True):
            photos, cnn = likeliest(roster.gallery, first_row), likeliest(roster.gallery, second_row)
            one.opinions = replace(
                one.opinions, photos=photos, cnn_student_id=cnn.student_id, cnn_probability=cnn.probability
            )
        # The network was asked all the same: its opinion is shown and kept as evidence.
        if in_house.classifier is ClassifierChoice.ENCODINGS:
            return main
        decided = second
        if in_house.classifier is ClassifierChoice.BOTH:
            sure = second.max(axis=1, keepdims=True) >= in_house.sure_from
            decided = np.where(sure, fuse(main, second), main)
        return np.where(unknown_to_head(in_house.head, roster.gallery, main) | masked[:, np.newaxis], main, decided)


def _means(evidence: Sequence[TrackEvidence]) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    means: np.ndarray[tuple[int, int], np.dtype[np.float32]] = np.stack([one.mean for one in evidence])
    return means
