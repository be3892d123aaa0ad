"""A trial played step by step is the trial of the batch."""

import numpy as np
import pytest

from opendome.engagement.play import ledger_of, play
from opendome.engagement.stepped import SteppedTrial

from .boards import burdened_rules, random_board, rules


def stepped(board, rule_book, trial):
    game = SteppedTrial(board, rule_book, seed=11, trial=trial)
    for now_s in game.cycles():
        for node in range(game.nodes):
            game.decide(node, now_s)
    return ledger_of(board, [game.book], trial)


@pytest.mark.parametrize("book", [rules(), burdened_rules()])
@pytest.mark.parametrize("seed", range(4))
def test_steps_write_the_row_of_the_batch(seed, book):
    board = random_board(seed, objects=5, shooters=6)
    whole = play(board, book, seed=11, first_trial=5, trials=2)
    for k in range(2):
        mine = stepped(board, book, 5 + k)
        rows = whole.objects["trial"] == 5 + k
        for name, column in mine.objects.items():
            theirs = np.asarray(whole.objects[name])[rows]
            assert np.array_equal(column, theirs, equal_nan=column.dtype.kind == "f"), name
        assert np.array_equal(
            mine.shots["shooter"], whole.shots["shooter"][whole.shots["trial"] == 5 + k]
        )


def test_whoever_takes_every_offer_fires_more_than_the_rules_do():
    book, taken, by_rules = rules(), 0, 0
    for seed in range(6):
        board = random_board(seed, objects=5, shooters=6)
        by_rules += int(stepped(board, book, 9).objects["rounds"].sum())
        game = SteppedTrial(board, book, seed=11, trial=9)
        for now_s in game.cycles():
            for node in range(game.nodes):
                for row in range(game.offer(node, now_s)):
                    taken += game.order(node, row, now_s)
    assert taken > by_rules > 0
