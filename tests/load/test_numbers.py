import pytest

from tests.load import numbers


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [([7.0], 0.95, 7), ([3, 1, 2], 0.5, 2), (range(1, 101), 0.95, 95), ([1, 2], 0.0, 1), ([1, 2], 1.0, 2)],
)
def test_percentile_is_the_nearest_rank(values, part, expected):
    assert numbers.percentile(list(values), part) == expected


@pytest.mark.parametrize(("values", "expected"), [([5], 5), ([9, 1, 2], 2), ([1, 2, 3, 10], 2.5)])
def test_median_is_the_middle(values, expected):
    assert numbers.median(values) == expected


def test_share_of_core_weighs_changed_and_unchanged_requests():
    # 10 requests a second; nine in ten cost 1 ms and one in ten 11 ms, so 2 ms each.
    assert numbers.share_of_core(36_000, 3600, 0.1, 0.001, 0.011) == pytest.approx(0.02)


def test_share_of_core_without_changes_costs_only_unchanged_requests():
    assert numbers.share_of_core(3600, 3600, 0, 0.25, 99) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0"), (0.0123, "0.0123"), (1.234, "1.23"), (12.34, "12.3"), (99.94, "99.9"), (1234.5, "1234")],
)  # fmt: skip
def test_short_keeps_three_digits(value, text):
    assert numbers.short(value) == text


def test_table_has_even_columns_and_numbers_to_the_right():
    assert numbers.table(["feed", "ms"], [["warm", "1.9"], ["unchanged", "0.84"]]) == (
        "| feed      |   ms |\n|-----------|-----:|\n| warm      |  1.9 |\n| unchanged | 0.84 |"
    )
