package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.yunfu.db.TestDatabase;
import io.yunfu.gateway.audit.GatewayAuditStore;
import io.yunfu.gateway.channel.Answer.Reason;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.IdSource;
import io.yunfu.kernel.Money;
import io.yunfu.ledger.LedgerAuditStore;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import io.yunfu.server.api.admin.AdminWorld.Seller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PaymentAreasIT {
  private final AdminWorld world = new AdminWorld(TestDatabase.cells(2), Map.of());
  private final Seller seller = world.seller(0);
  private int orders;

  @AfterAll
  void close() {
    world.close();
  }

  @AfterEach
  void the_channel_answers_and_the_books_are_in_order() {
    world.channel.fallSilent(false);
    world.channel.refuse(Optional.empty());
    world.channel.refundsEndAs(RefundReport.State.SUCCESS);
    for (var cell : world.cells.all()) {
      assertThat(cell.database().snapshot(new LedgerAuditStore()::findings)).isEmpty();
      assertThat(cell.database().snapshot(new GatewayAuditStore()::findings)).isEmpty();
    }
  }

  private String nextNumber() {
    return "gz0200abcd%08d".formatted(++orders);
  }

  private long waiting(long fen) {
    return world.order(seller, nextNumber(), fen);
  }

  private long paid(long fen) {
    long order = waiting(fen);
    world.payOver(order, "42" + order);
    return order;
  }

  private Answer refund(long order, long fen, String key) {
    return world.send(
        "POST",
        "/payments/" + order + "/refunds",
        "{\"amount\":%d,\"currency\":\"CNY\",\"reason\":\"Sold out\"}".formatted(fen),
        key.isEmpty() ? new String[0] : new String[] {"Idempotency-Key", key});
  }

  private static List<String> ids(List<JsonNode> items) {
    return items.stream().map(each -> each.get("id").asString()).toList();
  }

  @Test
  void a_payment_is_shown_with_what_was_asked_of_the_channel() {
    long order = paid(2590);
    Answer shown = world.get("/payments/" + order);
    assertThat(shown.text("/state")).isEqualTo("paid");
    assertThat(shown.text("/subMerchant")).isEqualTo(seller.subMerchant());
    assertThat(shown.text("/merchant")).isEqualTo(seller.merchant());
    assertThat(shown.text("/shop")).isEqualTo(seller.shop());
    assertThat(shown.at("/total").asLong()).isEqualTo(2590);
    assertThat(shown.text("/transactionId")).isEqualTo("42" + order);
    assertThat(shown.text("/body")).isEqualTo("goods");
    refund(order, 100, "");
    var attempts = world.all("/payments/" + order + "/attempts", 1);
    assertThat(attempts.stream().map(each -> each.get("operation").asString()))
        .containsExactly("refund", "create");
    JsonNode first = attempts.getLast();
    assertThat(first.get("state").asString()).isEqualTo("done");
    assertThat(first.get("account").asString()).contains("/");
    assertThat(Instant.parse(first.get("deadline").asString()))
        .isEqualTo(Instant.parse(first.get("sentAt").asString()).plusSeconds(8));
    var refundSent = attempts.getFirst();
    assertThat(Instant.parse(refundSent.get("deadline").asString()))
        .isEqualTo(Instant.parse(refundSent.get("sentAt").asString()).plusSeconds(20));
  }

  @Test
  void what_the_channel_reported_is_listed_masked() {
    long order = waiting(2590);
    world.payOver(order, "42" + order);
    world.report(order);
    var notices = world.all("/payments/" + order + "/channel-notices", 1);
    assertThat(notices).hasSize(1);
    assertThat(notices.getFirst().get("verdict").asString()).isEqualTo("verified");
    assertThat(notices.getFirst().get("kind").asString()).isEqualTo("payment");
    assertThat(notices.getFirst().get("key").asString()).isEqualTo("42" + order + "/PAID");
    assertThat(notices.getFirst().get("body").asString()).startsWith("masked ");
  }

  @Test
  void a_look_finds_a_payment_that_the_channel_never_reported() {
    long order = waiting(500);
    assertThat(world.post("/payments/" + order + "/look", "").text("/state")).isEqualTo("waiting");
    String number = world.payments.find(order).orElseThrow().outTradeNo();
    world.channel.pay(number, "43" + order, Money.cny(500), world.clock.instant());
    world.channel.fallSilent(true);
    Answer silent = world.post("/payments/" + order + "/look", "");
    assertThat(silent.at("/answered").asBoolean()).isFalse();
    assertThat(silent.text("/state")).isEqualTo("waiting");
    world.channel.fallSilent(false);
    Answer looked = world.post("/payments/" + order + "/look", "");
    assertThat(looked.at("/answered").asBoolean()).isTrue();
    assertThat(looked.text("/state")).isEqualTo("paid");
    assertThat(world.lastChange("payment/" + order).action()).isEqualTo("payment.look");
  }

  @Test
  void a_look_finds_that_a_closed_order_was_paid_all_the_same() {
    long order = waiting(500);
    Answer closed = world.post("/payments/" + order + "/close", "");
    assertThat(closed.text("/state")).isEqualTo("closed");
    assertThat(world.lastChange("payment/" + order).action()).isEqualTo("payment.close");
    world.clock.advance(Duration.ofMinutes(1));
    String number = world.payments.find(order).orElseThrow().outTradeNo();
    world.channel.pay(number, "44" + order, Money.cny(500), world.clock.instant());
    assertThat(world.post("/payments/" + order + "/look", "").text("/state")).isEqualTo("paid");
    var cases = world.all("/cases?payment=" + order, 10);
    assertThat(cases).hasSize(1);
    assertThat(cases.getFirst().get("kind").asString()).isEqualTo("late_payment");
    assertThat(world.post("/payments/" + order + "/close", "").code()).isEqualTo("AlreadyPaid");
  }

  @Test
  void a_close_that_the_channel_does_not_confirm_leaves_the_payment_open() {
    long order = waiting(500);
    world.channel.fallSilent(true);
    assertThat(world.post("/payments/" + order + "/close", "").code()).isEqualTo("CloseUndecided");
    assertThat(world.get("/payments/" + order).text("/state")).isEqualTo("waiting");
  }

  @Test
  void a_refund_with_the_same_key_is_made_once() {
    long order = paid(1000);
    Answer first = refund(order, 300, "refund-1");
    assertThat(first.status()).as(first.text()).isEqualTo(201);
    assertThat(first.text("/state")).isEqualTo("accepted");
    assertThat(first.text("/paymentNumber"))
        .isEqualTo(world.payments.find(order).orElseThrow().outTradeNo());
    long changes = world.changes();
    Answer again = refund(order, 300, "refund-1");
    assertThat(again.text("/id")).isEqualTo(first.text("/id"));
    assertThat(world.changes()).isEqualTo(changes);
    assertThat(refund(order, 400, "refund-1").code()).isEqualTo("KeyReused");
    assertThat(world.get("/payments/" + order).at("/reserved").asLong()).isEqualTo(300);
    var entry = world.lastChange("payment/" + order);
    assertThat(entry.action()).isEqualTo("payment.refund");

    assertThat(world.post("/payments/" + order + "/look", "").at("/refunded").asLong())
        .isEqualTo(300);
    Answer arrived = world.get("/payment-refunds/" + first.text("/id"));
    assertThat(arrived.text("/state")).isEqualTo("success");
    assertThat(arrived.text("/reason")).isEqualTo("Sold out");
    assertThat(arrived.at("/own").asBoolean()).isFalse();
  }

  @Test
  void a_refund_that_cannot_be_made_is_refused_and_reserves_nothing() {
    long order = paid(1000);
    assertThat(refund(waiting(1000), 1, "").code()).isEqualTo("NotRefundable");
    Answer tooMuch = refund(order, 1001, "");
    assertThat(tooMuch.code()).isEqualTo("TooMuch");
    assertThat(tooMuch.text("/error/field")).isEqualTo("amount");
    Answer other =
        world.post("/payments/" + order + "/refunds", "{\"amount\":1,\"currency\":\"USD\"}");
    assertThat(other.code()).isEqualTo("OtherCurrency");
    assertThat(other.text("/error/field")).isEqualTo("currency");
    assertThat(
            world
                .post("/payments/" + order + "/refunds", "{\"amount\":0,\"currency\":\"CNY\"}")
                .text("/error/field"))
        .isEqualTo("amount");
    world.channel.refuse(Optional.of(Reason.NEEDS_NEW_NUMBER));
    assertThat(refund(order, 10, "").code()).isEqualTo("ChannelRefused");
    assertThat(world.get("/payments/" + order).at("/reserved").asLong()).isZero();
  }

  @Test
  void a_refund_that_a_bank_sent_back_is_settled_by_a_person_once() {
    long order = paid(1000);
    String id = refund(order, 300, "").text("/id");
    String path = "/payment-refunds/" + id + "/settle";
    String arrived = "{\"arrived\":true,\"remark\":\"Paid out by hand\"}";
    Answer early = world.post(path, arrived);
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.code()).isEqualTo("NotForPeople");
    assertThat(early.text()).contains("accepted");
    world.channel.refundsEndAs(RefundReport.State.ABNORMAL);
    world.post("/payments/" + order + "/look", "");
    assertThat(world.get("/payment-refunds/" + id).text("/state")).isEqualTo("abnormal");
    assertThat(world.post(path, "{\"arrived\":true}").text("/error/field")).isEqualTo("remark");
    assertThat(world.post(path, "{\"remark\":\"?\"}").text("/error/field")).isEqualTo("arrived");
    assertThat(world.post(path, arrived).text("/state")).isEqualTo("success");
    assertThat(world.get("/payments/" + order).at("/refunded").asLong()).isEqualTo(300);
    var cases = world.all("/cases?open=false&payment=" + order, 1);
    assertThat(cases).hasSize(1);
    assertThat(cases.getFirst().get("remark").asString()).isEqualTo("Paid out by hand");
    assertThat(world.lastChange("payment-refund/" + id).action())
        .isEqualTo("payment-refund.settle");
    assertThat(world.post(path, arrived).code()).isEqualTo("NotForPeople");
    assertThat(world.post("/payment-refunds/7/settle", arrived).code()).isEqualTo("NoSuchRefund");
  }

  @Test
  void a_refund_that_was_refused_for_a_time_is_sent_again_with_its_key() {
    long order = paid(1000);
    world.channel.refuse(Optional.of(Reason.RESUMABLE));
    assertThat(refund(order, 300, "refund-3").code()).isEqualTo("ChannelRefused");
    assertThat(world.all("/payment-refunds?payment=%d&state=refused".formatted(order), 1))
        .hasSize(1);
    world.channel.refuse(Optional.empty());
    world.clock.advance(Duration.ofMinutes(2));
    assertThat(refund(order, 300, "refund-3").text("/state")).isEqualTo("accepted");
    assertThat(world.all("/payment-refunds?payment=" + order, 1)).hasSize(1);
  }

  @Test
  void a_refund_that_the_channel_did_not_answer_is_found_again_with_its_key() {
    long order = paid(1000);
    world.channel.fallSilent(true);
    Answer silent = refund(order, 100, "refund-2");
    assertThat(silent.status()).isEqualTo(504);
    assertThat(silent.code()).isEqualTo("ChannelSilent");
    world.channel.fallSilent(false);
    world.clock.advance(Duration.ofSeconds(5));
    Answer again = refund(order, 100, "refund-2");
    assertThat(again.status()).as(again.text()).isEqualTo(201);
    assertThat(world.all("/payment-refunds?payment=" + order, 10)).hasSize(1);
  }

  @Test
  void a_refund_over_a_channel_that_is_gone_is_refused() {
    long order = paid(1000);
    var number = world.payments.find(order).orElseThrow();
    world
        .cells
        .get(IdSource.cellOf(order))
        .database()
        .execute(tx ->
            tx.update("delete from channel_account where merchant_id = ?", number.merchant()));
    try {
      assertThat(refund(order, 10, "").code()).isEqualTo("ChannelMissing");
    } finally {
      world.send(
          "PUT",
          "/sub-merchants/" + seller.subMerchant() + "/channels/wechat",
          "{\"merchantNumber\":\"1900000101\",\"appIds\":[\"wx00000000000000bb\"]}");
    }
  }

  @Test
  void lists_are_filtered_and_go_on_over_all_cells() {
    var sellers = new ArrayList<Seller>();
    var expected = new ArrayList<String>();
    for (int cell = 0; cell < world.cells.all().size(); cell++) {
      sellers.add(world.seller(cell));
    }
    for (int i = 0; i < 3; i++) {
      for (Seller each : sellers) {
        long order = world.order(each, nextNumber(), 700);
        world.payOver(order, "45" + order);
        Answer refund = refund(order, 70, "");
        assertThat(refund.status()).as(refund.text()).isEqualTo(201);
        expected.addFirst(Long.toString(order));
        world.clock.advance(Duration.ofMinutes(2));
      }
    }
    var all = ids(world.all("/payments", 2));
    assertThat(all).doesNotHaveDuplicates();
    assertThat(all.subList(0, expected.size())).isEqualTo(expected);
    var refunds = world.all("/payment-refunds", 2);
    assertThat(refunds.stream().map(each -> each.get("payment").asString()).limit(expected.size()))
        .isEqualTo(expected);
    var notices = world.all("/notices", 2);
    assertThat(notices.stream().map(each -> each.get("payment").asString()).limit(expected.size()))
        .isEqualTo(expected);

    Seller one = sellers.getLast();
    assertThat(ids(world.all("/payments?subMerchant=" + one.subMerchant(), 1))).hasSize(3);
    assertThat(world.all("/payments?subMerchant=none", 1)).isEmpty();
    assertThat(world.all("/payments?state=closed&subMerchant=" + one.subMerchant(), 1)).isEmpty();
    assertThat(world.all("/payments?channel=alipay", 1)).isEmpty();
    String last = expected.getFirst();
    String number = world.payments.find(Long.parseLong(last)).orElseThrow().outTradeNo();
    assertThat(ids(world.all("/payments?number=" + number, 1))).containsExactly(last);
    assertThat(ids(world.all("/payments?transactionId=45" + last, 1))).containsExactly(last);
    assertThat(world.all("/payments?number=%s&state=waiting".formatted(number), 1)).isEmpty();
    assertThat(world.all("/payments?number=none", 1)).isEmpty();
    String refund = refunds.getFirst().get("number").asString();
    assertThat(world.all("/payment-refunds?number=" + refund, 1)).hasSize(1);
    assertThat(world.all("/payment-refunds?channelRefundId=none", 1)).isEmpty();
    assertThat(world.all("/payment-refunds?state=failed&subMerchant=" + one.subMerchant(), 1))
        .isEmpty();
    assertThat(world.all("/notices?paymentNumber=" + number, 1)).hasSize(1);
    assertThat(world.all("/notices?paymentNumber=none", 1)).isEmpty();
    assertThat(world.all("/notices?subMerchant=%s&state=queued".formatted(one.subMerchant()), 2))
        .hasSize(3);
    assertThat(world.get("/notices?payment=1&paymentNumber=a").text("/error/field"))
        .isEqualTo("paymentNumber");
  }

  @Test
  void a_case_is_closed_once_with_a_remark() {
    long order = paid(800);
    String number = world.payments.find(order).orElseThrow().outTradeNo();
    world.channel.pay(number, "46" + order, Money.cny(800), world.clock.instant());
    world.report(order);
    var cases = world.all("/cases?kind=double_payment&payment=" + order, 1);
    assertThat(cases).hasSize(1);
    String id = cases.getFirst().get("id").asString();
    assertThat(world.get("/cases/" + id).text("/subMerchant")).isEqualTo(seller.subMerchant());
    assertThat(world.all("/cases?kind=refund_lost&payment=" + order, 1)).isEmpty();
    assertThat(world.post("/cases/" + id + "/close", "{}").text("/error/field"))
        .isEqualTo("remark");
    Answer closed = world.post("/cases/" + id + "/close", "{\"remark\":\"Went back\"}");
    assertThat(closed.text("/remark")).isEqualTo("Went back");
    assertThat(closed.text("/closedBy")).contains("ann");
    assertThat(world.lastChange("payment-case/" + id).action()).isEqualTo("payment-case.close");
    assertThat(world.post("/cases/" + id + "/close", "{\"remark\":\"Again\"}").code())
        .isEqualTo("CaseClosed");
    assertThat(world.all("/cases?payment=" + order, 1)).isEmpty();
    assertThat(world.all("/cases?open=false&payment=" + order, 1)).hasSize(1);
    assertThat(world.all("/cases?open=false&subMerchant=none", 1)).isEmpty();
  }

  @Test
  @Order(Integer.MAX_VALUE - 1)
  void a_notice_is_sent_again_from_whatever_state() throws IOException {
    var heard = new AtomicInteger();
    var status = new AtomicInteger(500);
    var shop = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    shop.createContext(
        "/",
        exchange -> {
          heard.incrementAndGet();
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    shop.start();
    try {
      world.listener =
          Optional.of(URI.create("http://127.0.0.1:" + shop.getAddress().getPort() + "/paid"));
      long order = paid(900);
      String id = world.all("/notices?payment=" + order, 1).getFirst().get("id").asString();
      assertThat(world.get("/notices/" + id).text("/state")).isEqualTo("queued");
      world.notices.start();
      world.await(() -> world.get("/notices/" + id).text("/lastError").contains("500"));
      assertThat(world.get("/notices/" + id).text("/state")).isEqualTo("queued");

      status.set(200);
      assertThat(world.post("/notices/" + id + "/resend", "").status()).isEqualTo(200);
      world.await(() -> {
        // All that waited went there and was refused, so the host is left alone for a while.
        world.clock.advance(Duration.ofSeconds(31));
        return world.get("/notices/" + id).text("/state").equals("delivered");
      });
      assertThat(world.lastChange("merchant-notice/" + id).action())
          .isEqualTo("merchant-notice.resend");
      int before = heard.get();
      assertThat(world.post("/notices/" + id + "/resend", "").status()).isEqualTo(200);
      world.await(() -> heard.get() > before);
      world.await(() -> world.get("/notices/" + id).text("/state").equals("delivered"));
      Answer attempts = world.get("/notices/" + id + "/attempts");
      assertThat(attempts.text("/items/0/outcome")).contains("500");
      assertThat(attempts.at("/items/0/httpStatus").asInt()).isEqualTo(500);
      assertThat(attempts.text("/items/1/outcome")).isEqualTo("taken");
      assertThat(world.all("/notices?state=delivered&payment=" + order, 1)).hasSize(1);
    } finally {
      shop.stop(0);
    }
  }

  @Test
  void what_does_not_exist_is_not_found() {
    assertThat(world.get("/payments/7").code()).isEqualTo("NoSuchPayment");
    assertThat(world.get("/payments/7/attempts").code()).isEqualTo("NoSuchPayment");
    assertThat(world.get("/payments/7/channel-notices").code()).isEqualTo("NoSuchPayment");
    assertThat(world.post("/payments/7/look", "").code()).isEqualTo("NoSuchPayment");
    assertThat(world.post("/payments/7/close", "").code()).isEqualTo("NoSuchPayment");
    assertThat(refund(7, 1, "").code()).isEqualTo("NoSuchPayment");
    assertThat(world.get("/payments/" + Long.MAX_VALUE).code()).isEqualTo("NoSuchPayment");
    assertThat(world.get("/payment-refunds/7").code()).isEqualTo("NoSuchRefund");
    assertThat(world.get("/cases/7").code()).isEqualTo("NoSuchCase");
    assertThat(world.post("/cases/7/close", "{\"remark\":\"a\"}").code()).isEqualTo("NoSuchCase");
    assertThat(world.get("/notices/7").code()).isEqualTo("NoSuchNotice");
    assertThat(world.get("/notices/7/attempts").code()).isEqualTo("NoSuchNotice");
    assertThat(world.post("/notices/7/resend", "").code()).isEqualTo("NoSuchNotice");
    assertThat(world.get("/payments?cursor=none").text("/error/field")).isEqualTo("cursor");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void everything_the_areas_declare_has_happened_here() {
    for (String area : List.of("payments", "payment-refunds", "cases", "notices")) {
      world.requireWhole(area);
    }
  }
}
