"""Features of a thematic layer out of a delivered file."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipal.command.basedata.enums import Change
from municipal.command.basedata.layers import records
from municipal.command.basedata.models import (
    Delivery,
    LayerFeature,
    LayerKind,
    PastRevision,
)
from platform_core.accounts.models import User
from platform_core.common import clock
from platform_core.common.errors import DomainError
from platform_core.geo import shapes

from . import positions
from .batches import CHANGED, UNCHANGED, Outcome, Problem, Sieve
from .fields import Field, position_fields
from .sources import Chunk

ATTRIBUTE = "attribute_"
MOST_CODE = 40


def layer_fields(code: str) -> tuple[Field, ...]:
    """The fields of a layer's features.  [cb_sample_layer]"""
    kind = LayerKind.objects.filter(code=code).first()
    own = kind.fields if kind else []
    return (
        Field(
            "code",
            gettext_lazy("Code"),
            ("YBYBM", "object_code", "编码"),
            required=True,
        ),
        Field("name", gettext_lazy("Name"), ("MC", "name", "名称"), required=True),
        *position_fields(),
        Field("manager", gettext_lazy("Managed by"), ("GLDW", "管理单位")),
        Field("grade", gettext_lazy("Grade or category"), ("DJHLB", "等级", "类别")),
        Field("open_hours", gettext_lazy("Opening hours"), ("KFSJ", "开放时间")),
        *(
            Field(ATTRIBUTE + row["code"], row["name"], (row["code"], row["name"]))
            for row in own
        ),
    )


class LayerTarget:
    """Rows that become features of one layer."""

    def __init__(
        self, delivery: Delivery, move: Any, by: User | None, kind: str
    ) -> None:
        self.mapping, self.move, self.by = delivery.mapping, move, by
        self.kind = LayerKind.objects.get(code=kind)
        self.fields = [field.code for field in layer_fields(kind)]
        self.note = delivery.name
        self.seen: set[str] = set()

    def skip(self, chunk: Chunk) -> None:
        """Only the codes count: none may come twice."""
        self.seen.update(chunk.columns.get(self.mapping["code"], ()))

    def take(self, chunk: Chunk, *, trial: bool) -> Outcome:
        """Check the rows and, unless it is a trial, store them."""
        sieve, outcome = Sieve(chunk.rows), Outcome()
        outcome.problems = [Problem(row, reason) for row, reason in chunk.broken]
        if chunk.rows:
            places = positions.read(chunk, self.mapping, self.move, sieve)
            for place in sieve.good():
                self._take_row(chunk, place, places, outcome, trial=trial)
            outcome.problems += sieve.bad.values()
        outcome.problems.sort(key=lambda one: one.row)
        return outcome

    def finish(self) -> None:
        """Nothing remains to be done."""

    def _take_row(
        self, chunk: Chunk, place: int, at: Any, outcome: Outcome, *, trial: bool
    ) -> None:
        code = chunk.columns[self.mapping["code"]][place].strip()
        row = chunk.rows[place]
        if not code or len(code) > MOST_CODE or code in self.seen:
            text = _("The code is missing, too long, or stands there more than once.")
            outcome.problems.append(Problem(row, text, "code", code))
            return
        self.seen.add(code)
        try:
            known, given = self._known(code), self._given(chunk, place, at)
            values = records.check({**known[1], **given}, known[0])
        except DomainError as error:
            name = next(iter(error.fields), "")
            outcome.problems.append(Problem(row, str(error.message), name))
            return
        self._store(row, code, known, values, outcome, trial=trial)

    def _known(self, code: str) -> tuple[LayerFeature | None, dict[str, Any]]:
        found = LayerFeature.objects.select_related("kind").filter(code=code).first()
        if found is None:
            return None, {"kind": self.kind.code}
        if found.kind_id != self.kind.pk:
            raise DomainError(_("The code belongs to another layer."))
        if found.valid_to is not None:
            raise DomainError(_("This was taken out of use; roll it back first."))
        return found, records.snapshot(found)

    def _given(self, chunk: Chunk, place: int, at: Any) -> dict[str, Any]:
        given: dict[str, Any] = {"geometry": self._shape(chunk, place, at)}
        attributes = {}
        for name in self.fields[1:]:
            column = self.mapping.get(name)
            if not column:
                continue
            value = chunk.columns[column][place].strip()
            if name.startswith(ATTRIBUTE):
                attributes[name.removeprefix(ATTRIBUTE)] = value
            else:
                given[name] = value
        return {**given, "attributes": attributes} if attributes else given

    def _shape(self, chunk: Chunk, place: int, at: Any) -> dict[str, Any]:
        drawn = chunk.shapes.get(place)
        if drawn is not None:
            return positions.drawn(drawn, self.move)
        return shapes.point(float(at[0][place]), float(at[1][place]))

    def _store(
        self,
        row: int,
        code: str,
        known: tuple[LayerFeature | None, dict[str, Any]],
        values: dict[str, Any],
        outcome: Outcome,
        *,
        trial: bool,
    ) -> None:
        feature, before = known
        if feature is None:
            outcome.new += 1
            if not trial:
                records.create(values, code)
        elif values == before:
            outcome.unchanged += 1
            outcome.told.append((row, code, UNCHANGED))
        else:
            outcome.changed += 1
            outcome.told.append((row, code, CHANGED))
            if not trial:
                self._change(feature, before, values)

    def _change(
        self, feature: LayerFeature, before: dict[str, Any], values: dict[str, Any]
    ) -> None:
        PastRevision.objects.create(
            feature=feature,
            number=feature.revision,
            values=before,
            until=clock.now(),
            change=Change.IMPORT,
            by=self.by,
            note=self.note,
        )
        records.write(feature, values)
