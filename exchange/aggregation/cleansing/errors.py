"""What is refused, in words for people."""

from django.utils.translation import gettext as _

from platform_core.common.errors import DomainError

from .engine.rules import RuleError

WORDS = {
    "required": lambda: _("This parameter is required."),
    "number": lambda: _("The number of fields does not fit the kind of rule."),
    "type": lambda: _("The value has the wrong type."),
    "range": lambda: _("The upper bound lies below the lower one."),
    "form": lambda: _("This is no valid pattern."),
    "kind": lambda: _("This kind of rule cannot repair values."),
    "unknown": lambda: _("There is no such kind of rule."),
}


def told(error: RuleError) -> DomainError:
    """A rule that cannot be applied, beside the field of the form."""
    text = WORDS[error.problem]()
    return DomainError(text, code="rule", fields={error.parameter: text})
