"""What a campaign says: metrics with intervals, and the run folder that keeps them.

In: a Study and the scenario it played. Out: a ResultSet. The definition of every metric
lives here and nowhere else.

`run` plays and joins, `metrics`, `intervals` and `sensitivity` measure, `credibility` says what
it is worth. `folder` writes a run and answers questions about it, `example` tells one trial of
it in detail, `stored` reads it back and `reproduction` plays it again.
"""
