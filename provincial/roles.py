"""Roles of the provincial tier."""

from django.utils.translation import gettext_lazy as _

from platform_core.accounts.roles import Role
from platform_core.systems.maintenance.roles import (
    ADMINISTRATION,
    AUDITOR,
    DATA_SENDER,
    DATA_STEWARD,
)

READ = (
    "catalogue.view_edition",
    "catalogue.apply_use",
    "supervision.view_task",
    "supervision.view_all_tasks",
    "monitoring.view_indicatorvalue",
    "monitoring.view_centre",
    "delivery.view_peer",
)
OWNER = (
    "catalogue.view_resource",
    "catalogue.review_resource",
    "catalogue.view_protected",
    "catalogue.decide_use",
    "catalogue.view_board",
)

ROLES: tuple[Role, ...] = (
    Role(
        "bureau_clerk",
        _("Bureau clerk"),
        (
            *READ,
            "catalogue.view_resource",
            "catalogue.change_resource",
            "supervision.draft_task",
            "supervision.receive_task",
            "supervision.answer_task",
            "supervision.review_task",
            "supervision.urge_task",
            "supervision.supervise_task",
            "supervision.close_task",
            "supervision.export_task",
        ),
        _("Receives key tasks, breaks them down, drafts own ones, reviews answers."),
    ),
    Role(
        "bureau_leader",
        _("Bureau leader"),
        (
            *READ,
            "feeds.view_subscription",
            "feeds.approve_as_owner",
            "interfaces.view_table",
            "interfaces.publish_table",
            "interfaces.view_landed",
            *OWNER,
            "reconciliation.view_certificate",
            "supervision.approve_task",
            "supervision.receive_task",
            "supervision.answer_task",
            "supervision.review_task",
            "supervision.urge_task",
            "supervision.supervise_task",
            "supervision.close_task",
            "supervision.export_task",
        ),
        _("Approves what is issued and submitted, looks at the figures."),
    ),
    Role(
        "provincial_inspector",
        _("Provincial inspector"),
        (
            *READ,
            "supervision.draft_task",
            "supervision.urge_task",
            "supervision.supervise_task",
        ),
        _("Inspects cities and urges what is late."),
    ),
    Role(
        "sys_admin",
        _("Platform administrator"),
        (*ADMINISTRATION,),
        _("Looks after people, organisations, processes and peers."),
    ),
    AUDITOR,
    DATA_STEWARD,
    DATA_SENDER,
)
