"""The rows of what every feed must do tell their values when they fail, as tests do."""

import pytest

pytest.register_assert_rewrite("tests.calendars.feed_content", "tests.calendars.feed_answers")
