"""Rows in a file, and a run over them."""

import json

import pytest

from exchange.aggregation.cleansing.engine.run import Cleansing


@pytest.fixture
def cleanse(tmp_path):
    """Run rules over rows; what was found is asked from the result."""
    opened = []

    def run(rules, rows, **options):
        source = tmp_path / f"rows{len(opened)}.ndjson"
        with source.open("w", encoding="utf-8") as target:
            for key, content in rows.items():
                line = {"row": key, "group": key % 3, "content": content}
                target.write(json.dumps(line, ensure_ascii=False) + "\n")
        folder = tmp_path / f"work{len(opened)}"
        opened.append(Cleansing(source, rules, folder, **options))
        return opened[-1].run()

    yield run
    for one in opened:
        one.space.base.close()
