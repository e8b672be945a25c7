package io.yunfu.wire.tc3;

import java.util.List;

/// The headers of one request, whoever parsed them: `headers::all` of an HTTP server will do.
@FunctionalInterface
public interface HeaderLookup {
  /// All values of a header in the order they arrived, as received; empty when there is none. Names
  /// are looked up without regard to case.
  List<String> all(String name);
}
