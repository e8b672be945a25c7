package io.yunfu.kernel;

import static io.yunfu.kernel.Check.require;

import java.util.List;

/// One page of a list, with the number of all matches before paging.
public record Page<T>(List<T> items, long total) {
  public Page {
    items = List.copyOf(items);
    require(total >= 0, "a total is not negative: %d", total);
  }

  /// What part of a list is asked for: `limit` rows after skipping `offset` rows.
  public record Request(long offset, int limit) {
    public Request {
      require(offset >= 0, "an offset is not negative: %d", offset);
      require(limit > 0, "a limit is positive: %d", limit);
    }
  }
}
