package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.LoopbackPorts;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// `kill -9` of the server between any two steps of a payment, of its notice, of its refund, of a
/// close and of a top-up, over both channels at once. Wherever it is killed: after the next start
/// everything ends as if nothing had happened, and the channel's books, ours and the merchant's
/// agree to the fen. It waits minutes for leases to end, so it begins first, and has two cells in
/// either run of the suite.
@Order(1)
@Timeout(1500)
class GatewayKillCrashIT {
  /// Of the two cells, the one that the merchant and the account live in.
  private static final String CELL = "cell_0";

  private static final int TOTAL = 2590;
  private static final int BACK = 591;

  /// `trade_state` of a paid order. Source: `cloudpay.md` section 3.1.
  private static final int SUCCESS = 4;

  /// Where the server is killed. First come those that need to be alone: what is being taken then
  /// is nothing else.
  private enum Moment {
    /// The channel's notice is being taken: the payment is posted, and nothing is committed.
    PAYMENT_HEARD(Story.SALE),
    /// The notice of a payment after the close is being taken: its case and its way back are not
    /// committed.
    LATE_PAYMENT_HEARD(Story.LATE_PAYMENT),
    /// The notice of a top-up's payment is being taken: the balance is credited, and nothing is
    /// committed.
    TOP_UP_HEARD(Story.TOP_UP),
    /// The channel has been asked to close an order and has not closed it.
    CLOSE_ASKED(Story.CLOSE),
    /// It has closed it, and its answer has not come.
    CLOSE_MADE(Story.CLOSE),
    /// The channel has been asked for an order and has not made it.
    ORDER_ASKED(Story.SALE),
    /// It has made it, and its answer has not come.
    ORDER_MADE(Story.SALE),
    /// The merchant's program has the answer.
    ORDER_ANSWERED(Story.SALE),
    /// Somebody has paid, and the channel's notice is lost.
    PAID(Story.SALE),
    /// The merchant reads of the payment, and has not answered.
    PAYMENT_TOLD(Story.SALE),
    /// The channel has been asked for a refund and has not made it.
    REFUND_ASKED(Story.SALE),
    /// It has made it, and its answer has not come.
    REFUND_MADE(Story.SALE),
    /// The merchant's program has the answer.
    REFUND_ANSWERED(Story.SALE),
    /// The merchant reads of the refund, and has not answered.
    REFUND_TOLD(Story.SALE);

    /// Before anybody has paid.
    private static final Set<Moment> UNPAID = EnumSet.range(ORDER_ASKED, ORDER_ANSWERED);

    /// Once there was a call for a refund.
    private static final Set<Moment> REFUNDED = EnumSet.range(REFUND_ASKED, REFUND_TOLD);

    final Story story;

    Moment(Story story) {
      this.story = story;
    }

    boolean isUnpaid() {
      return UNPAID.contains(this);
    }

    boolean isRefunded() {
      return REFUNDED.contains(this);
    }

    /// The table that keeps a notice waiting with all that it has written before; empty where no
    /// notice is being taken.
    String writesLast() {
      return switch (this) {
        case PAYMENT_HEARD, TOP_UP_HEARD -> "merchant_notice";
        case LATE_PAYMENT_HEARD -> "payment_case";
        default -> "";
      };
    }
  }

  /// What an order comes to.
  private enum Story {
    /// Paid, and given back in part.
    SALE,
    /// Closed, and never paid.
    CLOSE,
    /// Paid after its close, and given back whole.
    LATE_PAYMENT,
    /// Paid, and credited.
    TOP_UP;

    /// What the channel takes for an order, and what it gives back. Unit: fen.
    int paid() {
      return this == CLOSE ? 0 : TOTAL;
    }

    int back() {
      return switch (this) {
        case SALE -> BACK;
        case LATE_PAYMENT -> TOTAL;
        case CLOSE, TOP_UP -> 0;
      };
    }
  }

  private record Sale(Moment moment, PayChannel channel, String number) {
    String refundNumber() {
      return number + "R";
    }
  }

  private final Path directory = Scratch.directory();
  private final Http http = new Http();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final MerchantsDoor door = new MerchantsDoor();
  private final int port = LoopbackPorts.free();

  /// What opens the cashier, by order number.
  private final Map<String, String> references = new HashMap<>();

  /// Of the numbers that are made here.
  private int count;

  private @Nullable SimulatedChannels channels;
  private @Nullable Installation installation;
  private @Nullable GatewayMerchant merchant;

