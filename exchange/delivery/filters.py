"""Filters of the operator's lists."""

import django_filters
from django.utils.translation import gettext_lazy as _

from .enums import BatchState, ProblemState, TransferState, TransferWay
from .models import Batch, BlobTransfer, Peer, ProblemRecord, RejectedRecord


def peers(request):
    return Peer.objects.all()


class ProblemFilter(django_filters.FilterSet):
    """Problem records by platform and state."""

    peer = django_filters.ModelChoiceFilter(label=_("Platform"), queryset=peers)
    state = django_filters.ChoiceFilter(label=_("State"), choices=ProblemState.choices)

    class Meta:
        model = ProblemRecord
        fields = ("peer", "state")


class RejectedFilter(django_filters.FilterSet):
    """Rejected records by platform and whether they were healed."""

    peer = django_filters.ModelChoiceFilter(label=_("Platform"), queryset=peers)
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=ProblemState.choices, method="by_state"
    )

    class Meta:
        model = RejectedRecord
        fields = ("peer",)

    def by_state(self, queryset, name, value):
        return queryset.filter(resolved_at__isnull=value == ProblemState.OPEN)


class BatchFilter(django_filters.FilterSet):
    """Batches by platform and state."""

    peer = django_filters.ModelChoiceFilter(label=_("Platform"), queryset=peers)
    state = django_filters.ChoiceFilter(label=_("State"), choices=BatchState.choices)

    class Meta:
        model = Batch
        fields = ("peer", "state")


class TransferFilter(django_filters.FilterSet):
    """Files under way by platform, way and state."""

    peer = django_filters.ModelChoiceFilter(label=_("Platform"), queryset=peers)
    way = django_filters.ChoiceFilter(
        label=_("Direction of transfer"), choices=TransferWay.choices
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=TransferState.choices)

    class Meta:
        model = BlobTransfer
        fields = ("peer", "way", "state")
