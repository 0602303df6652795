"""Read faces: those whose turn it is are looked at, in step with the frames or on a thread beside them."""

from dataclasses import replace

from attendance_app.domain.faces import Detection
from attendance_app.services.face_reader import FaceReader
from attendance_app.services.session.cadence import Cadence
from attendance_app.services.session.evidence import FaceLook, InHouseNetworks, TrackEvidence
from attendance_app.services.session.stages.beside import Beside
from attendance_app.services.session.stages.frame_work import FrameState
from attendance_app.services.session.stages.looks import FaceLooker, Look, Looks, Reading
from attendance_app.services.session.stages.track_states import SAME_PERSON_BELOW, TrackStates
from attendance_app.vision.crop import cut
from attendance_app.vision.track import Track

PATIENT_FROM = 4
"""Number of encodings from which the interval to the next one grows."""


class ReadFaces:
    """Adds to the tracks' evidence. On a thread, the looks at one frame come with a later one."""

    def __init__(self, book: TrackStates, reader: FaceReader, in_house: InHouseNetworks, cadence: Cadence) -> None:
        self._book = book
        self._encoder_id = reader.encoder_id
        self._looker = FaceLooker(reader, in_house)
        self._mask = in_house.mask
        self._cadence = cadence
        self._last_look: float | None = None
        self.beside: Beside[Looks] = Beside("face reader")

    def run(self, work: FrameState) -> None:
        self._take(self.beside.result(), work)
        if not self.beside.is_busy:
            self._begin(work)
            if not self.beside.is_threaded:
                self._take(self.beside.result(), work)

    def _begin(self, work: FrameState) -> None:
        frame = work.frame
        faces = [(track.id, Detection(track.box, track.confidence)) for track in self._due(frame.seconds)]
        for track_id, _ in faces:
            self._book.evidence.setdefault(track_id, TrackEvidence()).last_encoded = frame.seconds
        if faces:
            self.beside.begin(lambda: self._looker.look(frame, faces))

    def _take(self, looks: Looks | None, work: FrameState) -> None:
        if looks is None:
            return
        work.looked_at = looks.frame
        tracks = {track.id: track for track in self._book.tracker.tracks}
        for look in looks.looks:
            track = tracks.get(look.track_id)
            if track is None:  # it has ended since
                continue
            self._book.evidence[track.id].flaw = look.quality.flaw
            if look.reading is not None:
                work.fresh.append(self._add(track, look, look.reading, looks))

    def _due(self, seconds: float) -> list[Track]:
        """Return the faces whose turn it is; what looks far apart allow in addition is not for settled ones."""
        due = (track for track in self._book.tracker.tracks if self._is_due(track, seconds))
        since = 0.0 if self._last_look is None else seconds - self._last_look
        self._last_look = seconds
        ordered = sorted(due, key=self._read_priority)[: self._cadence.encodings_after(since)]
        usual = self._cadence.encodings_per_frame
        return ordered[:usual] + [track for track in ordered[usual:] if not self._book.is_settled(track)]

    def _is_due(self, track: Track, seconds: float) -> bool:
        if track.missed:
            return False
        evidence = self._book.evidence.get(track.id)
        if evidence is None:
            return True
        cadence = self._cadence
        patience = cadence.encode_every * max(1.0, evidence.count / PATIENT_FROM)
        wait = cadence.verify_every if self._book.is_settled(track) else min(patience, cadence.verify_every)
        return seconds - evidence.last_encoded >= wait

    def _read_priority(self, track: Track) -> tuple[int, float]:
        evidence = self._book.evidence.get(track.id)
        return (evidence.count, evidence.last_encoded) if evidence else (0, float("-inf"))

    def _add(self, track: Track, look: Look, reading: Reading, looks: Looks) -> Track:
        book, evidence = self._book, self._book.evidence[track.id]
        seconds = looks.frame.seconds
        if evidence.is_another(reading.encoding, SAME_PERSON_BELOW):
            book.tracker.drop(track)
            book.end(track)
            track = book.tracker.start(track.place, track.confidence, seconds)
            evidence = book.evidence[track.id] = TrackEvidence(last_encoded=seconds)
        evidence.add(reading.encoding, reading.embedding)
        if evidence.best is None or look.quality.score > evidence.best.quality.score:
            crop = cut(looks.frame.image, look.box)
            evidence.best = FaceLook(crop, reading.encoding, self._encoder_id, look.quality)
        if self._mask is not None and reading.mask is not None:
            evidence.masks.append(reading.mask)
            average = self._mask.average(list(evidence.masks))
            evidence.opinions = replace(evidence.opinions, mask=average.state)
        return track
