"""Networks of one's own: trained by the user, kept in the data folder, each in a folder with its card and hash.

A run folder of a training and the folder of an added network hold the same files. The program's own networks are never
touched (docs/adr/0074).
"""

import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from attendance_app.networks.errors import (
    NetworkAltered,
    NetworkMissing,
    NetworkNameTaken,
    NetworkNameUnfit,
    NetworkNotListed,
    OwnNetworkAltered,
    OwnNetworkMissing,
    OwnNetworkNotWritten,
    OwnNetworkUnknown,
    RunWithoutNetwork,
)
from attendance_app.networks.files import OWN_NETWORKS
from attendance_app.networks.fit import check_identity, check_mask, check_people
from attendance_app.networks.identity_input import NETWORK as IDENTITY_FILE
from attendance_app.networks.identity_input import PARAMETERS as IDENTITY_PARAMETERS
from attendance_app.networks.manifest import MANIFEST, register, verify

SHIPPED: Final = "shipped"
"""Means the program's own networks, so no other may be called so."""
CARD: Final = "card.md"
"""In the folder of every training and every added network."""
_CARDS: Final = (CARD, "mask.md")
"""The second name: of mask networks that were trained before 2026-11-27."""
PAGES: Final = {"en": "page.html", "es": "pagina.html"}
"""The page of its training in each language."""
RATES: Final = "rates.json"
"""In the folder of an identity network: how many strangers it named, of people kept apart from its training."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_LICENCE = "trained by the user"


class NetworkKind(Enum):
    """What a network of one's own does."""

    MASK = "mask"
    """Says how a mask is worn."""
    IDENTITY = "identity"
    """Turns a face into numbers by which any course can be learnt."""
    PEOPLE = "people"
    """The report's network: names the people whom it was trained with, and nobody else."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """The files of one kind of run: the network first."""

    kind: NetworkKind
    files: tuple[str, ...]


LAYOUTS: Final = (
    _Layout(NetworkKind.MASK, ("mask.onnx",)),
    _Layout(NetworkKind.MASK, ("mask-report.onnx",)),
    _Layout(NetworkKind.IDENTITY, (IDENTITY_FILE, IDENTITY_PARAMETERS)),
    _Layout(NetworkKind.PEOPLE, ("network.onnx",)),
)


@dataclass(frozen=True, slots=True)
class OwnNetwork:
    """One network: its kind, its folder, and the files of it that a program reads (the network first)."""

    name: str
    kind: NetworkKind
    folder: Path
    files: tuple[str, ...]

    @property
    def path(self) -> Path:
        return self.folder / self.files[0]

    @property
    def parameters(self) -> Path:
        """The calibrated model of the embeddings; only of kind IDENTITY."""
        return self.folder / self.files[1]

    @property
    def card(self) -> str:
        """The Markdown of its card, empty without one."""
        for name in _CARDS:
            with suppress(OSError):
                return (self.folder / name).read_text(encoding="utf-8")
        return ""

    def page(self, language: str) -> Path | None:
        """The page of its training in a language, None without one."""
        page = self.folder / PAGES[language]
        return page if page.is_file() else None


def network_in(folder: Path, name: str) -> OwnNetwork:
    """Return the network in ``folder``; raises RunWithoutNetwork."""
    for layout in LAYOUTS:
        if all((folder / file).is_file() for file in layout.files):
            return OwnNetwork(name, layout.kind, folder, layout.files)
    raise RunWithoutNetwork(folder=folder)


def own_networks(home: Path) -> tuple[OwnNetwork, ...]:
    """The networks in the data folder ``home``, by name; what is no whole network is left out."""
    found = []
    with suppress(OSError):
        for folder in sorted(path for path in (home / OWN_NETWORKS).iterdir() if (path / MANIFEST).is_file()):
            with suppress(RunWithoutNetwork):
                found.append(network_in(folder, folder.name))
    return tuple(found)


def own_network(home: Path, name: str) -> OwnNetwork:
    """Return the network ``name`` of the data folder, its files compared with their hashes.

    Raises OwnNetworkMissing or OwnNetworkAltered.
    """
    folder = home / OWN_NETWORKS / name
    try:
        network = network_in(folder, name)
        for file in network.files:
            verify(file, folder)
    except (RunWithoutNetwork, NetworkMissing) as error:
        raise OwnNetworkMissing(name=name, folder=folder) from error
    except (NetworkAltered, NetworkNotListed) as error:
        raise OwnNetworkAltered(name=name, folder=folder) from error
    return network


def find_network(home: Path, text: str) -> OwnNetwork:
    """Return the network that ``text`` means: one of the data folder by name, or a run folder. It fits the program.

    Raises OwnNetworkUnknown, RunWithoutNetwork, and ModelFileError for one that is damaged or does not fit.
    """
    if _is_added(home, text):
        network = own_network(home, text)
    elif Path(text).is_dir():
        network = network_in(Path(text), text)
    else:
        raise OwnNetworkUnknown(name=text, known=tuple(one.name for one in own_networks(home)))
    check_fits(network)
    return network


def _is_added(home: Path, name: str) -> bool:
    # The folders themselves: a network that has lost a file was added, too, and the error should say so.
    return _NAME.fullmatch(name) is not None and (home / OWN_NETWORKS / name / MANIFEST).is_file()


def check_fits(network: OwnNetwork) -> None:
    """Raise ModelFileError if the program can't use the network: another input, other classes, a damaged file."""
    checks = {
        NetworkKind.MASK: check_mask,
        NetworkKind.IDENTITY: check_identity,
        NetworkKind.PEOPLE: check_people,
    }
    checks[network.kind](network.path)


def add_network(home: Path, run: Path, name: str | None = None) -> OwnNetwork:
    """Copy the network of a run folder, with its card, into the data folder; it is there whole or not at all.

    Raises RunWithoutNetwork, NetworkNameTaken, NetworkNameUnfit, OwnNetworkNotWritten, and ModelFileError for a network
    that does not fit.
    """
    name = run.resolve().name if name is None else name
    if _NAME.fullmatch(name) is None or name == SHIPPED:
        raise NetworkNameUnfit(name=name)
    source = network_in(run, name)
    check_fits(source)
    target = home / OWN_NETWORKS / name
    if target.exists():
        raise NetworkNameTaken(name=name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
        try:
            _fill(draft, source)
            draft.rename(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        raise OwnNetworkNotWritten(folder=target, reason=error.strerror or str(error)) from error
    return network_in(target, name)


def _fill(draft: Path, source: OwnNetwork) -> None:
    card = next((name for name in _CARDS if (source.folder / name).is_file()), "")
    # config.json and split.csv say with what it was trained: a test on pictures held out needs them.
    wanted = (card, RATES, "config.json", "split.csv", *PAGES.values())
    also = [name for name in wanted if name and (source.folder / name).is_file()]
    for file in (*source.files, *also):
        shutil.copyfile(source.folder / file, draft / file)
    for file in source.files:
        about = {"licence": _LICENCE, "colour_order": "RGB", "made_by": f"attendance train {source.kind.value}"}
        register(draft / file, input=source.kind.value, card=card, **about)


def remove_network(home: Path, name: str) -> None:
    """Delete the network ``name`` from the data folder. Raises OwnNetworkUnknown, OwnNetworkNotWritten."""
    if not _is_added(home, name):
        raise OwnNetworkUnknown(name=name, known=tuple(one.name for one in own_networks(home)))
    folder = home / OWN_NETWORKS / name
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise OwnNetworkNotWritten(folder=folder, reason=error.strerror or str(error)) from error
