"""Files of a census, and what becomes of them."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from municipal.command.basedata.imports import services
from platform_core.jobs import services as jobs
from tests.factories.command import LAT, LON, STEP

from .conftest import CLASS, COUNTY

HEADS = ["ObjID", "X", "Y", "DeptCode1", "ObjState", "ORDate", "Note", "材质"]


def code(serial):
    return f"{COUNTY}{CLASS}{serial:06d}"


def line(serial, *, lon=LON + STEP / 2, lat=LAT + STEP / 2, **change):
    row = {
        "ObjID": code(serial),
        "X": round(lon + serial * 1e-7, 7),
        "Y": round(lat, 7),
        "DeptCode1": "",
        "ObjState": "完好",
        "ORDate": "20260701",
        "Note": "",
        "材质": "铸铁",
    }
    return {**row, **change}


def table(rows, encoding="utf-8", heads=HEADS):
    stream = io.StringIO()
    writer = csv.DictWriter(stream, heads)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode(encoding)


def hand_in(by, content, name="census.csv", **given):
    values = {"target": "components", "encoding": "auto", "coord_sys": "cgcs2000"}
    return services.receive(
        SimpleUploadedFile(name, content), by=by, **{**values, **given}
    )


def done(delivery, by, *, trial=False):
    """The job of a trial or an import, done."""
    if trial:
        return jobs.run(services.start_trial(delivery, by=by).pk)
    if delivery.trial is None:
        jobs.run(services.start_trial(delivery, by=by).pk)
        delivery.refresh_from_db()
    return jobs.run(services.start_import(delivery, by=by).pk)


def imported(by, rows, **given):
    delivery = hand_in(by, table(rows), **given)
    services.map_columns(delivery, {**delivery.mapping, "extra": ["材质"]}, by=by)
    return done(delivery, by)


def reasons(job):
    return {problem.row: problem.reason for problem in job.problems.all()}
