"""The same checks under the same ids, for every form of collection and in every project."""

from __future__ import annotations

from pathlib import Path

import contracting
import pytest
from collected import PACKAGE, expected
from contracting import CONFORMANT_APP, LOADED, contract, faulty_app, verdicts
from sampling import first_of

from pytest_models_contract.spec.revision import Revision
from pytest_models_contract.suite import checks
from pytest_models_contract.suite.checks import SUITE

CHECK = "model_list/has_more"


FAULT = "envelope_key_absent[has_more]"


QUIET = ("-W", "ignore::pytest.PytestAssertRewriteWarning")


def listed(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    """The ids that pytest collects, in order."""
    result = pytester.runpytest_inprocess(*LOADED, *QUIET, "--collect-only", "-q", *arguments)
    assert result.ret == pytest.ExitCode.OK, result.stdout.str() + result.stderr.str()
    return [line.partition("  ")[0] for line in result.stdout.lines if "  must  " in line] + [
        line.partition("  ")[0] for line in result.stdout.lines if "  should  " in line
    ]


# --- forms of collection -------------------------------------------------------------------------


FORMS: list[tuple[str, ...]] = [
    ("--models-contract",),
    ("--pyargs", PACKAGE),
    (str(SUITE),),
    tuple(str(path) for path in reversed(checks.suite_files())),
    ("--models-contract", "--pyargs", PACKAGE),
    ("--models-contract", str(SUITE / "test_order.py")),
    ("--models-contract", f"{SUITE / 'test_order.py'}::test_newest_first"),
    ("--models-contract", "--import-mode=importlib"),
    ("--pyargs", PACKAGE, "--import-mode=importlib"),
    ("--models-contract", "-p", "pytest_models_contract"),
]


@pytest.mark.parametrize("form", first_of([(form,) for form in FORMS], 5), ids=" ".join)
def test_every_form_gives_every_check_once_in_order(
    pytester: pytest.Pytester, form: tuple[str, ...]
) -> None:
    assert listed(pytester, *form) == expected()


@pytest.mark.parametrize("revision", Revision.known())
def test_a_revision_has_the_checks_of_its_clauses(pytester: pytest.Pytester, revision: str) -> None:
    found = listed(pytester, "--models-contract", "--models-revision", revision)
    assert found == expected(revision)


@pytest.mark.parametrize(
    "arguments", [("--pyargs", f"{PACKAGE}.test_order"), (str(SUITE / "test_order.py"),)]
)
def test_a_part_of_the_suite_may_be_named(
    pytester: pytest.Pytester, arguments: tuple[str, ...]
) -> None:
    assert listed(pytester, *arguments) == ["order/newest_first"]


def test_options_bring_their_checks(pytester: pytest.Pytester) -> None:
    asked = (
        "--models-client",
        "claude-code",
        "--models-alias",
        "opus=x",
        "--models-alias",
        "a/b=y",
    )
    more = set(listed(pytester, "--models-contract", *asked)) - set(expected())
    assert {"retrieve/alias_resolves[opus]", "retrieve/alias_resolves[a/b]"} < more
    assert {name.partition("/")[0] for name in more} == {"retrieve", "clients"}
    assert not any("sdk" in name for name in more)


@pytest.mark.slow
def test_what_needs_an_option_is_not_even_deselected(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "-q", "--models-revision", Revision.known()[-1])
    assert "deselected" not in result.parseoutcomes()


# --- in which project ----------------------------------------------------------------------------


HOSTS = {
    "python_files": "python_files = spec_*.py",
    "python_functions": "python_functions = examine_*",
    "python_classes": "python_classes = *",
    "testpaths": "testpaths = tests",
    "norecursedirs": "norecursedirs = * suite",
    "doctest": "addopts = --doctest-modules --doctest-glob=*.py",
    "strict": "addopts = --strict-markers --strict-config",
    "empty": "empty_parameter_set_mark = fail_at_collect",
    "option": "addopts = --models-contract",
    "plugin": "addopts = -p pytest_models_contract",
}


@pytest.mark.slow
@pytest.mark.parametrize("line", HOSTS.values(), ids=HOSTS)
@pytest.mark.parametrize("way", [("--models-contract",), ("--pyargs", PACKAGE)], ids=" ".join)
def test_no_project_changes_the_suite(
    pytester: pytest.Pytester, line: str, way: tuple[str, ...]
) -> None:
    pytester.makeini(f"[pytest]\n{line}")
    pytester.mkdir("tests").joinpath("test_own.py").write_text("def test_own(): assert False\n")
    assert listed(pytester, *way) == expected()


@pytest.mark.slow
def test_no_project_ignores_the_suite(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(hostile="def pytest_ignore_collect(): return True\n")
    pytester.syspathinsert()
    for way in (("--models-contract",), ("--pyargs", PACKAGE), (str(SUITE),)):
        assert listed(pytester, "-p", "hostile", *way) == expected()


@pytest.mark.slow
def test_the_import_path_does_not_change(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_path="import sys\n\ndef test_path(): print('first', sys.path[:2])\n")
    alone = pytester.runpytest_subprocess("-s", "test_path.py").stdout.str()
    both = contract(pytester, "-s", "test_path.py", "-k", "test_path", process=True).stdout.str()
    first = [line for text in (alone, both) for line in text.splitlines() if "first" in line]
    assert len(first) == 2
    assert first[0].partition("first")[2].rstrip(".F") == first[1].partition("first")[2].rstrip(
        ".F"
    )


@pytest.mark.slow
def test_the_option_alone_never_runs_the_projects_tests(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\ntestpaths = .")
    pytester.makepyfile("def test_own(): assert False")
    assert contract(pytester).ret == pytest.ExitCode.OK


@pytest.mark.slow
def test_with_paths_it_adds_the_suite(pytester: pytest.Pytester) -> None:
    path = pytester.makepyfile("def test_own(): assert False")
    result = contract(pytester, str(path), "--models-report", "report.json")
    assert result.parseoutcomes()["failed"] == 1
    assert len(verdicts(pytester)) == len(expected())


def test_without_it_nothing_of_ours_runs(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_own(): pass")
    result = pytester.runpytest_inprocess(*LOADED, *QUIET, "--models-report", "report.json")
    result.assert_outcomes(passed=1)
    assert "models contract" not in result.stdout.str()
    assert not Path("report.json").exists()


def test_a_project_that_only_uses_fixtures_has_no_contract_to_fail(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile("def test_own(models_api): assert models_api.list().status == 200")
    result = pytester.runpytest_inprocess(*LOADED, *QUIET, "--models-app", CONFORMANT_APP)
    assert result.ret == pytest.ExitCode.OK
    assert not contracting.has_closing_lines(result)


def test_a_part_deselected_by_everything_fails(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "--deselect", "models_contract")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "no check ran" in result.stdout.str()
    assert contracting.has_closing_lines(result)


# --- selecting -----------------------------------------------------------------------------------


def ran(pytester: pytest.Pytester, *arguments: str, app: str = CONFORMANT_APP) -> list[str]:
    contract(pytester, "--models-report", "report.json", *arguments, app=app)
    return list(verdicts(pytester))


@pytest.mark.parametrize(
    "check",
    first_of(
        [
            "order/newest_first",
            "model_info/capabilities",
            "model_info/capabilities.effort",
            "limit/refuses[-1]",
            "limit/refuses[0]",
            "retrieve/content_type",
        ],
        3,
    ),
)
def test_an_id_selects_its_check_alone(pytester: pytest.Pytester, check: str) -> None:
    assert ran(pytester, "-k", check) == [check]


@pytest.mark.slow
def test_an_id_selects_no_test_of_the_project(pytester: pytest.Pytester) -> None:
    path = pytester.makepyfile("def test_own(): assert False")
    assert contract(pytester, str(path), "-k", "order/newest_first").ret == pytest.ExitCode.OK


@pytest.mark.slow
def test_other_expressions_are_pytests_own(pytester: pytest.Pytester) -> None:
    assert ran(pytester, "-k", "order/newest_first or limit/default") == [
        "order/newest_first",
        "limit/default",
    ]
    children = ran(pytester, "-k", "capabilities.effort.")
    assert len(children) > 4
    assert all(name.startswith("model_info/capabilities.effort.") for name in children)
    assert not any(name.startswith("limit/") for name in ran(pytester, "-k", "not limit"))


def test_an_unknown_id_selects_nothing(pytester: pytest.Pytester) -> None:
    assert contract(pytester, "-k", "order/oldest_first").ret == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.slow
def test_marks_select_by_level(pytester: pytest.Pytester) -> None:
    must, should = ran(pytester, "-m", "models_must"), ran(pytester, "-m", "models_should")
    assert [*must, *should] == expected()


@pytest.mark.slow
def test_lf_runs_what_failed(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, FAULT)
    assert len(ran(pytester, app=app)) > 50
    assert ran(pytester, "--lf", app=app) == [CHECK]


@pytest.mark.slow
def test_lf_runs_failures_of_project_and_suite(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, FAULT)
    path = str(pytester.makepyfile("def test_own(): assert False"))
    ran(pytester, path, app=app)
    result = contract(pytester, path, "--lf", "--models-report", "report.json", app=app)
    assert list(verdicts(pytester)) == [CHECK]
    assert result.parseoutcomes()["failed"] == 2


@pytest.mark.slow
def test_sw_continues_at_the_failure(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, FAULT)
    first = ran(pytester, "--sw", app=app)
    assert first[-1] == CHECK
    assert ran(pytester, "--sw", app=app) == [CHECK]


@pytest.mark.slow
def test_a_shown_node_id_can_be_deselected(pytester: pytest.Pytester) -> None:
    found = ran(pytester, "-m", "models_must", "--deselect", f"models_contract::{CHECK}")
    assert found == [name for name in ran(pytester, "-m", "models_must") if name != CHECK]


def test_maxfail_stops(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, FAULT, "property_mistyped[type]", "property_mistyped[display_name]")
    contract(pytester, "--maxfail", "2", "--models-report", "report.json", app=app)
    assert list(verdicts(pytester).values()).count("violated") == 2
