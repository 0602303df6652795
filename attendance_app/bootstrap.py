"""The only composition root: from a data folder to stores, networks and services.

Imports stand inside the functions: the window and ``attendance --help`` open without dlib, OpenCV and ONNX Runtime.
"""

import functools
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_app.config.settings import DetectorName, Settings
from attendance_app.domain.fusion import ClassifierChoice

if TYPE_CHECKING:
    from attendance_app.classifiers.mask import MaskClassifier
    from attendance_app.classifiers.match import EncodingMatcher
    from attendance_app.domain.people import Course, Gallery, TrainedHead
    from attendance_app.networks.own import NetworkKind, OwnNetwork
    from attendance_app.services.camera_enrolment import ViewCapture
    from attendance_app.services.enrolment import Enrolment
    from attendance_app.services.face_reader import FaceReader
    from attendance_app.services.identification import ChipNamer
    from attendance_app.services.identity.course_photos import PhotoEmbedder
    from attendance_app.services.identity.faces import ChipCutter
    from attendance_app.services.mask.reading import MaskReader
    from attendance_app.services.room_check.check import RoomChecker
    from attendance_app.services.session.evidence import EmbeddingModel, HeadModel, InHouseNetworks
    from attendance_app.services.session.lifecycle import SessionLifecycle
    from attendance_app.services.session.pipeline import Pipeline
    from attendance_app.services.session.roll_messages import RollOrder
    from attendance_app.services.session.roll_tools import OpenSource, RollTools
    from attendance_app.services.session.sideways import SidewaysWatch
    from attendance_app.services.session.stages.track_states import GallerySnapshot
    from attendance_app.store.database import Store
    from attendance_app.vision.photographs import PhotoSet
    from attendance_app.vision.source_protocol import Source, StateListener


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


def open_data(home: Path) -> "Store":
    """Open the data folder's database, which is made if it is not there; it keeps backups. Raises StoreError.

    A plain register is encrypted, unless its user wants it plain. What a killed export has left is removed, and a
    camera's password taken out of the settings.
    """
    from attendance_app.services.output.unfinished import sweep_unfinished
    from attendance_app.services.user_settings import load_settings
    from attendance_app.store.database import FILE_NAME, open_store
    from attendance_app.store.protection import encrypt_by_default, is_encrypted

    # Here and not at every start: a command's help needs no folder of the platform.
    sweep_unfinished()
    store = open_store(home, clock=utc_now)
    if not is_encrypted(home / FILE_NAME):
        store.change_protection(lambda register: encrypt_by_default(register, utc_now()))
    load_settings(home)
    return store


PHOTO_DETECTOR: DetectorName = "auto"
"""For pictures that nobody films (docs/adr/0012)."""


def open_reader(detector: DetectorName = PHOTO_DETECTOR) -> "FaceReader":
    """Load detector, landmarks and encoder. Raises ModelFileError when a network is missing or altered."""
    from attendance_app.services.face_reader import FaceReader
    from attendance_app.vision.align import Aligner
    from attendance_app.vision.detect import open_detector
    from attendance_app.vision.encode import Encoder

    return FaceReader(open_detector(detector), Aligner(), Encoder())


def open_mask_reader(network: "OwnNetwork | None" = None) -> "MaskReader":
    """Load the detector and the mask network: the shipped one, or one of the user's own.

    Raises ModelFileError when a network is missing or altered.
    """
    from attendance_app.services.mask.reading import MaskReader
    from attendance_app.vision.detect import open_detector

    return MaskReader(open_detector(PHOTO_DETECTOR), open_mask_classifier(network))


def open_mask_classifier(network: "OwnNetwork | None" = None) -> "MaskClassifier":
    """Load the mask network alone; raises as ``open_mask_reader``."""
    from attendance_app.classifiers.mask import MaskClassifier

    return MaskClassifier(network=None if network is None else network.path)


def open_matcher(gallery: "Gallery") -> "EncodingMatcher":
    """Return the matcher for one snapshot of a course's templates. Raises MatcherOfAnotherEncoder, ModelFileError."""
    from attendance_app.classifiers.match import EncodingMatcher

    return EncodingMatcher(gallery)


def open_roster(store: "Store", course: "Course", encoder_id: str) -> "GallerySnapshot":
    """Take a snapshot of the course's templates. Raises KnownError when they are of another encoder."""
    from attendance_app.classifiers.lookalikes import lookalikes
    from attendance_app.services.session.doubts import look_alike_ids
    from attendance_app.services.session.stages.track_states import GallerySnapshot

    gallery = store.templates.gallery(course.id, encoder_id)
    return GallerySnapshot(gallery, open_matcher(gallery), look_alike_ids(lookalikes(gallery)))


