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
