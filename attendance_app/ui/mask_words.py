"""Words for how a mask is worn."""

from attendance_app.domain.masks import MaskState
from attendance_app.ui.i18n import tr


def mask_word(state: MaskState) -> str:
    return {
        MaskState.WITH_MASK: tr("With a mask"),
        MaskState.WITHOUT_MASK: tr("Without a mask"),
        MaskState.WORN_INCORRECTLY: tr("Mask not worn properly"),
        MaskState.UNSURE: tr("Mask: can't tell"),
    }[state]
