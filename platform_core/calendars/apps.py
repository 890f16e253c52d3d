from platform_core.common.apps import PlatformAppConfig


class CalendarsConfig(PlatformAppConfig):
    name = "platform_core.calendars"
    label = "calendars"
