from platform_core.ui.formats import *  # noqa: F403
