"""Finds the identity network that a course was learnt with, among the program's and the user's own."""

import json
from pathlib import Path

from attendance_app.classifiers.errors import HeadOfAnotherNetwork, NetworkNotSureAlone
from attendance_app.classifiers.identity import identity_id, identity_parameters
from attendance_app.networks.own import RATES, NetworkKind, OwnNetwork, own_network, own_networks
from attendance_app.services.rates import Rate

MOST_STRANGERS = 0.05
"""A network of one's own decides alone if, with 95 % confidence, it names at most this share of strangers."""


def backbone_id(network: OwnNetwork | None) -> str:
    """Return the id of an identity network, None meaning the shipped one, without opening it."""
    return identity_parameters().encoder_id if network is None else identity_id(network.path)


def network_of(home: Path, head_of: str, *, named: OwnNetwork | None = None) -> OwnNetwork | None:
    """Return the network with the id ``head_of``; None stands for the shipped one.

    Raises HeadOfAnotherNetwork if there is none, or if the one that is ``named`` is another; ModelFileError when its
    files were altered since it was added.
    """
    if named is not None:
        if backbone_id(named) != head_of:
            raise HeadOfAnotherNetwork(head=head_of, ours=backbone_id(named))
        return named
    if head_of == backbone_id(None):
        return None
    for network in own_networks(home):
        if network.kind is NetworkKind.IDENTITY and backbone_id(network) == head_of:
            return own_network(home, network.name)
    raise HeadOfAnotherNetwork(head=head_of, ours=backbone_id(None))


def strangers_named(network: OwnNetwork) -> Rate:
    """How many strangers the network named, among the people kept apart from its training; of none if not measured."""
    try:
        document = json.loads((network.folder / RATES).read_text(encoding="utf-8"))
        return Rate(int(document["strangers_named"]), int(document["strangers_tried"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Rate(0, 0)


def refuse_alone(network: OwnNetwork | None) -> None:
    """Raise NetworkNotSureAlone unless the network may name students without dlib's encodings; None: the shipped."""
    if network is None:
        return
    found = strangers_named(network)
    if not found.total or found.interval[1] > MOST_STRANGERS:
        raise NetworkNotSureAlone(name=network.name, named=found.count, tried=found.total)
