"""Where catalogued satellites are: SGP4 from orbit mean-elements messages or two-line sets.

The propagator is the `sgp4` library. Catalogue numbers are whole numbers of any size: a
two-line set can name them only up to 339 999, a message in JSON without limit.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from opendome.quantities.constants import SECONDS_PER_DAY
from opendome.quantities.errors import OpendomeError
from opendome.world.frames import earth_angle_rad, ecef_from_eci
from opendome.world.time import julian_date

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.uint8]

EPOCH_ZERO = datetime(1949, 12, 31, tzinfo=UTC)  # zero of the day count of SGP4
JULIAN_DATE_J2000 = 2451545.0
MINUTES_PER_DAY = SECONDS_PER_DAY / 60.0
KM = 1000.0
LINE_LENGTH = 69
ALPHA5_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I, no O
YEAR_PIVOT = 57  # two-digit years from here on are 19xx, below it 20xx

STATUS_WORDS = {
    0: "OK",
    1: "mean eccentricity outside 0 to 1, or mean motion not positive",
    2: "mean motion not positive",
    3: "perturbed eccentricity outside 0 to 1",
    4: "semi-latus rectum below 0",
    5: "orbit below the ground at epoch",
    6: "decayed",
}


class ElementSetError(OpendomeError, ValueError):
    """An element set that cannot be read."""


@dataclass(frozen=True, kw_only=True)
class MeanElements:
    """One set of SGP4 mean elements, in the true-equator mean-equinox frame (TEME).

    Attributes
    ----------
    catalogue_id, name : number and name of the object
    epoch : UTC
    bstar_per_radius : drag term [1 / Earth radius]
    mean_motion_rad_s, eccentricity, inclination_rad, raan_rad, argument_of_perigee_rad,
        mean_anomaly_rad : Brouwer mean elements with the mean motion of Kozai
    """

    catalogue_id: int
    name: str
    epoch: datetime
    bstar_per_radius: float
    mean_motion_rad_s: float
    eccentricity: float
    inclination_rad: float
    raan_rad: float
    argument_of_perigee_rad: float
    mean_anomaly_rad: float

    def validate(self, where: str) -> None:
        """Refuse elements that describe no orbit."""
        numbers = (
            self.bstar_per_radius,
            self.mean_motion_rad_s,
            self.eccentricity,
            self.inclination_rad,
            self.raan_rad,
            self.argument_of_perigee_rad,
            self.mean_anomaly_rad,
        )
        if not all(math.isfinite(number) for number in numbers):
            raise _bad(where, "a number that is not finite", "finite numbers")
        if not 0.0 <= self.eccentricity < 1.0:
            raise _bad(where, f"eccentricity {self.eccentricity:g}", "0 up to below 1")
        if not 0.0 <= self.inclination_rad <= math.pi:
            raise _bad(
                where, f"inclination {math.degrees(self.inclination_rad):g} deg", "0 to 180 deg"
            )
        if not self.mean_motion_rad_s > 0.0:
            raise _bad(where, "a mean motion of 0 or less", "revolutions per day above 0")
        if self.catalogue_id < 0:
            raise _bad(where, f"catalogue number {self.catalogue_id}", "0 or above")


def read_omm_json(text: str | bytes, *, where: str = "OMM") -> tuple[MeanElements, ...]:
    """Read orbit mean-elements messages in JSON: one object or a list of them.

    text : the document     where : its name, for messages
    Returns one `MeanElements` per message, in order.
    Valid for: SGP4 elements about the Earth in TEME and UTC (other values of
    MEAN_ELEMENT_THEORY, REF_FRAME, CENTER_NAME and TIME_SYSTEM are refused).
    Source: CCSDS 502.0-B-3, Orbit Data Messages (2023), annex B, key words of the OMM.
    """
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise _bad(where, "a document that is not JSON", "an OMM as JSON") from None
    entries = cast("list[Any]", document if isinstance(document, list) else [document])
    found: list[MeanElements] = []
    for index, entry in enumerate(entries):
        place = f"{where}[{index}]"
        if not isinstance(entry, dict):
            raise _bad(place, "something that is not a message", "an object with OMM key words")
        found.append(_from_omm(cast("dict[str, Any]", entry), place))
    return tuple(found)


def read_tle(
    text: str, *, where: str = "TLE", check_digits: bool = True
) -> tuple[MeanElements, ...]:
    """Read two-line element sets, with or without a name line above each.

    text : the lines; blank lines and lines that begin with # are skipped
    check_digits : refuse a line whose check digit is wrong
    Returns one `MeanElements` per set, in order. Catalogue numbers may be in Alpha-5.
    Source: columns from the format description of Space-Track and CelesTrak (FAQ: Two-Line
    Element Set Format); D. Vallado and P. Cefola, Two-line element sets, IAC-12-C1.6.12.
    """
    found: list[MeanElements] = []
    name = ""
    first = ""
    place = where
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.rstrip()
        if not line or line.startswith("#"):
            continue
        place = f"{where}:{number}"
        if first and line.startswith("2 "):
            found.append(_from_tle(first, line, name, place, check_digits=check_digits))
            first, name = "", ""
        elif not first and line.startswith("1 "):
            first = line
        elif not first and not line.startswith("2 "):
            name = line.removeprefix("0 ").strip()
        else:
            raise _bad(place, f"line {line[:20]!r} out of place", "line 1, then line 2 of a set")
    if first:
        raise _bad(place, "line 1 without line 2", "both lines of a set")
    return tuple(found)


def catalogue_id_from_alpha5(text: str) -> int:
    """Catalogue number from five columns of a two-line set: 00005 -> 5, T0001 -> 270001.

    Source: Space-Track, Alpha-5: a letter A to Z without I and O stands for 10 to 33.
    """
    digits = text.strip()
    if digits[:1] in ALPHA5_LETTERS and digits[:1] and digits[1:].isdigit() and len(digits) == 5:
        return (10 + ALPHA5_LETTERS.index(digits[0])) * 10_000 + int(digits[1:])
    if not digits.isdecimal():
        raise ValueError(text)
    return int(digits)


def gmst82_rad(julian_date_ut1: npt.ArrayLike) -> Floats:
    """Greenwich mean sidereal time in the IAU 1982 model [rad], 0 to 2 pi.

    julian_date_ut1 : (...) [days]
    Source: S. Aoki et al., The new definition of universal time, A&A 105 (1982) 359, eq. 13.
    """
    days = np.asarray(julian_date_ut1, dtype=np.float64) - JULIAN_DATE_J2000
    t = days / 36525.0
    seconds = 67310.54841 + (8640184.812866 + (0.093104 - 6.2e-6 * t) * t) * t
    # 876600 h of a century are whole turns: one per day
    turns = seconds / SECONDS_PER_DAY + np.mod(days, 1.0)
    return 2.0 * math.pi * np.mod(turns, 1.0)


def eci_from_teme(
    vector_teme: npt.ArrayLike, epoch: datetime, t_s: npt.ArrayLike, *, era_epoch_rad: float
) -> Floats:
    """Components in the ECI axes of the scenario of vectors given in TEME.

    vector_teme : (..., 3)     epoch : of the scenario     t_s : (...) [s after epoch]
    era_epoch_rad : Earth rotation angle at the epoch [rad]
    Returns (..., 3).
    Model: both frames lead to the same Earth-fixed axes, TEME by mean sidereal time, ECI by
    the Earth rotation angle; the difference is a turn about the z axis.
    Valid for: UT1 = UTC and no polar motion: some 0.5 km in low orbit at most.
    """
    times = np.asarray(t_s, dtype=np.float64)
    gmst = gmst82_rad(julian_date(epoch) + times / SECONDS_PER_DAY)
    return ecef_from_eci(vector_teme, gmst - earth_angle_rad(era_epoch_rad, times))


class SatelliteCatalogue:
    """Satellites that SGP4 propagates together.

    Attributes
    ----------
    elements : one `MeanElements` per satellite
    """

    def __init__(self, elements: Sequence[MeanElements]) -> None:
        from sgp4.api import SatrecArray

        self.elements = tuple(elements)
        self._records = [_satrec(one) for one in self.elements]
        self._together = SatrecArray(self._records)

    @property
    def catalogue_ids(self) -> npt.NDArray[np.int64]:
        """(n,) catalogue numbers."""
        return np.array([one.catalogue_id for one in self.elements], dtype=np.int64)

    def states_teme(self, epoch: datetime, t_s: npt.ArrayLike) -> tuple[Floats, Floats, Codes]:
        """Positions and velocities in TEME.

        epoch : UTC     t_s : (m,) [s after epoch]
        Returns ((n, m, 3) [m], (n, m, 3) [m/s], (n, m) SGP4 error codes, see `STATUS_WORDS`);
        NaN where the code is not 0.
        Model: SGP4 and SDP4 with WGS 72 constants, as element sets are made for it.
        Valid for: days around the epoch of each set; 1 km at epoch, 1 to 3 km a day.
        Source: D. Vallado et al., Revisiting Spacetrack Report 3, AIAA 2006-6753.
        """
        times = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
        whole = np.floor(julian_date(epoch) - 0.5) + 0.5
        midnight = epoch.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        fraction = ((epoch - midnight).total_seconds() + times) / SECONDS_PER_DAY
        codes, pos_km, vel_km_s = self._together.sgp4(np.full(times.shape, whole), fraction)
        bad = codes != 0
        pos_km[bad] = np.nan
        vel_km_s[bad] = np.nan
        return pos_km * KM, vel_km_s * KM, codes

    def states_eci(
        self, epoch: datetime, t_s: npt.ArrayLike, *, era_epoch_rad: float
    ) -> tuple[Floats, Floats, Codes]:
        """As `states_teme`, in the ECI axes of the scenario whose epoch this is."""
        times = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
        pos, vel, codes = self.states_teme(epoch, times)
        return (
            eci_from_teme(pos, epoch, times, era_epoch_rad=era_epoch_rad),
            eci_from_teme(vel, epoch, times, era_epoch_rad=era_epoch_rad),
            codes,
        )


def state_since_epoch(elements: MeanElements, minutes: float) -> tuple[Floats, Floats, int]:
    """State in TEME some minutes after the epoch of the set itself.

    minutes : [min], the clock of the SGP4 verification set
    Returns ((3,) [m], (3,) [m/s], error code).
    """
    code, pos_km, vel_km_s = _satrec(elements).sgp4_tsince(minutes)
    return np.array(pos_km) * KM, np.array(vel_km_s) * KM, int(code)


def _satrec(one: MeanElements) -> Any:
    from sgp4.api import WGS72, Satrec

    record = Satrec()
    days = (one.epoch - EPOCH_ZERO) / timedelta(days=1)
    record.sgp4init(
        WGS72,
        "i",
        0,  # the library's own number has no room for large catalogue numbers
        days,
        one.bstar_per_radius,
        0.0,  # the first derivative of the mean motion is not used by SGP4
        0.0,  # nor is the second
        one.eccentricity,
        one.argument_of_perigee_rad,
        one.inclination_rad,
        one.mean_anomaly_rad,
        one.mean_motion_rad_s * 60.0,
        one.raan_rad,
    )
    return record


def _bad(where: str, got: str, allowed: str) -> ElementSetError:
    return ElementSetError(got=got, allowed=allowed, do="correct the element set", where=where)


_OMM_FIXED = {
    "CENTER_NAME": "EARTH",
    "REF_FRAME": "TEME",
    "TIME_SYSTEM": "UTC",
    "MEAN_ELEMENT_THEORY": "SGP4",
}


def _from_omm(fields: dict[str, Any], where: str) -> MeanElements:
    for key, only in _OMM_FIXED.items():
        if str(fields.get(key, only)).upper().replace("SGP/SGP4", "SGP4") != only:
            raise _bad(where, f"{key} {fields[key]!r}", only)

    def number(key: str) -> float:
        if key not in fields:
            raise _bad(where, f"no {key}", "every key word of a mean-elements message")
        value = fields[key]
        try:
            if isinstance(value, bool):
                raise TypeError
            return float(value)
        except (TypeError, ValueError, OverflowError):
            raise _bad(where, f"{key} {value!r}", "a number") from None

    catalogue_id = number("NORAD_CAT_ID")
    if not (math.isfinite(catalogue_id) and catalogue_id == int(catalogue_id)):
        raise _bad(where, f"NORAD_CAT_ID {fields['NORAD_CAT_ID']!r}", "a whole number")
    turn_day = 2.0 * math.pi / SECONDS_PER_DAY
    elements = MeanElements(
        catalogue_id=int(catalogue_id),
        name=str(fields.get("OBJECT_NAME", "")),
        epoch=_omm_epoch(fields.get("EPOCH"), where),
        bstar_per_radius=number("BSTAR"),
        mean_motion_rad_s=number("MEAN_MOTION") * turn_day,
        eccentricity=number("ECCENTRICITY"),
        inclination_rad=math.radians(number("INCLINATION")),
        raan_rad=math.radians(number("RA_OF_ASC_NODE")),
        argument_of_perigee_rad=math.radians(number("ARG_OF_PERICENTER")),
        mean_anomaly_rad=math.radians(number("MEAN_ANOMALY")),
    )
    elements.validate(where)
    return elements


def _omm_epoch(text: Any, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise _bad(
            where, f"EPOCH {text!r}", "a date and time like 2025-01-31T12:00:00.000000"
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _from_tle(line1: str, line2: str, name: str, where: str, *, check_digits: bool) -> MeanElements:
    for line in (line1, line2):
        if len(line) < LINE_LENGTH - 1:
            raise _bad(where, f"a line of {len(line)} columns", f"{LINE_LENGTH} columns")
        if check_digits and line[68:69].strip() and line[68] != str(checksum(line)):
            raise _bad(where, f"check digit {line[68]}", f"{checksum(line)}, the sum of the digits")
    if line1[2:7] != line2[2:7]:
        raise _bad(where, f"catalogue numbers {line1[2:7]!r} and {line2[2:7]!r}", "the same")
    try:
        catalogue_id = catalogue_id_from_alpha5(line1[2:7])
        year = int(line1[18:20])
        days = float(line1[20:32])
        turns_day = float(line2[52:63])
        elements = MeanElements(
            catalogue_id=catalogue_id,
            name=name,
            epoch=datetime(1900 + year if year >= YEAR_PIVOT else 2000 + year, 1, 1, tzinfo=UTC)
            + timedelta(days=days - 1.0),
            bstar_per_radius=_assumed_point(line1[53:61]),
            mean_motion_rad_s=turns_day * 2.0 * math.pi / SECONDS_PER_DAY,
            eccentricity=float("0." + line2[26:33].replace(" ", "0")),
            inclination_rad=math.radians(float(line2[8:16])),
            raan_rad=math.radians(float(line2[17:25])),
            argument_of_perigee_rad=math.radians(float(line2[34:42])),
            mean_anomaly_rad=math.radians(float(line2[43:51])),
        )
    except (ValueError, OverflowError) as problem:
        raise _bad(
            where, f"a field that is no number ({problem})", "the columns of a two-line set"
        ) from None
    elements.validate(where)
    return elements


def _assumed_point(text: str) -> float:
    """Number with an assumed decimal point and a power of ten: ' 28098-4' is 0.28098e-4."""
    mantissa = text[1:6].replace(" ", "0")
    return float(f"{text[0].strip()}0.{mantissa}e{text[6:8].strip() or '0'}")


def checksum(line: str) -> int:
    """Check digit of a line of a two-line set: sum of the digits, a minus counts 1, modulo 10."""
    return sum(int(c) if c.isdigit() else c == "-" for c in line[:68]) % 10
