import numpy as np
import pytest
from pydantic import ValidationError

from opendome.quantities.errors import OpendomeError
from opendome.tracking.models import TrackingModel
from opendome.tracking.records import Tracks
from opendome.tracking.spec import TrackingSpec

FIELDS = {
    "confirm_hits": 3,
    "confirm_window": 5,
    "prior_position_sigma": "300 km",
    "prior_speed_sigma": "5 km/s",
    "accel_psd_boost": "20..60 m2/s3",
    "accel_psd_coast": "0.001 m2/s3",
    "custody_gap": "60 s",
    "custody_sigma": "50 km",
}


def middle(_name, value):
    return value.middle


def test_realises_every_field_in_its_place():
    assert TrackingSpec.model_validate(FIELDS).realise(middle) == TrackingModel(
        confirm_hits=3,
        confirm_window=5,
        prior_position_sigma_m=300e3,
        prior_speed_sigma_m_s=5e3,
        accel_psd_boost_m2_s3=40.0,
        accel_psd_coast_m2_s3=0.001,
        custody_gap_s=60.0,
        custody_sigma_m=50e3,
    )


def test_asks_for_each_value_by_its_own_name():
    asked = []

    def pick(name, value):
        asked.append(name)
        return value.middle

    TrackingSpec.model_validate(FIELDS).realise(pick)
    assert sorted(asked) == sorted(FIELDS)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"confirm_hits": 6}, "confirm_hits 6 of confirm_window 5"),
        ({"confirm_hits": "2..6"}, "confirm_hits at most confirm_window"),
        ({"confirm_window": 32}, "at most 31"),
        ({"confirm_hits": 0}, "at least 1"),
        ({"custody_gap": "0 s"}, "more than 0 s"),
        ({"prior_position_sigma": "10 cm"}, "at least 1 m"),
        ({"custody_sigma": "5 km/s"}, "custody_sigma"),
        ({"half_life": 3}, "half_life"),
    ],
)
def test_refuses(change, message):
    with pytest.raises(ValidationError, match=message):
        TrackingSpec.model_validate(FIELDS | change)


def test_every_field_is_needed():
    for name in FIELDS:
        with pytest.raises(ValidationError, match=name):
            TrackingSpec.model_validate({k: v for k, v in FIELDS.items() if k != name})


def tracks(**change):
    parts = {
        "node_names": ("US", "JP"),
        "formed_t_s": np.array([[[10.0], [np.nan]]]),
        "drops": np.array([[[1], [0]]], np.int32),
        "commit_sigma_m": np.array([[[500.0], [np.nan]]]),
    }
    return Tracks(**(parts | change))


def test_tracks_are_valid_where_one_was_formed():
    record = tracks()
    record.validate()
    assert record.valid.tolist() == [[[True], [False]]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"node_names": ("US",)}, "1 nodes"),
        ({"drops": np.zeros((1, 1, 2), np.int32)}, "drops of shape"),
        ({"drops": np.array([[[-1], [0]]], np.int32)}, "negative"),
        ({"drops": np.array([[[1], [2]]], np.int32)}, "never was"),
        ({"commit_sigma_m": np.zeros((2, 2, 1))}, "commit_sigma_m of shape"),
    ],
)
def test_tracks_refuse(change, message):
    with pytest.raises(OpendomeError, match=message):
        tracks(**change).validate()
