"""Speed on PostgreSQL and Redis, at two sizes; never part of the tests."""
