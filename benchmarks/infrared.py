"""Speed of the looks of infrared satellites at a dense raid, kernels warm: CPU seconds of one core.

    uv run python benchmarks/infrared.py

300 missiles of `golden-dome-peer` and 54 satellites at 1000 km that look every 2 s: the least
that a satellite may say, then with backgrounds, Sun, clear skies and bias, then with turns.
"""

import dataclasses
import time

import numpy as np

from opendome.scenario.loading import load
from opendome.sensing.infrared import InfraredSatellite
from opendome.sensing.models import SensorSuite, look_at
from opendome.sensing.orbits import walker_orbits
from opendome.threats.models import fly_raid

REPEATS = 3
ORBITS = walker_orbits(
    kind="star", satellites=54, planes=6, phasing=1.0, altitude_m=1.0e6, inclination_rad=1.4,
    raan_rad=0.0, phase_rad=0.0,
)  # fmt: skip
PLAIN = tuple(
    InfraredSatellite(
        name=f"eye-{k}", asset=0, orbit=orbit, revisit_s=2.0, revisit_phase_s=0.61 * k % 2.0,
        angle_noise_rad=3e-5, sensitivity_w_sr=30.0, sensitivity_range_m=2e6, snr_reference=10.0,
        p_false_alarm=1e-6, field_of_regard_rad=1.2, cloud_break_altitude_m=8e3,
        limb_altitude_m=6e4, tracks_cold_bodies=True,
    )
    for k, orbit in enumerate(ORBITS)
)  # fmt: skip
MORE = {
    "sensitivity_below_horizon_w_sr": 2e3,
    "sun_exclusion_rad": 0.3,
    "p_clear_sky": 0.33,
    "angle_bias_rad": 1e-5,
    "bias_memory_s": 100.0,
}


def main() -> None:
    """Print seconds and looks a second of each case."""
    real = load("golden-dome-peer").realise(0)
    raid = fly_raid(real.raid_groups, era_epoch_rad=real.era_epoch_rad, step_s=1.0)
    cases = {"the least": {}, "everything": MORE, "20 targets at once": {**MORE, "targets": 20}}
    for name, changes in cases.items():
        eyes = tuple(dataclasses.replace(one, **changes) for one in PLAIN)
        suite = SensorSuite(satellites=eyes)
        seconds = []
        for _ in range(REPEATS + 1):
            begun = time.process_time()
            looks = look_at(raid, suite, era_epoch_rad=real.era_epoch_rad, sky=real.sky)
            seconds.append(time.process_time() - begun)
        best = min(seconds[1:])
        tried = sum(
            np.ceil((raid.impact_t_s - raid.launch_t_s) / eye.revisit_s).sum() for eye in eyes
        )
        print(
            f"{name:20} {raid.objects} objects, {len(eyes)} satellites: {best:6.3f} s, "
            f"{looks.t_s.size:8} looks kept of {tried:.0f} tried, {tried / best / 1e6:.1f} M/s"
        )


if __name__ == "__main__":
    main()
