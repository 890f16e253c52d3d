"""Passwords that a machine makes and a person changes at once."""

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUP_LENGTH = 4


def one_time_password() -> str:
    """A password that can be read out: three groups, a capital and a digit."""
    groups = [
        "".join(secrets.choice(ALPHABET) for _n in range(GROUP_LENGTH))
        for _g in range(3)
    ]
    return f"{groups[0].capitalize()}-{groups[1]}-{groups[2]}{secrets.randbelow(10)}"
