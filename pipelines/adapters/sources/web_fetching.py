"""Requests to one site as a guest makes them: one after another, with pauses, again when asked to come back."""

import email.utils
from collections.abc import Callable, Mapping
from datetime import datetime

from pipelines.adapters.safe_http import Response, SafeHttp, Unreachable, Url


_TRIES = 3
_LONGEST_WAIT_S = 120.0
_SLICE_S = 5.0
_COME_BACK = (429, 503)
_PASSING = (500, 502, 504)


class PoliteFetcher:
    """One client of one site. Not for several threads."""

    def __init__(
        self,
        http: SafeHttp,
        *,
        headers: Mapping[str, str],
        pause_s: float,
        sleep: Callable[[float], None],
        monotonic: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        """
        Take the client.

        Args:
            http: makes the requests, one at a time over one connection.
            headers: sent with each.
            pause_s: seconds between two requests; may be made longer later.
            sleep: waits so many seconds.
            monotonic: seconds, never going back.
            now: the time of day, for a date in Retry-After.

        """
        self.pause_s = pause_s
        self.alive: Callable[[], None] = lambda: None
        self._http = http
        self._headers = dict(headers)
        self._sleep = sleep
        self._monotonic = monotonic
        self._now = now
        self._free_at = 0.0

    def get(
        self,
        url: Url,
        headers: Mapping[str, str] | None = None,
        *,
        wanted: Callable[[Url, int, Mapping[str, str]], bool] = lambda *_: True,
        follow: Callable[[Url], bool] = lambda _: True,
    ) -> Response:
        """
        Return an answer, after up to three tries where the fault may pass.

        Raises:
            Refused, TooLarge: as `SafeHttp.get`.
            Unreachable: no try was answered whole.

        """
        for attempt in range(1, _TRIES + 1):
            self._wait(self._free_at - self._monotonic())
            try:
                answer = self._http.get(str(url), {**self._headers, **(headers or {})}, wanted=wanted, follow=follow)
            except Unreachable:
                self._free_at = self._monotonic() + self.pause_s * (1 << attempt)
                if attempt == _TRIES:
                    raise
                continue
            self._free_at = self._monotonic() + self.pause_s
            delay = self._come_back(answer, attempt)
            if delay is None or attempt == _TRIES:
                return answer
            self._free_at = self._monotonic() + delay
        raise Unreachable(f"{url} was not answered")

    def end(self) -> None:
        """End the connections; a later request opens them again."""
        self._http.close()

    def _come_back(self, answer: Response, attempt: int) -> float | None:
        """Return after how many seconds to ask again; None where there is no use."""
        if answer.status in _PASSING:
            return self.pause_s * (1 << attempt)
        if answer.status not in _COME_BACK:
            return None
        said = retry_after(answer.headers.get("retry-after", ""), self._now())
        if said is None:
            return self.pause_s * (1 << attempt)
        return max(said, self.pause_s) if said <= _LONGEST_WAIT_S else None

    def _wait(self, seconds: float) -> None:
        """Wait in slices, so that whoever watches sees this worker live."""
        left = seconds
        self.alive()
        while left > 0:
            self._sleep(min(left, _SLICE_S))
            left -= _SLICE_S
            self.alive()


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that Retry-After names, as a number or as a date; None where it names none."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max((email.utils.parsedate_to_datetime(text) - now).total_seconds(), 0.0)
    except (TypeError, ValueError, OverflowError):
        return None
