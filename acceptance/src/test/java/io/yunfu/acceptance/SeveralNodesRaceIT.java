package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several nodes on one database: the first owns it, the others know its address and the master
/// key. They share nothing else.
@Timeout(900)
class SeveralNodesRaceIT {
  private static final int PRICE = 7;
  private static final int CASH = 1_000_000;

  private final Installation installation = new Installation();

  @Test
  void nodes_race_on_one_account_and_join_and_leave_at_any_time() throws Exception {
    Installation.Node owner = installation.start();
    Installation.Node second = installation.join();

    each_deal_is_paid_at_exactly_one_of_two_nodes(owner, second);
    a_key_that_one_node_disables_is_refused_by_the_other(owner, second);
    a_node_that_is_killed_or_stopped_disturbs_nobody_else(owner, second);

    Program.Ended audit = installation.verifyLive();
    assertThat(audit.status()).as("verify\n%s%s", audit.out(), audit.err()).isZero();

    second = installation.join();
    a_node_without_its_database_says_so_and_recovers_by_itself(owner, second);
    installation.requireSoundBooks();
  }

  private static void each_deal_is_paid_at_exactly_one_of_two_nodes(
      Installation.Node one, Installation.Node other) throws Exception {
    Customer customer = one.operator().customer(Edition.CHINA, CASH);
    List<String> deals =
        one.operator().orders(customer, 50, PRICE).stream().map(Order::dealId).toList();
    Map<String, List<String>> codes = new ConcurrentHashMap<>();
    deals.forEach(deal -> codes.put(deal, Collections.synchronizedList(new ArrayList<>())));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var done = new ArrayList<Future<?>>();
      for (int client = 0; client < 8; client++) {
        int port = (client % 2 == 0 ? one : other).port();
        done.add(
            threads.submit(() -> {
              try (var connection = new Connection(port)) {
                for (String deal : deals) {
                  String json = "{\"OrderIds\":[\"%s\"]}".formatted(deal);
                  connection.send(CallV3.post(customer.key(), "PayDeals", json).bytes(port));
                  codes.get(deal).add(connection.answer().code());
                }
              }
              return null;
            }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    }
    codes.forEach((deal, heard) -> {
      assertThat(heard).as(deal).hasSize(8).containsOnlyOnce(Answer.OK);
      assertThat(Collections.frequency(heard, Payers.PAID_BEFORE)).as(deal).isEqualTo(7);
    });
    for (Installation.Node node : List.of(one, other)) {
      Books books = Books.of(customer, node.port());
      assertThat(books.paid()).containsExactlyInAnyOrderElementsOf(deals);
      assertThat(books.balance()).isEqualTo(CASH - PRICE * deals.size());
    }
  }

  private static void a_key_that_one_node_disables_is_refused_by_the_other(
      Installation.Node one, Installation.Node other) throws IOException {
    Customer customer = one.operator().customer(Edition.CHINA, CASH);
    assertThat(balanceAt(other, customer).code()).isEqualTo(Answer.OK);
    one.operator().disableKey(customer);
    other
        .program()
        .await(
            "the key is refused",
            () -> {
              try {
                return balanceAt(other, customer).code().equals("AuthFailure.SecretIdNotFound");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
  }

  /// Leaves only the first one running.
  private void a_node_that_is_killed_or_stopped_disturbs_nobody_else(
      Installation.Node staying, Installation.Node leaving) throws IOException {
    Customer customer = staying.operator().customer(Edition.CHINA, CASH);
    List<String> deals =
        staying.operator().orders(customer, 600, PRICE).stream().map(Order::dealId).toList();
    try (var atStaying = new Payers();
        var atLeaving = new Payers()) {
      atStaying.take(customer, deals.subList(0, 400));
      atLeaving.take(customer, deals.subList(400, 600));
      atStaying.pay(3, staying.port());
      atLeaving.pay(3, leaving.port());
      atLeaving.awaitAcknowledged(20);
      leaving.program().kill();
      atLeaving.awaitEnd();
      atStaying.awaitAcknowledged(1);

      Installation.Node joining = installation.join();
      atLeaving.pay(3, joining.port());
      atLeaving.awaitAcknowledged(20);
      joining.stop();
      atLeaving.awaitEnd();

      atStaying.awaitAllPaid();
      assertThat(atStaying.codes()).containsOnlyKeys(Answer.OK);
      // What the others left is paid here, once.
      atLeaving.pay(3, staying.port());
      atLeaving.awaitAllPaid();
      Books books = Books.of(customer, staying.port());
      assertThat(books.paid()).containsExactlyInAnyOrderElementsOf(deals);
      assertThat(books.balance()).isEqualTo(CASH - PRICE * deals.size());
    }
  }

  /// Stops both.
  private void a_node_without_its_database_says_so_and_recovers_by_itself(
      Installation.Node owner, Installation.Node second) throws IOException {
    Customer customer = owner.operator().customer(Edition.CHINA, CASH);
    Order order = owner.operator().order(customer, PRICE);
    assertThat(balanceAt(second, customer).code()).isEqualTo(Answer.OK);
    owner.stop();

    second.program().await("it is not ready", () -> !second.isReady());
    assertThat(second.status("/live")).isEqualTo(200);
    Answer away = CallV3.post(customer.key(), "PayDeals", order.json()).to(second.port());
    assertThat(away.code()).isEqualTo("ServiceUnavailable");

    Installation.Node again = installation.start();
    second.program().await("it is ready again", second::isReady);
    Answer paid = CallV3.post(customer.key(), "PayDeals", order.json()).to(second.port());
    assertThat(paid.code()).isEqualTo(Answer.OK);
    second.stop();
    again.stop();
  }

  private static Answer balanceAt(Installation.Node node, Customer customer) throws IOException {
    return CallV3.post(customer.key(), "DescribeAccountBalance", "{}").to(node.port());
  }
}
