"""How long a network takes: contacts, ways and queues of 150 satellites and 300 relays.

python benchmarks/network.py [--minutes 30] [--step 20] [--relays 300] [--sensors 150]
"""

import argparse
import dataclasses
import math
import time

import numpy as np

from opendome.network.drawn import picture
from opendome.network.flow import Flow, places_of
from opendome.network.graph import Group, Line, Network
from opendome.network.holding import Holding
from opendome.sensing.records import Looks
from opendome.world.constellations import Walker
from opendome.world.earth import ecef_from_geodetic
from opendome.world.frames import enu_axes

STATIONS_DEG = {
    "alaska": (64.8, -147.6),
    "colorado": (39.7, -104.8),
    "hawaii": (21.5, -158.0),
    "greenland": (76.5, -68.7),
    "guam": (13.6, 144.9),
    "florida": (28.0, -80.6),
}


def standing(name, lat_deg, lon_deg, *, commands=False, mask_deg=5.0):
    """A place on the ground."""
    lat, lon = np.radians([lat_deg]), np.radians([lon_deg])
    return Group(
        name=name,
        nation="US",
        names=(name,),
        site_ecef_m=ecef_from_geodetic(lat, lon, np.zeros(1)).reshape(1, 3),
        up_ecef=enu_axes(lat, lon)[:, 2],
        mask_rad=math.radians(mask_deg),
        commands=commands,
    )


def constellation(name, satellites, planes, altitude_m, inclination_deg):
    """Satellites of a Walker star."""
    walker = Walker(
        kind="star",
        satellites=satellites,
        planes=planes,
        phasing=1.0,
        altitude_m=altitude_m,
        inclination_rad=math.radians(inclination_deg),
    )
    names = tuple(f"{name} {k + 1}" for k in range(satellites))
    return Group(name=name, nation="US", names=names, elements=walker.elements(), delay_s=0.01)


def network(sensors, relays, step_s, rate_hz=math.inf):
    """Warning satellites over a mesh of relays to six stations and one command."""
    groups = [
        constellation("watch", sensors, 10, 1.0e6, 81.0),
        constellation("relay", relays, 20, 1.1e6, 87.0),
        standing("command", 38.8, -104.7, commands=True),
        *(standing(name, *at) for name, at in STATIONS_DEG.items()),
    ]
    radio = {"range_max_m": 4.0e6, "elevation_min_rad": math.radians(5.0), "rate_hz": rate_hz}
    lines = [
        Line(name="up", ends=("watch", "relay"), range_max_m=4.0e6, margin_m=1e5, rate_hz=rate_hz),
        Line(name="mesh", ends=("relay", "relay"), range_max_m=4.0e6, margin_m=1e5),
        *(Line(name=f"down {n}", ends=("relay", n), **radio) for n in STATIONS_DEG),
        *(
            Line(name=f"line {n}", ends=(n, "command"), fixed=True, delay_s=0.05)
            for n in STATIONS_DEG
        ),
    ]
    return Network(
        groups=tuple(groups),
        lines=tuple(lines),
        step_s=step_s,
        age_max_s=60.0,
        queue_max_s=10.0,
    )


def looks_of(sensors, minutes, interval_s=10.0):
    """Every satellite looks at one object all the time."""
    t_s = np.arange(0.0, 60.0 * minutes, interval_s)
    count = t_s.size * sensors
    zeros = {field.name: np.zeros(count) for field in dataclasses.fields(Looks)}
    known = {
        "sensor_names": tuple(f"watch {k + 1}" for k in range(sensors)),
        "sensor_gives_range": np.zeros(sensors, np.bool_),
        "start": np.array([0, count]),
        "sensor": np.tile(np.arange(sensors, dtype=np.int32), t_s.size),
        "t_s": np.repeat(t_s, sensors),
        "p_detect": np.full(count, 0.9),
    }
    return Looks(**(zeros | known))


def flow_of(args, rate_hz):
    net = network(args.sensors, args.relays, args.step, rate_hz)
    return Flow(
        network=net,
        looks=looks_of(args.sensors, args.minutes),
        nodes=("US",),
        sensor_nation=("US",) * args.sensors,
        sensor_place=places_of(net, ["watch"] * args.sensors),
        processing_s=np.zeros(args.sensors),
        sharing=(),
        holding=Holding(confirm_hits=3),
        era_epoch_rad=1.0,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--step", type=float, default=20.0)
    parser.add_argument("--relays", type=int, default=300)
    parser.add_argument("--sensors", type=int, default=150)
    args = parser.parse_args()
    for words, rate_hz in (("no limit of capacity", math.inf), ("queues of 5 messages/s", 5.0)):
        for turn in ("first, with reading the kernels", "warm"):
            flow = flow_of(args, rate_hz)
            start = time.perf_counter()
            got = picture(flow)
            seconds = time.perf_counter() - start
            arrived = np.isfinite(got.arrival_t_s)
            delay_s = (got.arrival_t_s - flow.looks.t_s)[arrived]
            print(
                f"{words}, {turn}: {len(flow.network.place_names)} places, {flow.clock.steps} "
                f"steps, {flow.looks.t_s.size} looks in {seconds:.2f} s; {arrived.mean():.1%} "
                f"arrive, median {np.median(delay_s):.3f} s, max {delay_s.max():.3f} s"
            )


if __name__ == "__main__":
    main()
