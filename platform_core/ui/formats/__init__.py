"""How days and times are written where a page says nothing else.

The year first (GB/T 7408.1), as in exports and interfaces, in every language.
"""

DATE_FORMAT = SHORT_DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "Y-m-d H:i"
