"""Make src/opendome/world/us76_table.py: the US Standard Atmosphere 1976 above 86 km.

Integrates the number densities of N2, O, O2, Ar, He and H by the equations of the standard
(U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562, section 1.3, equations 32 to 43, tables 4
to 7) with the constants of the standard, and writes knots of ln p and ln rho with their
slopes. Run: python tools/make_us76_table.py

Choices the text of the standard leaves open, settled by agreement with its table I:
the background gas is N2 for O and O2, and N2 + O + O2 for Ar and He; the mixing molecular
weight is that of dry air up to 100 km and of the background above; the flux of hydrogen is
left out above 500 km.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

GAS, AVOGADRO, BOLTZMANN = 8314.32, 6.022169e26, 1.380622e-23
GRAVITY, RADIUS_KM, MASS_AIR = 9.80665, 6356.766, 28.9644
MASS = {"N2": 28.0134, "O": 15.9994, "O2": 31.9988, "Ar": 39.948, "He": 4.0026, "H": 1.00797}
T7 = 186.8673
# density at 86 km [1/m3], a [1/(m s)], b, thermal diffusion, Q [1/km3], U [km], W [1/km3]
GASES = {
    "O": (8.6e16, 6.986e20, 0.75, 0.0, -5.809644e-4, 56.90311, 2.706240e-5),
    "O2": (3.030898e19, 4.863e20, 0.75, 0.0, 1.366212e-4, 86.0, 8.333333e-5),
    "Ar": (1.351400e18, 4.487e20, 0.87, 0.0, 9.434079e-5, 86.0, 8.333333e-5),
    "He": (7.5817e14, 1.7e21, 0.691, -0.40, -2.457369e-4, 86.0, 6.666667e-4),
}
STEP_PER_KM = 200
KNOTS_KM = [*np.arange(86.0, 120.0, 0.5), *range(120, 150), *range(150, 1001, 5)]
OUT = Path(__file__).parents[1] / "src/opendome/world/us76_table.py"


def temperature(z: Floats) -> tuple[Floats, Floats]:
    """Kinetic temperature [K] and its slope [K/km] at geometric height z [km]."""
    u = np.clip((z - 91.0) / -19.9429, -0.999, 0.0)
    root = np.sqrt(1.0 - u * u)
    stretch = (RADIUS_KM + 120.0) / (RADIUS_KM + z)
    tail = 640.0 * np.exp(-12.0 / 640.0 * (z - 120.0) * stretch)
    zones = [z < 91, z < 110, z < 120]
    value = np.select(zones, [T7, 263.1905 - 76.3232 * root, 240 + 12 * (z - 110)], 1000 - tail)
    slope = np.select(
        zones, [0.0, 76.3232 * u / root / -19.9429, 12.0], 12.0 / 640.0 * tail * stretch**2
    )
    return value, slope


def integral(rate: Floats, z: Floats) -> Floats:
    """Running integral of `rate` over z by the trapezium rule."""
    return np.concatenate(([0.0], np.cumsum((rate[1:] + rate[:-1]) / 2 * np.diff(z))))


def number_densities(z: Floats) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Densities [1/m3] of all gases and their logarithmic slopes [1/km]."""
    t, dt = temperature(z)
    weight = 1000.0 * GRAVITY * (RADIUS_KM / (RADIUS_KM + z)) ** 2 / (GAS * t)
    # half of each side at the jump, so that the trapezium rule stays of second order there
    mixed = np.heaviside(100.0 - z, 0.5)
    n, slope = {}, {}
    rate = (mixed * MASS_AIR + (1.0 - mixed) * MASS["N2"]) * weight
    n["N2"] = 1.129794e20 * T7 / t * np.exp(-integral(rate, z))
    slope["N2"] = -rate - dt / t
    inner = np.clip((z - 95.0) ** 2, 0.0, 399.999)
    eddy = np.select([z < 95, z < 115], [120.0, 120.0 * np.exp(1 - 400 / (400 - inner))], 0.0)
    for gas, (n7, a, b, alpha, q, u, w) in GASES.items():
        names = ("N2",) if gas in {"O", "O2"} else ("N2", "O", "O2")
        back = sum(n[i] for i in names)
        mean = mixed * MASS_AIR + (1.0 - mixed) * sum(n[i] * MASS[i] for i in names) / back
        diffusion = a / back * (t / 273.15) ** b
        flux = q * (z - u) ** 2 * np.exp(-w * (z - u) ** 3)
        if gas == "O":
            low = np.clip(97.0 - z, 0.0, None)
            flux -= 3.416248e-3 * low**2 * np.exp(-5.008765e-4 * low**3)
        pull = weight * (MASS[gas] * diffusion + mean * eddy) + alpha * dt / t * diffusion
        rate = pull / (diffusion + eddy) + flux
        n[gas] = n7 * T7 / t * np.exp(-integral(rate, z))
        slope[gas] = -rate - dt / t
    n["H"], slope["H"] = hydrogen(z, t, dt, weight, sum(n.values()))
    return n, slope


