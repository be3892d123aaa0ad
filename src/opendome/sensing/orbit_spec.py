"""The part of a scenario that says where satellites fly."""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from opendome.quantities.constants import RADIUS_EQUATOR_M
from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import (
    Bounds,
    Count,
    Length,
    Ratio,
)
from opendome.quantities.values import Point
from opendome.sensing.orbits import Orbit, geostationary_orbit, walker_orbits
from opendome.sensing.spec import (
    FULL_TURN,
    Inclination,
    Longitude,
    OrbitAltitude,
    Pick,
    SensorPart,
    Turn,
    highest,
    lowest,
)


class GeostationarySpec(SensorPart):
    """Satellites that stand over the equator."""

    longitudes: list[Longitude] = Field(min_length=1, description="one for each satellite")

    def orbits(self, pick: Pick) -> list[Orbit]:
        """One orbit for each longitude."""
        return [
            geostationary_orbit(pick(f"geostationary.longitudes.{k}", longitude))
            for k, longitude in enumerate(self.longitudes)
        ]


class ConstellationSpec(SensorPart):
    """A Walker pattern of circular orbits."""

    walker: Literal["delta", "star"] = Field(
        description="delta: nodes spread over the whole turn; star: over half of it"
    )
    satellites: Annotated[Count, Bounds("1", "100000")] = Field(description="in all planes")
    planes: Annotated[Count, Bounds("1", "10000")] = Field(description="orbital planes")
    phasing: Annotated[Ratio, Bounds("0")] = Field(
        default=Point(0.0), description="F of the notation T/P/F, 0 up to below planes"
    )
    altitude: OrbitAltitude = Field(description="above the equatorial radius")
    inclination: Inclination = Field(description="of every plane")
    raan: Turn = Field(default=FULL_TURN, description="node of the first plane, in ECI")
    phase: Turn = Field(
        default=FULL_TURN, description="place of the first satellite along its orbit, at the epoch"
    )

    @model_validator(mode="after")
    def _satellites_fill_the_planes(self) -> Self:
        """Whole, equal planes: what the pattern means."""
        satellites, planes = self.satellites, self.planes
        if satellites.uncertain or planes.uncertain:
            raise QuantityError(
                got=f"{satellites.text()} satellites in {planes.text()} planes",
                allowed="one number of satellites and one of planes",
                do="choose one pattern",
            )
        if satellites.middle % planes.middle:
            raise QuantityError(
                got=f"{satellites.text()} satellites in {planes.text()} planes",
                allowed="the same number of satellites in each plane",
                do="change the number of satellites or of planes",
            )
        if highest(self.phasing) >= planes.middle:
            raise QuantityError(
                got=f"phasing {self.phasing.text()} with {planes.text()} planes",
                allowed="0 up to, not including, the number of planes",
                do="give the F of the T/P/F notation",
            )
        return self

    def orbits(self, pick: Pick) -> list[Orbit]:
        """One orbit for each satellite, plane by plane."""

        def own(name: str) -> float:
            return pick(f"constellation.{name}", getattr(self, name))

        return walker_orbits(
            kind=self.walker,
            satellites=round(own("satellites")),
            planes=round(own("planes")),
            phasing=own("phasing"),
            altitude_m=own("altitude"),
            inclination_rad=own("inclination"),
            raan_rad=own("raan"),
            phase_rad=own("phase"),
        )


class ElementsSpec(SensorPart):
    """One satellite by its mean elements at the epoch."""

    semi_major_axis: Annotated[Length, Bounds("6500 km", "500000 km")] | None = Field(
        default=None, description="together with eccentricity"
    )
    eccentricity: Annotated[Ratio, Bounds("0", "0.95")] | None = Field(
        default=None, description="together with semi_major_axis"
    )
    perigee_altitude: OrbitAltitude | None = Field(
        default=None, description="above the equatorial radius; together with apogee_altitude"
    )
    apogee_altitude: OrbitAltitude | None = Field(
        default=None, description="above the equatorial radius"
    )
    inclination: Inclination = Field(description="of the orbit")
    raan: Turn = Field(default=FULL_TURN, description="right ascension of the node, in ECI")
    argument_of_perigee: Turn = Field(description="from the node to the perigee")
    mean_anomaly: Turn = Field(default=FULL_TURN, description="at the epoch")

    @model_validator(mode="after")
    def _one_pair(self) -> Self:
        """Size and shape, or lowest and highest point."""
        given = [
            name
            for name in ("semi_major_axis", "eccentricity", "perigee_altitude", "apogee_altitude")
            if getattr(self, name) is not None
        ]
        if given not in (
            ["semi_major_axis", "eccentricity"],
            ["perigee_altitude", "apogee_altitude"],
        ):
            raise QuantityError(
                got=" and ".join(given) or "no size of the orbit",
                allowed="semi_major_axis and eccentricity, or perigee_altitude and apogee_altitude",
                do="give one of the two pairs",
            )
        perigee, apogee = self.perigee_altitude, self.apogee_altitude
        if perigee is not None and apogee is not None and lowest(apogee) < highest(perigee):
            raise QuantityError(
                got=f"apogee {apogee.text('km')}, perigee {perigee.text('km')}",
                allowed="an apogee at or above the perigee",
                do="swap or correct them",
            )
        return self

    def highest_m(self) -> float:
        """Largest distance from the centre of the Earth, whatever is drawn [m]."""
        if self.apogee_altitude is not None:
            return RADIUS_EQUATOR_M + highest(self.apogee_altitude)
        axis, eccentricity = self.semi_major_axis, self.eccentricity
        if axis is None or eccentricity is None:
            return math.inf
        return highest(axis) * (1.0 + highest(eccentricity))

    def orbit(self, pick: Pick, place: str) -> Orbit:
        """The orbit; `place` is the path of this entry."""

        def own(name: str) -> float:
            return pick(f"{place}.{name}", getattr(self, name))

        if self.semi_major_axis is not None:
            axis, eccentricity = own("semi_major_axis"), own("eccentricity")
        else:
            perigee = RADIUS_EQUATOR_M + own("perigee_altitude")
            apogee = RADIUS_EQUATOR_M + own("apogee_altitude")
            axis, eccentricity = (apogee + perigee) / 2.0, (apogee - perigee) / (apogee + perigee)
        return Orbit(
            semi_major_axis_m=axis,
            eccentricity=eccentricity,
            inclination_rad=own("inclination"),
            raan_rad=own("raan"),
            argument_of_perigee_rad=own("argument_of_perigee"),
            mean_anomaly_rad=own("mean_anomaly"),
        )
