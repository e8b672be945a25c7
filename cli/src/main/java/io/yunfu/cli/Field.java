package io.yunfu.cli;

/// One thing that an operation is told: a part of its path, of its query or of its body.
///
/// @param name as the API spells it
record Field(String name, Place place, Schema schema, String about, boolean required) {
  enum Place {
    PATH,
    QUERY,
    BODY
  }
}
