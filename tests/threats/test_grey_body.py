"""How warm a body is, in place of how bright."""

import pytest
from pydantic import ValidationError

from opendome.threats.ballistic_spec import ThreatSpec
from opendome.threats.grey_body_spec import GreyBodySpec

from .test_spec import GIVEN

WARM = {
    "temperature": "300 K",
    "emissivity": 1,
    "area": "1.0..1.5 m2",
    "band_from": "8 um",
    "band_to": "12 um",
}
DARK = {key: text for key, text in GIVEN.items() if key != "intensity_body"}


def middle(_, value):
    return value.middle


def intensity(**changes):
    return ThreatSpec(**DARK, grey_body=WARM | changes).realise(middle).intensity_body_w_sr


def test_a_warm_body_gives_the_intensity_in_its_band():
    # 1.25 m2 of the published 146 to 219 W/sr, 26.33 % of it in 8 to 12 um
    assert intensity() == pytest.approx(1.25 * 146.2 * 0.2633, rel=1e-3)
    assert intensity(emissivity=0.5) == pytest.approx(0.5 * intensity(), rel=1e-12)
    assert intensity(area="2.5 m2") == pytest.approx(2.0 * intensity(), rel=1e-12)
    whole = intensity(band_from="0.1 um", band_to="1 mm", area="1.0 m2")
    assert whole == pytest.approx(146.2, abs=0.1)
    assert intensity(temperature="250 K") < 0.5 * intensity()


def test_a_warm_body_goes_before_a_number():
    both = ThreatSpec(**GIVEN, grey_body=WARM).realise(middle)
    assert both.intensity_body_w_sr == intensity()
    assert ThreatSpec(**GIVEN).realise(middle).intensity_body_w_sr == 40.0


def test_each_uncertain_value_is_drawn_under_its_path():
    asked = []

    def pick(name, value):
        asked.append(name)
        return value.middle

    ThreatSpec(**DARK, grey_body=WARM).realise(pick)
    assert [name for name in asked if "." in name] == [f"grey_body.{name}" for name in WARM]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"band_from": "12 um"}, "band_from 12 um, band_to 12 um"),
        ({"band_from": "9..13 um"}, "band_from 9..13 um"),
        ({"temperature": "0 K"}, "at least 3 K"),
        ({"emissivity": 1.2}, "at most 1"),
        ({"area": "-1 m2"}, "from 0 m2"),
    ],
)
def test_a_body_that_cannot_be_is_refused(changes, words):
    with pytest.raises(ValidationError) as caught:
        GreyBodySpec(**(WARM | changes))
    assert words in str(caught.value)


def test_a_class_must_say_how_bright_it_is():
    with pytest.raises(ValidationError) as caught:
        ThreatSpec(**DARK)
    assert "neither intensity_body nor grey_body" in str(caught.value)
