"""The page "Models": which networks are in use, and what they can be asked."""

from attendance_app.ui.desk import Desk
from attendance_app.ui.page import Page


class ModelsPage(Page):
    """Being built in ``ui/models``."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.say(self.title.setText, "Models")
        self.body.addStretch(1)


def make_page(desk: Desk) -> Page:
    """Build the page."""
    return ModelsPage(desk)
