"""Which networks a command or a session works with: those named, else those in use, else the program's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from attendance_app.networks.errors import NetworkOfAnotherKind, SeveralNetworksOfAKind
from attendance_app.networks.in_use import chosen
from attendance_app.networks.own import NetworkKind, OwnNetwork, check_fits, find_network, own_network


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    """Networks of one's own; None: the program's. ``named_identity``: the user has named it for this one time."""

    mask: OwnNetwork | None = None
    named_identity: OwnNetwork | None = None


def networks_for(home: Path, course_id: int | None = None, *, named: Sequence[str] = ()) -> NetworkChoice:
    """Return the networks for a session of a course.

    Raises SeveralNetworksOfAKind, NetworkOfAnotherKind for one that only names its own people, and as ``find_network``
    and ``network_in_use``.
    """
    by_kind: dict[NetworkKind, OwnNetwork] = {}
    for text in named:
        network = find_network(home, text)
        if network.kind is NetworkKind.PEOPLE:
            raise NetworkOfAnotherKind(name=text, kind=network.kind.value, wanted=NetworkKind.IDENTITY.value)
        if network.kind in by_kind:
            names = (by_kind[network.kind].name, text)
            raise SeveralNetworksOfAKind(names=names, kind=network.kind.value)
        by_kind[network.kind] = network
    mask = by_kind.get(NetworkKind.MASK) or network_in_use(home, NetworkKind.MASK, course_id)
    return NetworkChoice(mask, by_kind.get(NetworkKind.IDENTITY))


def network_in_use(home: Path, kind: NetworkKind, course_id: int | None = None) -> OwnNetwork | None:
    """Return the network of one's own that is in use; None: the program's.

    Raises ChoiceDamaged, OwnNetworkMissing, OwnNetworkAltered, and ModelFileError for one that doesn't fit.
    """
    name = chosen(home, kind, course_id)
    if name is None:
        return None
    network = own_network(home, name)
    check_fits(network)
    return network


def named_or_in_use(home: Path, kind: NetworkKind, name: str | None, course_id: int | None = None) -> OwnNetwork | None:
    """Return the network that was named, which has to be of this kind, else the one in use.

    Raises NetworkOfAnotherKind, and as ``find_network`` and ``network_in_use``.
    """
    if name is None:
        return network_in_use(home, kind, course_id)
    network = find_network(home, name)
    if network.kind is not kind:
        raise NetworkOfAnotherKind(name=name, kind=network.kind.value, wanted=kind.value)
    return network