  /// The accounts that are topped up, by order number.
  private final Map<String, String> accounts = new HashMap<>();

  @AfterEach
  void close() {
    threads.shutdownNow();
    door.close();
    if (channels != null) {
      channels.close();
    }
    http.close();
  }

  @Test
  void wherever_the_server_is_killed_everything_ends_as_if_it_had_not_been() throws Exception {
    startChannels();
    Installation.Node node = installation().start(port);
    merchant().open(door.url());
    var sales = new ArrayList<Sale>();
    for (Moment moment : Moment.values()) {
      var these = new ArrayList<Sale>();
      for (PayChannel channel : PayChannel.values()) {
        these.add(begun(moment, channel));
      }
      try (Standstill _ = bringTo(moment, these, node.program())) {
        node.program().kill();
      }
      channels().ask("DELETE", "/_sim/faults", "");
      door.goOn();
      node = installation().start(port);
      for (Sale sale : these) {
        goOn(sale);
        if (!moment.writesLast().isEmpty()) {
          awaitEnd(sale, node.program());
        }
      }
      sales.addAll(these);
    }
    // Most wait for leases, and are killed a few times more while they do.
    for (Sale sale : sales) {
      awaitEnd(sale, node.program());
    }
    for (Sale sale : sales) {
      requireEnd(sale);
    }
    requireSameBooks(sales);
    node.stop();
    installation().requireSoundBooks();
  }

  private Sale begun(Moment moment, PayChannel channel) throws Exception {
    if (moment.story == Story.TOP_UP) {
      String uin =
          operate("POST", "/accounts", "{\"edition\":\"china\",\"cell\":0}").get("uin").asString();
      JsonNode order =
          operate(
              "POST",
              "/accounts/" + uin + "/top-up-orders",
              """
              {"amount":%d,"currency":"CNY","subMerchant":"%s","shop":"%s","channel":"%s",%s}
              """
                  .formatted(
                      TOTAL,
                      GatewayMerchant.SUB_MERCHANT,
                      GatewayMerchant.SHOP,
                      channel.code(),
                      channel == PayChannel.WECHAT
                          ? "\"subOpenId\":\"" + channels().wechatPayer() + "\""
                          : "\"buyerId\":\"" + channels().alipayPayer() + "\""));
      String number = order.get("number").asString();
      references.put(number, SimulatedChannels.reference(order.get("jsapiArgs")));
      accounts.put(number, uin);
      return new Sale(moment, channel, number);
    }
    String number = "%s%s%02d".formatted(GatewayMerchant.PREFIX, channel.code(), count++);
    return new Sale(moment, channel, number);
  }

  /// Leads orders to the moment, and returns when they are there.
  ///
  /// @return what keeps them there
  private Standstill bringTo(Moment moment, List<Sale> sales, Program server) throws Exception {
    for (Sale sale : sales) {
      if (moment.writesLast().isEmpty()) {
        bringTo(sale, server);
      } else {
        makePayable(sale);
      }
    }
    var standstill = new Standstill(installation().connect(), moment.writesLast());
    if (!moment.writesLast().isEmpty()) {
      for (Sale sale : sales) {
        // Nothing but the notice tells of it.
        fault(sale, sale.channel().query, "\"reset_before\"");
        pay(sale);
      }
      server.await(
          "the notices of %s are being taken".formatted(sales),
          () -> standstill.waiting() >= sales.size());
    }
    return standstill;
  }

  private void makePayable(Sale sale) throws Exception {
    if (sale.moment().story != Story.TOP_UP) {
      create(sale);
    }
    if (sale.moment().story == Story.LATE_PAYMENT) {
      until("close_order", orderText(sale));
      // Channels tell times in seconds: what is paid in the second of the close may be in time.
      long closed = Instant.now().getEpochSecond();
      while (Instant.now().getEpochSecond() == closed) {
        Program.pause();
      }
    }
  }

