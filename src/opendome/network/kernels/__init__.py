"""Compiled arithmetic of a network, one file per effect.

plan:     the tables that the others read: places, links, outages.
contact:  which places are in contact at a moment, and how long a message takes between them.
paths:    the earliest arrival from everywhere, step by step backwards in time.
queue:    what waits and what is lost where more comes than a link carries.
"""
