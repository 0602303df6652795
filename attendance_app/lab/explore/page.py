"""The page of a data exploration: one HTML file with everything in it, what it concludes first."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from attendance_app.lab.explore.copies import Agreement, Copies
from attendance_app.lab.explore.findings import TEST_SHARE, UNEQUAL, Findings, Telling, values
from attendance_app.lab.explore.survey import PictureFacts, Survey
from attendance_app.lab.pages import Head, bullets, picture, section, table, whole_page
from attendance_app.lab.wording import Wording, spoken

LEAKING = 0.01
"""Share of a random test part with a copy in the training part from which a set is said to leak."""
REPEATED = 0.05
"""Share of a class's pictures with a copy from which the class is named."""
LISTED = 50
"""Lines of a list on the page; pictures.csv has all."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What the page speaks of. ``agreements``: by class, where the set lists its own groups."""

    found: Survey
    copies: Copies
    findings: Findings
    agreements: Mapping[str, Agreement]


def page(material: Material, said: Sequence[str], plots: Mapping[str, Path], words: Wording) -> str:
    """Return the page as HTML, the ``conclusions`` that are ``said`` first; the plots are embedded."""
    tr, title = words.tr, material.found.folder.resolve().name
    light = tr("Brightness from 0 to 255, sharpness as the variance of the Laplacian; all are means.")
    parts = [
        section(tr("What this set says"), "", bullets(said)),
        _same_pictures(material, words),
        section(tr("At a glance"), "", _class_table(material, words)),
        section(tr("Files and light"), light, _light_table(material, words)),
        section(tr("Formats and colour modes"), "", _format_table(material, words)),
        _agreement_table(material.agreements, words),
        *_plots(plots, words),
        _files(tr("Files that are no pictures"), material.found, material.found.unreadable, words),
        _files(tr("Files that were left out"), material.found, material.found.others, words),
    ]
    return whole_page(
        Head(tr("{set}: data exploration").format(set=title), title, _summary(material, words)), parts, words
    )


def conclusions(material: Material, words: Wording) -> Iterator[str]:
    """Yield what the numbers mean for a training, what spoils most first."""
    findings = material.findings
    yield _twice(findings, words)
    if findings.alike_in_classes:
        count = int(material.copies.sizes[list(findings.alike_in_classes)].sum())
        yield words.tr(
            "{count} pictures look like copies of pictures of another class. They may be different pictures: look at "
            "them below."
        ).format(count=words.number(count))
    yield from _leak(findings, words)
    if findings.imbalance >= UNEQUAL:
        yield words.tr(
            "The largest class has {times} times the pictures of the smallest. Weigh the classes, or measure with "
            "balanced accuracy: accuracy alone rewards naming the largest class."
        ).format(times=words.number(findings.imbalance, 1))
    else:
        yield words.tr("The classes are about equally large.")
    yield from (_telling(one, words) for one in findings.telling)
    if findings.telling:
        yield words.tr(
            "A pair is one picture of the class and one of another; by chance half of them are told. A network may "
            "learn such a difference instead of what the class means."
        )
    yield from _files_differ(material, words)


def _twice(findings: Findings, words: Wording) -> str:
    same = findings.same_in_classes
    if not same:
        return words.tr("No picture is in two classes.")
    return words.tr(
        "%n picture(s) are in more than one class. A network can't learn two answers for one picture: decide which is "
        "right and remove the other.",
        "",
        len(same),
    )