  private void bringTo(Sale sale, Program server) throws Exception {
    PayChannel channel = sale.channel();
    switch (sale.moment()) {
      case ORDER_ASKED ->
          meanwhile(
              sale,
              channel.create,
              "timeout_before",
              "official_account_pay",
              payText(sale),
              server);
      case ORDER_MADE ->
          meanwhile(
              sale, channel.create, "timeout_after", "official_account_pay", payText(sale), server);
      case ORDER_ANSWERED -> create(sale);
      case PAID -> {
        fault(sale, "pay", "{\"kind\":\"notify_drop\",\"deliveries\":0}");
        pay(sale);
      }
      case PAYMENT_TOLD -> {
        door.hold(sale.number());
        pay(sale);
        server.await("the merchant reads of " + sale, () -> door.holds(sale.number()));
      }
      case REFUND_ASKED -> {
        payAndHear(sale, server);
        meanwhile(sale, channel.refund, "timeout_before", "refund", refundText(sale), server);
      }
      case REFUND_MADE -> {
        payAndHear(sale, server);
        meanwhile(sale, channel.refund, "timeout_after", "refund", refundText(sale), server);
      }
      case REFUND_ANSWERED -> {
        payAndHear(sale, server);
        refund(sale);
      }
      case REFUND_TOLD -> {
        payAndHear(sale, server);
        door.hold(sale.refundNumber());
        refund(sale);
        server.await(
            "the merchant reads of the refund of " + sale, () -> door.holds(sale.refundNumber()));
      }
      case CLOSE_ASKED -> {
        create(sale);
        meanwhile(sale, channel.close, "timeout_before", "close_order", orderText(sale), server);
      }
      case CLOSE_MADE -> {
        create(sale);
        meanwhile(sale, channel.close, "timeout_after", "close_order", orderText(sale), server);
      }
      case PAYMENT_HEARD, LATE_PAYMENT_HEARD, TOP_UP_HEARD ->
          throw new IllegalStateException("of all at once");
    }
  }

  /// What is done after the crash without waiting: the merchant's program repeats the call that it
  /// has no answer to, the channel its notice.
  private void goOn(Sale sale) throws Exception {
    if (sale.moment().isUnpaid()) {
      pay(sale);
    } else if (sale.moment().story == Story.CLOSE) {
      until("close_order", orderText(sale));
    } else if (!sale.moment().writesLast().isEmpty()) {
      tellAgain(sale);
    }
  }

  /// The merchant's program hears of all the rest without asking, and asks for its refund.
  private void awaitEnd(Sale sale, Program server) throws Exception {
    if (sale.moment().story == Story.CLOSE) {
      return;
    }
    server.await("the payment of " + sale + " is told", () -> door.heard(sale.number()));
    if (sale.moment().story == Story.SALE) {
      if (!sale.moment().isRefunded()) {
        refund(sale);
      }
      // Nobody repeats a refund that was cut off: its intent was written down before the channel
      // was asked.
      server.await("the refund of " + sale + " is told", () -> door.heard(sale.refundNumber()));
    } else if (sale.moment().story == Story.LATE_PAYMENT) {
      server.await("the money of " + sale + " goes back", () -> isBack(sale)); // nobody asks for it
    }
  }

  /// The channel has no answer to its notice, and sends it again.
  private void tellAgain(Sale sale) throws Exception {
    List<JsonNode> notices =
        channels()
            .ask("GET", "/_sim/notify?number=" + sale.number(), "")
            .get("notices")
            .valueStream()
            .filter(notice -> notice.get("kind").asString().equals("pay"))
            .toList();
    assertThat(notices).as("notices of %s", sale).hasSize(1);
    String id = notices.getFirst().get("id").asString();
    JsonNode attempt = channels().ask("POST", "/_sim/notify/" + id + "/resend", "");
    assertThat(attempt.get("verdict").asString()).as(attempt.toString()).isEqualTo("acknowledged");
  }

