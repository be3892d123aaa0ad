"""Who knows what, and when: the picture each deciding nation has.

In: the nation and the delays of every sensor, and the agreements between nations.
Out: `network.records.Picture`, the seconds from a measurement to its use at each node.
Only direct agreements count: what A gives to B, B does not pass on to C.
"""
