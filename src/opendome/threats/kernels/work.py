"""Rows of the work array (23, 6) that a flight and its aiming share, made once for a raid."""

STATE, AHEAD = 0, 1  # position and velocity now, one step later
RATES = 2  # seven rows: derivatives of the stages of a step, first and last at its two ends
AIM, GAP = 9, 10  # the point aimed at; by how much it was missed, and when; see `miss`
GUESS, TRIAL = 11, 12  # see `missile_of`
ERROR, TRIAL_ERROR = 13, 14  # see `burnout_error`
JACOBIAN, SYSTEM = 15, 19  # four rows each; see `newton`
ROWS, COLUMNS = 23, 6
