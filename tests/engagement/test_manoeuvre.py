"""What a node may not know: how a glider will turn, and where an orbit will end."""

import numpy as np

from opendome.engagement.geometry import lay_out
from opendome.engagement.play import play
from opendome.engagement.records import Fate
from opendome.scenario.loading import load

TRIALS = 60


def fates(board, rules, fate):
    """Objects with a fate, over all trials."""
    ledger = play(board, rules, seed=3, first_trial=0, trials=TRIALS)
    return int((np.asarray(ledger.objects["fate"]) == fate).sum())


def test_a_glider_that_nobody_can_follow_is_hit_less():
    """The more it may swerve, the fewer kills; by the same luck, on the same path."""
    geometry = lay_out(load("hypersonic-pacific", changes={"seed": 11}), 0)
    kills = []
    for psd in (0.0, 1e3, 1e5):
        geometry.board.objects["manoeuvre_psd_m2_s3"] = psd
        kills.append(fates(geometry.board, geometry.rules, Fate.KILLED))
    assert kills[0] >= kills[1] > kills[2]
    assert kills[0] > TRIALS


def test_no_shot_is_ordered_across_the_impulse_of_an_orbit():
    """Interceptors that could meet it on either side of the impulse: none is ordered across it."""
    changes = {
        "assets.gbi.intercept_altitude_min": "50 km",
        "assets.gbi.range_max": "12000 km",
        "assets.hbtss.constellation": {
            "walker": "delta", "satellites": 300, "planes": 15, "altitude": "1000 km",
            "inclination": "60 deg",
        },
    }  # fmt: skip
    geometry = lay_out(load("fractional-orbit", changes=changes), 1)

    def across(board):
        ledger = play(board, geometry.rules, seed=3, first_trial=0, trials=TRIALS)
        shots = ledger.shots
        turn = geometry.raid.turn_t_s[np.asarray(shots["object"])]
        ordered, met = np.asarray(shots["ordered_t_s"]), np.asarray(shots["intercept_t_s"])
        return ordered.size, int(((ordered < turn) & (turn < met)).sum())

    shots, wrong = across(geometry.board)
    assert shots > 0
    assert wrong == 0
    geometry.board.objects["turn_t_s"] = -np.inf  # a node that knows where it will fall
    assert across(geometry.board)[1] > 0
