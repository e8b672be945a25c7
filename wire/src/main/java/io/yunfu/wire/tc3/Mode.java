package io.yunfu.wire.tc3;

/// How a request carries its parameters, and which signature goes with it. Source: billing
/// 2018-07-09, the table of section 1.1.
public enum Mode {
  /// Mode A: `POST` of a JSON object, common parameters in headers, signature v3.
  JSON,
  /// Mode B: `GET` with flattened parameters, common parameters in headers, signature v3.
  QUERY_V3,
  /// Mode C: `POST` of a form that holds everything, signature v1.
  FORM_V1,
  /// Mode D: `GET` with everything in the query, signature v1.
  QUERY_V1,
  /// Mode E: `POST` of one part per parameter, common parameters in headers, signature v3.
  MULTIPART,
  /// `POST` of a form with common parameters in headers and signature v3. Not a documented pairing,
  /// accepted because the hash covers the raw body all the same.
  FORM_V3;

  /// Whether action, version and credentials stand in headers rather than among the parameters.
  public boolean usesHeaders() {
    return switch (this) {
      case JSON, QUERY_V3, MULTIPART, FORM_V3 -> true;
      case FORM_V1, QUERY_V1 -> false;
    };
  }

  /// Whether names are flattened: `OrderIds.0`, `Filters.0.Name`.
  public boolean isFlattened() {
    return switch (this) {
      case QUERY_V3, FORM_V1, QUERY_V1, FORM_V3 -> true;
      case JSON, MULTIPART -> false;
    };
  }
}