def open_enrolment(store: "Store", reader: "FaceReader") -> "Enrolment":
    """The service that turns photos into templates. Raises ModelFileError when a network is missing or altered."""
    from attendance_app.services.enrolment import Enrolment
    from attendance_app.vision.detect import open_detector

    # Whichever detector finds the face, HOG tells whether it is upright (docs/adr/0012).
    return Enrolment(store, reader, hog=open_detector("hog"), clock=utc_now)


def open_view_capture() -> "ViewCapture":
    """Load what looks at a sitter, with a coach who wants every view. Raises ModelFileError like ``open_reader``."""
    from attendance_app.services.camera_enrolment import ViewCapture
    from attendance_app.services.capture_coach import CaptureCoach
    from attendance_app.vision.align import Aligner
    from attendance_app.vision.detect import open_detector

    # HOG: it keeps up with a camera. Enrolment searches the chosen pictures again with its own detector.
    return ViewCapture(open_detector("hog"), Aligner(), CaptureCoach())


def open_chip_cutter() -> "ChipCutter":
    """Load what cuts a face for the in-house network. Raises ModelFileError like ``open_reader``."""
    from attendance_app.services.identity.faces import ChipCutter
    from attendance_app.vision.align import Aligner
    from attendance_app.vision.detect import open_detector

    # HOG: the network was trained on chips by HOG's boxes.
    return ChipCutter(open_detector("hog"), Aligner())


def open_photo_embedder(network: "OwnNetwork | None" = None) -> "PhotoEmbedder":
    """Load the identity network (None: the shipped one) and what cuts its chips. Raises ModelFileError like
    ``open_reader``."""
    from attendance_app.classifiers.identity import IdentityEmbedder, parameters_of
    from attendance_app.services.identity.course_photos import PhotoEmbedder

    embedder = IdentityEmbedder(network=None if network is None else network.path)
    return PhotoEmbedder(embedder, open_chip_cutter(), parameters_of(network))


def open_lifecycle(store: "Store", clock: Callable[[], datetime] = utc_now) -> "SessionLifecycle":
    """The service that begins and ends sessions."""
    from attendance_app.services.session.lifecycle import SessionLifecycle

    return SessionLifecycle(store, clock)


def classifier_of(store: "Store", course: "Course", settings: Settings) -> ClassifierChoice:
    """Return which classifier names a course's students by the settings; dlib's encodings while the course's network
    is not trained."""
    wanted = ClassifierChoice(settings.classifier)
    # A course without a head falls back instead of failing: the setting is for all courses.
    return wanted if store.heads.of_course(course.id) is not None else ClassifierChoice.ENCODINGS


def add_own_network(home: Path, run: Path, name: str | None = None) -> "OwnNetwork":
    """Keep a trained network in the data folder, if it fits; raises as ``networks.own.add_network``."""
    from attendance_app.networks.own import add_network

    return add_network(home, run, name)


def checked_own_network(home: Path, name: str) -> "OwnNetwork":
    """Return a network of the data folder, or of a run folder, that fits; raises as ``networks.own.find_network``."""
    from attendance_app.networks.own import find_network

    return find_network(home, name)


def chosen_network(
    home: Path, kind: "NetworkKind", *, named: str | None = None, course_id: int | None = None
) -> "OwnNetwork | None":
    """Return the network of the user's own that is named, else the one in use; None: the program's.

    Raises as ``networks.choice.named_or_in_use``.
    """
    from attendance_app.networks.choice import named_or_in_use

    return named_or_in_use(home, kind, named, course_id)


def network_to_compare(store: "Store", course: "Course") -> "OwnNetwork | None":
    """Return the identity network that the course was learnt with, else the one that it would be learnt with.

    None stands for the shipped one. Raises ModelFileError for one that is damaged.
    """
    from attendance_app.classifiers.errors import HeadOfAnotherNetwork
    from attendance_app.networks.own import NetworkKind
    from attendance_app.services.identity.networks import network_of

    trained = store.heads.of_course(course.id)
    if trained is not None:
        with suppress(HeadOfAnotherNetwork):
            return network_of(store.home, trained.backbone_id)
    return chosen_network(store.home, NetworkKind.IDENTITY, course_id=course.id)


