"""Roles of the provincial tier."""

from django.utils.translation import gettext_lazy as _

from platform_core.accounts.roles import Role

READ = (
    "supervision.view_task",
    "supervision.view_all_tasks",
    "monitoring.view_indicatorvalue",
    "monitoring.view_centre",
    "delivery.view_peer",
)

ROLES: tuple[Role, ...] = (
    Role(
        "bureau_clerk",
        _("Bureau clerk"),
        (
            *READ,
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
        (
            "accounts.view_user",
            "accounts.add_user",
            "accounts.change_user",
            "accounts.view_orgunit",
            "accounts.add_orgunit",
            "accounts.change_orgunit",
            "audit.view_auditentry",
            "processes.view_processdefinition",
            "processes.change_processdefinition",
            "calendars.change_workcalendar",
            "classification.change_cataloguestate",
            "classification.change_filingcondition",
            "classification.change_problemclass",
            "delivery.view_peer",
            "delivery.manage_peer",
            "delivery.resend_problem",
            "monitoring.view_centre",
            "monitoring.view_indicatorvalue",
        ),
        _("Looks after people, organisations, processes and peers."),
    ),
    Role(
        "security_auditor",
        _("Security auditor"),
        ("audit.view_auditentry", "accounts.view_user", "accounts.view_orgunit"),
        _("Reads the audit log."),
    ),
)