  private boolean isBack(Sale sale) {
    try {
      return payment(sale).get("refunded").asInt() == TOTAL;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void payAndHear(Sale sale, Program server) throws Exception {
    pay(sale);
    server.await("the payment of " + sale + " is told", () -> door.heard(sale.number()));
  }

  private void requireEnd(Sale sale) throws Exception {
    JsonNode order =
        merchant().program().call("query_order", orderText(sale)).at("/query_order/order_content");
    switch (sale.moment().story) {
      case SALE -> {
        requirePaid(sale, order);
        JsonNode refunds =
            merchant()
                .program()
                .call("query_refund_order", orderText(sale))
                .at("/query_refund_order/refund_order_content");
        assertThat(refunds.size()).as("%s: %s", sale, refunds).isEqualTo(1);
        assertThat(refunds.get(0).get("trade_state").asInt())
            .as(sale.toString())
            .isEqualTo(SUCCESS);
        assertThat(refunds.get(0).get("refund_fee").asInt()).as(sale.toString()).isEqualTo(BACK);
      }
      case CLOSE -> {
        JsonNode more = order.get(sale.channel().extension());
        assertThat(more.get("current_trade_state").asInt())
            .as("%s: %s", sale, order)
            .isEqualTo(sale.channel().closed);
        assertThat(channels().ask("GET", "/_sim/orders/" + sale.number(), "").toString())
            .contains("CLOSED");
        assertThat(door.heard(sale.number())).as("told of %s", sale).isFalse();
      }
      case LATE_PAYMENT -> {
        String payment = payment(sale).get("id").asString();
        assertThat(payment(sale).get("state").asString()).as(sale.toString()).isEqualTo("refunded");
        JsonNode cases = operate("GET", "/cases?payment=" + payment, "").get("items");
        assertThat(cases.size()).as(cases.toString()).isEqualTo(1);
        assertThat(cases.get(0).get("kind").asString()).isEqualTo("late_payment");
      }
      case TOP_UP -> {
        requirePaid(sale, order);
        String account = "/accounts/" + accounts.get(sale.number());
        assertThat(operate("GET", account + "/balance", "").get("cash").asLong()).isEqualTo(TOTAL);
        assertThat(operate("GET", account + "/postings", "").get("items")).hasSize(1);
      }
    }
  }

  private static void requirePaid(Sale sale, JsonNode order) {
    assertThat(order.get("trade_state").asInt()).as("%s: %s", sale, order).isEqualTo(SUCCESS);
    assertThat(order.get("cash_fee").asInt()).as(sale.toString()).isEqualTo(TOTAL);
  }

  /// What the channels' books say: each order was paid once and given back once, as far as it was;
  /// and what they hold for the merchant after that and after their fees is what ours say.
  private void requireSameBooks(List<Sale> sales) throws Exception {
    JsonNode ledger = channels().ask("GET", "/_sim/ledger", "");
    assertThat(ledger.get("holds").asBoolean()).as(ledger.toString()).isTrue();
    for (PayChannel channel : PayChannel.values()) {
      long paid = 0;
      long back = 0;
      long fees = 0;
      for (JsonNode line : ledger.get("merchants")) {
        if (line.get("channel").asString().equals(channel.code())) {
          paid += fen(line.get("paid"));
          back += fen(line.get("refunded"));
          fees += fen(line.get("fees"));
        }
      }
      List<Story> stories =
          sales.stream()
              .filter(sale -> sale.channel() == channel)
              .map(sale -> sale.moment().story)
              .toList();
      assertThat(paid).as(channel.code()).isEqualTo(stories.stream().mapToLong(Story::paid).sum());
      assertThat(back).as(channel.code()).isEqualTo(stories.stream().mapToLong(Story::back).sum());
      assertThat(fees).as("fees of %s", channel.code()).isPositive();
      assertThat(clearing(channel)).as("held by %s", channel.code()).isEqualTo(paid - back - fees);
    }
  }

  /// What our books say that a channel holds. Unit: fen.
  private long clearing(PayChannel channel) throws SQLException {
    long sum = 0;
    try (Connection database = installation().connect()) {
      for (String cell : List.of("cell_0", "cell_1")) {
        String sql =
            "select coalesce(sum(amount), 0) from %s.entry where uin = 0 and pocket = ?"
                .formatted(cell);
        try (PreparedStatement statement = database.prepareStatement(sql)) {
          statement.setString(1, channel.code());
          sum += number(statement);
        }
      }
    }
    return sum;
  }

  private static long number(PreparedStatement statement) throws SQLException {
    try (var rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static long fen(JsonNode money) {
    return money.get("cents").asLong();
  }

  /// Lets nobody write to a table: who comes to it stands still, with all that it has written
  /// before in a transaction that is not committed.
  private static final class Standstill implements AutoCloseable {
    private final Connection database;
    private final String table;

    /// @param table of the merchant's cell; empty: nobody has to stand still
    Standstill(Connection database, String table) throws SQLException {
      this.database = database;
      this.table = table;
      if (!table.isEmpty()) {
        database.setAutoCommit(false);
        try (var statement = database.createStatement()) {
          statement.execute("lock table %s.%s in share mode".formatted(CELL, table));
        }
      }
    }

    /// How many are there with something new.
    long waiting() {
      String sql =
          """
          select count(*) from pg_stat_activity
           where pg_backend_pid() = any (pg_blocking_pids(pid)) and query like ?
          """;
      try (var fresh = database.prepareStatement("select pg_stat_clear_snapshot()");
          var statement = database.prepareStatement(sql)) {
        fresh.execute();
        statement.setString(1, "%insert into " + table + "%");
        return number(statement);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    /// Whoever still waits goes on.
    @Override
    public void close() throws SQLException {
      database.close();
    }
  }

  /// Makes a call whose answer never comes, and returns once the channel keeps silent.
  private void meanwhile(
      Sale sale, String operation, String effect, String call, String text, Program server)
      throws Exception {
    fault(sale, operation, "\"" + effect + "\"");
    var _ = threads.submit(() -> merchant().program().call(call, text));
    server.await(operation + " of " + sale + " is under way", () -> isSilentAbout(sale));
  }

  private boolean isSilentAbout(Sale sale) {
    try {
      for (JsonNode applied : channels().ask("GET", "/_sim/faults", "").get("log")) {
        if (applied.toString().contains(sale.number())) {
          return true;
        }
      }
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// One fault that stays while the moment lasts.
  private void fault(Sale sale, String operation, String effect) throws Exception {
    String rule =
        """
        {"channel":"%s","op":"%s","match":{"number":"%s"},"times":0,"effect":%s}
        """
            .formatted(sale.channel().code(), operation, sale.number(), effect);
    channels().ask("POST", "/_sim/faults", rule);
  }

  /// Has the order, however often it has to ask.
  private void create(Sale sale) throws Exception {
    JsonNode order = until("official_account_pay", payText(sale)).get("official_account_pay");
    references.put(sale.number(), SimulatedChannels.reference(order.get("jsapi_args")));
  }

  private void pay(Sale sale) throws Exception {
    if (!references.containsKey(sale.number())) {
      create(sale);
    }
    boolean late = sale.moment().story == Story.LATE_PAYMENT;
    channels().pay(references.getOrDefault(sale.number(), ""), late);
  }

  private void refund(Sale sale) throws Exception {
    until("refund", refundText(sale));
  }

  /// Repeats a call as the contract tells to, while its result is unknown.
  private JsonNode until(String name, String text) throws Exception {
    long end = System.nanoTime() + Program.PATIENCE.toNanos();
    while (true) {
      JsonNode content = merchant().program().call(name, text);
      int status = content.get("status").asInt();
      if (status == 0) {
        return content;
      }
      assertThat(status).as(content.toString()).isEqualTo(103);
      assertThat(System.nanoTime()).as(content.toString()).isLessThan(end);
      Program.pause();
    }
  }

  private String payText(Sale sale) {
    return merchant().payText(sale.channel(), sale.number(), TOTAL);
  }

  private String orderText(Sale sale) {
    return merchant().orderText(sale.number());
  }

  private String refundText(Sale sale) {
    return merchant().refundText(sale.number(), sale.refundNumber(), TOTAL, BACK);
  }

  private void startChannels() throws Exception {
    var started = new SimulatedChannels(directory, http);
    channels = started;
    started.ask(
        "POST", "/_sim/settings", "{\"wechat\":{\"refund_after_ms\":0,\"close\":\"lenient\"}}");
    merchant = new GatewayMerchant(http, port, started);
    var settings = new HashMap<>(started.settings(port));
    settings.put("YUNFU_CELLS_COUNT", "2");
    settings.put("YUNFU_GATEWAY_WECHAT_CLOSE_AFTER", "0s");
    // A notice is kept waiting until the server is killed, however slow the machine is.
    settings.put("YUNFU_DATABASE_STATEMENT_TIMEOUT", "2m");
    settings.put("YUNFU_DATABASE_LOCK_TIMEOUT", "2m");
    installation = new Installation(settings);
  }

  private SimulatedChannels channels() {
    if (channels == null) {
      throw new IllegalStateException("not started");
    }
    return channels;
  }

  private GatewayMerchant merchant() {
    if (merchant == null) {
      throw new IllegalStateException("not started");
    }
    return merchant;
  }

  private Installation installation() {
    if (installation == null) {
      throw new IllegalStateException("not started");
    }
    return installation;
  }

  /// The payment, as the operator sees it.
  private JsonNode payment(Sale sale) throws Exception {
    return operate("GET", "/payments?number=" + sale.number(), "").at("/items/0");
  }

  private JsonNode operate(String method, String path, String body) throws Exception {
    return merchant().operate(method, path, body);
  }
}