def open_in_house_networks(
    store: "Store", course: "Course", classifier: ClassifierChoice, named: Sequence[str] = ()
) -> "InHouseNetworks":
    """Load the in-house networks: masks, and the identity network where it has been trained for the course.

    ``named``: networks of the user's own to use in place of those that are chosen, by name or run folder. Raises
    HeadNotTrained when the network is to decide and has not been trained, HeadOfAnotherNetwork when the course was
    learnt with another one, NetworkNotSureAlone when one of the user's own is to decide alone and names strangers,
    ModelFileError for a missing file.
    """
    from attendance_app.classifiers.course_cnn import is_course_cnn
    from attendance_app.classifiers.errors import HeadNotTrained, HeadOfAnotherNetwork
    from attendance_app.classifiers.thresholds import DEFAULT_RULE
    from attendance_app.networks.choice import networks_for
    from attendance_app.services.course_cnn.report import refuse_cnn_alone
    from attendance_app.services.identity.networks import network_of, refuse_alone
    from attendance_app.services.session.evidence import InHouseNetworks

    choice = networks_for(store.home, course.id, named=named)
    mask, trained = open_mask_classifier(choice.mask), store.heads.of_course(course.id)
    if trained is None:
        if classifier is not ClassifierChoice.ENCODINGS or choice.named_identity is not None:
            raise HeadNotTrained(course=course.code)
        return InHouseNetworks(mask)
    if is_course_cnn(trained.backbone_id) and choice.named_identity is None:
        if classifier is ClassifierChoice.CNN:
            refuse_cnn_alone(course.code, trained.report)
        # Most of what it answers is neither yes nor no: taken for "a stranger", it would keep dlib from naming anybody.
        return InHouseNetworks(mask, *open_head(trained, None), classifier, sure_from=DEFAULT_RULE.accept)
    try:
        network = network_of(store.home, trained.backbone_id, named=choice.named_identity)
    except HeadOfAnotherNetwork:
        # Nobody has asked for it, and without it the encodings do as well as before.
        if classifier is ClassifierChoice.ENCODINGS and choice.named_identity is None:
            return InHouseNetworks(mask)
        raise
    if classifier is ClassifierChoice.CNN:
        refuse_alone(network)
    embedder, head = open_head(trained, network)
    return InHouseNetworks(mask, embedder, head, classifier)


def open_head(trained: "TrainedHead", network: "OwnNetwork | None") -> "tuple[EmbeddingModel, HeadModel]":
    """Load what a course has learnt and the network that it was learnt with; one of the report's is both.

    Raises ModelFileError.
    """
    from attendance_app.classifiers.course_cnn import CourseCnn, CourseCnnClassifier, CourseCnnEmbedder, is_course_cnn
    from attendance_app.classifiers.identity import IdentityClassifier, IdentityEmbedder, IdentityHead, parameters_of

    if is_course_cnn(trained.backbone_id):
        learnt = CourseCnn.from_bytes(trained.weights)
        return CourseCnnEmbedder(learnt.network), CourseCnnClassifier(learnt)
    head = IdentityClassifier(IdentityHead.from_bytes(trained.weights), parameters_of(network))
    return IdentityEmbedder(network=None if network is None else network.path), head


def open_course_namer(home: Path, course: str) -> "ChipNamer | None":
    """Open the report's network that has learnt a course's photos, None where there is none. Raises ModelFileError."""
    from attendance_app.classifiers.course_cnn import is_course_cnn

    with open_data(home) as store:
        found = store.courses.by_code(course)
        trained = store.heads.of_course(found.id)
        if trained is None or not is_course_cnn(trained.backbone_id):
            return None
        return _course_namer(store, found, trained, None)


def _course_namer(
    store: "Store", course: "Course", trained: "TrainedHead", network: "OwnNetwork | None"
) -> "ChipNamer":
    from attendance_app.services.identification import CourseNamer

    embedder, head = open_head(trained, network)
    students = {student.id: f"{student.number} {student.name}" for student in store.students.of_course(course.id)}
    return CourseNamer(embedder, head, students)


def open_chip_namer(home: Path, name: str, course: str | None) -> "ChipNamer":
    """Open a network of the user's own that names faces: the students of a course that was learnt with it, or the
    people of its training.

    Raises NetworkOfAnotherKind, HeadNotTrained, HeadOfAnotherNetwork, and as ``find_network``.
    """
    from attendance_app.classifiers.errors import HeadNotTrained
    from attendance_app.classifiers.people import PeopleClassifier
    from attendance_app.networks.errors import NetworkOfAnotherKind
    from attendance_app.networks.own import NetworkKind, find_network
    from attendance_app.services.identity.networks import network_of

    network = find_network(home, name)
    wanted = NetworkKind.PEOPLE if course is None else NetworkKind.IDENTITY
    if network.kind is not wanted:
        raise NetworkOfAnotherKind(name=name, kind=network.kind.value, wanted=wanted.value)
    if course is None:
        return PeopleClassifier(network.path)
    with open_data(home) as store:
        found = store.courses.by_code(course)
        trained = store.heads.of_course(found.id)
        if trained is None:
            raise HeadNotTrained(course=course)
        return _course_namer(store, found, trained, network_of(home, trained.backbone_id, named=network))


