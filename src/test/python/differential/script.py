"""What a scripted node does: expressions, conditions and results, with plain values in and out.

The README next to this file describes the JSON. Nothing here knows the engine; `dev.heddle.differential.Script` is its twin.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Scope:
    """What an expression can see: the node's input, its name, which execution this is, answers of interrupts."""

    state: Any
    name: str = ""
    execution: int = 0
    answers: list = field(default_factory=list)

    def get(self, key):
        return self.state.get(key) if isinstance(self.state, dict) else None


@dataclass
class Replace:
    """A write that replaces the value of a reduced key."""

    value: Any


def measure(value) -> int:
    """One number for any value: an int itself, the length of a string, list or map, 0 for the rest."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, (str, list, dict)):
        return len(value)
    return 0


def evaluate(expr, scope: Scope):
    """The value of an expression: a scalar is itself, a list is a list of expressions, a map is one operator."""
    if isinstance(expr, list):
        return [evaluate(e, scope) for e in expr]
    if not isinstance(expr, dict):
        return expr
    ((operator, operand),) = ((k, v) for k, v in expr.items() if k != "plus")
    match operator:
        case "const":
            return operand
        case "execution":
            return scope.execution
        case "name":
            return scope.name
        case "get":
            return scope.get(operand)
        case "measure":
            return measure(scope.get(operand)) + expr.get("plus", 0)
        case "keys":
            return sorted(scope.state) if isinstance(scope.state, dict) else []
        case "input":
            return scope.state
        case "answer":
            return scope.answers[operand] if operand < len(scope.answers) else None
        case "map":
            return {k: evaluate(v, scope) for k, v in operand.items()}
        case "replace":
            return Replace(evaluate(operand, scope))
    raise ValueError(f"expression: unknown operator, got {operator}")


def holds(condition, scope: Scope) -> bool:
    """Whether a condition `{"measure": key, "below": n}` holds; null always does."""
    return condition is None or measure(scope.get(condition["measure"])) < condition["below"]