def _leak(findings: Findings, words: Wording) -> Iterator[str]:
    with_copy = sum(one.with_copy for one in findings.repeats)
    if not with_copy:
        yield words.tr("No picture has a copy: a random split into training and test is fair.")
        return
    repeated = [one for one in findings.repeats if one.with_copy >= REPEATED * one.pictures]
    leak = {"share": words.percent(TEST_SHARE), "leak": words.percent(findings.leak, 1)}
    if not repeated:
        yield words.tr(
            "Few pictures have a copy: {with_copy} of {pictures}. In a random test part of {share}, {leak} of the "
            "pictures are expected to have a copy in the training part."
        ).format(
            with_copy=words.number(with_copy),
            pictures=words.number(sum(one.pictures for one in findings.repeats)),
            **leak,
        )
    elif findings.leak >= LEAKING:
        yield words.tr(
            "A random split of this set leaks: in a test part of {share}, {leak} of the pictures are expected to have "
            "a copy in the training part. Split by source group instead."
        ).format(**leak)
    for one in sorted(repeated, key=lambda one: -one.with_copy / one.pictures):
        yield words.tr(
            "{with_copy} of {pictures} pictures of {label} have a copy; all come from {groups} originals."
        ).format(
            with_copy=words.number(one.with_copy),
            pictures=words.number(one.pictures),
            label=spoken(one.label),
            groups=words.number(one.groups),
        )


def _telling(one: Telling, words: Wording) -> str:
    tr, more = words.tr, one.pairs > 0.5
    said = {
        "brightness": (
            tr("Pictures of {label} are brighter than the others: brightness alone tells {pairs} of the pairs."),
            tr("Pictures of {label} are darker than the others: brightness alone tells {pairs} of the pairs."),
        ),
        "sharpness": (
            tr("Pictures of {label} are sharper than the others: sharpness alone tells {pairs} of the pairs."),
            tr("Pictures of {label} are more blurred than the others: sharpness alone tells {pairs} of the pairs."),
        ),
        "pixels": (
            tr("Pictures of {label} are larger than the others: the size alone tells {pairs} of the pairs."),
            tr("Pictures of {label} are smaller than the others: the size alone tells {pairs} of the pairs."),
        ),
        "bytes": (
            tr("Files of {label} are larger than the others: the bytes alone tell {pairs} of the pairs."),
            tr("Files of {label} are smaller than the others: the bytes alone tell {pairs} of the pairs."),
        ),
    }[one.quantity][0 if more else 1]
    pairs = words.percent(max(one.pairs, 1 - one.pairs))
    return said.format(label=spoken(one.label), pairs=pairs)


def _files_differ(material: Material, words: Wording) -> Iterator[str]:
    tr, findings, found = words.tr, material.findings, material.found
    for counts, text in (
        (findings.formats, tr("The classes have different file formats, and a network may learn those.")),
        (findings.modes, tr("The classes have different colour modes, and a network may learn those.")),
    ):
        if len({frozenset(by_name) for by_name in counts.values()}) > 1:
            yield text
    if findings.turned:
        yield tr(
            "%n picture(s) are stored turned (EXIF); here and in a training they are upright.", "", findings.turned
        )
    if found.unreadable:
        yield tr("%n file(s) can't be read as pictures", "", len(found.unreadable)) + "."
    if found.others:
        yield tr("%n file(s) have no ending of a picture and were left out.", "", len(found.others))


def _summary(material: Material, words: Wording) -> str:
    found = material.found
    return words.tr("{pictures} pictures in {classes} classes, {groups} source groups").format(
        pictures=words.number(len(found.pictures)),
        classes=words.number(len(found.labels)),
        groups=words.number(len(material.copies.sizes)),
    )


def _same_pictures(material: Material, words: Wording) -> str:
    """A line for each picture that is in several classes."""
    same = material.findings.same_in_classes
    if not same:
        return ""
    rows = [", ".join(material.found.name(one.path) for one in some) for some in same]
    return section(words.tr("The same picture in several classes"), "", bullets(_shortened(rows, words)))


def _class_table(material: Material, words: Wording) -> str:
    found, tr = material.found, words.tr
    rows = []
    for label, repeats in zip(found.labels, material.findings.repeats, strict=True):
        members = found.of_class(label)
        width, height = (_mean(members, side) for side in ("width", "height"))
        rows.append(
            [
                spoken(label),
                words.number(len(members)),
                words.number(repeats.groups),
                words.number(repeats.with_copy),
                f"{words.number(width)} × {words.number(height)}",
                _sizes(members, words),
            ]
        )
    heads = [
        tr("class", "of pictures"), tr("pictures"), tr("source groups"), tr("with a copy"), tr("mean size"),
        tr("smallest and largest"),
    ]  # fmt: skip
    return table(heads, rows)


