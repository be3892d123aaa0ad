"""Rules of tracking with every value known."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TrackingModel:
    """When a track begins, how fast it forgets and when it is lost.

    A track begins at a node when at least two angles-only sensors are each confirmed, or
    one ranging sensor is; a sensor is confirmed by `confirm_hits` detections in its last
    `confirm_window` looks.

    Attributes
    ----------
    confirm_hits, confirm_window : m and n of the m-of-n rule
    prior_position_sigma_m, prior_speed_sigma_m_s : 1-sigma per axis before any measurement
    accel_psd_boost_m2_s3, accel_psd_coast_m2_s3 : unknown acceleration, spectral density
        per axis, while the object burns and after
    custody_gap_s : a track not fed for longer is lost
    custody_sigma_m : a track with a larger position error (root sum square) is lost
    """

    confirm_hits: int
    confirm_window: int
    prior_position_sigma_m: float
    prior_speed_sigma_m_s: float
    accel_psd_boost_m2_s3: float
    accel_psd_coast_m2_s3: float
    custody_gap_s: float
    custody_sigma_m: float
