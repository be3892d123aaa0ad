"""Orders: who fires what at which object, and when.

In: what a node believes (tracks with their error), the reach of its shooters, its rules.
Out: orders. The kernels choose one object or one round at a time; `engagement` calls
them at every decision cycle. Nothing here knows the truth.
"""
