"""The branches under which resources are filed."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from exchange.aggregation.catalogue.enums import Category


class Theme(models.Model):
    """An item (项) of the classification: category and two digits.  [GB/T 21063.4]"""

    category = models.CharField(_("Category"), max_length=1, choices=Category)
    number = models.PositiveSmallIntegerField(_("Number"))
    name = models.CharField(_("Name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ("category", "number")
        constraints = [
            models.UniqueConstraint(fields=["category", "number"], name="one_theme"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, number__lte=99),
                name="theme_has_two_digits",
            ),
        ]

    def __str__(self) -> str:
        english = self.name_en and not (get_language() or "zh").startswith("zh")
        return self.name_en if english else self.name

    @property
    def code(self) -> str:
        """Three digits, such as 209."""
        return f"{self.category}{self.number:02}"
