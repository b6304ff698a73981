"""Makes the reference deterministic: every task runs at once in the calling thread, in plan order.

Three patches of the installed package, all inside `langgraph.pregel`: the executor of a run; the end of a superstep that
has failures or interrupts (the original takes them in no defined order); and, for speed, no search through
the byte code of node functions for graphs that they might call.
"""

import concurrent.futures
from contextvars import copy_context

from langgraph.errors import GraphBubbleUp, GraphInterrupt
from langgraph.pregel import _loop, _runner, _utils


class NotComparable(BaseException):
    """The reference has no defined answer for this case; the message says why. Not for a node's error handling."""


class InlineExecutor:
    """Stands in for `BackgroundExecutor`."""

    def __init__(self, config):
        self.submitted = 0
        self.failed = []

    def __enter__(self):
        return self.submit

    def submit(self, fn, *args, __name__=None, __cancel_on_exit__=False, __reraise_on_exit__=True,
               __next_tick__=False, **kwargs):
        future = concurrent.futures.Future()
        future.sequence = self.submitted = self.submitted + 1
        if getattr(fn, "__name__", "") == "wait":  # waits for stream output: nothing ever comes from another thread
            return future
        try:
            future.set_result(copy_context().run(fn, *args, **kwargs))
        except BaseException as failure:
            if isinstance(failure, (NotComparable, KeyboardInterrupt)):
                raise
            if __reraise_on_exit__ and not isinstance(failure, GraphBubbleUp):
                self.failed.append(failure)
            future.set_exception(failure)
        return future

    def __exit__(self, exc_type, exc_value, traceback):
        if exc_type is None and self.failed:
            raise self.failed[0]


def panic_or_proceed(futures, **options):
    """Raises the first failure, else all interrupts in the order of their tasks; the original takes them as a set."""
    failures = [f.exception() for f in sorted(futures, key=lambda f: f.sequence) if f.done() and f.exception()]
    interrupts = [f for f in failures if isinstance(f, GraphInterrupt)]
    others = [f for f in failures if not isinstance(f, GraphInterrupt)]
    if len({type(f) for f in others}) > 1:
        raise NotComparable("two kinds of failure in one superstep")
    if others:
        raise others[0]
    if interrupts:
        raise GraphInterrupt(tuple(i for f in interrupts for i in f.args[0]))


def install():
    """Patches the package; may be called again."""
    _loop.BackgroundExecutor = InlineExecutor
    _runner._panic_or_proceed = panic_or_proceed
    _utils.get_function_nonlocals = lambda function: []
