from platform_core.common.apps import PlatformAppConfig


class SupervisionConfig(PlatformAppConfig):
    name = "platform_core.systems.supervision"
    label = "supervision"
    beat_schedule = {
        "supervision.mark_overdue": {
            "task": "platform_core.systems.supervision.tasks.mark_overdue",
            "schedule": 30.0,
        },
        "supervision.remind": {
            "task": "platform_core.systems.supervision.tasks.remind",
            "schedule": 300.0,
        },
    }
    reference = (
        "platform_core.systems.supervision.loaders.load_processes",
        "platform_core.systems.supervision.services.reminders.load_rules",
    )
    sample = (
        "platform_core.systems.supervision.sample.issue_sample",
        "platform_core.systems.supervision.sample.answer_sample",
    )
