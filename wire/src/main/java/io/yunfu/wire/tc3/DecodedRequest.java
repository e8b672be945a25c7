package io.yunfu.wire.tc3;

import io.yunfu.wire.tc3.FormBody.Pair;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request with its parameters taken apart, before anything about them is believed: steps 1 to 3
/// of the check order.
public final class DecodedRequest {
  private static final ErrorTemplate UNKNOWN_CONTENT_TYPE =
      CommonErrors.INVALID_PARAMETER.saying(
          "Content-Type must be `{0}`, `{1}` or `{2}`.", "Content-Type 必须是 `{0}`、`{1}` 或 `{2}`。");

  private final ReceivedRequest request;
  private final Mode mode;
  private final List<Pair> pairs;
  private final Map<String, Value> root;

  private DecodedRequest(
      ReceivedRequest request, Mode mode, List<Pair> pairs, Map<String, Value> root) {
    this.request = request;
    this.mode = mode;
    this.pairs = pairs;
    this.root = root;
  }

  public static DecodedRequest of(ReceivedRequest request, Limits limits) {
    if (!request.isGet() && !request.isPost()) {
      throw CommonErrors.UNSUPPORTED_PROTOCOL.refused();
    }
    String authorization = authorization(request);
    limits.check(request, authorization);
    return request.isGet()
        ? get(request, authorization != null, limits)
        : post(request, authorization != null, limits);
  }

  private static DecodedRequest get(ReceivedRequest request, boolean authorized, Limits limits) {
    String query = request.query();
    List<Pair> pairs = FormBody.pairs(query == null ? "" : query, limits);
    return flattened(request, authorized, pairs, Mode.QUERY_V3, Mode.QUERY_V1, limits);
  }

  private static DecodedRequest post(ReceivedRequest request, boolean authorized, Limits limits) {
    String contentType = Common.only(request.headers(), Common.CONTENT_TYPE);
    byte[] body = request.body();
    return switch (contentType == null ? "" : MediaType.of(contentType)) {
      case MediaType.JSON ->
          new DecodedRequest(request, Mode.JSON, List.of(), JsonBody.object(body, limits));
      case MediaType.FORM ->
          flattened(
              request,
              authorized,
              FormBody.pairs(body, limits),
              Mode.FORM_V3,
              Mode.FORM_V1,
              limits);
      case MediaType.MULTIPART ->
          new DecodedRequest(
              request,
              Mode.MULTIPART,
              List.of(),
              MultipartBody.fields(body, contentType == null ? "" : contentType, limits));
      default ->
          throw UNKNOWN_CONTENT_TYPE.refused(MediaType.JSON, MediaType.FORM, MediaType.MULTIPART);
    };
  }

  /// An Authorization header means v3, else a `Signature` parameter means v1. A request with
  /// neither is refused later; until then its action is looked for where its author put it.
  private static DecodedRequest flattened(
      ReceivedRequest request,
      boolean authorized,
      List<Pair> pairs,
      Mode v3,
      Mode v1,
      Limits limits) {
    Map<String, Value> root = FormBody.tree(pairs, limits);
    boolean inHeaders =
        authorized
            || (!root.containsKey(Common.SIGNATURE)
                && !request.headers().all(Common.ACTION.header).isEmpty());
    return new DecodedRequest(request, inHeaders ? v3 : v1, pairs, root);
  }

  private static @Nullable String authorization(ReceivedRequest request) {
    for (String value : request.headers().all(Common.AUTHORIZATION)) {
      if (!value.isBlank()) {
        return value;
      }
    }
    return null;
  }

  public Mode mode() {
    return mode;
  }

  public Language language() {
    return Language.of(hint(Common.LANGUAGE));
  }

  /// Step 4 of the check order: `Action`, `Version` and `Timestamp` are there.
  public ApiCall call() {
    String action = required(Common.ACTION);
    String version = required(Common.VERSION);
    String timestampText = required(Common.TIMESTAMP);
    Long timestamp = Conversions.wholeNumber(timestampText);
    if (timestamp == null) {
      throw CommonErrors.INVALID_PARAMETER.refused(Common.TIMESTAMP.parameter, "Integer");
    }
    return new ApiCall(this, action, version, timestampText, timestamp);
  }

  private String required(Common parameter) {
    String value = common(parameter);
    if (value == null) {
      throw CommonErrors.MISSING_PARAMETER.refused(parameter.parameter);
    }
    return value;
  }

  /// A common parameter, from where the mode has it; `null` when it is absent or empty.
  @Nullable String common(Common parameter) {
    return mode.usesHeaders()
        ? Common.only(request.headers(), parameter.header)
        : plain(parameter.parameter);
  }

  /// A common parameter that decides nothing: read like [#common], but never refused.
  @Nullable String hint(Common parameter) {
    if (!mode.usesHeaders()) {
      return plain(parameter.parameter);
    }
    List<String> values = request.headers().all(parameter.header);
    return values.isEmpty() || values.getFirst().isBlank() ? null : values.getFirst().strip();
  }

  /// A parameter of signature v1; `null` when it is absent or empty.
  @Nullable String plain(String name) {
    return root.get(name) instanceof Value.Plain(var text) && !text.isEmpty() ? text : null;
  }

  ReceivedRequest request() {
    return request;
  }

  List<Pair> pairs() {
    return pairs;
  }

  Map<String, Value> root() {
    return root;
  }
}
