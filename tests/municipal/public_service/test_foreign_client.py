"""Open311 through `three` of Code for America, a client not written by us."""

import io
import itertools

import pytest
from PIL import Image

from .conftest import PLACE
from .test_open311 import BASE, SERVICE

pytestmark = pytest.mark.usefixtures("reference_again")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.django_db(transaction=True)
def test_a_client_written_by_others(live_server, monkeypatch):
    """Unchanged, but for a name of the standard library that Python 3 dropped."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    three = pytest.importorskip("three")
    city = three.Three(f"{live_server.url}{BASE}", api_key="any")
    codes = [row["service_code"] for row in city.services()]
    assert SERVICE in codes
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, "PNG")
    (made,) = city.post(
        SERVICE,
        lat=PLACE["lat"],
        long=PLACE["lon"],
        address="香港中路 10 号",
        name="Wang Li",
        phone="555-5555",
        description="Rubbish by the road",
        media=("a.png", stream.getvalue(), "image/png"),
    )
    (shown,) = city.request(made["service_request_id"])
    assert shown["status"] == "open"
    assert shown["address"] == "香港中路 10 号"
    assert [row["service_request_id"] for row in city.requests(status="open")] == [
        made["service_request_id"]
    ]
