"""Makes the reference deterministic: every task runs at once in the calling thread, in plan order.

It patches the installed package in `langgraph.pregel`, in two ways. To make it deterministic and quick: the executor of a
run; the end of a superstep that has failures or interrupts (the original takes them in no defined order); no search
through the byte code of node functions for graphs that they might call. And where the original is wrong and we are not
going to be (docs/engine-differences.md): see `Amended` and `apply_with_version`.
"""

import concurrent.futures
from uuid import NAMESPACE_OID, uuid5
from contextvars import copy_context
from dataclasses import replace

from langgraph._internal import _replay
from langgraph._internal._constants import (
    CONF,
    CONFIG_KEY_CHECKPOINT_ID,
    CONFIG_KEY_CHECKPOINT_MAP,
    CONFIG_KEY_REPLAY_STATE,
    CONFIG_KEY_RESUMING,
    CONFIG_KEY_TASK_ID,
    ERROR,
    NO_WRITES,
    NULL_TASK_ID,
    RESUME,
)
from langgraph.errors import GraphBubbleUp, GraphInterrupt
from langgraph.pregel import _algo, _loop, _runner, _utils, debug, main



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


apply_writes = main.apply_writes


def apply_with_version(checkpoint, channels, tasks, next_version, trigger_to_nodes):
    """Applies writes for a snapshot under some version, so that what they change counts as changed and does not fade."""
    return apply_writes(
        checkpoint, channels, tasks, next_version or (lambda last, _: (last or "") + "+"), trigger_to_nodes
    )


class Amended(main.Pregel):
    """Methods of the original with a mistake less."""

    original = (main.Pregel._prepare_state_snapshot, main.Pregel.invoke)
    ended = None  # the loop that has ended last
    root = None  # the outermost loop that has begun last
    answered = set()  # checkpoints whose answer without an id was taken

    def _prepare_state_snapshot(self, config, saved, recurse=None, apply_pending_writes=False):
        """The answer to a task's first question is no write of the task: it is still to finish."""
        if saved and saved.pending_writes:
            saved = saved._replace(pending_writes=[w for w in saved.pending_writes if w[1] != RESUME])
        return Amended.original[0](self, config, saved, recurse, apply_pending_writes)

    def invoke(self, input, config=None, **options):
        """The result of a subgraph is its state at the end, not the last event that it happened to emit."""
        result = Amended.original[1](self, input, config, **options)
        return Amended.ended.output if config and CONFIG_KEY_TASK_ID in config.get(CONF, {}) else result


def is_first_visit(self, namespace):
    """Each task of a subgraph node begins afresh when the run goes back, not only the first of them."""
    first = namespace not in self._visited_ns
    self._visited_ns.add(namespace)
    return first


scratchpad = _algo._scratchpad


def watched_scratchpad(*arguments):
    """Notes when the answer without an id is taken."""
    pad = scratchpad(*arguments)

    def get_null_resume(consume=False):
        value = pad.get_null_resume(consume)
        if consume and value is not None:
            Amended.answered.add(Amended.root.checkpoint["id"])
        return value

    return replace(pad, get_null_resume=get_null_resume)


def map_task_result_writes(writes):
    """What a task has written to each key; a null is a write like any other."""
    result = {}
    for key, value in writes:
        result.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else {"$writes": values} for key, values in result.items()}


class AmendedLoop(_loop.SyncPregelLoop):
    """Amends the beginning of a subgraph of a resumed run, and the events of a task that fails after an answer."""

    def __enter__(self):
        configurable = self.config[CONF]
        if self.is_nested and configurable.get(CONFIG_KEY_RESUMING) and not configurable.get(CONFIG_KEY_REPLAY_STATE):
            if not configurable.get(CONFIG_KEY_CHECKPOINT_ID):
                # Its finished siblings do not run again: it is told a checkpoint id, but an empty one.
                self.is_replaying = False
            if self.checkpointer and not self.is_same_call():
                configurable[CONFIG_KEY_RESUMING] = False
        return super().__enter__()

    def _first(self, **options):
        """An answer without an id that was taken is not given again when the run is taken up again."""
        if self.is_nested:
            return super()._first(**options)
        Amended.root = self
        checkpoint = self.checkpoint["id"]
        if checkpoint in Amended.answered:
            self.checkpoint_pending_writes = [
                w for w in self.checkpoint_pending_writes if w[:2] != (NULL_TASK_ID, RESUME)
            ]
        updated = super()._first(**options)
        if any(w[:2] == (NULL_TASK_ID, RESUME) for w in self.checkpoint_pending_writes):
            Amended.answered.discard(checkpoint)  # there is a new one
        return updated

    def put_writes(self, task_id, writes):
        """A task that took an answer and wrote nothing else has finished all the same. Of a command the answer comes last,
        so that its other writes keep their numbers."""
        if task_id == NULL_TASK_ID:
            writes = sorted(writes, key=lambda write: write[0] == RESUME)
        elif writes and all(w[0] == RESUME for w in writes):
            writes = [*writes, (NO_WRITES, None)]
        super().put_writes(task_id, writes)

    def _put_checkpoint(self, metadata):
        """Without a checkpointer ids of checkpoints, and thereby of tasks and interrupts, are random: not any more."""
        super()._put_checkpoint(metadata)
        if self.is_nested and not self.checkpointer:
            self.checkpoint["id"] = str(uuid5(NAMESPACE_OID, f"{self.config[CONF][CONFIG_KEY_TASK_ID]} {self.step}"))

    def is_same_call(self):
        """Whether what a subgraph with state per thread has stored is of this call, and not of an earlier one."""
        if any(":" in part for part in self.checkpoint_ns):
            return True
        saved = self.checkpointer.get_tuple(self.checkpoint_config)
        return not saved or saved.metadata.get("parents") == self.config[CONF].get(CONFIG_KEY_CHECKPOINT_MAP)

    def _suppress_interrupt(self, *failure):
        Amended.ended = self
        return super()._suppress_interrupt(*failure)

    def output_writes(self, task_id, writes, *, cached=False):
        """A failure comes first, so that it is shown as one."""
        super().output_writes(task_id, sorted(writes, key=lambda write: write[0] != ERROR), cached=cached)


def install():
    """Patches the package; may be called again."""
    _loop.BackgroundExecutor = InlineExecutor
    _runner._panic_or_proceed = panic_or_proceed
    main.apply_writes = apply_with_version
    main.Pregel._prepare_state_snapshot = Amended._prepare_state_snapshot
    main.Pregel.invoke = Amended.invoke
    main.SyncPregelLoop = AmendedLoop
    _algo._scratchpad = watched_scratchpad
    _replay.ReplayState._is_first_visit = is_first_visit
    debug.map_task_result_writes = map_task_result_writes
    _utils.get_function_nonlocals = lambda function: []
