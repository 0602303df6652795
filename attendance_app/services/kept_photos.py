"""Which photos of a student are kept: a weak one only as long as there is no better one."""

from attendance_app.domain.people import FaceTemplate
from attendance_app.store.templates import TemplateReads
from attendance_app.store.unit import Transaction


def has_good_photo(templates: TemplateReads, student_id: int, encoder_id: str) -> bool:
    """Whether a photo is enrolled for the student that is not weak."""
    return any(not template.weak for template in templates.of_student(student_id, encoder_id))


def keep_photo(tx: Transaction, template: FaceTemplate, thumbnail: bytes | None) -> int:
    """Enrol a photo, with its thumbnail (JPEG); return how many weak ones it has replaced.

    Raises KnownError as ``tx.templates.add`` does.
    """
    before = tx.templates.of_student(template.student_id, template.encoder_id)
    tx.templates.add(template, thumbnail)
    weak = [] if template.weak else [one.id for one in before if one.weak and one.id is not None]
    for template_id in weak:
        tx.templates.delete(template_id)
    return len(weak)
