from platform_core.common.apps import PlatformAppConfig


class CalendarsConfig(PlatformAppConfig):
    name = "platform_core.calendars"
    label = "calendars"
    reference = ("platform_core.calendars.loaders.load_calendar",)
