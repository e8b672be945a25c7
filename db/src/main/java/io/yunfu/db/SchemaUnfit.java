package io.yunfu.db;

/// The database does not fit this program or its configuration. Nothing was changed; the message is
/// for the operator.
public final class SchemaUnfit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SchemaUnfit(String message) {
    super(message);
  }
}
