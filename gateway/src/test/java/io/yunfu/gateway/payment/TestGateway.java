package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.gateway.FakeAlipay;
import io.yunfu.gateway.FakeConnector;
import io.yunfu.gateway.audit.GatewayAuditStore;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.CreateOrder.WechatExtras;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.merchant.ChannelCredentials;
import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.PlacedSubMerchant;
import io.yunfu.gateway.merchant.ProviderId;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.gateway.reconcile.ReconcileSettings;
import io.yunfu.gateway.reconcile.Reconciliations;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Secret;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.LedgerAuditStore;
import io.yunfu.ledger.Pocket;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import io.yunfu.testkit.ManualClock;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.random.RandomGeneratorFactory;

/// A gateway on a database of its own with one merchant, a clock that is moved by hand and channels
/// in memory. Its workers do nothing by themselves: see [#work].
public final class TestGateway implements AutoCloseable {
  public static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  public static final Operator ANN = new Operator("ann", "request-1");

  /// What channels keep of a payment: 0.6 percent.
  public static final int FEE_PPM = 6000;

  private static final Duration LEASE = Duration.ofSeconds(90);
  private static final int BATCH = 100;

  /// Alipay's and the application's, made once: nobody signs with them here.
  private static final KeyPair ALIPAY_KEYS = keys();

  private static final KeyPair APPLICATION_KEYS = keys();

  public final Cells cells = TestDatabase.cells();
  public final ManualClock clock = new ManualClock(NOW);
  public final FakeConnector wechat = new FakeConnector();
  public final FakeAlipay alipay = new FakeAlipay();
  public final Cell cell = cells.all().getLast();
  public final ManageMerchants manage;
  public final SubMerchantId sub = new SubMerchantId("gz02Hs4Lt9bYc6FuE2jD");
  public final ProviderId provider;
  private final ShopId shop = new ShopId("gz02Wd5Rf1kPv0NqC8xB");
  final MasterKey masterKey = MasterKey.of(new byte[MasterKey.BYTES]);
  private final List<Node> nodes = new ArrayList<>();

  /// So that every lookup is fresh.
  private final AtomicLong ticks = new AtomicLong();

  /// One program that works on the database.
  public static final class Node implements AutoCloseable {
    private final Merchants merchants;
    public final Payments payments;

    private Node(Merchants merchants, Payments payments) {
      this.merchants = merchants;
      this.payments = payments;
    }

    @Override
    public void close() {
      payments.close();
    }
  }

  /// @param callback where its merchant is told; empty: nowhere
  public TestGateway(Optional<URI> callback) {
    manage =
        new ManageMerchants(
            cells,
            masterKey,
            clock,
            RandomGeneratorFactory.of("L64X128MixRandom").create(7),
            "gz02");
    provider =
        manage
            .create(
                ANN,
                new ManageMerchants.NewProvider(
                    Optional.empty(),
                    "Provider",
                    Optional.empty(),
                    noticesTo(callback),
                    Optional.of(cell.id())))
            .orThrow()
            .merchant()
            .id();
    manage
        .create(
            ANN,
            new ManageMerchants.NewSubMerchant(
                provider,
                Optional.of(sub),
                "Sub",
                Optional.empty(),
                settings(FEE_PPM, Merchant.LatePayment.REFUND)))
        .orThrow();
    manage
        .create(ANN, new ManageMerchants.NewShop(sub, Optional.of(shop), "Shop", "1", List.of()))
        .orThrow();
    manage
        .setAccount(
            ANN,
            provider,
            new ChannelCredentials.WechatProvider(
                "1900000001",
                List.of("wx00000000000000aa"),
                Secret.of("0123456789abcdefghijklmnopqrstuv"),
                ChannelAccount.SignType.MD5,
                Optional.empty()))
        .orThrow();
    manage
        .setAccount(
            ANN,
            sub,
            new ChannelCredentials.WechatSubMerchant("1900000101", List.of("wx00000000000000bb")))
        .orThrow();
    manage
        .setAccount(
            ANN,
            provider,
            new ChannelCredentials.AlipayProvider(
                "2021000000000001",
                Secret.of(base64(APPLICATION_KEYS.getPrivate().getEncoded())),
                new ChannelAccount.AlipayTrust.PublicKey(
                    base64(ALIPAY_KEYS.getPublic().getEncoded())),
                Optional.empty()))
        .orThrow();
    manage
        .setAccount(
            ANN,
            sub,
            new ChannelCredentials.AlipaySubMerchant(
                Optional.of(Secret.of("202601BBtoken")), Optional.of("2088000000000101")))
        .orThrow();
    nodes.add(node(UnaryOperator.identity()));
  }

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("RSA").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Merchant.NoticeSettings noticesTo(Optional<URI> callback) {
    return new Merchant.NoticeSettings(
        callback,
        Merchant.NoticeKey.PROVIDER,
        Merchant.Acknowledgement.HTTP_200,
        true,
        Merchant.Schedule.STANDARD);
  }

