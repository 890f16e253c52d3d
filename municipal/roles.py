"""Roles of the municipal tier; the case process knows them by code.  [CJJ/T 106]"""

from django.utils.translation import gettext_lazy as _

from platform_core.accounts.roles import Role

FIGURES = ("monitoring.view_indicatorvalue", "monitoring.view_centre")
ALL_CASES = ("command.view_case", "command.view_all_cases")
ALL_TASKS = ("supervision.view_task", "supervision.view_all_tasks")

ROLES: tuple[Role, ...] = (
    Role(
        "acceptor",
        _("Seat operator"),
        (
            *ALL_CASES,
            "command.report_case",
            "command.accept_case",
            "command.view_reporter",
            "public_service.view_publicrequest",
        ),
        _("Takes calls and reports, accepts and registers cases."),
    ),
    Role(
        "duty_leader",
        _("Shift leader"),
        (
            *ALL_CASES,
            *FIGURES,
            "command.report_case",
            "command.accept_case",
            "command.file_case",
            "command.close_case",
            "command.view_reporter",
            "command.export_case",
        ),
        _("Files cases, closes them, decides what operators pass on."),
    ),
    Role(
        "dispatcher",
        _("Dispatcher"),
        (
            *ALL_CASES,
            *FIGURES,
            "command.dispatch_case",
            "command.export_case",
        ),
        _("Sends filed cases to the department in charge, follows them up."),
    ),
    Role(
        "dept_handler",
        _("Department handler"),
        (
            "command.view_case",
            "command.handle_case",
            "supervision.view_task",
            "supervision.answer_task",
        ),
        _("Handles the cases and tasks given to the own department."),
    ),
    Role(
        "supervisor",
        _("Field inspector"),
        (
            "command.view_case",
            "command.report_case",
            "command.verify_case",
            "command.check_case",
        ),
        _("Reports from the grid, verifies reports, checks results on the spot."),
    ),
    Role(
        "overseer",
        _("Overseer"),
        (
            *ALL_CASES,
            *FIGURES,
            "command.export_case",
            *ALL_TASKS,
            "supervision.urge_task",
        ),
        _("Watches time limits and quality, urges what is late."),
    ),
    Role(
        "bureau_leader",
        _("Bureau leader"),
        (
            *ALL_CASES,
            *FIGURES,
            "command.close_case",
            "command.force_close_case",
            "command.export_case",
            *ALL_TASKS,
            "supervision.draft_task",
            "supervision.approve_task",
            "supervision.receive_task",
            "supervision.review_task",
            "supervision.urge_task",
            "supervision.supervise_task",
            "supervision.close_task",
            "supervision.export_task",
            "delivery.view_peer",
        ),
        _("Decides on forced closing, approves answers, looks at the figures."),
    ),
    Role(
        "city_liaison",
        _("City liaison officer"),
        (
            *ALL_TASKS,
            "supervision.draft_task",
            "supervision.receive_task",
            "supervision.answer_task",
            "supervision.review_task",
            "supervision.urge_task",
            "supervision.supervise_task",
            "supervision.close_task",
            "supervision.export_task",
            "delivery.view_peer",
            *ALL_CASES,
            *FIGURES,
        ),
        _("Receives tasks from above, assigns departments, submits answers."),
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
            *FIGURES,
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
