package io.yunfu.billing.delivery;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The words of the provider protocol, version 1: docs/api/provider.md. Pure.
final class ProviderProtocol {
  static final String SIGNATURE = "Yunfu-Signature";
  static final String IDEMPOTENCY_KEY = "Yunfu-Idempotency-Key";
  static final String ATTEMPT = "Yunfu-Attempt";

  /// Of an answer, in bytes. A thousand resource ids of usual length fit well.
  static final int LONGEST_ANSWER = 64 * 1024;

  /// A provider may ask for any pause; it gets this one at most.
  static final Duration LONGEST_WISH = Duration.ofHours(1);

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ProviderProtocol() {}

  /// The body of a call.
  static byte[] body(ProviderRequest request) {
    var body = JSON.createObjectNode();
    body.put("version", 1);
    body.put("dealId", request.deal().value());
    body.put("bigDealId", request.bigDeal().value());
    body.put("ownerUin", request.owner().toString());
    body.put("action", request.action());
    body.put("productCode", request.productCode());
    body.put("subProductCode", request.subProductCode());
    body.put("quantity", request.quantity());
    body.put("timeSpan", request.timeSpan().stripTrailingZeros().toPlainString());
    body.put("timeUnit", request.timeUnit());
    body.put("zoneCode", request.zoneCode());
    body.put("projectId", request.projectId());
    body.set("productInfo", JSON.readTree(request.info()));
    var targets = body.putArray("targetResources");
    request.targets().forEach(targets::add);
    body.put("resourcePrefix", request.resourcePrefix());
    body.put("paidAt", request.paidAt().toString());
    return JSON.writeValueAsBytes(body);
  }

  /// The value of the header [#SIGNATURE]: the time in seconds, and the HMAC-SHA256 over that time,
  /// a dot, and the bytes of the body.
  static String signature(String secret, Instant now, byte[] body) {
    String time = Long.toString(now.getEpochSecond());
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update((time + ".").getBytes(StandardCharsets.US_ASCII));
      return "t=" + time + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign", e); // every Java platform has it
    }
  }

  /// What an answer means.
  ///
  /// @param retryAfter the header of that name
  static ProviderAnswer read(int status, byte[] body, Optional<String> retryAfter) {
    if (status >= 200 && status < 300) {
      return readBody(status, body);
    }
    boolean refused = status >= 400 && status < 500;
    if (status == 408 || status == 425 || status == 429 || !refused) {
      return new ProviderAnswer.Unknown(
          "HTTP " + status, retryAfter.flatMap(ProviderProtocol::wish));
    }
    String reason = text(object(body), "reason");
    return new ProviderAnswer.Refused(
        reason == null ? "HTTP " + status : "HTTP " + status + ": " + reason);
  }

  private static ProviderAnswer readBody(int status, byte[] body) {
    JsonNode answer = object(body);
    String said = text(answer, "status");
    if (answer == null || said == null) {
      return new ProviderAnswer.Unknown(
          "HTTP " + status + " without a JSON object that has a status");
    }
    return switch (said) {
      case "delivered" -> delivered(answer);
      case "accepted" -> accepted(answer);
      case "refused" -> {
        String reason = text(answer, "reason");
        yield new ProviderAnswer.Refused(reason == null ? "No reason was given" : reason);
      }
      default -> new ProviderAnswer.Unknown("The status of the answer is none: " + said);
    };
  }

  private static ProviderAnswer delivered(JsonNode answer) {
    JsonNode ids = answer.get("resourceIds");
    if (ids == null) {
      return new ProviderAnswer.Delivered(List.of());
    }
    List<String> resources = new ArrayList<>();
    if (!ids.isArray() || ids.size() > ResourceIds.MOST_PER_DEAL) {
      return new ProviderAnswer.Unknown(
          "resourceIds is no list of at most " + ResourceIds.MOST_PER_DEAL);
    }
    for (JsonNode id : ids) {
      if (!id.isString() || !ResourceIds.wellFormed(id.stringValue())) {
        return new ProviderAnswer.Unknown("resourceIds holds what is no resource id");
      }
      resources.add(id.stringValue());
    }
    return ResourceIds.areDistinct(resources)
        ? new ProviderAnswer.Delivered(resources)
        : new ProviderAnswer.Unknown("resourceIds names a resource twice");
  }

  private static ProviderAnswer accepted(JsonNode answer) {
    JsonNode seconds = answer.get("retryAfterSeconds");
    return new ProviderAnswer.Accepted(
        seconds == null || !seconds.isIntegralNumber()
            ? Optional.empty()
            : wish(seconds.asString()));
  }

  /// Whole seconds, at least one; dates and nonsense are no wish.
  private static Optional<Duration> wish(String seconds) {
    if (!seconds.matches("[0-9]{1,9}")) {
      return Optional.empty();
    }
    long wanted = Math.clamp(Long.parseLong(seconds), 1, LONGEST_WISH.toSeconds());
    return Optional.of(Duration.ofSeconds(wanted));
  }

  private static @Nullable JsonNode object(byte[] body) {
    try {
      JsonNode answer = JSON.readTree(body);
      return answer != null && answer.isObject() ? answer : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static @Nullable String text(@Nullable JsonNode object, String field) {
    JsonNode value = object == null ? null : object.get(field);
    return value == null || !value.isString() ? null : value.stringValue();
  }
}
