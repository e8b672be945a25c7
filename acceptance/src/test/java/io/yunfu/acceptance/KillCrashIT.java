package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `kill -9` under load, of the server, of its database, of both. Whatever is killed: what was
/// acknowledged is paid, nothing is paid twice, and the books balance.
@Timeout(900)
class KillCrashIT {
  private static final int CLIENTS = 6;
  private static final int PRICE = 7;
  private static final int CASH = 1_000_000;
  private static final int DEALS = 400;

  /// Acknowledged before each kill, so that it falls into the middle of work.
  private static final int UNDER_WAY = 20;

  private final Installation installation = new Installation();

  @Test
  void what_was_acknowledged_survives_kills_of_the_server() throws IOException {
    Installation.Node node = installation.start();
    try (var load = new Load(node)) {
      for (boolean databaseToo : List.of(false, true, false)) {
        load.payers.pay(CLIENTS, node.port());
        load.payers.awaitAcknowledged(UNDER_WAY);
        List<ProcessHandle> database = Scratch.databaseProcesses(installation.data());
        assertThat(database).isNotEmpty();
        node.program().kill();
        if (databaseToo) {
          database.forEach(ProcessHandle::destroyForcibly);
        }
        load.payers.awaitEnd();
        node = installation.start();
        load.requireKept(node);
      }
      load.payAll(node);
    }
    node.stop();
    installation.requireSoundBooks();
  }

  @Test
  void what_was_acknowledged_survives_kills_of_the_database_and_the_server_recovers_by_itself()
      throws IOException {
    Installation.Node node = installation.start();
    try (var load = new Load(node)) {
      load.payers.pay(CLIENTS, node.port());
      for (Victim victim : Victim.values()) {
        load.payers.awaitAcknowledged(UNDER_WAY);
        List<ProcessHandle> all = Scratch.databaseProcesses(installation.data());
        assertThat(all).hasSizeGreaterThan(2);
        switch (victim) {
          case MAIN_PROCESS -> all.getFirst().destroyForcibly();
          case ONE_SESSION -> all.getLast().destroyForcibly();
          case ALL -> all.forEach(ProcessHandle::destroyForcibly);
        }
        load.payers.awaitAcknowledged(UNDER_WAY);
        load.requireKept(node);
      }
      load.payAll(node);
    }
    node.stop();
    installation.requireSoundBooks();
  }

  private enum Victim {
    MAIN_PROCESS,
    ONE_SESSION,
    ALL
  }

  /// A hot account and a quiet one, with more to pay than will be paid before the last kill.
  private static final class Load implements AutoCloseable {
    final Payers payers = new Payers();
    final List<Customer> customers;
    final Set<String> all = new HashSet<>();

    Load(Installation.Node node) {
      Operator operator = node.operator();
      customers =
          List.of(
              operator.customer(Edition.CHINA, CASH),
              operator.customer(Edition.INTERNATIONAL, CASH));
      for (Customer customer : customers) {
        int number = customer.edition() == Edition.CHINA ? DEALS * 3 / 4 : DEALS / 4;
        List<String> deals =
            operator.orders(customer, number, PRICE).stream().map(Order::dealId).toList();
        all.addAll(deals);
        payers.take(customer, deals);
      }
    }

    /// While payments go on, books may move between two looks at them; so first see what is
    /// acknowledged, then look.
    void requireKept(Installation.Node node) throws IOException {
      Set<String> acknowledged = payers.acknowledged();
      var paid = new TreeSet<String>();
      for (Customer customer : customers) {
        paid.addAll(Books.of(customer, node.port()).paid());
      }
      assertThat(paid).containsAll(acknowledged);
    }

    /// Nothing was lost for good: in the end all is paid, each deal once, and delivered.
    void payAll(Installation.Node node) throws IOException {
      payers.pay(CLIENTS, node.port());
      payers.awaitAllPaid();
      var told = new TreeSet<>(payers.acknowledged());
      told.addAll(payers.doubtful());
      assertThat(told).as("heard %s", payers.codes()).isEqualTo(new TreeSet<>(all));
      for (Customer customer : customers) {
        node.program().await("all is delivered", () -> isDelivered(customer, node.port()));
        Books books = Books.of(customer, node.port());
        assertThat(books.balance()).isEqualTo(CASH - (long) PRICE * books.statuses().size());
      }
    }

    private static boolean isDelivered(Customer customer, int port) {
      try {
        Books books = Books.of(customer, port);
        return books.delivered().equals(books.statuses().keySet());
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      payers.close();
    }
  }
}
