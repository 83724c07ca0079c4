"""The diagnoses in JUnit XML: a property of the suite for each, since no single case has them."""

from __future__ import annotations

import pytest

from pytest_models_contract.report.contents import Report, plural

PROPERTY = "models_diagnosis"


def add(config: pytest.Config, report: Report) -> None:
    """Add the diagnoses to the file that `--junit-xml` writes, if it does."""
    from _pytest.junitxml import xml_key

    if xml := config.stash.get(xml_key, None):
        for own in report["diagnoses"]:
            checks = f"{plural(len(own['checks']), 'check')}: {', '.join(own['checks'])}"
            xml.add_global_property(PROPERTY, f"{own['title']} ({own['level']}, {checks})")
