"""The part of a scenario that says how a radar moves, or where it may stand."""

import math
from typing import Annotated

from pydantic import Field

from opendome.quantities.fields import Angle, Bounds, Length, Ratio, Speed
from opendome.quantities.values import Interval
from opendome.sensing.radar import Course
from opendome.sensing.spec import FULL_TURN, Pick, SensorPart
from opendome.world.geodesy import geodesic_direct

ANY_SHARE = Interval(0.0, 1.0)

Heading = Annotated[Angle, Bounds("-360 deg", "360 deg")]
Pace = Annotated[Speed, Bounds(high="400 m/s", above="0 m/s")]
Share = Annotated[Ratio, Bounds("0", "1")]


class CourseSpec(SensorPart):
    """A straight course over the ellipsoid, as of a ship or of an aircraft on its way."""

    heading: Heading = Field(description="clockwise from north, at the declared position")
    speed: Pace = Field(description="over the ellipsoid; it is at the declared position at t = 0")

    def realise(self, pick: Pick) -> Course:
        """The course with every uncertain value drawn."""
        return Course(
            heading_rad=pick("course.heading", self.heading),
            speed_m_s=pick("course.speed", self.speed),
        )


class RacetrackSpec(SensorPart):
    """Two straights joined by half circles around the declared position, flown clockwise."""

    heading: Heading = Field(description="of the left straight, clockwise from north")
    speed: Pace = Field(description="over the ellipsoid")
    leg: Annotated[Length, Bounds("0 km", "500 km")] = Field(
        description="of each straight; 0 for a circle"
    )
    turn_radius: Annotated[Length, Bounds("100 m", "200 km")] = Field(
        description="of each half circle"
    )
    lap: Share = Field(default=ANY_SHARE, description="part of a lap that is flown at t = 0")

    def realise(self, pick: Pick) -> Course:
        """The racetrack with every uncertain value drawn."""
        leg_m, radius_m = (
            pick("racetrack.leg", self.leg),
            pick("racetrack.turn_radius", self.turn_radius),
        )
        return Course(
            heading_rad=pick("racetrack.heading", self.heading),
            speed_m_s=pick("racetrack.speed", self.speed),
            leg_m=leg_m,
            turn_radius_m=radius_m,
            flown_m=pick("racetrack.lap", self.lap) * 2.0 * (leg_m + math.pi * radius_m),
        )


class RoamSpec(SensorPart):
    """A circle around the declared position, somewhere in which it stands: evenly over its area."""

    radius: Annotated[Length, Bounds("1 km", "3000 km")] = Field(description="of the circle")
    bearing: Annotated[Angle, Bounds("-360 deg", "360 deg")] = Field(
        default=FULL_TURN, description="from the declared position to it, clockwise from north"
    )
    area_within: Share = Field(
        default=ANY_SHARE, description="part of the area of the circle that is nearer to its centre"
    )

    def place(self, pick: Pick, lat_rad: float, lon_rad: float) -> tuple[float, float]:
        """Where it stands (latitude, longitude) [rad]."""
        distance_m = pick("roam.radius", self.radius) * math.sqrt(
            pick("roam.area_within", self.area_within)
        )
        bearing_rad = pick("roam.bearing", self.bearing)
        lat, lon, _ = geodesic_direct(lat_rad, lon_rad, bearing_rad, distance_m)
        return float(lat), float(lon)
