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


def test_what_begins_late_is_known_until_then():
    """A pull of the last half minute leaves a track in space as good as that of a free fall, and
    spoils only the shots that meet it after it has begun.
    """
    changes = {
        "raid.0.manoeuvre": {"acceleration": "15 g", "below": "40 km"},
        "raid.0.count": 4,
    }
    late = lay_out(load("golden-dome", changes=changes), 0)
    assert (late.raid.manoeuvre_t_s > late.raid.impact_t_s - 60.0).all()
    assert (late.board.objects["manoeuvre_psd_m2_s3"] > 1e5).all()
    killed = fates(late.board, late.rules, Fate.KILLED)
    late.board.objects["manoeuvre_psd_m2_s3"] = 0.0
    free = fates(late.board, late.rules, Fate.KILLED)
    late.board.objects["manoeuvre_psd_m2_s3"] = late.raid.manoeuvre_psd_m2_s3
    late.board.objects["manoeuvre_t_s"] = -np.inf  # as if it could begin at any time
    always = fates(late.board, late.rules, Fate.KILLED)
    assert killed == free > TRIALS
    assert always < 0.9 * killed
