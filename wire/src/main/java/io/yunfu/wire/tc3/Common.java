package io.yunfu.wire.tc3;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The common parameters (section 1.4) by both of their names: the header of modes A, B and E, the
/// parameter of modes C and D. Errors call them by the parameter's name.
enum Common {
  ACTION("X-TC-Action", "Action"),
  VERSION("X-TC-Version", "Version"),
  TIMESTAMP("X-TC-Timestamp", "Timestamp"),
  REGION("X-TC-Region", "Region"),
  TOKEN("X-TC-Token", "Token"),
  LANGUAGE("X-TC-Language", "Language"),
  REQUEST_CLIENT("X-TC-RequestClient", "RequestClient");

  static final String AUTHORIZATION = "Authorization";
  static final String CONTENT_TYPE = "Content-Type";
  static final String HOST = "Host";
  static final String CONTENT_SHA256 = "X-TC-Content-SHA256";
  static final String TRACE_ID = "X-TC-TraceId";

  static final String NONCE = "Nonce";
  static final String SECRET_ID = "SecretId";
  static final String SIGNATURE_METHOD = "SignatureMethod";
  static final String SIGNATURE = "Signature";

  /// Everything that may stand among flattened parameters without being declared by the action.
  static final Set<String> PARAMETERS =
      Set.of(
          ACTION.parameter,
          VERSION.parameter,
          TIMESTAMP.parameter,
          REGION.parameter,
          TOKEN.parameter,
          LANGUAGE.parameter,
          REQUEST_CLIENT.parameter,
          NONCE,
          SECRET_ID,
          SIGNATURE_METHOD,
          SIGNATURE);

  final String header;
  final String parameter;

  Common(String header, String parameter) {
    this.header = header;
    this.parameter = parameter;
  }

  /// The one value of a header, trimmed; `null` when it is absent or empty. A header that is there
  /// twice is refused: a proxy in front might have looked at the other one.
  static @Nullable String only(HeaderLookup headers, String name) {
    List<String> values = headers.all(name);
    if (values.isEmpty()) {
      return null;
    }
    if (values.size() > 1) {
      throw CommonErrors.INVALID_PARAMETER
          .saying("Header `{0}` is given more than once.", "请求头 `{0}` 重复。")
          .refused(name);
    }
    String value = values.getFirst().strip();
    return value.isEmpty() ? null : value;
  }
}
