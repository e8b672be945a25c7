package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// SIGTERM under load.
@Timeout(600)
class StopAcceptanceIT {
  private static final int CLIENTS = 6;
  private static final int PRICE = 7;
  private static final int CASH = 1_000_000;

  private final Installation installation = new Installation();

  @Test
  void a_stop_under_load_finishes_what_was_admitted_and_leaves_nothing_running()
      throws IOException {
    Installation.Node node = installation.start();
    Customer customer = node.operator().customer(Edition.CHINA, CASH);
    try (var payers = new Payers()) {
      payers.take(
          customer,
          node.operator().orders(customer, 500, PRICE).stream().map(Order::dealId).toList());
      payers.pay(CLIENTS, node.port());
      payers.awaitAcknowledged(40);
      List<ProcessHandle> started = node.program().descendants();
      assertThat(started).isNotEmpty();

      node.stop();
      payers.awaitEnd();

      Scratch.requireEnded(started);
      assertThat(Scratch.database(installation.data())).isEmpty();
      assertThat(payers.codes().keySet()).isSubsetOf(Set.of(Answer.OK, "ServiceUnavailable"));

      // Whoever got no answer was not charged, and whoever was charged got an answer.
      Installation.Node again = installation.start();
      Books books = Books.of(customer, again.port());
      assertThat(books.paid()).isEqualTo(new java.util.TreeSet<>(payers.acknowledged()));
      assertThat(books.balance()).isEqualTo(CASH - (long) PRICE * books.paid().size());
      again.stop();
    }
    installation.requireSoundBooks();
  }

  /// An operator who changes his mind at once, or a supervisor that does.
  @Test
  void a_stop_while_it_starts_leaves_nothing_running() {
    Installation.Node node = installation.launch();
    node.program()
        .await("its database runs", () -> Scratch.database(installation.data()).isPresent());
    List<ProcessHandle> started = node.program().descendants();
    node.program().terminate();
    node.program().ended();
    Scratch.requireEnded(started);
    assertThat(Scratch.database(installation.data())).isEmpty();
    installation.requireSoundBooks();
  }
}
