from types import SimpleNamespace

import pytest

from tests.load import capacity


def client(person_id, asked, answered):
    return SimpleNamespace(person_id=person_id, asked=asked, answered=answered)


@pytest.mark.parametrize(
    ("queue", "found"),
    [
        ([1, 2, 3], 0),
        ([2, 1, 3], 0),  # 1 and 2 asked at the same time: either may come first
        ([3, 1, 2], 1),  # 3 asked after 1 had been answered
        ([1, 3, 2], 1),
    ],
)
def test_passed_finds_who_stands_before_somebody_answered_earlier(queue, found):
    clients = [client(1, 0.0, 2.0), client(2, 1.0, 3.0), client(3, 4.0, 5.0)]
    line = [SimpleNamespace(person_id=person_id) for person_id in queue]
    assert len(capacity.passed(line, clients)) == found


def test_anything_but_a_redirect_is_counted():
    answers = [SimpleNamespace(status=status) for status in (302, 302, 503, 0, 503)]
    assert capacity.statuses(answers) == ["1 × status 0", "2 × status 503"]
