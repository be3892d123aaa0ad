"""What compiled code prints meanwhile does not reach the caller."""

import ctypes
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from opendome.command.assign.quiet import quiet

pytestmark = pytest.mark.skipif(os.name == "nt", reason="prints through the C library of POSIX")


def say(word):
    """Print from the C library, as HiGHS does, without a flush."""
    ctypes.CDLL(None).puts(word)


def test_a_line_of_compiled_code_is_dropped_and_no_other(capfd):
    say(b"before")
    with quiet():
        say(b"HiGHS")
    print("after")
    say(b"and after")
    ctypes.CDLL(None).fflush(None)
    assert sorted(capfd.readouterr().out.split("\n")) == ["", "after", "and after", "before"]


def test_gives_standard_output_back_after_an_error(capfd):
    with pytest.raises(ValueError, match="wrong"), quiet():
        raise ValueError("wrong")
    os.write(1, b"heard")
    assert capfd.readouterr().out == "heard"


def test_threads_that_leave_in_any_order_give_it_back(capfd):
    """The first to come may leave first: standard output comes back with the last."""
    first, second = quiet(), quiet()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    say(b"HiGHS")
    second.__exit__(None, None, None)
    os.write(1, b"heard")
    assert capfd.readouterr().out == "heard"


def test_many_threads_leave_standard_output_as_it_was(capfd):
    def work(number):
        with quiet():
            say(b"HiGHS")
        return number

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(400))) == list(range(400))
    os.write(1, b"heard")
    assert capfd.readouterr().out == "heard"
