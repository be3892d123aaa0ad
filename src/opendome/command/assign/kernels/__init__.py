"""Compiled parts of the assignment solvers."""