def open_pipeline(store: "Store", reader: "FaceReader", order: "RollOrder") -> "Pipeline":
    """Put the way of a frame together.

    Raises KnownError when the course's templates were made by another encoder, or a network that is asked for is
    missing.
    """
    from attendance_app.classifiers.thresholds import DECISION_RULES, MASKED_SIGHTINGS, Strictness
    from attendance_app.domain.roll_call import Proof, Rules
    from attendance_app.services.far_encodings import make_missing
    from attendance_app.services.session.cadence import SCANS, Cadence
    from attendance_app.services.session.pipeline import Pipeline

    rule = DECISION_RULES[Strictness(order.settings.strictness)]
    classifier = order.classifier or classifier_of(store, order.course, order.settings)
    make_missing(store, order.course, reader)
    return Pipeline(
        reader,
        open_roster(store, order.course, reader.encoder_id),
        Rules(rule.accept, rule.review, masked=Proof(rule.accept, MASKED_SIGHTINGS)),
        cadence=Cadence(),
        scan=SCANS[detector_for(order)],
        in_house=open_in_house_networks(store, order.course, classifier, order.networks),
    )


def open_room_checker(detector: DetectorName, reader: "FaceReader | None" = None) -> "RoomChecker":
    """Load what checks a room for sessions with the settings' ``detector``; ``reader``: one with ``auto`` that is open.

    Raises ModelFileError like ``open_reader``.
    """
    from attendance_app.services.room_check.check import RoomChecker
    from attendance_app.services.session.cadence import SCANS

    return RoomChecker(reader or open_reader("auto"), SCANS["auto"], detector=detector)


def open_sideways_watch() -> "SidewaysWatch":
    """Return the detector of cameras and films that lie on their side."""
    from attendance_app.services.session.sideways import SidewaysWatch
    from attendance_app.vision.detect import open_detector

    # Opened when it is needed: where faces are found it never is.
    opened = functools.cache(lambda: open_detector("hog"))
    return SidewaysWatch(lambda image: opened().detect(image, upsample=1.5))


def detector_for(order: "RollOrder") -> DetectorName:
    """Which detector a roll begins with: photographs of a room have small faces, which ``auto`` alone finds."""
    photographs = any(not isinstance(source, str) for source in order.sources)
    return "auto" if photographs else order.settings.detector


def source_opener(home: Path, settings: Callable[[], Settings] | None = None) -> "OpenSource":
    """Return what opens sources: a camera at the size that the settings ask for, and what it gives is remembered.

    ``settings`` returns those in use, by default those of the data folder.
    """
    from attendance_app.config.settings_file import read_settings
    from attendance_app.store.camera_passwords import whole_address
    from attendance_app.vision.camera_memory import CameraMemory
    from attendance_app.vision.camera_modes import LARGEST_BY_SETTING, PictureWish
    from attendance_app.vision.source_protocol import ignore_state

    memory = CameraMemory(home)
    in_use = settings or (lambda: read_settings(home).settings)

    def open_one(
        spec: "str | PhotoSet", *, realtime: bool = True, on_state: "StateListener" = ignore_state, turn: int = 0
    ) -> "Source":
        # Imported here: what reads films and photos is not needed before.
        from attendance_app.vision.sources import open_source

        wish = PictureWish(LARGEST_BY_SETTING[in_use().camera_picture], memory)
        whole = whole_address(spec) if isinstance(spec, str) else spec
        return open_source(whole, realtime=realtime, on_state=on_state, turn=turn, wish=wish)

    return open_one


def roll_tools(
    store: "Store",
    *,
    clock: Callable[[], datetime] = utc_now,
    read_faces: "Callable[[DetectorName], FaceReader]" = open_reader,
    open_source: "OpenSource | None" = None,
) -> "RollTools":
    """What a roll works with: this register, the real networks and the real cameras."""
    from attendance_app.services.session.roll_tools import RollTools

    return RollTools(
        store=store,
        clock=clock,
        open_source=open_source or source_opener(store.home),
        open_pipeline=lambda order: open_pipeline(store, read_faces(detector_for(order)), order),
        read_roster=lambda course, encoder_id: open_roster(store, course, encoder_id),
    )
