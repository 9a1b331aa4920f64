"""Verbs of matters. `register` and `run` are the two doors; the stages behind them hold what each row does."""

from shuoshi.matters.actions.intake import Receipt, register
from shuoshi.matters.actions.looks import look_at_deadline
from shuoshi.matters.actions.run import Done, run, run_all

__all__ = ["Done", "Receipt", "look_at_deadline", "register", "run", "run_all"]
