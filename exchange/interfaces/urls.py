"""Pages under /exchange/standard/."""

from django.urls import path

from .views import archives, landing, tables, versions

app_name = "interfaces"
VERSION = "versions/<uuid:uid>/"

urlpatterns = [
    path("", tables.TableList.as_view(), name="table-list"),
    path("coverage/", tables.Coverage.as_view(), name="coverage"),
    path("add/", tables.TableAdd.as_view(), name="table-add"),
    path("batches/", landing.BatchList.as_view(), name="batch-list"),
    path("batches/<uuid:uid>/", landing.BatchPage.as_view(), name="batch"),
    path("archives/", archives.ArchiveList.as_view(), name="archive-list"),
    path("archives/<uuid:uid>/", archives.ArchivePage.as_view(), name="archive"),
    path("archives/<uuid:uid>/file/", archives.download, name="archive-file"),
    path("archives/<uuid:uid>/restore/", archives.Restore.as_view(), name="restore"),
    path("rows/", landing.RowList.as_view(), name="row-list"),
    path("rows/<int:pk>/", landing.RowPage.as_view(), name="row"),
    path("tables/<slug:code>/", tables.TablePage.as_view(), name="table"),
    path(
        "tables/<slug:code>/change/", tables.TableChange.as_view(), name="table-change"
    ),
    path(
        "tables/<slug:code>/archive/", archives.ArchiveNow.as_view(), name="archive-now"
    ),
    path("tables/<slug:code>/draft/", tables.Draft.as_view(), name="draft"),
    path(VERSION, versions.VersionPage.as_view(), name="version"),
    path(f"{VERSION}document.md", versions.markdown, name="markdown"),
    path(f"{VERSION}document.docx", versions.word, name="word"),
    path(f"{VERSION}sample.json", versions.sample, name="sample"),
    path(f"{VERSION}schema.json", versions.schema, name="schema"),
    path(f"{VERSION}try/", versions.Trying.as_view(), name="try"),
    path(f"{VERSION}submit/", versions.Submission.as_view(), name="submit"),
    path(f"{VERSION}publish/", versions.Publication.as_view(), name="publish"),
    path(f"{VERSION}send-back/", versions.Return.as_view(), name="send-back"),
    path(f"{VERSION}deprecate/", versions.Deprecation.as_view(), name="deprecate"),
    path(f"{VERSION}withdraw/", versions.Withdrawal.as_view(), name="withdraw"),
    path(f"{VERSION}fields/add/", versions.FieldAdd.as_view(), name="field-add"),
    path("fields/<int:pk>/", versions.FieldChange.as_view(), name="field"),
    path(
        "fields/<int:pk>/remove/", versions.FieldRemove.as_view(), name="field-remove"
    ),
]
