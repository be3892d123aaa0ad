"""Who knew what, and when, in words and tables."""

import numpy as np

from opendome.engagement.records import QUALITY
from opendome.report.picture import picture
from opendome.report.story import Story


def plain(text):
    return text.replace("\u00a0", " ")


def test_first_news_are_told_for_every_nation(run_of):
    lines = [plain(line) for line in picture(Story(run_of("mixed"))).lines]
    assert len(lines) == 1
    assert lines[0].startswith("US: the first look at an object arrives 35 s after its launch")


def test_a_nation_that_hears_nothing_is_named(run_of):
    assert picture(Story(run_of("unseen"))).lines == ["US: no look at any object ever arrives."]


def test_ways_are_shortened_and_cuts_are_given_their_reason(run_of):
    ways = {way.asset: way for way in picture(Story(run_of("mixed"))).ways}
    assert ways["sbirs-geo"].way == "sbirs-geo 1 › a › three more › US"
    assert plain(ways["sbirs-geo"].delay) == "5.0 s (4.0 s to 13 s)"
    assert plain(ways["sbirs-geo"].arrived) == "50 %"
    assert (ways["sbx"].way, ways["sbx"].delay) == ("no agreement", "–")
    assert plain(ways["sbx"].arrived) == "0 %"


def test_quality_is_shown_only_where_it_was_measured(run_of):
    story = Story(run_of("mixed"))
    assert picture(story).held == []
    quality = np.zeros(3, QUALITY)
    quality["flying"], quality["tracked"] = [4, 4, 0], [4, 2, 0]
    quality["ospa_m"], quality["nees"] = [100.0, 3000.0, 9e9], [0.5, 1.5, np.nan]
    story.__dict__["quality"] = {name: quality[name] for name in quality.dtype.names}
    (held,) = picture(story).held
    assert plain(held.tracked) == "75 %"
    assert plain(held.ospa) == "1.6 km"
    assert held.nees == "1.00"