  private static PlacedSubMerchant.Settings settings(int feePpm, Merchant.LatePayment latePayment) {
    var usual = PlacedSubMerchant.Settings.of("gz0200abcd");
    return new PlacedSubMerchant.Settings(
        usual.prefixes(),
        true,
        Optional.empty(),
        usual.defaultExpiry(),
        Optional.empty(),
        false,
        false,
        feePpm,
        latePayment);
  }

  /// From now on the channels keep another rate.
  public void setFeePpm(int feePpm) {
    change(settings(feePpm, Merchant.LatePayment.REFUND));
  }

  /// From now on late payments are treated so.
  public void setLatePayment(Merchant.LatePayment latePayment) {
    change(settings(FEE_PPM, latePayment));
  }

  private void change(PlacedSubMerchant.Settings settings) {
    manage.change(
        ANN,
        sub,
        placed ->
            new PlacedSubMerchant(
                placed.id(),
                placed.provider(),
                placed.cell(),
                placed.name(),
                placed.active(),
                settings,
                placed.oldKeyUntil(),
                placed.createdAt(),
                placed.number()));
  }

  /// Another program on the same database.
  ///
  /// @param around what stands between it and the channels
  public Node node(UnaryOperator<Connector> around) {
    return node(around, OrderLanes.Settings.DEFAULT, CellLanes.Listeners.NONE);
  }

  /// The same, with lanes of its own.
  Node node(
      UnaryOperator<Connector> around, OrderLanes.Settings lanes, CellLanes.Listeners listeners) {
    return node(around, lanes, listeners, true);
  }

  /// Another program, where a close counts only once the channel has taken it.
  Node waitingForCloses() {
    return node(
        UnaryOperator.identity(), OrderLanes.Settings.DEFAULT, CellLanes.Listeners.NONE, false);
  }

  private Node node(
      UnaryOperator<Connector> around,
      OrderLanes.Settings lanes,
      CellLanes.Listeners listeners,
      boolean closeAtOnce) {
    var usual = GatewaySettings.at(URI.create("https://gw.example.test"));
    var settings =
        new GatewaySettings(
            usual.noticeBase(),
            usual.closeAfter(),
            closeAtOnce,
            usual.refundSpacing(),
            usual.longestExpiry(),
            usual.looks(),
            usual.keepNotices(),
            lanes);
    var merchants =
        new Merchants(cells, masterKey, () -> ticks.addAndGet(Duration.ofSeconds(5).toNanos()));
    return new Node(
        merchants,
        new Payments(
            cells,
            masterKey,
            merchants,
            Map.of(PayPlatform.WECHAT, around.apply(wechat), PayPlatform.ALIPAY, alipay),
            settings,
            listeners,
            clock));
  }

  /// The program that is there from the beginning.
  public Node first() {
    return nodes.getFirst();
  }

  /// The bills of a program, which it fetches only when it is told to.
  public Reconciliations reconciliations(Node node) {
    return reconciliations(node, true);
  }

