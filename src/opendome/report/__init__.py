"""What a run says to people: figures, a page to print, a summary for a terminal.

In: a finished run folder. Out: `report.html`, one static page without script or network,
and a summary in words. Nothing here computes a result; it only tells what was stored.
"""
