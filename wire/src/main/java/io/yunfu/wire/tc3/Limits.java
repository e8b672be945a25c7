package io.yunfu.wire.tc3;

import static io.yunfu.kernel.Check.require;

import org.jspecify.annotations.Nullable;

/// How much one request may hold, and one response. Source of the first three: billing 2018-07-09,
/// "Clock, replay, size" (section 1.8); the others are our own bounds.
///
/// @param targetBytes request target of a GET, path and query, in bytes
/// @param bodyBytesV1 body of a POST without an Authorization header, in bytes
/// @param bodyBytesV3 body of a POST with an Authorization header, in bytes
/// @param depth levels of nesting of a JSON body, or segments of a flattened name; no declared
///   parameter needs more than three
/// @param values parameters of one request, elements of lists included; a call that names the most
///   deals, vouchers and filters stays below 1 000
/// @param responseBytes body of a response; a page of 1 000 deals has about 1 MiB
public record Limits(
    int targetBytes, int bodyBytesV1, int bodyBytesV3, int depth, int values, int responseBytes) {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  public static final Limits DEFAULTS = new Limits(32 * KIB, MIB, 10 * MIB, 16, 10_000, 10 * MIB);

  public Limits {
    require(targetBytes > 0, "targetBytes is positive, not %d", targetBytes);
    require(bodyBytesV1 > 0, "bodyBytesV1 is positive, not %d", bodyBytesV1);
    require(bodyBytesV3 > 0, "bodyBytesV3 is positive, not %d", bodyBytesV3);
    require(depth > 0 && depth <= 100, "depth is 1 to 100, not %d", depth);
    require(values > 0, "values is positive, not %d", values);
    require(responseBytes > 0, "responseBytes is positive, not %d", responseBytes);
  }

  /// The most that a server needs to read of any body before it can refuse it.
  public int largestBody() {
    return Math.max(bodyBytesV1, bodyBytesV3);
  }

  /// Step 2 of the check order. A GET has no body that counts; a POST's query is ignored.
  void check(ReceivedRequest request, @Nullable String authorization) {
    boolean tooLarge =
        request.isGet()
            ? request.targetLength() > targetBytes
            : request.body().length > (authorization == null ? bodyBytesV1 : bodyBytesV3);
    if (tooLarge) {
      throw CommonErrors.REQUEST_SIZE_LIMIT_EXCEEDED.refused();
    }
  }
}
