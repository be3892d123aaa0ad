"""Rows of the work array (24, 6) that a flight and its aiming share, made once for a raid."""

STATE, AHEAD, BURNOUT = 0, 1, 2  # position and velocity now, one step later, at burnout
RATES = 3  # seven rows: derivatives of the stages of a step, first and last at its two ends
AIM, GAP = 10, 11  # the point aimed at; by how much it was missed, and when; see `miss`
GUESS, TRIAL = 12, 13  # see `missile_of`
ERROR, TRIAL_ERROR = 14, 15  # see `burnout_error`
JACOBIAN, SYSTEM = 16, 20  # four rows each; see `newton`
ROWS, COLUMNS = 24, 6
