"""A planted bug: aiming that forgets that the Earth turns."""

import inspect
import math
import types

import numpy as np
import pytest

from opendome.threats.ballistic import STEP_ERROR_M
from opendome.threats.kernels import newton, shot, solve
from opendome.threats.kernels.raid import shot_of
from opendome.threats.kernels.status import HIT
from opendome.threats.kernels.work import COLUMNS, GAP, GUESS, ROWS
from opendome.world.earth import ecef_from_geodetic

from .shots import far_away, threat
from .twin import Twin

CRAFT = threat("icbm-solid")
COURSE = (40.0, 127.0, *far_away(40.0, 127.0, 60.0, 9_000e3))


def plain(rotation_rad_s):
    """The aiming kernels as plain Python, with a rate of rotation of their own."""
    rooms = {}
    for module in (shot, newton, solve):
        text = inspect.getsource(module).replace("@kernel\n", "")
        room = types.ModuleType(module.__name__ + "_plain")
        exec(compile(text, module.__file__, "exec"), room.__dict__)
        for other in rooms.values():
            for name, value in vars(other).items():
                if isinstance(value, types.FunctionType) and name in vars(room):
                    setattr(room, name, value)
        room.ROTATION_RAD_S = rotation_rad_s
        rooms[module] = room
    return rooms[solve].solve


def landed_m(aim):
    """Distance from the aim point at which the independent twin lands, and what aiming thinks."""
    work = np.zeros((ROWS, COLUMNS))
    target = shot_of(np.array([CRAFT.numbers]), np.radians([COURSE]), 0)
    assert aim(target, work, STEP_ERROR_M) == HIT
    impact = Twin(CRAFT, *COURSE[:2], work[GUESS, :4]).fly()[-1].y[:3, -1]
    goal = ecef_from_geodetic(math.radians(COURSE[2]), math.radians(COURSE[3]))
    return np.linalg.norm(impact - goal), np.linalg.norm(work[GAP, :3])


def test_aiming_with_rotation_hits_by_the_twin():
    real, believed = landed_m(solve.solve)
    assert real < 500.0
    assert real == pytest.approx(believed, abs=30.0)


def test_plain_python_aims_like_the_compiled_kernels():
    """The mutant below differs from the kernels by its rate of rotation alone."""
    assert landed_m(plain(7.292115e-5)) == pytest.approx(landed_m(solve.solve), abs=1.0)


def test_aiming_without_rotation_is_caught():
    """It believes in a hit and lands hundreds of kilometres away."""
    real, believed = landed_m(plain(0.0))
    assert believed < 500.0
    assert real > 100e3
