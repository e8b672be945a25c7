package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.TestDatabase;
import io.yunfu.gateway.audit.GatewayAuditStore;
import io.yunfu.gateway.channel.Answer.Reason;
import io.yunfu.kernel.Money;
import io.yunfu.ledger.LedgerAuditStore;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import io.yunfu.server.api.admin.AdminWorld.Seller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TopUpsAreaIT {
  private final AdminWorld world = new AdminWorld(TestDatabase.cells(2), Map.of());
  private final String owner = world.account("china", 0);
  private final int cell = world.get("/accounts/" + owner).at("/cell").asInt();
  private final Seller seller = world.seller(cell);

  @AfterAll
  void close() {
    world.close();
  }

  @AfterEach
  void the_channel_answers_and_the_books_are_in_order() {
    world.channel.fallSilent(false);
    world.channel.refuse(Optional.empty());
    for (var each : world.cells.all()) {
      assertThat(each.database().snapshot(new LedgerAuditStore()::findings)).isEmpty();
      assertThat(each.database().snapshot(new GatewayAuditStore()::findings)).isEmpty();
    }
  }

  private static String body(Seller of, long fen, String more) {
    return """
    {"amount":%d,"currency":"CNY","subMerchant":"%s","shop":"%s","channel":"wechat"%s}
    """
        .formatted(fen, of.subMerchant(), of.shop(), more);
  }

  private Answer order(String uin, Seller of, long fen, String key) {
    return world.send(
        "POST",
        "/accounts/" + uin + "/top-up-orders",
        body(of, fen, ",\"subOpenId\":\"oTest\""),
        key.isEmpty() ? new String[0] : new String[] {"Idempotency-Key", key});
  }

  /// One more in the cell of the seller.
  private String account() {
    return world
        .post("/accounts", "{\"edition\":\"china\",\"cell\":%d}".formatted(cell))
        .text("/uin");
  }

  private long cash(String uin) {
    return world.get("/accounts/" + uin + "/balance").at("/cash").asLong();
  }

  @Test
  void a_top_up_gives_the_page_what_it_needs_and_credits_the_balance_when_it_is_paid() {
    String account = account();
    Answer made = order(account, seller, 10_000, "");
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    assertThat(made.text("/state")).isEqualTo("waiting");
    assertThat(made.text("/topUp")).isEqualTo(account);
    assertThat(made.text("/number")).startsWith("gz0200abcd").hasSize(21);
    assertThat(made.text("/jsapiArgs/wxpay/get_brand_wcpay/package")).startsWith("prepay_id=");
    assertThat(made.text("/body")).isEqualTo("余额充值");
    var entry = world.lastChange("account/" + account);
    assertThat(entry.action()).isEqualTo("balance.order-top-up");
    assertThat(cash(account)).isZero();

    long id = Long.parseLong(made.text("/id"));
    world.payOver(id, "50" + id);
    assertThat(cash(account)).isEqualTo(10_000);
    Answer shown = world.get("/accounts/" + account + "/top-up-orders/" + id);
    assertThat(shown.text("/state")).isEqualTo("paid");
    assertThat(shown.at("/fee").asLong()).isZero();
    var postings = world.all("/accounts/" + account + "/postings", 10);
    assertThat(postings).hasSize(1);
    assertThat(postings.getFirst().get("kind").asString()).isEqualTo("recharge");
    assertThat(postings.getFirst().get("memo").asString()).isEqualTo(made.text("/number"));
    assertThat(postings.getFirst().get("actor").asString()).isEqualTo("channel:wechat");
  }

  @Test
  void a_payment_that_is_heard_of_many_times_at_once_credits_the_balance_once() throws Exception {
    String account = account();
    long id = Long.parseLong(order(account, seller, 700, "").text("/id"));
    var found = world.payments.find(id).orElseThrow();
    world.channel.pay(found.outTradeNo(), "51" + id, Money.cny(700), world.clock.instant());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var hearers = new ArrayList<Callable<Object>>();
      for (int i = 0; i < 8; i++) {
        boolean notice = i % 2 == 0;
        hearers.add(() -> {
          if (notice) {
            world.report(id);
            return "";
          }
          return world.post("/payments/" + id + "/look", "");
        });
      }
      for (var each : threads.invokeAll(hearers)) {
        each.get();
      }
    }
    world.report(id);
    assertThat(cash(account)).isEqualTo(700);
    assertThat(world.all("/accounts/" + account + "/postings", 10)).hasSize(1);
  }

  @Test
  void a_second_payment_of_one_top_up_goes_back_and_is_not_credited() {
    String account = account();
    long id = Long.parseLong(order(account, seller, 800, "").text("/id"));
    world.payOver(id, "52" + id);
    world.payOver(id, "53" + id);
    assertThat(cash(account)).isEqualTo(800);
    assertThat(world.all("/cases?kind=double_payment&payment=" + id, 2)).hasSize(1);
  }

  @Test
  void a_debt_is_repaid_first() {
    String account = account();
    world.send(
        "PUT", "/accounts/" + account + "/credit-limit", "{\"amount\":1000,\"currency\":\"CNY\"}");
    Answer owed =
        world.post(
            "/accounts/" + account + "/adjustments",
            "{\"pocket\":\"cash\",\"mayOwe\":true,\"amount\":-300,\"currency\":\"CNY\",\"reason\":\"why\"}");
    assertThat(owed.status()).as(owed.text()).isLessThan(400);
    long id = Long.parseLong(order(account, seller, 1000, "").text("/id"));
    world.payOver(id, "54" + id);
    assertThat(cash(account)).isEqualTo(700);
  }

  @Test
  void the_same_key_finds_the_same_order() {
    Answer first = order(owner, seller, 900, "top-up-1");
    long changes = world.changes();
    Answer again = order(owner, seller, 900, "top-up-1");
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.text("/id")).isEqualTo(first.text("/id"));
    assertThat(again.at("/jsapiArgs")).isEqualTo(first.at("/jsapiArgs"));
    assertThat(world.changes()).isEqualTo(changes);
    assertThat(order(owner, seller, 901, "top-up-1").code()).isEqualTo("KeyReused");
    String other = account();
    assertThat(order(other, seller, 900, "top-up-1").text("/id")).isNotEqualTo(first.text("/id"));
    long id = Long.parseLong(first.text("/id"));
    world.payOver(id, "55" + id);
    Answer paid = order(owner, seller, 900, "top-up-1");
    assertThat(paid.text("/state")).isEqualTo("paid");
    assertThat(paid.at("/jsapiArgs").isMissingNode()).isTrue();
  }

  @Test
  void what_the_channel_does_not_answer_is_found_with_the_same_key() {
    world.channel.fallSilent(true);
    Answer silent = order(owner, seller, 600, "top-up-2");
    assertThat(silent.code()).isEqualTo("ChannelSilent");
    world.channel.fallSilent(false);
    Answer again = order(owner, seller, 600, "top-up-2");
    assertThat(again.status()).as(again.text()).isEqualTo(201);
    world.channel.refuse(Optional.of(Reason.NEEDS_NEW_NUMBER));
    assertThat(order(owner, seller, 601, "").code()).isEqualTo("ChannelRefused");
  }

  @Test
  void what_cannot_be_topped_up_so_is_refused_with_its_field() {
    assertThat(order("7", seller, 1, "").code()).isEqualTo("NoSuchAccount");
    String abroad = world.account("intl", 0);
    Answer currency = order(abroad, seller, 1, "");
    assertThat(currency.code()).isEqualTo("OtherCurrency");
    assertThat(currency.text("/error/field")).isEqualTo("currency");
    Answer noSub = order(owner, new Seller("", "none", seller.shop()), 1, "");
    assertThat(noSub.code()).isEqualTo("UnknownSubMerchant");
    assertThat(noSub.text("/error/field")).isEqualTo("subMerchant");
    Answer noShop = order(owner, new Seller("", seller.subMerchant(), "none"), 1, "");
    assertThat(noShop.text("/error/field")).isEqualTo("shop");
    assertThat(noShop.code()).isEqualTo("UnknownShop");
    int other = (cell + 1) % world.cells.all().size();
    assertThat(other).isNotEqualTo(cell);
    assertThat(order(owner, world.seller(other), 1, "").code()).isEqualTo("OtherCell");

    Seller off = world.seller(cell);
    world.post("/shops/" + off.shop() + "/disable", "");
    assertThat(order(owner, off, 1, "").code()).isEqualTo("SwitchedOff");
    world.post("/shops/" + off.shop() + "/enable", "");
    world.post("/merchants/" + off.merchant() + "/disable", "");
    assertThat(order(owner, off, 1, "").code()).isEqualTo("SwitchedOff");

    Seller bare = world.seller(cell);
    world.send(
        "PUT",
        "/sub-merchants/" + bare.subMerchant() + "/channels/wechat",
        "{\"merchantNumber\":\"1900000101\"}");
    Answer payer = order(owner, bare, 1, "");
    assertThat(payer.code()).isEqualTo("PayerUnknown");
    assertThat(payer.text("/error/field")).isEqualTo("subOpenId");
    String path = "/accounts/" + owner + "/top-up-orders";
    Answer alipay =
        world.post(
            path, body(seller, 5, ",\"buyerId\":\"2088\"").replace("\"wechat\"", "\"alipay\""));
    assertThat(alipay.code()).isEqualTo("ChannelMissing");
  }

  @Test
  void the_payer_is_named_as_the_channel_knows_it() {
    String path = "/accounts/" + owner + "/top-up-orders";
    assertThat(world.post(path, body(seller, 5, "")).text("/error/field")).isEqualTo("openId");
    assertThat(world.post(path, body(seller, 5, ",\"buyerId\":\"2088\"")).text("/error/field"))
        .isEqualTo("buyerId");
    String alipay = body(seller, 5, ",\"openId\":\"o\"").replace("\"wechat\"", "\"alipay\"");
    assertThat(world.post(path, alipay).text("/error/field")).isEqualTo("openId");
    assertThat(
            world
                .post(path, body(seller, 5, "").replace("\"wechat\"", "\"alipay\""))
                .text("/error/field"))
        .isEqualTo("buyerId");
    assertThat(world.post(path, body(seller, 0, ",\"openId\":\"o\"")).text("/error/field"))
        .isEqualTo("amount");
    Answer timed = world.post(path, body(seller, 5, ",\"openId\":\"o\",\"expirySeconds\":600"));
    assertThat(timed.text("/expiresAt"))
        .isEqualTo(world.clock.instant().plus(Duration.ofMinutes(10)).toString());
  }

  @Test
  void the_top_ups_of_an_account_are_listed() {
    String account = account();
    var expected = new ArrayList<String>();
    for (int i = 1; i <= 3; i++) {
      expected.addFirst(order(account, seller, i, "").text("/id"));
    }
    String path = "/accounts/" + account + "/top-up-orders";
    assertThat(world.all(path, 2).stream().map(each -> each.get("id").asString()))
        .isEqualTo(List.copyOf(expected));
    assertThat(world.get(path + "/7").code()).isEqualTo("NoSuchPayment");
    assertThat(world.get("/accounts/" + owner + "/top-up-orders/" + expected.getFirst()).code())
        .isEqualTo("NoSuchPayment");
    assertThat(world.get("/accounts/7/top-up-orders").code()).isEqualTo("NoSuchAccount");
    assertThat(world.get("/accounts/7/top-up-orders/7").code()).isEqualTo("NoSuchAccount");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void everything_the_area_declares_has_happened_here() {
    world.requireWhole("top-ups");
  }
}