def _light_table(material: Material, words: Wording) -> str:
    found, tr = material.found, words.tr
    rows = []
    for label in found.labels:
        members = found.of_class(label)
        rows.append(
            [
                spoken(label),
                f"{words.number(_mean(members, 'bytes') / 1024, 1)} KiB",
                words.number(_mean(members, "brightness")),
                words.number(_mean(members, "sharpness")),
            ]
        )
    return table([tr("class", "of pictures"), tr("mean file"), tr("brightness"), tr("sharpness")], rows)


def _mean(members: list[PictureFacts], quantity: str) -> float:
    return float(values(members, quantity).mean())


def _sizes(members: Sequence[PictureFacts], words: Wording) -> str:
    """The smallest and the largest picture by their pixels; one of them where all are alike."""
    sides = sorted({(one.width, one.height) for one in members}, key=lambda side: side[0] * side[1])
    written = [f"{words.number(width)} × {words.number(height)}" for width, height in sides]
    return written[0] if len(written) == 1 else f"{written[0]}, {written[-1]}"


def _format_table(material: Material, words: Wording) -> str:
    findings, tr = material.findings, words.tr
    forms, modes = _names(findings.formats), _names(findings.modes)
    rows = [
        [
            spoken(label),
            *(words.number(findings.formats[label][name]) for name in forms),
            *(words.number(findings.modes[label][name]) for name in modes),
        ]
        for label in material.found.labels
    ]
    return table([tr("class", "of pictures"), *forms, *modes], rows)


def _names(counts: Mapping[str, Counter[str]]) -> list[str]:
    """All names, the most frequent first."""
    return [name for name, _count in sum(counts.values(), Counter[str]()).most_common()]


def _agreement_table(agreements: Mapping[str, Agreement], words: Wording) -> str:
    if not agreements:
        return ""
    tr = words.tr
    rows = [
        [
            spoken(label),
            words.number(one.listed_groups),
            words.number(one.found_groups),
            words.percent(one.precision, 1),
            words.percent(one.recall, 1),
            words.number(one.rand, 3),
        ]
        for label, one in agreements.items()
    ]
    heads = [
        tr("class", "of pictures"), tr("listed groups"), tr("found groups"), tr("pairs right"), tr("pairs found"),
        tr("adjusted Rand index"),
    ]  # fmt: skip
    note = tr("How the groups found here compare with the set's own table groups.csv.")
    return section(tr("Source groups beside the listed ones"), note, table(heads, rows))


def _plots(plots: Mapping[str, Path], words: Wording) -> Iterator[str]:
    tr = words.tr
    headings = {
        "alike": (tr("Alike in several classes"), tr("One row a group of near-copies, at most six groups.")),
        "counts": (tr("Pictures a class"), ""),
        "samples": (tr("Samples"), tr("Drawn at random, shapes kept.")),
        "sizes": (
            tr("Dimensions and file sizes"),
            tr("Each dot is a picture; a box is the middle half of a class, its line the mean."),
        ),
        "brightness": (tr("Brightness"), tr("Shares of each class; the upright line is its mean.")),
        "sharpness": (
            tr("Sharpness"),
            tr("Measured at 128 pixels a side, so that pictures of several sizes compare."),
        ),
        "copies": (
            tr("Largest groups of copies"),
            tr("One row a group: copies on both sides of a split make a test too easy."),
        ),
    }
    for name, (heading, note) in headings.items():
        if name in plots:
            yield section(heading, note, picture(plots[name].read_bytes(), heading))


def _files(heading: str, found: Survey, files: Sequence[Path], words: Wording) -> str:
    return section(heading, "", bullets(_shortened([found.name(path) for path in files], words))) if files else ""


def _shortened(lines: list[str], words: Wording) -> list[str]:
    rest = len(lines) - LISTED
    return lines if rest <= 0 else [*lines[:LISTED], words.tr("and {count} more").format(count=words.number(rest))]
