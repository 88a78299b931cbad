"""What is counted: how many pages, never whose. For whoever keeps the server running."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Summary, generate_latest


class Counts:
    """The figures of one server, as Prometheus reads them."""

    def __init__(self, is_open: Callable[[], int], is_waiting: Callable[[], int]) -> None:
        self._all = CollectorRegistry()
        self.opened = Counter(
            "secondopinion_pages_opened", "Pages handed to somebody.", registry=self._all
        )
        self.refused = Counter(
            "secondopinion_pages_refused", "Pages refused: too many people.", registry=self._all
        )
        self.failed = Counter(
            "secondopinion_starts_failed", "Processes that did not start.", registry=self._all
        )
        self.seconds = Summary(
            "secondopinion_start_seconds", "Seconds to get a page ready.", registry=self._all
        )
        for name, what, now in (
            ("pages_open", "Pages that somebody has open.", is_open),
            ("pages_waiting", "Pages made ready for the next visitors.", is_waiting),
        ):
            Gauge(f"secondopinion_{name}", what, registry=self._all).set_function(now)

    def as_text(self) -> bytes:
        """Return the figures in the text format of Prometheus."""
        return generate_latest(self._all)
