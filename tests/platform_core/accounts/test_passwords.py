"""What the machine makes must pass the rules that people are held to."""

from django.contrib.auth.password_validation import validate_password

from platform_core.accounts.passwords import one_time_password


def test_every_one_time_password_is_safe_enough():
    made = {one_time_password() for _ in range(2000)}
    assert len(made) == 2000
    for password in made:
        assert validate_password(password) is None
