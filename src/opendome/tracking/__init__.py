"""What is believed from measurements: a track begins, is held, foretold and lost.

In: `sensing.records.Looks`, through the picture each node has of them (`network`), and
the dice that turn looks into detections. Out: `tracking.records.Tracks`. Nothing here
knows what really flies: positions come in only as the point where geometry is linearised.

`kernels` carry a covariance along the detections that happened ("expected" tracking);
`reference` is a plain filter on noisy measurements that shows when this is right.
"""
