"""The tracking part of a scenario; values left out come from the catalogue's defaults."""

from collections.abc import Callable
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from opendome.quantities.errors import QuantityError
from opendome.quantities.fields import AccelerationDensity, Bounds, Count, Duration, Length, Speed
from opendome.quantities.values import Interval, Value
from opendome.tracking.models import TrackingModel

_Looks = Annotated[Count, Bounds("1", "31")]


class TrackingSpec(BaseModel):
    """Rules by which a node begins, feeds and loses its tracks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    confirm_hits: _Looks = Field(description="detections that confirm an object for a sensor")
    confirm_window: _Looks = Field(description="last looks of the sensor among which they count")
    prior_position_sigma: Annotated[Length, Bounds("1 m", "100000 km")] = Field(
        description="position error per axis before any measurement"
    )
    prior_speed_sigma: Annotated[Speed, Bounds("1 m/s", "100 km/s")] = Field(
        description="speed error per axis before any measurement"
    )
    accel_psd_boost: AccelerationDensity = Field(
        description="spectral density of the unknown acceleration while the object burns"
    )
    accel_psd_coast: AccelerationDensity = Field(
        description="spectral density of the unknown acceleration after burnout"
    )
    custody_gap: Annotated[Duration, Bounds(above="0 s")] = Field(
        description="a track not fed for longer is lost"
    )
    custody_sigma: Annotated[Length, Bounds(above="0 m")] = Field(
        description="a track with a larger position error is lost"
    )

    @model_validator(mode="after")
    def _hits_fit_the_window(self) -> Self:
        """A rule such as 5 of 3 could never be met."""
        if _highest(self.confirm_hits) > _lowest(self.confirm_window):
            hits, window = self.confirm_hits.text(), self.confirm_window.text()
            raise QuantityError(
                got=f"confirm_hits {hits} of confirm_window {window}",
                allowed="confirm_hits at most confirm_window",
                do="lower confirm_hits or raise confirm_window",
            )
        return self

    def realise(self, pick: Callable[[str, Value], float]) -> TrackingModel:
        """Rules with every uncertain value drawn by `pick`."""
        return TrackingModel(
            confirm_hits=round(pick("confirm_hits", self.confirm_hits)),
            confirm_window=round(pick("confirm_window", self.confirm_window)),
            prior_position_sigma_m=pick("prior_position_sigma", self.prior_position_sigma),
            prior_speed_sigma_m_s=pick("prior_speed_sigma", self.prior_speed_sigma),
            accel_psd_boost_m2_s3=pick("accel_psd_boost", self.accel_psd_boost),
            accel_psd_coast_m2_s3=pick("accel_psd_coast", self.accel_psd_coast),
            custody_gap_s=pick("custody_gap", self.custody_gap),
            custody_sigma_m=pick("custody_sigma", self.custody_sigma),
        )


def _highest(value: Value) -> float:
    return value.high if isinstance(value, Interval) else value.middle


def _lowest(value: Value) -> float:
    return value.low if isinstance(value, Interval) else value.middle
