"""The national suite against the example of the standard."""

import base64

import pytest

from .suites import Public, Sm2Secret, secret

# GB/T 32918.5-2017, annex A.2.
NUMBER = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
ONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
SIGNATURE = (
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)


def test_the_example_of_the_standard():
    made = Sm2Secret(NUMBER).sign(b"message digest", ONCE)
    assert made.hex() == SIGNATURE


@pytest.mark.parametrize("alg", ["ed25519", "sm2-sm3"])
def test_only_the_signed_message_fits(alg):
    key = secret(alg)
    public = Public(alg, key.public)
    value = base64.b64encode(key.sign(b"one")).decode()
    assert public.verifies(value, b"one")
    assert not public.verifies(value, b"two")
    assert not Public(alg, secret(alg).public).verifies(value, b"one")