  /// The same.
  ///
  /// @param enabled whether it fetches any by itself once it is started
  public Reconciliations reconciliations(Node node, boolean enabled) {
    var usual = ReconcileSettings.USUAL;
    return new Reconciliations(
        cells,
        node.merchants,
        node.payments,
        Map.of(PayPlatform.WECHAT, wechat, PayPlatform.ALIPAY, alipay),
        new ReconcileSettings(
            enabled,
            usual.wechatFrom(),
            usual.alipayFrom(),
            usual.retryEvery(),
            usual.until(),
            usual.lateAfter()),
        clock);
  }

  /// What an operator does with a program's payments.
  public OperatePayments operate(Node node) {
    return new OperatePayments(cells, node.merchants, node.payments, clock);
  }

  public Merchant merchant(Node node) {
    return node.merchants.find(sub).orElseThrow();
  }

  public PlaceOrder.Outcome place(Node node, String number, long fen) {
    return place(node, number, fen, Optional.empty());
  }

  public PlaceOrder.Outcome place(Node node, String number, long fen, Optional<Uin> topUp) {
    return node.payments.place().place(wish(node, number, fen, "", topUp));
  }

  /// What is wished for when an order is placed.
  PlaceOrder.Command wish(Node node, String number, long fen, String remark, Optional<Uin> topUp) {
    var payer = new Payer.WechatUser(Optional.empty(), Optional.of("oTest"));
    return wish(node, PayPlatform.WECHAT, 100, payer, number, fen, remark, topUp);
  }

  public PlaceOrder.Outcome placeAtAlipay(Node node, String number, long fen) {
    var payer = new Payer.AlipayUser("2088000000000001");
    return node.payments
        .place()
        .place(wish(node, PayPlatform.ALIPAY, 200, payer, number, fen, "", Optional.empty()));
  }

  private PlaceOrder.Command wish(
      Node node,
      PayPlatform platform,
      int subPlatform,
      Payer payer,
      String number,
      long fen,
      String remark,
      Optional<Uin> topUp) {
    return new PlaceOrder.Command(
        merchant(node),
        shop,
        platform,
        subPlatform,
        number,
        Money.cny(fen),
        Optional.empty(),
        Optional.of("goods"),
        "",
        remark,
        WechatExtras.NONE,
        Optional.empty(),
        Optional.empty(),
        payer,
        terminal(),
        "nonce",
        topUp);
  }

  public Refunds.Outcome refund(Node node, String number, String refund, long fen) {
    return node.payments.refunds().refund(refundWish(node, number, refund, fen));
  }

  /// What is wished for when money is to go back.
  Refunds.Command refundWish(Node node, String number, String refund, long fen) {
    return new Refunds.Command(
        merchant(node),
        number,
        refund,
        order(number).total(),
        Money.cny(fen),
        new RefundDetails("", Optional.empty(), Optional.empty(), terminal(), "nonce", false));
  }

  private static OrderDetails.Terminal terminal() {
    return new OrderDetails.Terminal(
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        "198.51.100.7",
        Optional.empty());
  }

  /// The payer pays, and the channel reports it.
  public void pay(Node node, String number, String transaction) {
    wechat.pay(number, transaction, order(number).total(), clock.instant());
    notice(node, number);
  }

  /// The payer pays all but what a coupon of the merchant pays, in fen, and the channel reports it.
  public void payWithCoupon(Node node, String number, String transaction, long coupon) {
    wechat.payWithCoupon(
        number, transaction, order(number).total(), Money.cny(coupon), clock.instant());
    notice(node, number);
  }

  /// The channel reports an order.
  ///
  /// @return whether that counted
  public boolean notice(Node node, String number) {
    return hear(node, number, ChannelNotice.Kind.PAYMENT, FakeConnector.notice(number));
  }

  /// Something is said about an order in the channel's name.
  ///
  /// @return whether that counted
  public boolean notice(Node node, String number, byte[] body) {
    return hear(node, number, ChannelNotice.Kind.PAYMENT, body);
  }

