"""How many components there are in each block of cells, for far-off maps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BlockCount(models.Model):
    """Components of a class in a block of cells; without a class all of them."""

    level = models.PositiveSmallIntegerField(_("level"))
    class_code = models.CharField(_("class"), max_length=6, blank=True)
    block = models.BigIntegerField(_("block"))
    rows = models.IntegerField(_("components"))
    lon_sum = models.FloatField()
    lat_sum = models.FloatField()

    class Meta:
        verbose_name = _("count of components")
        verbose_name_plural = _("counts of components")
        constraints = [
            models.UniqueConstraint(
                fields=["level", "class_code", "block"], name="block_count_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.block}: {self.rows}"
