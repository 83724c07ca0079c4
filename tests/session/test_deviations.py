"""Known deviations: the file, its effect on a run, and the file that a run writes."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from contracting import contract, faulty_app, reported

from pytest_models_contract.session.deviations import Deviation, DeviationError, load, text

FAULT = "envelope_key_absent[has_more]"
CHECK = "model_list/has_more"
TOMORROW = date.today() + timedelta(days=1)
YESTERDAY = date.today() - timedelta(days=1)


def entry(check: str = CHECK, reason: str = "tracked in #42", expires: date | None = None) -> str:
    end = f"expires = {expires}\n" if expires else ""
    return f'[[deviation]]\ncheck = "{check}"\nreason = "{reason}"\n{end}'


def run(
    pytester: pytest.Pytester, *entries: str, fault: str = FAULT, more: str = ""
) -> pytest.RunResult:
    (pytester.path / "known.toml").write_text("\n".join(entries))
    app = faulty_app(pytester, *([fault] if fault else []))
    arguments = ["--models-xfails", "known.toml", "--models-report", "report.json", *more.split()]
    return contract(pytester, *arguments, app=app)


# --- the file ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[[deviation]\n", "is not TOML"),
        (b"\xff\xfe", "it is not UTF-8"),
        (b'[deviation]\ncheck = "a"', "may contain only [[deviation]] tables"),
        (b"deviation = 1", "may contain only [[deviation]] tables"),
        (b"[[deviation]]\n[[xfail]]", "may contain only [[deviation]] tables"),
        (b'deviation = ["a"]', "an entry has check, reason and optionally expires"),
        (b'[[deviation]]\ncheck = "a"\nreason = "b"\nuntil = 1', "an entry has check"),
        (b'[[deviation]]\nreason = "b"', "an entry names no check"),
        (b'[[deviation]]\ncheck = 1\nreason = "b"', "an entry names no check"),
        (b'[[deviation]]\ncheck = "a"', "a needs a reason"),
        (b'[[deviation]]\ncheck = "a"\nreason = " "', "a needs a reason"),
        (b'[[deviation]]\ncheck = "a"\nreason = ["b"]', "a needs a reason"),
        (b'[[deviation]]\ncheck = "a"\nreason = "TODO: later"', "a needs a reason"),
        (
            b'[[deviation]]\ncheck = "a"\nreason = "b"\nexpires = "2027-01-01"',
            "`expires` has to be a date",
        ),
        (
            b'[[deviation]]\ncheck = "a"\nreason = "b"\nexpires = 2027-01-01T00:00:00Z',
            "to be a date",
        ),
    ],
)
def test_the_error_for_an_invalid_file_says_what_to_write(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "known.toml"
    path.write_bytes(content)
    with pytest.raises(DeviationError) as refused:
        load(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)


def test_an_entry_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(entry() + entry())
    with pytest.raises(DeviationError, match=f"{CHECK} is listed twice"):
        load(path)


@pytest.mark.parametrize("name", ["none.toml", "."])
def test_a_file_that_cannot_be_read_is_a_usage_error(pytester: pytest.Pytester, name: str) -> None:
    result = contract(pytester, "--models-xfails", name)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*cannot be read: *"])


def test_an_entry_is_valid_on_its_last_day() -> None:
    end = Deviation("a", "b", date(2027, 3, 1))
    assert not end.expired(date(2027, 3, 1))
    assert end.expired(date(2027, 3, 2))
    assert not Deviation("a", "b").expired(date.max)


@pytest.mark.parametrize("reason", ['say "no" \\ twice', "two\nlines", "tab\t\x7f\x01", "naïve 🙂"])
def test_a_written_file_reads_back_the_same(tmp_path: Path, reason: str) -> None:
    path = tmp_path / "known.toml"
    known = Deviation('limit/refuses["\\]', reason, date(2027, 3, 1))
    path.write_text(text([(known.check, "A rule\nof two lines.", known)]), "utf-8")
    assert load(path) == {known.check: known}


# --- the run -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_listed_violation_is_expected(pytester: pytest.Pytester) -> None:
    result = run(pytester, entry(expires=TOMORROW))
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["known deviations:", f"  {CHECK}  tracked in #42 (until *"])
    found = next(check for check in reported(pytester)["checks"] if check["id"] == CHECK)
    assert (found["verdict"], found["expected"]) == ("violated", True)
    counts = reported(pytester)["counts"]
    assert (counts["expected"], counts["violated"]) == (1, 0)
    assert reported(pytester)["verdict"] == "conforms"


@pytest.mark.slow
def test_an_unlisted_violation_fails(pytester: pytest.Pytester) -> None:
    assert run(pytester, "").ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.slow
def test_a_listed_check_that_passes_is_stale(pytester: pytest.Pytester) -> None:
    result = run(pytester, entry(), fault="")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"  {CHECK}  passed: delete its entry in known.toml"])
    result.stdout.fnmatch_lines(["*the server conforms, the run fails for the reasons above"])
    found = next(check for check in reported(pytester)["checks"] if check["id"] == CHECK)
    assert (found["verdict"], found["expected"]) == ("holds", False)


@pytest.mark.slow
def test_an_unknown_id_fails_the_run_and_a_similar_one_is_named(pytester: pytest.Pytester) -> None:
    result = run(pytester, entry(), entry("order/newest_frist"))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    said = " ".join(result.stdout.str().split())
    assert "order/newest_frist names no check of any revision: delete the entry" in said
    assert "did you mean order/newest_first?" in said


@pytest.mark.slow
def test_an_expired_entry_fails_the_run_and_expects_nothing(pytester: pytest.Pytester) -> None:
    result = run(pytester, entry(expires=YESTERDAY))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert f"{CHECK} expired on {YESTERDAY}" in " ".join(result.stdout.str().split())
    assert reported(pytester)["counts"]["violated"] == 1


@pytest.mark.slow
def test_an_expired_entry_fails_the_run_even_if_its_check_passes(pytester: pytest.Pytester) -> None:
    result = run(pytester, entry(expires=YESTERDAY), fault="")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert reported(pytester)["counts"]["violated"] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("check", "more"),
    [
        ("order/newest_first", "-k limit/default"),
        ("model_info/lifecycle", ""),
        ("retrieve/alias_resolves[opus]", ""),
    ],
    ids=["deselected", "of another revision", "not asked for"],
)
def test_a_check_that_did_not_run_is_neither_expected_nor_stale(
    pytester: pytest.Pytester, check: str, more: str
) -> None:
    assert run(pytester, entry(check), fault="", more=more).ret == pytest.ExitCode.OK
    assert reported(pytester)["counts"]["expected"] == 0


@pytest.mark.slow
def test_a_check_that_was_not_tested_is_neither_expected_nor_stale(
    pytester: pytest.Pytester,
) -> None:
    assert run(pytester, entry(_not_tested(pytester)), fault="").ret == pytest.ExitCode.OK
    assert reported(pytester)["counts"]["expected"] == 0


def _not_tested(pytester: pytest.Pytester) -> str:
    """A check that needs a server with a key."""
    contract(pytester, "--models-report", "report.json")
    checks = reported(pytester)["checks"]
    return next(str(check["id"]) for check in checks if check["verdict"] == "unexercised")


@pytest.mark.slow
def test_a_check_with_an_error_is_neither_expected_nor_stale(pytester: pytest.Pytester) -> None:
    (pytester.path / "known.toml").write_text(entry())
    nobody = ("--models-base-url", "http://127.0.0.1:9", "--models-xfails", "known.toml")
    result = contract(pytester, *nobody, "--models-report", "report.json", app="")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    counts = reported(pytester)["counts"]
    assert (counts["expected"], counts["holds"]) == (0, 0)
    result.stdout.no_fnmatch_line("*delete*")


@pytest.mark.slow
def test_advice_may_be_listed_too(pytester: pytest.Pytester) -> None:
    advice = "errors/list_wants_the_key[no_key]"
    assert run(pytester, entry(advice), fault="", more="--models-strict").ret == 1
    assert reported(pytester)["counts"]["expected"] == 1


# --- the file that a run writes ------------------------------------------------------------------


def written(pytester: pytest.Pytester, name: str = "new.toml") -> dict[str, str]:
    entries = tomllib.loads((pytester.path / name).read_text("utf-8")).get("deviation", [])
    return {entry["check"]: entry["reason"] for entry in entries}


@pytest.mark.slow
def test_a_written_file_needs_only_its_reasons(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, FAULT)
    contract(pytester, "--models-write-xfails", "new.toml", app=app)
    assert written(pytester) == {CHECK: "TODO"}
    path = pytester.path / "new.toml"
    refused = contract(pytester, "--models-xfails", "new.toml", app=app)
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    refused.stderr.fnmatch_lines([f"*{CHECK} needs a reason*"])
    path.write_text(path.read_text("utf-8").replace("TODO", "tracked in #42"), "utf-8")
    assert contract(pytester, "--models-xfails", "new.toml", app=app).ret == pytest.ExitCode.OK


@pytest.mark.slow
def test_advice_is_written_if_it_fails_the_run(pytester: pytest.Pytester) -> None:
    contract(pytester, "--models-write-xfails", "new.toml")
    assert written(pytester) == {}
    contract(pytester, "--models-write-xfails", "new.toml", "--models-strict")
    assert "errors/list_wants_the_key[no_key]" in written(pytester)


@pytest.mark.slow
def test_valid_reasons_are_kept(pytester: pytest.Pytester) -> None:
    untested = entry("model_info/lifecycle", "untested")
    stale = entry("order/newest_first", "stale")
    run(pytester, entry(), untested, stale, more="--models-write-xfails known.toml")
    assert written(pytester, "known.toml") == {
        CHECK: "tracked in #42",
        "model_info/lifecycle": "untested",
    }


def test_reasons_and_dates_in_the_file_are_kept(pytester: pytest.Pytester) -> None:
    path = pytester.path / "known.toml"
    path.write_text(
        entry(expires=TOMORROW)
        + entry("model_list/first_id", "TODO: ask")
        + entry("model_list/last_id", "old", YESTERDAY)
        + entry("order/newest_first", "deselected")
    )
    app = faulty_app(
        pytester, FAULT, "envelope_key_absent[first_id]", "envelope_key_absent[last_id]"
    )
    options = ["--models-write-xfails", "known.toml", "-k", "model_list"]
    result = contract(pytester, *options, app=app)
    entries = tomllib.loads(path.read_text("utf-8"))["deviation"]
    assert sorted((each["check"], each["reason"], each.get("expires")) for each in entries) == [
        ("model_list/first_id", "TODO: ask", None),
        ("model_list/has_more", "tracked in #42", TOMORROW),
        ("model_list/last_id", "old", YESTERDAY),
        ("order/newest_first", "deselected", None),
    ]
    assert "fill in the reasons and some have expired" in " ".join(result.stdout.str().split())


def test_a_file_of_something_else_is_not_replaced(pytester: pytest.Pytester) -> None:
    path = pytester.path / "pyproject.toml"
    path.write_text("[project]\n")
    result = contract(pytester, "--models-write-xfails", path.name, "-k", "model_list")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "may contain only [[deviation]] tables" in result.stdout.str()
    assert path.read_text() == "[project]\n"


@pytest.mark.slow
@pytest.mark.parametrize("more", ["-x", "--models-base-url http://127.0.0.1:9"])
def test_a_run_that_did_not_end_keeps_the_old_file(pytester: pytest.Pytester, more: str) -> None:
    path = pytester.path / "new.toml"
    path.write_text("kept")
    app = "" if "url" in more else faulty_app(pytester, FAULT)
    result = contract(pytester, "--models-write-xfails", "new.toml", *more.split(), app=app)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert path.read_text() == "kept"
    assert "new.toml was not written" in " ".join(result.stdout.str().split())
