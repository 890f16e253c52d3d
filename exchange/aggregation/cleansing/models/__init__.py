"""Rules, runs, scores, problems."""

from .problems import Correction, Problem, ProblemFeedback, ProblemStep, Sender
from .rules import Rule, RuleSet, RuleSetVersion
from .runs import RuleResult, Run, Score

__all__ = [
    "Correction",
    "Problem",
    "ProblemFeedback",
    "ProblemStep",
    "Rule",
    "RuleResult",
    "RuleSet",
    "RuleSetVersion",
    "Run",
    "Score",
    "Sender",
]
