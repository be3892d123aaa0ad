"""What a campaign says: metrics with intervals, and the run folder that keeps them.

In: a Study and the scenario it played. Out: a ResultSet. The definition of every metric
lives here and nowhere else.
"""
