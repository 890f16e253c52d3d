"""What helps an operator: ready phrases and the knowledge base."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from municipal.command.intake.enums import PhraseKind
from platform_core.accounts.models import User
from platform_core.common.models import TimeStamped


class Phrase(TimeStamped):
    """A sentence that forms offer, so that nobody types it again."""

    kind = models.CharField(_("offered at"), max_length=11, choices=PhraseKind.choices)
    group = models.CharField(_("phrase group"), max_length=40, blank=True)
    text = models.CharField(_("text"), max_length=300)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("phrase")
        verbose_name_plural = _("phrases")
        ordering = ("kind", "group", "order", "pk")
        constraints = [
            models.UniqueConstraint("kind", "text", name="phrase_unique"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("intake:phrases")


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles as somebody may read them."""

    def visible_to(self, user: User) -> Self:
        """Published ones; drafts for those who write them."""
        if user.has_perm("intake.change_article"):
            return self.all()
        return self.filter(is_published=True)


class Article(TimeStamped):
    """What an operator may answer: who is in charge, what the rules say."""

    title = models.CharField(_("title"), max_length=120, unique=True)
    keywords = models.CharField(_("keywords"), max_length=200, blank=True)
    class_code = models.CharField(_("class code"), max_length=6, blank=True)
    body = models.TextField(_("text"), max_length=20_000)
    is_published = models.BooleanField(_("published"), default=False)
    read_count = models.PositiveIntegerField(_("read"), default=0)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("knowledge base")
        ordering = ("-updated_at",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("intake:article", args=[self.pk])
