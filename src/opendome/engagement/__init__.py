"""One batch of trials, played through the whole chain.

In: the records of one future (Raid, Looks, Picture, Reach) and the rules of its nodes.
Out: a Ledger, in which every object of every trial has exactly one fate.
Truth and belief meet here and nowhere else: `board` lays out what no dice decide,
`kernels` play the trials, `play` hands back the tables.
"""
