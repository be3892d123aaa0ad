"""One compiled trial, by link: see, hold a track, decide, resolve, and the loop in time."""
