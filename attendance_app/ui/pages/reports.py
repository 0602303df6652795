"""The page "Reports"."""

from attendance_app.ui.desk import Desk
from attendance_app.ui.page import Page


class ReportsPage(Page):
    """To be filled."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.say(self.title.setText, "Reports")
        self.body.addStretch(1)


def make_page(desk: Desk) -> Page:
    """Build the page."""
    return ReportsPage(desk)
