"""Where faces are named and why not, in the words of the window."""

from collections.abc import Sequence

from attendance_app.services.session.regions import Depth, RegionCount, Side, WhyUnnamed
from attendance_app.ui.i18n import tr

MOST_LINES = 3
"""Regions that are said in words below the picture; the others have their counts in it."""


def region_words(region: RegionCount) -> str:
    """Say what was found in a region and what hinders the rest."""
    parts = [tr("%n face(s)", "", region.found), tr("%n named", "faces", region.named)]
    if region.doubtful:
        parts.append(tr("%n to check", "faces", region.doubtful))
    parts += [_reason(why, count) for why, count in region.reasons]
    return f"{_name(region)}: {', '.join(parts)}"


def summary_words(regions: Sequence[RegionCount]) -> str:
    """Say the regions with most faces that are not named, a line each."""
    found = sum(region.found for region in regions)
    if not found:
        return tr("No faces in the picture yet.")
    open_ = [region for region in regions if region.found > region.named]
    if not open_:
        return tr("All %n face(s) in the picture are named.", "", found)
    worst = sorted(open_, key=lambda region: region.named - region.found)[:MOST_LINES]
    return "\n".join(map(region_words, worst))


def _name(region: RegionCount) -> str:
    names = {
        (Depth.BACK, Side.LEFT): tr("Back left"),
        (Depth.BACK, Side.CENTRE): tr("Back"),
        (Depth.BACK, Side.RIGHT): tr("Back right"),
        (Depth.MIDDLE, Side.LEFT): tr("Left"),
        (Depth.MIDDLE, Side.CENTRE): tr("Middle"),
        (Depth.MIDDLE, Side.RIGHT): tr("Right"),
        (Depth.FRONT, Side.LEFT): tr("Front left"),
        (Depth.FRONT, Side.CENTRE): tr("Front"),
        (Depth.FRONT, Side.RIGHT): tr("Front right"),
    }
    return names[region.depth, region.side]


def _reason(why: WhyUnnamed, count: int) -> str:
    words = {
        WhyUnnamed.TOO_SMALL: tr("%n too small", "faces", count),
        WhyUnnamed.BLURRED: tr("%n blurred", "faces", count),
        WhyUnnamed.TOO_DARK: tr("%n too dark", "faces", count),
        WhyUnnamed.TOO_BRIGHT: tr("%n too bright", "faces", count),
        WhyUnnamed.TURNED_AWAY: tr("%n turned away", "faces", count),
        WhyUnnamed.MASKED: tr("%n masked", "faces", count),
        WhyUnnamed.NOT_ON_LIST: tr("%n not on the list", "faces", count),
        WhyUnnamed.UNDECIDED: tr("%n unclear who", "faces", count),
    }
    return words[why]
