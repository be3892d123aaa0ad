"""How the aiming of a missile ended."""

HIT = 0
OUT_OF_RANGE = 1
NO_PITCH_PROGRAM = 2
NO_IMPACT = 3
MISSED = 4
TOO_FAST = 5
NO_DEORBIT = 6
NO_ARC = 7

REASONS = {
    OUT_OF_RANGE: "the aim point lies outside the range of the class",
    NO_PITCH_PROGRAM: "no pitch program of the class leads to the aim point: its boost time and "
    "burnout altitude do not fit so near or so far a target",
    NO_IMPACT: "the missile sinks at lift-off, or does not come down",
    TOO_FAST: "a glide to the aim point would have to begin faster than the class allows",
    NO_DEORBIT: "the aim point lies too near for a boost into orbit and a fall from it",
    NO_ARC: "the missile burns out above the apogee that its class asks for",
    MISSED: "the flight could not be corrected to the aim point",
}
