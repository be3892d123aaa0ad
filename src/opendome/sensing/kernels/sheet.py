"""Sheets of looks that the sensors fill one after the other."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from opendome.compiled import kernel, table_kernel
from opendome.sensing.kernels.information import position_information

Floats = npt.NDArray[np.float64]


class Sheet(NamedTuple):
    """Room for looks, in the order in which they were found.

    sensor, obj : (room,)     t_s, p_detect, snr_db : (room,)
    share_after_bias, range_share_after_bias : (room,)
    information_m2 : (room, 6)
    """

    sensor: npt.NDArray[np.int32]
    obj: npt.NDArray[np.int32]
    t_s: Floats
    p_detect: Floats
    snr_db: Floats
    share_after_bias: Floats
    range_share_after_bias: Floats
    information_m2: Floats


def new_sheet(room: int) -> Sheet:
    """Empty sheet for `room` looks; looks count in full unless their sensor says otherwise."""
    return Sheet(
        sensor=np.empty(room, np.int32),
        obj=np.empty(room, np.int32),
        t_s=np.empty(room),
        p_detect=np.empty(room),
        snr_db=np.empty(room),
        share_after_bias=np.ones(room),
        range_share_after_bias=np.ones(room),
        information_m2=np.empty((room, 6)),
    )


def filled(sheet: Sheet, used: int) -> Sheet:
    """The first `used` looks of a sheet."""
    return Sheet(
        sensor=sheet.sensor[:used],
        obj=sheet.obj[:used],
        t_s=sheet.t_s[:used],
        p_detect=sheet.p_detect[:used],
        snr_db=sheet.snr_db[:used],
        share_after_bias=sheet.share_after_bias[:used],
        range_share_after_bias=sheet.range_share_after_bias[:used],
        information_m2=sheet.information_m2[:used],
    )


def chosen(sheet: Sheet, keep: npt.NDArray[np.bool_]) -> Sheet:
    """The looks of a sheet for which `keep` is True: (row,)."""
    return Sheet(
        sensor=sheet.sensor[keep],
        obj=sheet.obj[keep],
        t_s=sheet.t_s[keep],
        p_detect=sheet.p_detect[keep],
        snr_db=sheet.snr_db[keep],
        share_after_bias=sheet.share_after_bias[keep],
        range_share_after_bias=sheet.range_share_after_bias[keep],
        information_m2=sheet.information_m2[keep],
    )


@table_kernel
def copy_rows(sheet: Sheet, whole: Sheet, rows: npt.NDArray[np.int64]) -> None:
    """Copy each look of `sheet` to the row of `whole` that `rows` names."""
    for look in range(rows.shape[0]):
        row = rows[look]
        whole.sensor[row] = sheet.sensor[look]
        whole.obj[row] = sheet.obj[look]
        whole.t_s[row] = sheet.t_s[look]
        whole.p_detect[row] = sheet.p_detect[look]
        whole.snr_db[row] = sheet.snr_db[look]
        whole.share_after_bias[row] = sheet.share_after_bias[look]
        whole.range_share_after_bias[row] = sheet.range_share_after_bias[look]
        for entry in range(6):
            whole.information_m2[row, entry] = sheet.information_m2[look, entry]


@table_kernel
def write_look(
    sheet: Sheet,
    row: int,
    sensor: int,
    obj: int,
    t_s: float,
    p_detect: float,
    snr_db: float,
    ux: float,
    uy: float,
    uz: float,
    sigma_along_m: float,
    sigma_across_m: float,
) -> None:
    """Write one look with its position information (line of sight in ECI)."""
    information = position_information(ux, uy, uz, sigma_along_m, sigma_across_m)
    write_information(sheet, row, sensor, obj, t_s, p_detect, snr_db, information)


@kernel
def write_information(
    sheet: Sheet,
    row: int,
    sensor: int,
    obj: int,
    t_s: float,
    p_detect: float,
    snr_db: float,
    information_m2: tuple[float, float, float, float, float, float],
) -> None:
    """Write one look with its position information, upper triangle in ECI."""
    sheet.sensor[row] = sensor
    sheet.obj[row] = obj
    sheet.t_s[row] = t_s
    sheet.p_detect[row] = p_detect
    sheet.snr_db[row] = snr_db
    for entry in range(6):
        sheet.information_m2[row, entry] = information_m2[entry]
