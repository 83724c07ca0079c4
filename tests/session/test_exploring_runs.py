"""`--models-explore` as users have it: what is refused, what is said, how it repeats, who shares it."""

from __future__ import annotations

import re

import pytest
from contracting import LOADED, contract, faulty_app, reported, verdicts
from explored_servers import CAPPED, ONLY

from pytest_models_contract.session import explore_option, options

CHECKS = {
    "explore/every_page_holds_its_part_of_the_list",
    "explore/every_envelope_fits_its_page",
    "explore/every_page_shows_models_as_the_catalogue_does",
    "explore/every_model_is_found_alone",
}


def explore(
    pytester: pytest.Pytester, *arguments: str, ini: str = ""
) -> explore_option.Explore | None:
    pytester.makeini(f"[pytest]\n{ini}")
    return options.read(pytester.parseconfig(*LOADED, *arguments)).explore


def refusal(pytester: pytest.Pytester, *arguments: str) -> str:
    with pytest.raises(pytest.UsageError) as refused:
        explore(pytester, *arguments)
    return str(refused.value)


# --- the options ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "requests", "seconds"),
    [
        ("400", 400, None),
        ("100000", 100_000, None),
        ("60s", None, 60.0),
        ("0.5s", None, 0.5),
        ("all", None, None),
    ],
)
def test_how_far_it_goes(
    pytester: pytest.Pytester, text: str, requests: int | None, seconds: float | None
) -> None:
    for given in (("--models-explore", text), ()):
        asked = explore(pytester, *given, ini="" if given else f"models_explore = {text}")
        assert asked
        assert (asked.text, asked.requests, asked.seconds) == (text, requests, seconds)


@pytest.mark.parametrize(
    "text", ["0", "-1", "1.5", "many", "60", "0s", "100001", "5m", "ALL", "1e3"]
)
def test_what_is_no_amount_is_refused(pytester: pytest.Pytester, text: str) -> None:
    if text == "60":
        assert explore(pytester, "--models-explore", text)
    else:
        said = refusal(pytester, f"--models-explore={text}")
        assert f"--models-explore {text}: give a number of requests up to 100,000" in said


def test_a_seed_repeats_and_is_drawn_otherwise(pytester: pytest.Pytester) -> None:
    given = explore(pytester, "--models-explore", "9", "--models-explore-seed", "17")
    assert given
    assert given.seed == 17
    seeds = {getattr(explore(pytester, "--models-explore", "9"), "seed", None) for _ in range(3)}
    assert len(seeds) > 1


@pytest.mark.parametrize("seed", ["x", "-1", "1.5"])
def test_a_seed_is_a_number(pytester: pytest.Pytester, seed: str) -> None:
    said = refusal(pytester, "--models-explore", "9", f"--models-explore-seed={seed}")
    assert "give the number that a run printed as its seed" in said


def test_a_seed_without_exploration_is_refused(pytester: pytest.Pytester) -> None:
    assert "give --models-explore as well" in refusal(pytester, "--models-explore-seed", "1")


def test_without_hypothesis_the_refusal_says_how_to_get_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explore_option, "find_spec", lambda _: None)
    said = refusal(pytester, "--models-explore", "9")
    assert said == (
        "--models-explore needs Hypothesis: pip install 'pytest-models-contract[explore]'"
    )


def test_a_recording_is_not_explored(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "--models-cassette", "reference", "--models-explore", "9", app="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--models-explore: a recording has only the responses*"])


def test_an_exploration_is_not_recorded(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "--models-record", "x.yaml", "--models-explore", "9")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*an exploration cannot be recorded*"])


# --- a run ---------------------------------------------------------------------------------------


@pytest.mark.slow
def test_without_the_option_nothing_is_explored(pytester: pytest.Pytester) -> None:
    result = contract(pytester, "--models-report", "report.json")
    assert result.ret == pytest.ExitCode.OK
    assert CHECKS.isdisjoint(verdicts(pytester))
    result.stdout.no_fnmatch_line("explored:*")


def test_a_run_names_its_seed_and_what_was_asked(pytester: pytest.Pytester) -> None:
    asked = (
        "--models-explore",
        "60",
        "--models-explore-seed",
        "5",
        "--models-report",
        "report.json",
    )
    result = contract(pytester, *asked)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            "models contract: explores 60 requests, --models-explore-seed 5",
            "explored: 60 requests, * limits, 100 % of the places as cursors (seed 5)",
        ]
    )
    assert {check for check in verdicts(pytester) if check.startswith("explore/")} == CHECKS
    assert list(verdicts(pytester))[-4:] == [
        check for check in verdicts(pytester) if check in CHECKS
    ]
    assert reported(pytester)["requests"] > 150


@pytest.mark.slow
def test_a_finding_says_when_and_how_to_repeat_it(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, CAPPED, models=60)
    result = contract(pytester, "--models-explore", "80", *ONLY, app=app)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "Whatever the limit and the cursor, a page holds exactly its part of the list.",
            "  request *",
            "  seen      20 models*",
            "  expected  21 models: *",
            "  when      limits *21 * 20 models; 20 is right",
            "  where     * of * pages asked for",
        ]
    )
    [repeat] = [line for line in result.stdout.lines if line.startswith("  repeat ")]
    seed = re.search(r"--models-explore 80 --models-explore-seed (\d+) -k explore/", repeat)
    assert seed
    again = contract(
        pytester, "--models-explore", "80", "--models-explore-seed", seed[1], *ONLY, app=app
    )
    same = [
        line for line in result.stdout.lines if line.startswith(("  request", "  when", "  where"))
    ]
    assert same == [
        line for line in again.stdout.lines if line.startswith(("  request", "  when", "  where"))
    ]


@pytest.mark.slow
def test_what_must_be_asked_before_is_shown_first(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, "narrow_cache[odd-for-even]", models=240)
    result = contract(
        pytester, "--models-explore", "400", "--models-explore-seed", "1", *ONLY, app=app
    )
    result.stdout.fnmatch_lines(
        [
            "  first     python -c *",
            "  request   python -c *",
            "  when      wrong only after a page with the same cursor and another limit; *",
        ]
    )


def test_every_window_is_said_to_be(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, models=3)
    result = contract(pytester, "--models-explore", "all", *ONLY, app=app)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            "models contract: explores every window",
            "explored: 73 requests, 10 limits, 100 % of the places as cursors (every window*",
        ]
    )


def test_too_many_windows_are_wrong_usage(pytester: pytest.Pytester) -> None:
    app = faulty_app(pytester, models=300)
    result = contract(pytester, "--models-explore", "all", *ONLY, app=app)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    said = " ".join(" ".join(result.stdout.lines).split())
    assert "--models-explore all: every window of 300 models takes 183,004 requests" in said
