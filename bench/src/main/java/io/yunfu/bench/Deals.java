package io.yunfu.bench;

import static io.yunfu.kernel.Check.require;

/// The unpaid deals of one workload. Each is offered once: whoever takes a range has it for itself.
/// Not for several threads.
final class Deals {
  private final Workload workload;
  private final Numbering numbering;
  private final PopulationStore store;
  private long next;
  private long end;

  /// @param first the first number that is free
  Deals(Workload workload, Numbering numbering, PopulationStore store, long first) {
    this.workload = workload;
    this.numbering = numbering;
    this.store = store;
    this.next = first;
    this.end = first;
  }

  Workload workload() {
    return workload;
  }

  Numbering numbering() {
    return numbering;
  }

  /// Whose deal it is, as a position among the accounts.
  int owner(long number) {
    return numbering.position(number, workload.hotPercent());
  }

  /// Makes more, unless so many are there.
  ///
  /// @return whether any were made
  boolean ensure(long count) {
    long missing = count - (end - next);
    if (missing <= 0) {
      return false;
    }
    long first = store.take(workload.block(), workload.firstNumber(), missing);
    require(
        first == end || next == end,
        "another benchmark is running on this database: it has taken numbers %d to %d",
        end,
        first);
    if (next == end) {
      next = first;
    }
    store.addDeals(numbering, workload.hotPercent(), first, first + missing);
    end = first + missing;
    return true;
  }

  /// Makes deals that were paid in the past, before any that can still be paid.
  void addPast(long count) {
    require(next == end, "the past comes first");
    long first = store.take(workload.block(), workload.firstNumber(), count);
    store.addPaidDeals(numbering, workload.hotPercent(), first, first + count);
    next = first + count;
    end = next;
  }

  /// Receipts for all that are there.
  Receipts offer() {
    return new Receipts(next, end - next);
  }

  /// Takes back what was not used: it is offered again.
  ///
  /// @param until the number from which on nobody has asked
  void takeBack(Receipts receipts, long until) {
    require(
        receipts.first() == next && until >= next && until <= end,
        "%d is not within %d and %d",
        until,
        next,
        end);
    receipts.endAt(until);
    next = until;
  }
}
