"""Counts of the visits to addresses without a page, in the memory of a worker until they are saved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock

# A worker counts the visits to at most this many addresses that the admin doesn't list yet.
MAX_ADDRESSES = 1_000

# Addresses with fewer visits don't get into the admin's list: a single visit may be a typo or an attack.
MIN_VISITS = 2


class MissingCounts:
    """Counts visits by address. Addresses that the admin already lists have counters of their own.

    All other addresses share MAX_ADDRESSES counters, with the Space-Saving algorithm (Metwally and others, 2005). When
    all shared counters are in use, a new address takes over the lowest counter and continues its count. The old count
    is kept as the possible error of the new count. So a flood of random addresses needs no more memory. `take`
    subtracts the error, so an address never gets the visits of another address.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._listed: dict[str, int] = {}
        self._counts: dict[str, int] = {}
        self._errors: dict[str, int] = {}

    def add(self, address: str) -> None:
        """Count a visit."""
        with self._lock:
            if address in self._listed:
                self._listed[address] += 1
                return
            if address not in self._counts:
                self._errors[address] = self._replace_least() if len(self._counts) >= MAX_ADDRESSES else 0
                self._counts[address] = self._errors[address]
            self._counts[address] += 1

    def _replace_least(self) -> int:
        least = min(self._counts, key=self._counts.__getitem__)
        del self._errors[least]
        return self._counts.pop(least)

    def take(self) -> dict[str, int]:
        """Return the number of visits to save for each address, and forget these visits.

        If an address has a shared counter, subtract the counter's possible error from its count. If the result is less
        than MIN_VISITS, leave out the address, and keep the counter.
        """
        with self._lock:
            taken = {address: visits for address, visits in self._listed.items() if visits}
            self._listed = dict.fromkeys(self._listed, 0)
            for address, count in list(self._counts.items()):
                if count - self._errors[address] >= MIN_VISITS:
                    taken[address] = self._pop(address)
            return taken

    def put_back(self, visits: Mapping[str, int]) -> None:
        """Add `visits`, which couldn't be saved, to the current counts again."""
        with self._lock:
            for address, count in visits.items():
                if address in self._listed:
                    self._listed[address] += count
                elif address in self._counts or len(self._counts) < MAX_ADDRESSES:
                    self._counts[address] = self._counts.get(address, 0) + count
                    self._errors.setdefault(address, 0)

    def set_listed(self, addresses: Iterable[str]) -> None:
        """Give each of `addresses` a counter of its own, which is never given to another address.

        Keep the visits that are counted for `addresses` so far. If the previous call gave a counter to an address, and
        the address is no longer in `addresses`, delete this counter.
        """
        with self._lock:
            self._listed = {address: self._listed.get(address, 0) + self._pop(address) for address in addresses}

    def _pop(self, address: str) -> int:
        """Delete the shared counter of `address`. Return its count minus its possible error."""
        return self._counts.pop(address, 0) - self._errors.pop(address, 0)


counts = MissingCounts()
