"""Make src/opendome/verification/data/earth_rotation.csv: Earth rotation angles by ERFA.

ERFA is the library of the International Astronomical Union's standards (BSD licence).
Run with the development tools installed: python tools/make_earth_rotation_reference.py
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import erfa

OUT = Path(__file__).parents[1] / "src/opendome/verification/data/earth_rotation.csv"
FIRST = datetime(1960, 1, 1, tzinfo=UTC)
J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
STEP = timedelta(days=1461, hours=7, minutes=13, seconds=37.5)
ROWS = 35


def main() -> None:
    """Write one row per epoch: date, angle by `erfa.era00` with UT1 = UTC."""
    lines = ["epoch,angle_rad"]
    for k in range(ROWS):
        moment = FIRST + k * STEP
        days = (moment - J2000).days
        part = ((moment - J2000) - timedelta(days=days)).total_seconds() / 86400.0
        angle = erfa.era00(2451545.0 + days, part)
        lines.append(f"{moment.isoformat().replace('+00:00', 'Z')},{float(angle)!r}")
    OUT.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
