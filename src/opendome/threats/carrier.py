"""Aircraft that bring missiles to where they are released, and their flight there and back."""

from dataclasses import dataclass, replace

import numpy as np

from opendome.quantities.constants import ROTATION_RAD_S
from opendome.threats.cruise import CruiseClass
from opendome.threats.groups import RaidGroup
from opendome.threats.kernels.cruise import pass_times
from opendome.threats.records import Floats, Flown

RELEASE = 1  # point of the route where it lets go of its missiles
NO_RELEASE = (
    "the carrier cannot release there: the way there and back lies outside its range, or is so "
    "short that it would not be in level flight"
)


@dataclass(frozen=True, kw_only=True)
class CarrierClass:
    """A class of aircraft in one future, each bound for a release point of its own.

    aircraft : how it flies
    release_rad : (object, 2) latitude and longitude where each lets go of its missiles [rad]
    """

    aircraft: CruiseClass
    release_rad: Floats

    @property
    def reliability(self) -> float:
        """Chance that an object does not fail by itself."""
        return self.aircraft.reliability

    def routes(self, base_rad: Floats) -> Floats:
        """(object, 3, 2) base, release point, base again. base_rad : (object, 2)."""
        return np.ascontiguousarray(np.stack((base_rad, self.release_rad, base_rad), axis=1))

    def outbound_s(self, base_rad: Floats) -> Floats:
        """Time from take-off to release (object,) [s], NaN where it cannot be flown."""
        passed_s = np.empty(len(base_rad))
        pass_times(self.aircraft.flier, self.routes(base_rad), RELEASE, passed_s)
        return passed_s

    def fly(self, group: RaidGroup, *, era_epoch_rad: float, step_s: float) -> Flown:
        """Fly every aircraft of a group without any defence: base, release point, base.

        group : launch points are the bases    era_epoch_rad, step_s : as of every class
        Model: as an air-breathing flier along two geodesics; it turns at once at the release
        point and lands where it took off; see docs/models/carrier-aircraft.md.
        """
        base_rad = group.courses[:, :2]
        # an aircraft without a moment of release has no moment of take-off
        era_rad = era_epoch_rad + ROTATION_RAD_S * np.nan_to_num(group.launch_t_s)
        flown = self.aircraft.follow(self.routes(base_rad), era_rad=era_rad, step_s=step_s)
        lost = np.isnan(group.launch_t_s)
        reasons = tuple(
            NO_RELEASE if gone else reason for gone, reason in zip(lost, flown.reasons, strict=True)
        )
        return replace(flown, reasons=reasons)


def released(missile: CruiseClass, aircraft: CruiseClass) -> CruiseClass:
    """A cruise missile that begins at the height of the aircraft that carries it."""
    return replace(missile, launch_altitude_m=aircraft.altitude_m)
