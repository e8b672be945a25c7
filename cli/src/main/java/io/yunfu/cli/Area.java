package io.yunfu.cli;

import java.util.List;

/// The operations on one kind of thing.
///
/// @param about what it is, in a sentence
record Area(String name, String about, List<Operation> operations) {
  Area {
    operations = List.copyOf(operations);
  }
}
