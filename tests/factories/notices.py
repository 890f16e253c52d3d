"""Messages to people."""

import factory

from platform_core.notices.models import Notice

from .accounts import UserFactory


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    recipient = factory.SubFactory(UserFactory)
    kind = "case.dispatched"
    title = factory.Sequence(lambda n: f"案卷 {n} 已派遣")
