package io.yunfu.wire.tc3;

import org.jspecify.annotations.Nullable;

/// What is wrong with a request's parameters. One answer names one problem, so of each kind the
/// first is kept, and the kinds have an order: missing, unknown, type.
final class Problems {
  private @Nullable ApiError missing;
  private @Nullable ApiError unknown;
  private @Nullable ApiError type;

  void missing(Path path) {
    if (missing == null) {
      missing = CommonErrors.MISSING_PARAMETER.with(path);
    }
  }

  void unknown(Path path) {
    if (unknown == null) {
      unknown = CommonErrors.UNKNOWN_PARAMETER.with(path);
    }
  }

  void type(Path path, String expected) {
    type(CommonErrors.INVALID_PARAMETER.with(path, expected));
  }

  void type(ApiError error) {
    if (type == null) {
      type = error;
    }
  }

  /// @throws ApiRefused with the first problem, if there is one
  void refuse() {
    ApiError first = missing != null ? missing : unknown != null ? unknown : type;
    if (first != null) {
      throw new ApiRefused(first);
    }
  }
}
