"""The page "Roll call"."""

from attendance_app.ui.desk import Desk
from attendance_app.ui.page import Page


class RollCallPage(Page):
    """To be filled."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.say(self.title.setText, "Roll call")
        self.body.addStretch(1)


def make_page(desk: Desk) -> Page:
    """Build the page."""
    return RollCallPage(desk)
