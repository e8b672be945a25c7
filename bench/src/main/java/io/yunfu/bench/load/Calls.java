package io.yunfu.bench.load;

import java.util.Optional;

/// Where calls come from. Asked by all threads of the generator.
@FunctionalInterface
public interface Calls {
  /// The next call; empty when there are no more.
  Optional<Call> next();
}
