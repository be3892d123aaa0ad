"""The trial compiled ahead is the trial that real boards are played with."""

from opendome.engagement.kernels.trial import play_batch
from opendome.engagement.play import play
from opendome.engagement.warm import compile_trial, empty_board, empty_rules

from .boards import random_board, rules


def test_an_empty_trial_leaves_an_empty_ledger():
    ledger = play(empty_board(), empty_rules(), seed=1, first_trial=0, trials=2)
    assert ledger.objects["fate"].size == 0


def test_the_signature_compiled_ahead_serves_a_real_board():
    compile_trial()
    play(random_board(1), rules(), seed=1, first_trial=0, trials=1)
    assert len(play_batch.signatures) == 1
