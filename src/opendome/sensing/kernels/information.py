"""What one measurement says about a position."""

from opendome.compiled import kernel


@kernel
def position_information(
    ux: float, uy: float, uz: float, sigma_along_m: float, sigma_across_m: float
) -> tuple[float, float, float, float, float, float]:
    """Inverse covariance of the position that one measurement gives [1/m2].

    ux, uy, uz : unit vector of the line of sight, any frame
    sigma_along_m : standard deviation of the range, inf when only angles are measured [m]
    sigma_across_m : range times standard deviation of each of the two angles [m]
    Returns (xx, xy, xz, yy, yz, zz) [1/m2] in the frame of the line of sight.
    Model: u u^T / sigma_along^2 + (1 - u u^T) / sigma_across^2; rank 2 without a range.
    Valid for: errors small against the range, equal and independent in both angles.
    Source: definition; Y. Bar-Shalom, X. R. Li, T. Kirubarajan, Estimation with
    Applications to Tracking and Navigation, 2001 (information form).
    """
    across = 1.0 / (sigma_across_m * sigma_across_m)
    extra = 1.0 / (sigma_along_m * sigma_along_m) - across
    return (
        across + extra * ux * ux,
        extra * ux * uy,
        extra * ux * uz,
        across + extra * uy * uy,
        extra * uy * uz,
        across + extra * uz * uz,
    )


@kernel
def ground_information(
    ax: float,
    ay: float,
    az: float,
    ux: float,
    uy: float,
    uz: float,
    sigma_along_m: float,
    sigma_across_m: float,
) -> tuple[float, float, float, float, float, float]:
    """Inverse covariance of the position that a range and a bearing along the ground give [1/m2].

    ax, ay, az : unit vector, level at the object, in which the ground range grows
    ux, uy, uz : unit vector straight up at the object, same frame
    sigma_along_m : standard deviation of the ground range [m]
    sigma_across_m : standard deviation across, at the object [m]
    Returns (xx, xy, xz, yy, yz, zz) [1/m2].
    Model: a a^T / sigma_along^2 + b b^T / sigma_across^2 with b = u x a; rank 2, nothing on height.
    Valid for: errors small against the distance; both independent.
    Source: definition, as `position_information`.
    """
    bx = uy * az - uz * ay
    by = uz * ax - ux * az
    bz = ux * ay - uy * ax
    along = 1.0 / (sigma_along_m * sigma_along_m)
    across = 1.0 / (sigma_across_m * sigma_across_m)
    return (
        along * ax * ax + across * bx * bx,
        along * ax * ay + across * bx * by,
        along * ax * az + across * bx * bz,
        along * ay * ay + across * by * by,
        along * ay * az + across * by * bz,
        along * az * az + across * bz * bz,
    )
