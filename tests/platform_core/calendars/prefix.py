"""An independent answer to the second: a table of working seconds, all cases at once.

Every minute of the years is marked work or not, straight from the stored rows of a
calendar; sums of the marks tell the work between two moments. The end of a limit
is found by halving, overlapping pauses are taken out by inclusion and exclusion.
Nothing of the product's arithmetic is used.
"""

from datetime import date, datetime, time, timedelta
from itertools import combinations

import numpy as np

BEGIN, END = datetime(2018, 12, 1), datetime(2028, 1, 1)
DAY = 86_400
WORKING = {"make_up", "work"}
SECONDS = {"hour": 3600, "urgent_hour": 3600, "work_hour": 3600}
SECONDS |= {"day": DAY, "urgent_day": DAY}


def seconds(moment):
    """Seconds since the beginning of the table."""
    return int((moment - BEGIN).total_seconds())


class Table:
    """Working seconds before every minute of a calendar's years."""

    def __init__(self, days, sessions):
        """`days`: date → kind; `sessions`: (from date, [["08:30", "12:00"], …])."""
        self.days, self.sessions = days, sorted(sessions)
        marks = np.zeros((END - BEGIN).days * 1440, dtype=np.int64)
        for number in range((END - BEGIN).days):
            day = (BEGIN + timedelta(days=number)).date()
            if self.is_worked(day):
                for begin, end in self.spans(day):
                    marks[number * 1440 + begin : number * 1440 + end] = 60
        self.marks = marks
        self.before = np.concatenate([[0], np.cumsum(marks)])

    def is_worked(self, day: date) -> bool:
        kind = self.days.get(day)
        return kind in WORKING if kind else day.isoweekday() <= 5

    def spans(self, day: date):
        """The spans of a day in minutes, by the last sessions that began."""
        known = [spans for since, spans in self.sessions if since <= day]
        spans = known[-1] if known else self.sessions[0][1]
        for pair in spans:
            moments = [time.fromisoformat(text) for text in pair]
            yield tuple(one.hour * 60 + one.minute for one in moments)

    def one(self, unit, start):
        """How many seconds one unit has."""
        if unit == "work_day":
            return 60 * sum(end - begin for begin, end in self.spans(start.date()))
        return SECONDS[unit]

    def passed(self, at, works):
        """Counted seconds before moments: worked ones, or all of them."""
        minute = at // 60
        inside = np.where(self.marks[minute] > 0, at % 60, 0)
        return np.where(works, self.before[minute] + inside, at)

    def counted(self, start, end, works, pauses):
        """Counted seconds from start to end outside of pauses."""
        total = self.passed(end, works) - self.passed(start, works)
        for size in range(1, pauses.shape[1] + 1):
            for chosen in combinations(range(pauses.shape[1]), size):
                begins = [pauses[:, one, 0] for one in chosen]
                ends = [pauses[:, one, 1] for one in chosen]
                left = np.maximum(np.max(begins, axis=0), start)
                right = np.maximum(np.minimum(np.min(ends, axis=0), end), left)
                both = self.passed(right, works) - self.passed(left, works)
                total = total - (-1) ** (size + 1) * both
        return total

    def deadlines(self, start, amount, works, pauses):
        """The first second by which each amount was counted."""
        low, high = start.copy(), np.full_like(start, seconds(END) - 1)
        while (low < high).any():
            middle = (low + high) // 2
            enough = self.counted(start, middle, works, pauses) >= amount
            low, high = (
                np.where(enough, low, middle + 1),
                np.where(enough, middle, high),
            )
        assert (low < seconds(END) - 1).all(), "a limit runs out of the table"
        return low
