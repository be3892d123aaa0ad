"""Silence of standard output, for one thread and for several."""

import os
import threading

from opendome.command.assign.silence import no_words


def test_what_is_written_meanwhile_is_gone_and_the_output_comes_back(capfd):
    os.write(1, b"before ")
    with no_words():
        os.write(1, b"words ")
    os.write(1, b"after")
    assert capfd.readouterr().out == "before after"


def test_the_output_comes_back_with_the_last_thread_however_they_leave(capfd):
    entered, leave = threading.Barrier(3), [threading.Event(), threading.Event()]

    def silent(turn):
        with no_words():
            entered.wait()
            leave[turn].wait()

    threads = [threading.Thread(target=silent, args=(turn,)) for turn in (0, 1)]
    for thread in threads:
        thread.start()
    entered.wait()
    for turn in (0, 1):
        os.write(1, b"words ")
        leave[turn].set()
        threads[turn].join()
    os.write(1, b"after")
    assert capfd.readouterr().out == "after"


def test_the_output_comes_back_after_an_error(capfd):
    try:
        with no_words():
            raise ValueError
    except ValueError:
        os.write(1, b"after")
    assert capfd.readouterr().out == "after"
