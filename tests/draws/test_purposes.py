import pytest

from opendome.draws.purposes import PurposeError, purpose, register, registered


def test_code_depends_on_the_name_alone():
    assert purpose("detection") == purpose("detection")
    assert purpose("detection") != purpose("kill")
    assert 0 <= purpose("detection") < 2**32
    assert registered()[purpose("kill")] == "kill"


def test_codes_are_frozen():
    assert purpose("test-frozen-purpose") == 4270472779


def test_two_names_with_one_code_are_refused():
    code = purpose("first-of-a-pair")
    with pytest.raises(PurposeError, match="rename one of the two"):
        register(code, "second-of-a-pair")
