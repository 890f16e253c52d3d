"""A request in the middle of Qingdao."""

import pytest

from municipal.command.enums import State
from municipal.command.models import Case
from municipal.public_service.enums import Channel
from municipal.public_service.models import PublicRequest
from municipal.public_service.services import submit_request
from platform_core.common.clock import now

PLACE = {"lon": 120.3826, "lat": 36.0671}


@pytest.fixture
def public_request(db) -> PublicRequest:
    return submit_request(
        channel=Channel.PAGE,
        class_kind="matter",
        class_code="06001",
        description="路边有垃圾",
        address="香港中路 10 号",
        reporter="王女士",
        phone="13800000000",
        **PLACE,
    )


@pytest.fixture
def closed_request(public_request) -> PublicRequest:
    """The same after its case was closed."""
    Case.objects.filter(pk=public_request.case.pk).update(
        state=State.CLOSED, stage=6, closed_at=now()
    )
    public_request.case.refresh_from_db()
    return public_request
