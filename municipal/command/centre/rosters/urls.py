"""Pages of the centre's duty; names are those of the centre."""

from django.urls import path, re_path

from .views import contacts, handing, planning

urlpatterns = [
    path("roster/", planning.RosterPage.as_view(), name="roster"),
    path("roster/plan/", planning.PlanPage.as_view(), name="plan"),
    path("roster/fill/", planning.FillPage.as_view(), name="fill"),
    path("roster/copy/", planning.CopyPage.as_view(), name="copy-week"),
    path("roster/<int:pk>/remove/", planning.DutyRemove.as_view(), name="duty-remove"),
    path("roster/<int:pk>/swap/", planning.SwapAsk.as_view(), name="swap-ask"),
    path("shifts/", planning.ShiftList.as_view(), name="shift-list"),
    path("shifts/add/", planning.ShiftAdd.as_view(), name="shift-add"),
    path("shifts/<int:pk>/", planning.ShiftEdit.as_view(), name="shift-edit"),
    path("swaps/", planning.SwapList.as_view(), name="swap-list"),
    path("swaps/<int:pk>/", planning.SwapDetail.as_view(), name="swap"),
    re_path(
        r"^swaps/(?P<pk>\d+)/(?P<way>agree|approve|decline|withdraw)/$",
        planning.SwapDecide.as_view(),
        name="swap-decide",
    ),
    path("handovers/", handing.HandoverList.as_view(), name="handover-list"),
    path("handovers/add/", handing.HandOver.as_view(), name="hand-over"),
    path("handovers/<int:pk>/", handing.HandoverDetail.as_view(), name="handover"),
    path("handovers/<int:pk>/take/", handing.TakeOver.as_view(), name="take-over"),
    path("items/<int:pk>/settle/", handing.ItemSettle.as_view(), name="item-settle"),
    path("log/", handing.LogList.as_view(), name="log-list"),
    path("log/add/", handing.LogAdd.as_view(), name="log-add"),
    path("contacts/", contacts.ContactList.as_view(), name="contact-list"),
    path("contacts/add/", contacts.ContactAdd.as_view(), name="contact-add"),
    path("contacts/import/", contacts.ContactImport.as_view(), name="contact-import"),
    path("contacts/<int:pk>/", contacts.ContactEdit.as_view(), name="contact-edit"),
    path("notices/", contacts.NoticeList.as_view(), name="notice-list"),
    path("notices/send/", contacts.NoticeSend.as_view(), name="notice-send"),
    path("notices/<int:pk>/", contacts.NoticeDetail.as_view(), name="notice"),
    path(
        "notices/<int:pk>/confirm/",
        contacts.NoticeConfirm.as_view(),
        name="notice-confirm",
    ),
]