def hydrogen(
    z: Floats, t: Floats, dt: Floats, weight: Floats, back: Floats
) -> tuple[Floats, Floats]:
    """Atomic hydrogen from 150 km up, anchored to 8e10 at 500 km."""
    at = int(np.argmin(abs(z - 500.0)))
    tau = integral(MASS["H"] * weight, z)
    tau -= tau[at]
    diffusion = 3.305e21 / back * (t / 273.15) ** 0.5
    flow = np.where(z <= 500, 7.2e14 / diffusion * (t / t[at]) ** 0.75 * np.exp(tau), 0.0)
    source = 8.0e10 + integral(flow, z)[at] - integral(flow, z)
    n = np.where(z >= 150, source * (t[at] / t) ** 0.75 * np.exp(-tau), 0.0)
    return n, -flow / source - 0.75 * dt / t - MASS["H"] * weight


def profile(z: Floats) -> Floats:
    """Rows ln p, its slope, ln rho, its slope (per km)."""
    n, slope = number_densities(z)
    t, dt = temperature(z)
    total = sum(n.values())
    heavy = sum(n[i] * MASS[i] for i in n)
    d_total = sum(n[i] * slope[i] for i in n) / total
    d_heavy = sum(n[i] * MASS[i] * slope[i] for i in n) / heavy
    return np.stack(
        (np.log(total * BOLTZMANN * t), d_total + dt / t, np.log(heavy / AVOGADRO), d_heavy)
    )


def main() -> None:
    """Write the table; two rows at 100 km, where the slope breaks."""
    z = np.arange(86 * STEP_PER_KM, 1000 * STEP_PER_KM + 1) / STEP_PER_KM
    values = profile(z)
    rows = []
    for knot in KNOTS_KM:
        at = round((knot - 86) * STEP_PER_KM)
        if knot == 100:
            for side in (-1, 1):
                near = 2 * values[:, at + side] - values[:, at + 2 * side]
                rows.append((knot, values[0, at], near[1], values[2, at], near[3]))
        else:
            rows.append((knot, *values[:, at]))
    lines = "\n".join(
        f"    ({k:.1f}, {p:.9f}, {dp:.9f}, {r:.9f}, {dr:.9f}),".replace("-0.000000000", "0.0")
        for k, p, dp, r, dr in rows
    )
    OUT.write_text(HEADER + lines + "\n)\n")


HEADER = '''"""US Standard Atmosphere 1976 above 86 km, as knots. Made by tools/make_us76_table.py.

Each row: geometric height [km], ln p [Pa], its slope [1/km], ln rho [kg/m3], its slope [1/km].
Two rows at 100 km: the slope before and after. Basis: computed by the equations of the
standard (NOAA-S/T 76-1562, 1976, section 1.3); agrees with its table I to 1e-4.
"""

KNOTS: tuple[tuple[float, float, float, float, float], ...] = (
'''

if __name__ == "__main__":
    main()
