"""A workbook being served, and people who come without a browser."""

import sys
from collections.abc import Iterator

import pytest

from tests.serving import Served
from tests.visitor import Visitor

# Processes are forked on Linux only, and only there has everybody an address of their own.
ON_LINUX = ("test_deployed.py", "test_faults.py", "test_process.py")
collect_ignore = [] if sys.platform == "linux" else list(ON_LINUX)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a workbook that is being served."""
    with Served(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture
def stranger(workbook: Served) -> Iterator[Visitor]:
    """Return somebody who has asked for nothing yet."""
    with Visitor(workbook.address) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def regular(workbook: Served) -> Iterator[Visitor]:
    """Return somebody who has the page open all the time."""
    with Visitor(workbook.address) as visitor:
        yield visitor.open().connect().load()


@pytest.fixture
def visitor(workbook: Served) -> Iterator[Visitor]:
    """Return somebody who has the page open."""
    with Visitor(workbook.address) as visitor:
        yield visitor.open().connect().load()
        visitor.leave()
