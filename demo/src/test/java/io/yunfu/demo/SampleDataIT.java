package io.yunfu.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.account.Account;
import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.Caller;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.CloseDeals;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.Deals;
import io.yunfu.billing.pay.PayCommand;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.Operator;
import io.yunfu.server.TestServer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

class SampleDataIT {
  private static final Operator OPERATOR = new Operator("test", "test");
  private static final int CELLS = Integer.getInteger("yunfu.test.cells", 1);

  private final Clock clock = Clock.systemUTC();
  private final TestServer server =
      TestServer.on(TestDatabase.settings(CELLS), Map.of("cells.count", Integer.toString(CELLS)));

  private final ObjectNode demo = new ObjectMapper().createObjectNode();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void what_was_paid_closed_or_has_expired_is_unpaid_no_more_when_a_demo_starts_again() {
    JsonNode first = start(clock).get("accounts").get(0);
    List<String> unpaid = ids(first, "unpaidOrderIds");
    List<String> bigDeals = ids(first, "unpaidBigDealIds");
    assertThat(unpaid).hasSizeGreaterThan(bigDeals.size());

    Caller caller = callerOf(first);
    pay(caller, unpaid.getFirst());
    BigDealId paid = bigDealOf(unpaid.getFirst());
    String several = first.get("orders").get("bigDealOfThree").get(0).asString();
    BigDealId closed = bigDealOf(several);
    new CloseDeals(server.running().cells(), clock)
        .close(OPERATOR, closed, CloseDeals.Reason.CANCELLED)
        .orThrow();

    JsonNode again = start(clock);
    JsonNode second = again.get("accounts").get(0);
    assertThat(ids(second, "unpaidOrderIds"))
        .containsExactlyElementsOf(
            unpaid.stream().filter(id -> !List.of(paid, closed).contains(bigDealOf(id))).toList());
    assertThat(ids(second, "unpaidBigDealIds"))
        .containsExactlyElementsOf(
            bigDeals.stream()
                .filter(id -> !id.equals(paid.value()) && !id.equals(closed.value()))
                .toList());
    // All else is as it was, and the other account too.
    for (String field : List.of("uin", "secretId", "secretKey", "voucherIds", "orders")) {
      assertThat(second.get(field)).as(field).isEqualTo(first.get(field));
    }

    // Before any sweep has noticed.
    JsonNode late = start(Clock.offset(clock, Duration.ofDays(16)));
    for (JsonNode account : late.get("accounts")) {
      assertThat(ids(account, "unpaidOrderIds")).isEmpty();
      assertThat(ids(account, "unpaidBigDealIds")).isEmpty();
    }
  }

  private JsonNode start(Clock at) {
    new SampleData(server.running(), at).into(demo);
    return demo.deepCopy();
  }

  private static List<String> ids(JsonNode account, String field) {
    return account.get(field).valueStream().map(JsonNode::asString).toList();
  }

  private BigDealId bigDealOf(String deal) {
    return new Deals(server.running().cells()).find(new DealId(deal)).orElseThrow().bigDeal();
  }

  private Caller callerOf(JsonNode account) {
    var uin = new Uin(account.get("uin").asLong());
    Account found = new Accounts(server.running().cells()).find(uin).orElseThrow();
    return new Caller(uin, uin, found.cell(), found.owner().edition(), Set.of());
  }

  private void pay(Caller caller, String deal) {
    var command =
        new PayCommand(
            server.running().cells().get(caller.cell()).ids().next(),
            caller,
            AgentPay.SELF,
            new PayCommand.Target.Deals(List.of(new DealId(deal))),
            Optional.empty(),
            false,
            "",
            "test",
            clock.instant());
    assertThat(server.running().payDeals().pay(command)).isInstanceOf(PayDeals.Answer.Paid.class);
  }
}
