package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/// Clients that pay one deal after the other, each over its own connection, until they are told to
/// stop, their server is gone, or nothing is left. They remember what they were told and what they
/// were never told, and ask again for what is not paid yet, as careful clients do.
final class Payers implements AutoCloseable {
  /// That a deal is paid already, by a call whose answer got lost.
  static final String PAID_BEFORE = "FailedOperation.InvalidDeal";

  /// Answers that promise that nothing has changed.
  private static final Set<String> UNCHANGED =
      Set.of("ServiceUnavailable", "FailedOperation", PAID_BEFORE);

  private final Map<String, Customer> payers = new ConcurrentHashMap<>();
  private final Queue<String> unpaid = new ConcurrentLinkedQueue<>();
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> doubtful = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> codes = new ConcurrentHashMap<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private volatile boolean stopping;

  /// Gives them more to pay.
  void take(Customer customer, Collection<String> deals) {
    deals.forEach(deal -> payers.put(deal, customer));
    unpaid.addAll(deals);
  }

  /// Lets so many clients pay at each of the nodes.
  void pay(int clients, Integer... ports) {
    stopping = false;
    threads.removeIf(thread -> !thread.isAlive());
    for (int port : ports) {
      for (int i = 0; i < clients; i++) {
        threads.add(Thread.ofVirtual().start(() -> payAt(port)));
      }
    }
  }

  /// Waits until so many more payments are acknowledged.
  void awaitAcknowledged(int more) {
    int wanted = acknowledged.size() + more;
    await("%d more payments are acknowledged".formatted(more), () -> acknowledged.size() >= wanted);
  }

  /// Waits until all is paid that they were given.
  void awaitAllPaid() {
    await("all is paid", () -> !isPaying());
    assertThat(unpaid).as("left, after %s", codes()).isEmpty();
  }

  boolean isPaying() {
    return threads.stream().anyMatch(Thread::isAlive);
  }

  /// Waits until every client has heard of its last payment, or that it will never hear.
  void awaitEnd() {
    await("every client ends", () -> !isPaying());
  }

  void stop() {
    stopping = true;
    awaitEnd();
  }

  /// Deals of which a server said that they are paid.
  Set<String> acknowledged() {
    return Set.copyOf(acknowledged);
  }

  /// Deals of which, at some time, nobody knew: no answer came, or one that could not tell.
  Set<String> doubtful() {
    return Set.copyOf(doubtful);
  }

  /// How often each answer was heard.
  Map<String, Integer> codes() {
    return new TreeMap<>(codes);
  }

  @Override
  public void close() {
    stopping = true;
    threads.forEach(Thread::interrupt);
  }

  private void payAt(int port) {
    String deal = null;
    try (var connection = new Connection(port)) {
      while (!stopping && !Thread.currentThread().isInterrupted()) {
        deal = unpaid.poll();
        if (deal == null) {
          return;
        }
        Key key = payers.get(deal).key();
        String json = "{\"OrderIds\":[\"%s\"]}".formatted(deal);
        connection.send(CallV3.post(key, "PayDeals", json).bytes(port));
        Answer answer = connection.answer();
        heard(deal, answer.code());
        deal = null;
        if (answer.header("Connection").equals("close")) {
          return;
        }
      }
    } catch (IOException e) {
      // The server is gone. What was being paid is paid or not.
      if (deal != null) {
        doubtful.add(deal);
        unpaid.add(deal);
      }
    }
  }

  private void heard(String deal, String code) {
    codes.merge(code, 1, Integer::sum);
    if (code.equals(Answer.OK)) {
      assertThat(acknowledged.add(deal)).as("%s is paid once", deal).isTrue();
      return;
    }
    if (!UNCHANGED.contains(code)) {
      doubtful.add(deal);
    }
    if (!code.equals(PAID_BEFORE)) {
      unpaid.add(deal);
      Program.pause(); // or they would only make the trouble worse
    }
  }

  private void await(String what, java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + Program.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end || (!isPaying() && !condition.getAsBoolean())) {
        throw new AssertionError(
            "%s: in vain; %d are acknowledged, %d left, heard %s"
                .formatted(what, acknowledged.size(), unpaid.size(), codes()));
      }
      Program.pause();
    }
  }
}
