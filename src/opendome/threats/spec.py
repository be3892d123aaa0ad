"""The threat part of a scenario: what a class is, by the kind of its flight.

A class of the catalogue names its kind with `flight`; a class without it is ballistic. Every
spec has `range_min`, `range_max` (from start to aim over ground), `longest_s` and `realise`.
"""

from collections.abc import Mapping

from opendome.sources.records import System
from opendome.threats.ballistic_spec import ThreatSpec
from opendome.threats.cruise_spec import CruiseSpec
from opendome.threats.glide_spec import GlideSpec
from opendome.threats.orbital_spec import OrbitalSpec
from opendome.threats.rocket_spec import RocketSpec

AnyThreatSpec = ThreatSpec | GlideSpec | OrbitalSpec | CruiseSpec | RocketSpec
FLIGHTS: Mapping[str, type[AnyThreatSpec]] = {
    "ballistic": ThreatSpec,
    "glide": GlideSpec,
    "orbital": OrbitalSpec,
    "cruise": CruiseSpec,
    "rocket": RocketSpec,
}


def flown_as(spec: AnyThreatSpec) -> str:
    """What one calls its flight: the kind, and `mortar` for a rocket class without a boost."""
    return "mortar" if isinstance(spec, RocketSpec) and not spec.boosted else spec.flight


def spec_of(system: System) -> type[AnyThreatSpec]:
    """The spec of a threat class of the catalogue."""
    flight = system.tree().get("flight", "ballistic")
    return FLIGHTS[flight]
