"""Two batches are under way to a peer at once."""

import pytest

from exchange.delivery.models import Batch, Parcel, Peer
from exchange.delivery.services import policies, pump, sending
from platform_core.common import clock
from platform_core.datasets.services import publish
from tests.exchange.conftest import announced

pytestmark = pytest.mark.django_db
DOWN = "test.order"


@pytest.fixture
def queue(own, city, shelf):
    """Three batches of one record each wait for the city."""
    pump.collect()
    sending.send_to_peer(Peer.objects.get().pk)
    Batch.objects.all().delete()
    city.received.clear()
    policies.change(peer=Peer.objects.get(), batch_records=1)
    for value in range(3):
        publish(DOWN, announced(receivers=[city.code], value=value))
    pump.collect()
    return Peer.objects.get()


def send(peer):
    Peer.objects.filter(pk=peer.pk).update(next_try_at=clock.now())
    sending.send_to_peer(peer.pk)
    peer.refresh_from_db()


def test_both_that_fail_are_one_failure_and_go_again_as_they_were(queue, city):
    city.down = True
    send(queue)
    away = set(Batch.objects.filter(state="open").values_list("uid", flat=True))
    assert (len(away), queue.failures) == (2, 1)
    city.down = False
    send(queue)
    assert queue.failures == 0
    done = Batch.objects.filter(state="done").order_by("pk")
    assert away == {batch.uid for batch in done[:2]}
    assert [batch.attempts for batch in done] == [2, 2, 1]
    values = [g["records"][0]["data"]["value"] for g in city.groups(DOWN)]
    assert values == [0, 1, 2]


def test_what_arrived_counts_though_the_one_before_it_failed(queue, city, monkeypatch):
    real, calls = sending.network.begin, []

    class Failed:
        def result(self):
            raise sending.network.PeerUnavailable("the line broke")

    def begin(*given):
        calls.append(given)
        return Failed() if len(calls) == 1 else real(*given)

    monkeypatch.setattr(sending.network, "begin", begin)
    send(queue)
    assert queue.failures == 0  # the last that was heard is an answer
    assert Batch.objects.filter(state="done").count() == 1
    assert Parcel.objects.filter(state="queued").count() == 2
    send(queue)
    assert not Parcel.objects.filter(state="queued").exists()
    assert len(city.groups(DOWN)) == 3
