"""What a shot is worth: the divert that is left, and the chance of a kill."""

from opendome.compiled import kernel


@kernel
def divert_radius(divert_m_s: float, homing_time_s: float) -> float:
    """How far sideways an interceptor can still correct when its own sensor takes over [m].

    divert_m_s : speed change its divert engine can give [m/s]
    homing_time_s : from then to the intercept [s]
    Returns [m].
    Model: the whole divert at once, then coasting: radius = divert x time.
    Valid for: an upper bound; a divert spread evenly over the time gives half of it.
    Source: definition (impulsive correction of a point mass).
    """
    return max(0.0, divert_m_s) * max(0.0, homing_time_s)


@kernel
def p_shot(p_kill: float, p_handover: float) -> float:
    """Chance that one shot kills.

    p_kill : chance of a kill given that the object is within divert reach (published
        interval or test record, one value per future)
    p_handover : chance that the track error at handover is within the divert radius
    Returns a probability.
    Model: product of the two; shots of one future share `p_kill`.
    Valid for: test records taken with good cues, so that they hold no handover losses.
    Source: D. Wilkening, A Simple Model for Calculating Ballistic Missile Defense
    Effectiveness, Science & Global Security 8 (1999) 183-215: a kill chain is a product.
    """
    return p_kill * p_handover


@kernel
def p_salvo(p_single: float, rounds: int) -> float:
    """Chance that at least one of several independent shots kills.

    p_single : chance of each     rounds : shots
    Returns 1 - (1 - p)^n.
    Valid for: shots whose failures have nothing in common.
    Source: Wilkening (1999), equation 1.
    """
    return 1.0 - (1.0 - p_single) ** rounds
