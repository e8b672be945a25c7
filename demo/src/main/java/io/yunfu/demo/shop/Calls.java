package io.yunfu.demo.shop;

import io.yunfu.wire.tc3.Secret;
import io.yunfu.wire.tc3.SignedRequest;
import io.yunfu.wire.tc3.Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The shop's calls to Yunfu, each over the public wire: Cloud Pay, the billing API, and the
/// operator's API to credit a top-up. Any of them may be repeated.
final class Calls implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /// Longer than the server waits for a channel.
  private static final Duration DEADLINE = Duration.ofSeconds(40);

  private final ShopSettings settings;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final Signer signer;

  Calls(ShopSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    var customer = settings.customer();
    this.signer =
        Signer.to(
                settings.addresses().api().getAuthority(),
                customer.secretId(),
                Secret.of(customer.secretKey()))
            .service("billing")
            .build();
  }

  /// A call of Cloud Pay and its answer, both as they were on the wire.
  ///
  /// @param verified whether the answer was signed with our key
  record Asked(Envelope request, Envelope answer, boolean verified) {
    /// Whether it was done, by a server that has our key.
    boolean succeeded() {
      return verified && answer.json().path("status").asInt(-1) == 0;
    }
  }

  /// `official_account_pay`. Source: `cloudpay.md` section 2.1.
  Asked officialAccountPay(Sale sale, String title) {
    var merchant = settings.merchant();
    ObjectNode content = JSON.createObjectNode();
    ObjectNode key =
        content
            .putObject("pay_mch_key")
            .put("pay_platform", sale.channel().payPlatform())
            .put("out_mch_id", merchant.outMchId())
            .put("out_sub_mch_id", merchant.outSubMchId())
            .put("out_shop_id", merchant.outShopId());
    sale.channel().identify(key, settings.payer());
    content
        .putObject("pay_content")
        .put("out_trade_no", sale.number())
        .put("total_fee", sale.fen())
        .put("fee_type", "CNY")
        .put("body", title);
    content.putObject("order_client").put("spbill_create_ip", "127.0.0.1");
    content.put("nonce_str", nonce());
    Envelope request = Envelope.signed(content.toString(), merchant.authKey());
    URI address = URI.create(settings.addresses().cpay() + "/official_account_pay");
    byte[] body =
        send(HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.bytes())))
            .body;
    Envelope answer =
        Envelope.ofAnswer(body)
            .orElseThrow(() -> new CallFailed("official_account_pay gave no answer of Cloud Pay"));
    return new Asked(request, answer, answer.isFrom(merchant.authKey()));
  }

  /// An action of the billing API, as the customer.
  ///
  /// @return what stands in `Response`, refusals included
  JsonNode billing(String action, Map<String, ?> parameters) {
    SignedRequest signed = signer.sign(action, parameters, clock.instant().getEpochSecond());
    var request =
        HttpRequest.newBuilder(settings.addresses().api().resolve(signed.target()))
            .method(signed.method(), HttpRequest.BodyPublishers.ofByteArray(signed.body()));
    for (var header : signed.headers()) {
      if (!header.name().equalsIgnoreCase("Host")) { // the client sends it by itself
        request.header(header.name(), header.value());
      }
    }
    return JSON.readTree(send(request).body).path("Response");
  }

  /// Credits what was paid. The order number is the key of the command, so a repeated notice
  /// credits nothing twice.
  JsonNode credit(String number, long fen) {
    URI address =
        URI.create(
            "%s/accounts/%s/top-ups"
                .formatted(settings.addresses().admin(), settings.customer().uin()));
    String body =
        JSON.createObjectNode()
            .put("amount", fen)
            .put("currency", "CNY")
            .put("memo", "Cloud Pay " + number)
            .toString();
    Got got =
        send(
            HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + settings.customer().adminToken())
                .header("Idempotency-Key", number)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    if (got.status / 100 != 2) {
      throw new CallFailed("the top-up was answered with status " + got.status);
    }
    return JSON.readTree(got.body);
  }

  /// A call came to nothing; what it was about has to be asked again.
  static final class CallFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CallFailed(String message) {
      super(message);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Got(int status, byte[] body) {}

  private Got send(HttpRequest.Builder request) {
    try {
      var answer = http.send(request.timeout(DEADLINE).build(), BodyHandlers.ofByteArray());
      return new Got(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException("Yunfu does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallFailed("interrupted");
    }
  }

  private String nonce() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    return java.util.HexFormat.of().formatHex(bytes);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
