package io.yunfu.channels.alipay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpServer;
import io.yunfu.channels.Patience;
import io.yunfu.channels.Transport;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.AlipayTrust;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Secret;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.http.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// A merchant of the simulator, as the gateway speaks for it: its account with the files that the
/// simulator hands out, a connector, and a server that takes its notices.
final class TestMerchant implements AutoCloseable {
  static final String PAYER = "alice";

  /// Slow machines connect slowly, and answer slowly; how fast is not what is tested.
  private static final Duration LONG = Duration.ofMinutes(1);

  static final Patience PATIENT =
      new Patience(LONG, LONG, List.of(Duration.ofMillis(1), Duration.ofMillis(1)));

  final Sandbox sandbox;
  final ChannelAccount.Alipay account;
  final AlipayConnector connector;
  private final HttpServer server;
  private final List<byte[]> notices = new CopyOnWriteArrayList<>();
  private volatile Optional<String> refusal = Optional.empty();

  TestMerchant(Sandbox sandbox, boolean certified, Port port, Patience patience) {
    this(sandbox, certified, port, patience, BillHosts.ANY);
  }

  TestMerchant(
      Sandbox sandbox, boolean certified, Port port, Patience patience, BillHosts billHosts) {
    this.sandbox = sandbox;
    this.account = certified ? certified(sandbox) : keyed(sandbox);
    var transport =
        new Transport(new Transport.Settings(LONG, 1024 * 1024, Optional.of(sandbox.trustStore())));
    this.connector =
        new AlipayConnector(
            URI.create(sandbox.base(port) + "/gateway.do"),
            billHosts,
            transport,
            sandbox.clock()::now,
            patience);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          notices.add(exchange.getRequestBody().readAllBytes());
          var told = connector.acknowledge(ChannelNotice.Kind.PAYMENT, refusal);
          byte[] body = told.body().getBytes(US_ASCII);
          exchange.getResponseHeaders().set("Content-Type", told.contentType());
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private static ChannelAccount.Alipay keyed(Sandbox sandbox) {
    String app = "2021000000000001";
    return new ChannelAccount.Alipay(
        app,
        Secret.of(file(sandbox, "alipay_" + app + "_app_private_key.pem")),
        new AlipayTrust.PublicKey(file(sandbox, "alipay_" + app + "_alipay_public_key.pem")),
        Optional.of(Secret.of("202601BBtoken0000000000000000000000A101")),
        Optional.of("2088000000000101"),
        Optional.of("2088000000000999"));
  }

  private static ChannelAccount.Alipay certified(Sandbox sandbox) {
    String app = "2021000000000002";
    return new ChannelAccount.Alipay(
        app,
        Secret.of(file(sandbox, "alipay_" + app + "_app_private_key.pem")),
        new AlipayTrust.Certificates(
            file(sandbox, "alipay_" + app + "_app_cert.crt"),
            List.of(file(sandbox, "alipay_" + app + "_alipay_cert.crt")),
            file(sandbox, "alipay_root.crt")),
        Optional.of(Secret.of("202601BBtoken0000000000000000000000B201")),
        Optional.of("2088000000000201"),
        Optional.empty());
  }

  private static String file(Sandbox sandbox, String name) {
    return new String(sandbox.credentials().file(name).orElseThrow(), US_ASCII);
  }

  CreateOrder order(String number, long fen) {
    var now = sandbox.clock().now();
    return new CreateOrder(
        number,
        Money.cny(fen),
        "测试门店-豆浆/大",
        "{\"goods_detail\":[{\"goods_id\":\"1\",\"goods_name\":\"豆浆\",\"quantity\":1,\"price\":5}]}",
        "remark",
        now,
        now.plusSeconds(120),
        CreateOrder.WechatExtras.NONE,
        new Payer.AlipayUser(sandbox.people().named(PAYER).orElseThrow().alipayUserId()),
        terminal(),
        new CreateOrder.Shop("sz0001", "shop"),
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/notify"));
  }

  OrderReference reference(String number, Optional<String> trade, long fen) {
    return new OrderReference(number, trade, Money.cny(fen), Optional.empty());
  }

  RefundOrder refund(OrderReference order, String number, long fen) {
    return new RefundOrder(
        order,
        number,
        Money.cny(fen),
        "凉了",
        Optional.empty(),
        terminal(),
        new CreateOrder.Shop("sz0001", "shop"),
        URI.create("http://127.0.0.1:1/refund"));
  }

  private static CreateOrder.Terminal terminal() {
    return new CreateOrder.Terminal(Optional.of("device"), Optional.of("staff"), "198.51.100.7");
  }

  /// What notices are answered from now on.
  void refuseNotices(Optional<String> why) {
    refusal = why;
  }

  void forgetNotices() {
    notices.clear();
  }

  /// The bodies of all notices that are due by now.
  List<byte[]> notices() {
    sandbox.clock().advance(Duration.ZERO);
    if (!sandbox.notices().drain(LONG, false)) {
      throw new AssertionError("notices are still due");
    }
    return List.copyOf(notices);
  }

  @Override
  public void close() {
    server.stop(0);
    connector.close();
  }
}
