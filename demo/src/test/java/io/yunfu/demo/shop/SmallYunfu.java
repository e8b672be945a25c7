package io.yunfu.demo.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Answers what the shop asks, and remembers what it was told to do. Verifies nothing: the real one
/// does that, in the acceptance tests.
final class SmallYunfu implements AutoCloseable {
  static final String PREFIX = "sz01743939";
  static final String AUTH_KEY = "0123456789ABCDEF0123456789ABCDEF";
  static final String PROVIDER_KEY = "FEDCBA9876543210FEDCBA9876543210";
  static final String SECRET = "the customer's secret key";
  static final String TOKEN = "the token of the operator";
  static final long BALANCE = 1_000;
  static final long PRICE = 5_000;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> credited = new CopyOnWriteArrayList<>();
  private final AtomicInteger paid = new AtomicInteger();
  private volatile boolean refusing;
  private volatile String key = AUTH_KEY;

  private SmallYunfu(HttpServer http) {
    this.http = http;
  }

  static SmallYunfu start() {
    try {
      var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var yunfu = new SmallYunfu(http);
      http.setExecutor(yunfu.threads);
      http.createContext("/", yunfu::answer);
      http.start();
      return yunfu;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ShopSettings settings() {
    String base = "http://127.0.0.1:" + http.getAddress().getPort();
    return new ShopSettings(
        0,
        new ShopSettings.Addresses(
            URI.create(base + "/cpay"),
            URI.create(base),
            URI.create(base + "/admin/v1"),
            URI.create(base)),
        new ShopSettings.Merchant("provider", "sub", "shop", PREFIX, AUTH_KEY, PROVIDER_KEY),
        new ShopSettings.Payer("openid", "2088"),
        new ShopSettings.Customer("100000000001", "id", SECRET, "order", TOKEN));
  }

  /// The keys of the top-ups that were carried out, repetitions included.
  List<String> credited() {
    return credited;
  }

  /// How often an order was to be paid.
  int paid() {
    return paid.get();
  }

  void refuseCredits(boolean refuse) {
    refusing = refuse;
  }

  void signWith(String other) {
    key = other;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/cpay/official_account_pay")) {
        send(exchange, 200, signed(body.contains("wxpay") ? wechat() : alipay()));
      } else if (path.endsWith("/top-ups") && refusing) {
        send(exchange, 503, "{}");
      } else if (path.endsWith("/top-ups")) {
        credited.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        send(exchange, 201, "{}");
      } else {
        send(exchange, 200, billing(exchange.getRequestHeaders().getFirst("X-TC-Action")));
      }
    }
  }

  private String billing(String action) {
    return switch (action) {
      case "DescribeAccountBalance" -> "{\"Response\": {\"Balance\": %d}}".formatted(BALANCE);
      case "DescribeDealsByCond" ->
          "{\"Response\": {\"Deals\": [{\"RealTotalCost\": %d, \"Status\": 1, \"ResourceId\": []}]}}"
              .formatted(PRICE);
      case "PayDeals" -> {
        paid.incrementAndGet();
        yield "{\"Response\": {\"Error\": {\"Code\": \"FailedOperation.BalanceInsufficient\"}}}";
      }
      default -> throw new IllegalStateException("nobody asks for " + action);
    };
  }

  private static String wechat() {
    return """
    {"wxpay": {"get_brand_wcpay": {"app_id": "wx", "timestamp": "1", "nonce_str": "n",
      "package": "prepay_id=1", "sign_type": "MD5", "pay_sign": "SIGN"}}}\
    """;
  }

  private static String alipay() {
    return "{\"alipay\": {\"trade_pay\": {\"trade_no\": \"trade\"}}}";
  }

  private String signed(String arguments) {
    String content =
        "{\"status\": 0, \"official_account_pay\": {\"jsapi_args\": %s}}".formatted(arguments);
    String envelope = new String(Envelope.signed(content, key).bytes(), UTF_8);
    return envelope.replace("request_content", "response_content");
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
