package io.yunfu.cli;

/// What an option sets.
///
/// @param field the field of the operation that it belongs to
/// @param path where below the body, or only the name of a field of the path or the query
/// @param schema what can stand there
/// @param about what it is, for people
/// @param required whether the structure that it is a part of needs it
record Target(Field field, FieldPath path, Schema schema, String about, boolean required) {
  /// What the option of a secret ends in.
  static final String FILE = "-file";

  static Target of(Field field) {
    return new Target(
        field, FieldPath.of(field.name()), field.schema(), field.about(), field.required());
  }

  /// A secret is read from a file: a command line can be seen by everybody on the machine.
  boolean isSecret() {
    return schema.isSecret();
  }

  String option() {
    return isSecret() ? path.option() + FILE : path.option();
  }
}
