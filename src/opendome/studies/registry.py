"""Which model each data file of a study may name; a model is read when it is first needed."""

from collections.abc import Mapping
from importlib import import_module

from opendome.studies.records import StudyModel

# name in the data file -> module of this room that holds its MODEL
MODELS: Mapping[str, str] = {
    "aei-layers": "aei_layers",
    "availability": "availability",
    "boost-phase": "boost_phase",
    "cbo-accounting": "cbo_accounting",
    "density": "density",
    "fleet-bill": "fleet_bill",
    "interceptor-calculator": "interceptor_calculator",
    "launch-price": "launch_price",
    "life-cycle-method": "life_cycle_method",
    "minimum-energy": "minimum_energy",
    "rocket-record": "rocket_record",
    "shot-record": "shot_record",
    "wilkening": "wilkening",
}


def model(name: str) -> StudyModel:
    """The model a study names."""
    return import_module(f"opendome.studies.{MODELS[name]}").MODEL
