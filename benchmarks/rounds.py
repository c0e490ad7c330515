"""Sides take turns, A B A B, so that whatever the machine does to one it does to the other."""
import statistics
from dataclasses import dataclass
from typing import Callable

from sides import Failed


@dataclass(frozen=True)
class Agreement:
    """When what two sides measured counts as the same."""

    quantity: str
    difference: Callable[[float, float], float]
    allowed: float

    def largest(self, ours, others):
        """The largest difference; one that is not allowed fails the benchmark."""
        if len(ours) != len(others):
            raise Failed(f"the sides have {len(ours)} and {len(others)} values ({self.quantity})")
        largest = max(map(self.difference, ours, others))
        if not largest <= self.allowed:
            raise Failed(
                f"the sides did not compute the same, so their times say nothing: they differ by"
                f" {largest:.3g} ({self.quantity}), where {self.allowed:g} is allowed"
            )
        return largest


def relative(ours, other):
    return abs(ours - other) / abs(other)


def absolute(ours, other):
    return abs(ours - other)


@dataclass(frozen=True)
class Comparison:
    """What the sides that take turns have in common."""

    round: str  # what each of them does in a round
    count: int  # of the rounds that are counted
    agreement: Agreement
    goal: dict  # set beforehand: the least `ratio`, or the most `seconds` for ours, or nothing

    def measure(self, sides):
        """`sides` maps names to functions that do one Round; the first is ours."""
        seconds, difference = self.alternate(sides)
        ours, *others = seconds
        return {
            "round": self.round,
            "goal": self.goal,
            "seconds": seconds,
            "ratios": {name: ratios(seconds[ours], seconds[name]) for name in others},
            "agreement": {
                "of": self.agreement.quantity,
                "largest_difference": difference,
                "allowed": self.agreement.allowed,
            },
        }

    def alternate(self, sides):
        """The seconds of every round, and the largest difference between ours and another side.

        The first rounds, in which caches and thread pools fill, are compared but not counted.
        """
        seconds = {name: [] for name in sides}
        differences = []
        for number in range(self.count + 1):
            rounds = {name: side() for name, side in sides.items()}
            ours, *others = [done.values for done in rounds.values()]
            differences += [self.agreement.largest(ours, values) for values in others]
            told = ", ".join(f"{name} {done.seconds:.2f} s" for name, done in rounds.items())
            print(f"  round {number or 'not counted'}: {told}", flush=True)
            if number > 0:
                for name, done in rounds.items():
                    seconds[name].append(round(done.seconds, 4))
        return seconds, max(differences)


def ratios(ours, other):
    """How many times as long the other side took, pair by pair."""
    pairs = [theirs / own for own, theirs in zip(ours, other, strict=True)]
    return {
        "minimum": round(min(pairs), 3),
        "median": round(statistics.median(pairs), 3),
        "maximum": round(max(pairs), 3),
    }
