"""The counts of visits to addresses without a page. They need limited memory, and leave out random addresses."""

import pytest

from pages.http.missing_counts import MAX_ADDRESSES, MissingCounts


@pytest.fixture
def counts():
    return MissingCounts()


def add(counts, address, times=1):
    for _ in range(times):
        counts.add(address)


def test_an_address_is_taken_once_after_a_second_visit(counts):
    add(counts, "/once")
    add(counts, "/often", 3)
    assert counts.take() == {"/often": 3}
    assert counts.take() == {}
    add(counts, "/once")
    assert counts.take() == {"/once": 2}


def test_each_visit_to_a_listed_address_counts(counts):
    counts.set_listed(["/listed"])
    add(counts, "/listed")
    assert counts.take() == {"/listed": 1}
    assert counts.take() == {}


def test_a_visit_before_another_worker_lists_the_address_counts_too(counts):
    add(counts, "/lost")
    counts.set_listed(["/lost"])
    assert counts.take() == {"/lost": 1}
    assert not counts._counts and not counts._errors


def test_random_addresses_need_no_memory_and_are_never_taken(counts):
    for number in range(5 * MAX_ADDRESSES):
        counts.add(f"/random-{number}")
    assert counts.take() == {}
    assert len(counts._counts) == len(counts._errors) == MAX_ADDRESSES
    add(counts, "/real", 2)
    assert counts.take() == {"/real": 2}


def test_a_frequent_address_survives_a_flood_of_random_addresses(counts):
    counts.set_listed(["/listed"])
    for number in range(10 * MAX_ADDRESSES):
        counts.add(f"/random-{number}")
        if number % 100 == 0:
            add(counts, "/real")
            add(counts, "/listed")
    assert counts.take() == {"/real": MAX_ADDRESSES // 10, "/listed": MAX_ADDRESSES // 10}


def test_counts_that_could_not_be_saved_are_kept(counts):
    counts.set_listed(["/listed"])
    add(counts, "/listed")
    add(counts, "/new", 2)
    taken = counts.take()
    add(counts, "/new")
    counts.put_back(taken)
    assert counts.take() == {"/listed": 1, "/new": 3}


def test_counts_that_are_put_back_need_no_more_memory(counts):
    taken = {f"/a-{number}": 2 for number in range(MAX_ADDRESSES)}
    counts.put_back(taken)
    counts.put_back({f"/b-{number}": 2 for number in range(MAX_ADDRESSES)})
    assert counts.take() == taken


def test_an_address_that_is_no_longer_listed_has_no_counter(counts):
    counts.set_listed(["/listed"])
    counts.set_listed([])
    add(counts, "/listed", 2)
    assert counts.take() == {"/listed": 2}
