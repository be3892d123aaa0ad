"""Kernels of the sensing room, one file for each physical effect."""
