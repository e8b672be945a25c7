package io.yunfu.channels.wechat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.yunfu.channels.Operation;
import io.yunfu.channels.Patience;
import io.yunfu.channels.Transport;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Nonces;
import io.yunfu.kernel.Secret;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.channel.Payment;
import io.yunfu.simulator.http.Port;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// A gateway around the connector, as small as can be, and the simulator on the other side: one
/// merchant, one order, one refund, and a server that reads notices and acknowledges them.
final class World implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-01-01T04:00:00Z");

  private static final Duration LONG = Duration.ofMinutes(1);

  /// Where the test is not about time, a slow machine must not matter.
  static final Patience PATIENT =
      new Patience(LONG, LONG, List.of(Duration.ofSeconds(1), Duration.ofSeconds(3)));

  /// Where it is about silence.
  static final Patience IMPATIENT =
      new Patience(Duration.ofMillis(700), Duration.ofMillis(700), List.of());

  static final Patience IMPATIENT_FOR_BILLS =
      new Patience(LONG, LONG, Duration.ofMillis(700), List.of());

  /// The calls whose answers are signed: all but bills.
  static final Set<Operation> SIGNED = Set.copyOf(EnumSet.complementOf(EnumSet.of(Operation.BILL)));

  private final Sandbox sandbox;
  private final ChannelAccount.Wechat account;
  private final SignType type;
  private final HttpServer server;
  private final List<ChannelNotice> heard = new CopyOnWriteArrayList<>();
  private final List<Optional<ChannelNotice.Subject>> peeked = new CopyOnWriteArrayList<>();

  /// What the connector waited between repetitions; it did not really.
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  private Runnable whilePausing = () -> {};
  private WechatConnector connector;

  World(Sandbox sandbox, SignType type) {
    this.sandbox = sandbox;
    this.type = type;
    this.account =
        new ChannelAccount.Wechat(
            Fixture.MERCHANT,
            Fixture.APP_ID,
            Fixture.SUB_MERCHANT,
            Optional.of(Fixture.SUB_APP_ID),
            Secret.of(Fixture.KEY),
            Optional.empty(),
            type,
            Optional.of(certificate(sandbox)));
    this.connector = connector(PATIENT, Optional.empty());
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/", this::take);
    server.start();
  }

  /// From now on it is asked so.
  World asking(Patience patience, Optional<URI> first) {
    connector.close();
    connector = connector(patience, first);
    return this;
  }

  void whilePausing(Runnable happening) {
    whilePausing = happening;
  }

  WechatConnector connector() {
    return connector;
  }

  ChannelAccount.Wechat account() {
    return account;
  }

  List<ChannelNotice> heard() {
    return heard;
  }

  List<Optional<ChannelNotice.Subject>> peeked() {
    return peeked;
  }

  List<Duration> pauses() {
    return pauses;
  }

  Answer<?> perform(Operation operation) {
    return switch (operation) {
      case CREATE -> connector.create(account, order());
      case QUERY -> connector.query(account, reference());
      case CLOSE -> connector.close(account, reference(), Optional.empty());
      case REFUND -> connector.refund(account, refund());
      case QUERY_REFUND -> connector.queryRefund(account, refund().reference());
      case BILL -> connector.bill(account, LocalDate.of(2025, 12, 31), _ -> {});
    };
  }

  /// All that has to happen before such a call makes sense.
  void prepare(Operation operation) {
    switch (operation) {
      case CREATE, BILL -> {}
      case QUERY -> prepay();
      case CLOSE -> {
        prepay();
        sandbox.clock().advance(Duration.ofMinutes(6));
      }
      case REFUND -> pay(prepay());
      case QUERY_REFUND -> {
        pay(prepay());
        done(perform(Operation.REFUND));
      }
    }
  }

  Prepaid prepay() {
    return (Prepaid) done(perform(Operation.CREATE));
  }

  void pay(Prepaid prepaid) {
    sandbox.pay("wechat", prepaid.reference(), "alice", new Payment.Action.Success());
  }

  void drain() {
    sandbox.notices().drain(LONG, false);
  }

  static Object done(Answer<?> answer) {
    if (answer instanceof Answer.Done<?>(var value, var _)) {
      return value;
    }
    throw new AssertionError("not done: " + answer);
  }

  CreateOrder order() {
    var people = sandbox.people();
    return new CreateOrder(
        Fixture.ORDER,
        Money.cny(101),
        "测试门店-豆浆 😀 ]]>&<",
        "{\"goods_detail\": [{\"goods_id\": \"1\", \"quantity\": 1, \"price\": 101}]}",
        "",
        NOON,
        NOON.plus(Duration.ofHours(1)),
        new CreateOrder.WechatExtras(
            Optional.of("shop 7"), Optional.empty(), Optional.empty(), Optional.empty()),
        new Payer.WechatUser(
            Optional.empty(),
            Optional.of(people.openid(people.named("alice").orElseThrow(), Fixture.SUB_APP_ID))),
        new CreateOrder.Terminal(Optional.of("till 3"), Optional.empty(), "127.0.0.1"),
        new CreateOrder.Shop("7", "豆浆店"),
        notices("/payment"));
  }

  OrderReference reference() {
    return new OrderReference(Fixture.ORDER, Optional.empty(), Money.cny(101), Optional.of(type));
  }

  RefundOrder refund() {
    return refund(Fixture.REFUND, 50);
  }

  RefundOrder refund(String number, long fen) {
    return new RefundOrder(
        reference(),
        number,
        Money.cny(fen),
        "too salty",
        Optional.empty(),
        new CreateOrder.Terminal(Optional.empty(), Optional.empty(), "127.0.0.1"),
        new CreateOrder.Shop("7", "豆浆店"),
        notices("/refund"));
  }

  @Override
  public void close() {
    connector.close();
    server.stop(0);
  }

  private URI notices(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /// @param first a host that is tried before the simulator
  private WechatConnector connector(Patience patience, Optional<URI> first) {
    var settings = new Transport.Settings(LONG, 1024 * 1024, Optional.of(sandbox.trustStore()));
    URI channel = sandbox.base(Port.WX_HTTPS);
    return new WechatConnector(
        new Transport(settings),
        first
            .map(host -> new Hosts(host, Optional.of(channel)))
            .orElse(new Hosts(channel, Optional.empty())),
        patience,
        new Nonces(new SecureRandom()),
        time -> {
          pauses.add(time);
          whilePausing.run();
        },
        () -> NOON);
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    var kind =
        exchange.getRequestURI().getPath().equals("/refund")
            ? ChannelNotice.Kind.REFUND
            : ChannelNotice.Kind.PAYMENT;
    peeked.add(connector.peek(kind, body));
    ChannelNotice notice = connector.read(account, Optional.of(reference()), kind, body);
    heard.add(notice);
    var acknowledgement =
        connector.acknowledge(
            kind,
            notice instanceof ChannelNotice.Rejected(String why)
                ? Optional.of(why)
                : Optional.empty());
    byte[] answer = acknowledgement.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", acknowledgement.contentType());
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static ClientCertificate certificate(Sandbox sandbox) {
    byte[] file = sandbox.credentials().client(Fixture.MERCHANT).pkcs12(Fixture.MERCHANT);
    return new ClientCertificate(
        Secret.of(Base64.getEncoder().encodeToString(file)), Secret.of(Fixture.MERCHANT));
  }
}