  /// Alipay reports an order.
  public boolean alipayNotice(Node node, String number) {
    return hear(node, number, ChannelNotice.Kind.PAYMENT, FakeAlipay.notice(number));
  }

  /// The channel hints at a refund.
  public boolean refundNotice(Node node, String number, String refund) {
    return hear(node, number, ChannelNotice.Kind.REFUND, FakeConnector.refundNotice(refund));
  }

  /// The path at which a channel reports about an order.
  public static String noticePath(
      MasterKey masterKey, PaymentOrder order, ChannelNotice.Kind kind) {
    return new NoticeAddresses(URI.create("https://gw.example.test"), masterKey)
        .of(order, kind)
        .getPath();
  }

  private boolean hear(Node node, String number, ChannelNotice.Kind kind, byte[] body) {
    var order = order(number);
    var address = new NoticeAddress(order.platform(), kind, order.id());
    return node.payments.notices().hear(address, body).orElseThrow().taken();
  }

  /// What workers do by themselves, once, on this thread.
  ///
  /// @return how much was due
  public int work(Node node) {
    int due = 0;
    for (Cell one : cells.all()) {
      var now = clock.instant();
      var worker = node.payments.workers().get(one.id().value());
      var store = new PaymentStore();
      var orders = one.database().inTransaction(tx -> store.claim(tx, now, now.plus(LEASE), BATCH));
      orders.forEach(worker::workOrder);
      var refundStore = new RefundStore();
      var refunds =
          one.database().inTransaction(tx -> refundStore.claim(tx, now, now.plus(LEASE), BATCH));
      refunds.forEach(worker::workRefund);
      due += orders.size() + refunds.size();
    }
    return due;
  }

  /// Works and moves the clock to what is due next, until nothing is or the time is over.
  public void workFor(Node node, Duration time) {
    Instant until = clock.instant().plus(time);
    while (true) {
      work(node);
      Optional<Instant> next = nextDue().filter(at -> !at.isAfter(until));
      if (next.isEmpty()) {
        clock.set(until);
        return;
      }
      if (next.get().isAfter(clock.instant())) {
        clock.set(next.get());
      }
    }
  }

  private Optional<Instant> nextDue() {
    String sql =
        """
        select min(due_at) as due_at
          from (select due_at from payment union all select due_at from payment_refund) due
        """;
    return cells.all().stream()
        .flatMap(one ->
            Optional.ofNullable(
                one.database()
                    .read(tx -> tx.query(sql, row -> row.instantOrNull("due_at")))
                    .getFirst())
                .stream())
        .min(Instant::compareTo);
  }

  /// An account that can be topped up.
  public Uin owner(long uin) {
    var owner = new Uin(uin);
    cell.database().execute(tx -> new Ledger().open(tx, owner, Currency.CNY));
    return owner;
  }

  public PaymentOrder order(String number) {
    return first().payments.find(number).getFirst();
  }

  /// What is owed to the merchant, in fen.
  public long payable() {
    var pocket = new Pocket.Payable(merchant(first()).number());
    return -sum(
        "select coalesce(sum(amount), 0) as n from entry where uin = %d and pocket = '%s'"
            .formatted(pocket.uin(), pocket.code()));
  }

  /// What the channel holds for us by our books, in fen.
  public long clearing() {
    return sum(
        "select coalesce(sum(amount), 0) as n from entry where uin = 0 and pocket = 'wechat'");
  }

  /// Adds up `n` over all cells.
  public long sum(String sql) {
    return cells.all().stream()
        .mapToLong(
            one -> one.database().read(tx -> tx.query(sql, row -> row.longAt("n"))).getFirst())
        .sum();
  }

  /// What is wrong with the books, the orders and the notices.
  public List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    for (Cell one : cells.all()) {
      findings.addAll(one.database().snapshot(new LedgerAuditStore()::findings));
      findings.addAll(one.database().snapshot(new GatewayAuditStore()::findings));
    }
    return findings;
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    cells.close();
  }
}
