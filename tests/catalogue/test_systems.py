"""The catalogue as a whole: what the simulator plays is complete and honest."""

import json

import pytest
from pydantic import BaseModel

from opendome.command.spec import CommandSpec
from opendome.intercept.energy_spec import DirectedEnergySpec
from opendome.intercept.spec import OrbitalInterceptorSpec, SurfaceInterceptorSpec
from opendome.network.spec import LinkSpec
from opendome.quantities.values import TestRecord
from opendome.sensing.infrared_spec import InfraredSatelliteSpec
from opendome.sensing.radar_spec import RadarSpec
from opendome.sensing.skywave_spec import OverTheHorizonRadarSpec
from opendome.sources.catalogue import load_all, load_system, system_ids
from opendome.threats.spec import spec_of
from opendome.tracking.spec import TrackingSpec

SPECS: dict[str, type[BaseModel]] = {
    "radar": RadarSpec,
    "over-the-horizon-radar": OverTheHorizonRadarSpec,
    "infrared-satellite": InfraredSatelliteSpec,
    "orbital-interceptor": OrbitalInterceptorSpec,
    "surface-interceptor": SurfaceInterceptorSpec,
    "directed-energy": DirectedEnergySpec,
}
PLAYED = (
    "uewr-beale", "uewr-capecod", "uewr-clear", "uewr-pituffik", "uewr-fylingdales", "parcs",
    "cobra-dane", "lrdr", "tpy2-kyogamisaki", "tpy2-shariki", "sbx1", "spy1d",
    "sbirs-geo", "sbirs-heo", "next-gen-opir", "next-gen-opir-polar", "sda-tracking-t0",
    "sda-tracking-t1", "sda-tracking-t2", "hbtss", "ir-wide-field", "ir-medium-field",
    "gbi", "ngi", "sm3-iia", "sm3-ib", "thaad", "pac3-mse", "aegis-ashore", "sbi-cbo-2026",
    "icbm-liquid", "icbm-solid", "slbm", "irbm", "mrbm", "srbm",
    "slbm-depressed", "icbm-lofted", "icbm-solid-multiple", "mrbm-manoeuvring",
    "cruise-subsonic", "cruise-supersonic", "owa-drone", "hgv", "fobs", "bomber-subsonic",
    "rocket-home-made", "rocket-122mm", "rocket-heavy", "mortar-81mm", "mortar-120mm",
    "sentinel-a4", "tpy4", "airborne-radar", "nasams", "sm6",
    "hd-othr", "airborne-early-warning",
    "iron-beam", "gpi", "sm2", "arrow2", "arrow3", "davids-sling", "chu-sam-kai",
    "tamir",
)  # fmt: skip


def model_of(entry):
    """The spec that reads a system, None for what is not played."""
    return spec_of(entry) if entry.kind == "threat" else SPECS.get(entry.kind)


def spec_values(system, model):
    """What the simulator reads of a system: its values and the engine's defaults."""
    merged = {**load_system("engine-defaults").tree(), **load_system(system).tree()}
    return {name: value for name, value in merged.items() if name in model.model_fields}


@pytest.mark.parametrize("system", PLAYED)
def test_every_played_system_fits_its_spec(system):
    model = model_of(load_system(system))
    spec = model(**spec_values(system, model))
    again = model(**json.loads(spec.model_dump_json(exclude_none=True)))
    assert again == spec


@pytest.mark.parametrize("system", PLAYED)
def test_every_sensor_has_a_link(system):
    if load_system(system).kind in ("radar", "over-the-horizon-radar", "infrared-satellite"):
        LinkSpec(**{name: load_system(system).tree()[name] for name in LinkSpec.model_fields})


@pytest.mark.parametrize("model", [CommandSpec, TrackingSpec, LinkSpec])
def test_the_defaults_of_the_engine_are_complete(model):
    defaults = load_system("engine-defaults").tree()
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    assert required <= set(defaults)
    model(**{name: defaults[name] for name in required})


@pytest.mark.parametrize("system", [*PLAYED, "engine-defaults"])
def test_what_is_played_and_unverified_is_an_interval(system):
    """A number nobody could check enters as what is not known, not as a point."""
    for name, parameter in load_system(system).parameters.items():
        played = name.split(".")[0] in _played_names(system)
        if played and parameter.passport.basis == "unverified" and not parameter.words:
            assert parameter.value.uncertain, (system, name)


@pytest.mark.parametrize("system", [*PLAYED, "engine-defaults"])
def test_what_is_played_and_assumed_says_why(system):
    for name, parameter in load_system(system).parameters.items():
        if parameter.passport.basis == "assumed":
            assert "project-assumption" in parameter.passport.sources, (system, name)
            assert len(parameter.passport.note) >= 10, (system, name)


def test_test_records_are_records():
    assert load_system("gbi").parameters["p_kill"].value == TestRecord(12, 21)
    assert load_system("thaad").parameters["p_kill"].value == TestRecord(16, 16)
    assert load_system("sm3-ib").parameters["p_kill"].value == TestRecord(22, 27)


def test_published_anchors():
    """Figures every reader can look up, so that a slip of a digit is seen."""
    assert load_system("gbi").parameters["sites.fort-greely.stock"].given == "40"
    assert load_system("gbi").parameters["sites.vandenberg.stock"].given == "4"
    assert load_system("sbi-cbo-2026").parameters["constellation.satellites"].given == "7800"
    assert load_system("sda-tracking-t1").parameters["constellation.satellites"].given == "28"
    assert load_system("sda-tracking-t2").parameters["constellation.satellites"].given == "54"
    assert load_system("golden-dome-total").parameters["cbo_2026_20y"].given == "1191 GUSD_2026"
    assert load_system("uewr-beale").parameters["azimuth_to"].given == "366 deg"


def test_facts_do_not_stand_in_for_played_values():
    """A fact whose name is a field of the spec would be played: only whole entries may."""
    for system, entry in load_all().items():
        model = model_of(entry)
        if model is None or system in PLAYED:
            continue
        required = {name for name, field in model.model_fields.items() if field.is_required()}
        assert not required <= set(entry.tree()), f"{system} could be played: list it in PLAYED"


def test_ids_are_slugs():
    assert all(name == name.lower() and "_" not in name for name in system_ids())
    assert len(system_ids()) >= 105


def _played_names(system):
    kind = load_system(system).kind
    if kind == "command":
        return {n for m in (CommandSpec, TrackingSpec, LinkSpec) for n in m.model_fields}
    return {*model_of(load_system(system)).model_fields, *LinkSpec.model_fields}
