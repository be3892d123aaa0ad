"""Scenes on random boards in which a policy decides."""

from opendome.command.models import Doctrine
from opendome.command.policy import Brief
from opendome.engagement.policies import PolicyScene, Staff, shooter_names

NODES, LAYERS = ("west", "east"), ("upper", "lower")


def scene(board, book, make, name="tried"):
    """A scene of a board; `make` gives a policy."""
    doctrine = tuple(
        Doctrine(salvo=int(rule["salvo"]), salvos_max=int(rule["salvos_max"]))
        for rule in book.layers
    )
    briefs = tuple(
        Brief(
            node=node,
            cycle_s=book.cycle_s,
            assessment_delay_s=book.assessment_delay_s,
            layers=LAYERS,
            doctrine=doctrine,
            shooters=shooter_names(("a", "b", "c"), board.shooters),
            shooter_layer=board.shooters["layer"],
            shooter_rounds=board.shooters["stock"],
            seed=0,
        )
        for node in NODES
    )
    staff = Staff(nodes=NODES, layers=LAYERS, briefs=briefs, prior_log_odds=0.0)
    return PolicyScene(name=name, make=make, board=board, rules=book, staff=staff)
