"""Who knows what, and when: the picture each deciding nation has.

In: the looks of a future, whose sensors they are, the agreements between nations, and either
the constant delay of every sensor or a network of nodes, links and outages.
Out: `network.records.Picture`: arrival of each look at each node, chance not to be lost, and
the ways taken; `network.records.Knowledge`: who told a node first of an object, and when.
Only direct agreements count: what A gives to B, B does not pass on to C.
"""
