"""Pages of proposals."""

from django.urls import path

from . import views

urlpatterns = [
    path("proposals/", views.ProposalList.as_view(), name="proposal-list"),
    path(
        "proposals/<uuid:uid>/", views.ProposalDetail.as_view(), name="proposal-detail"
    ),
    *(
        path(f"proposals/<uuid:uid>/{code}/", page.as_view(), name=f"proposal-{code}")
        for code, page in (
            ("publish", views.PublishPage),
            ("reject", views.RejectPage),
            ("renew", views.RenewPage),
            ("withdraw", views.WithdrawPage),
        )
    ),
]
