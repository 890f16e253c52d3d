"""Codes that every part of the platform checks."""

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_LENGTH = 18


def credit_check_character(body: str) -> str:
    """The check character of the first 17 characters.  [GB 32100, modulo 31]"""
    total = sum(
        CREDIT_ALPHABET.index(character) * pow(3, place, 31)
        for place, character in enumerate(body)
    )
    return CREDIT_ALPHABET[-total % 31]


def is_credit_code(text: str) -> bool:
    """Whether `text` is a unified social credit code with a right check character."""
    return (
        len(text) == CREDIT_LENGTH
        and all(character in CREDIT_ALPHABET for character in text)
        and text[2:8].isdigit()
        and credit_check_character(text[:-1]) == text[-1]
    )
