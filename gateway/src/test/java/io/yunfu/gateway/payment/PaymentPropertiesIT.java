package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.Steps;
import io.yunfu.gateway.payment.TestGateway.Node;
import io.yunfu.testkit.Property;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Whatever happens to orders in whatever sequence, on one program or on several, and whoever dies
/// in between: our books and the channel's agree to the fen in the end.
class PaymentPropertiesIT {
  private static final int ORDERS = 4;
  private static final int EVENTS = 60;
  private static final int THREADS = 3;

  private enum Kind {
    PLACE,
    PAY,
    PAY_AGAIN,
    NOTICE,
    CLOSE,
    REFUND,
    REFUND_NOTICE,
    LOOK,
    WORK,
    TIME_PASSES,
    DIE
  }

  /// Something that happens.
  ///
  /// @param number a refund's number, or after how many calls to the channel a program dies
  private record Event(Kind kind, int order, int number) {}

  private static List<Event> life(RandomGenerator random) {
    var events = new ArrayList<Event>();
    for (int i = 0; i < EVENTS; i++) {
      Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
      events.add(new Event(kind, random.nextInt(ORDERS), random.nextInt(1, 5)));
    }
    return events;
  }

  @Test
  void programs_that_work_at_the_same_time_agree_with_the_channel_in_the_end() {
    Property.forAll(6, PaymentPropertiesIT::life, this::together);
  }

  private void together(List<Event> events) {
    try (var gateway = gateway()) {
      var shares = new ArrayList<Callable<Object>>();
      for (int thread = 0; thread < THREADS; thread++) {
        int share = thread;
        shares.add(() -> {
          try (var program = new Program(gateway)) {
            for (int i = share; i < events.size(); i += THREADS) {
              program.meet(events.get(i));
            }
          }
          return share;
        });
      }
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (var done : threads.invokeAll(shares)) {
          done.get();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      comesToAnEnd(gateway);
    }
  }

  @Test
  void states_never_go_back_and_the_same_events_make_the_same_books() {
    Property.forAll(
        4, PaymentPropertiesIT::life, events -> assertThat(alone(events)).isEqualTo(alone(events)));
  }

  /// One after the other.
  ///
  /// @return what is posted in the end, by order
  private Map<String, List<String>> alone(List<Event> events) {
    try (var gateway = gateway();
        var program = new Program(gateway)) {
      var states = new HashMap<String, OrderState>();
      for (Event event : events) {
        program.meet(event);
        for (int order = 0; order < ORDERS; order++) {
          program
              .find(number(order))
              .ifPresent(one -> {
                OrderState before = states.put(one.outTradeNo(), one.state());
                if (before != null) {
                  assertThat(reachable(before)).as("after %s", event).contains(one.state());
                }
              });
        }
      }
      comesToAnEnd(gateway);
      return postings(gateway);
    }
  }

  private static Set<OrderState> reachable(OrderState from) {
    var all = EnumSet.of(from);
    int size;
    do {
      size = all.size();
      for (OrderState one : Set.copyOf(all)) {
        all.addAll(one.next());
      }
    } while (all.size() > size);
    return all;
  }

  private static Map<String, List<String>> postings(TestGateway gateway) {
    String sql =
        """
        select l.subject, g.kind || ' ' || l.debit_pocket || ' ' || l.amount || ' ' || l.credit_pocket as moved
          from leg l join posting g using (posting_id)
         order by l.posting_id, l.line
        """;
    var postings = new HashMap<String, List<String>>();
    gateway
        .cell
        .database()
        .read(tx -> tx.query(sql, row -> List.of(row.text("subject"), row.text("moved"))))
        .forEach(leg ->
            postings
                .computeIfAbsent(leg.getFirst(), subject -> new ArrayList<>())
                .add(leg.getLast()));
    return postings;
  }

  private static TestGateway gateway() {
    return new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
  }

  private static String number(int order) {
    return "gz0200abcd20260301%06d".formatted(order);
  }

  private static void comesToAnEnd(TestGateway gateway) {
    try (Node last = gateway.node(channel -> channel)) {
      gateway.workFor(last, Duration.ofHours(3));
      for (int order = 0; order < ORDERS; order++) {
        var found = last.payments.find(number(order));
        if (!found.isEmpty()) {
          PaymentOrder one = found.getFirst();
          assertThat(one.state().isOpen()).as("%s is open", one.outTradeNo()).isFalse();
          assertThat(one.state().isPaid()).isEqualTo(gateway.wechat.hasPaid(one.outTradeNo()));
          assertThat(one.reserved()).isEqualTo(one.refunded());
          assertThat(gateway.wechat.returned(one.transactionId().orElse("")))
              .isEqualTo(one.refunded());
        }
      }
      long held = gateway.wechat.holds() - gateway.wechat.fees(TestGateway.FEE_PPM).cents();
      assertThat(gateway.clearing()).isEqualTo(held);
      assertThat(gateway.payable()).isEqualTo(held);
      assertThat(gateway.findings()).isEmpty();
    }
  }

  /// A program that things happen to, and the next one when it dies.
  private static final class Program implements AutoCloseable {
    private final TestGateway gateway;
    private Node node;

    Program(TestGateway gateway) {
      this.gateway = gateway;
      this.node = gateway.node(channel -> channel);
    }

    void meet(Event event) {
      try {
        happen(event);
      } catch (Steps.Died e) {
        node.close();
        node = gateway.node(channel -> channel);
      }
    }

    private void happen(Event event) {
      String number = number(event.order());
      String refund = "R%d-%d".formatted(event.order(), event.number());
      boolean known = find(number).isPresent();
      switch (event.kind()) {
        case PLACE -> gateway.place(node, number, 1000 + event.order());
        case PAY ->
            gateway.wechat.tryToPay(
                number, "1" + number, 100L * (event.number() - 1), gateway.clock.instant());
        case PAY_AGAIN -> payAgain(number);
        case NOTICE -> {
          if (known) {
            gateway.notice(node, number);
          }
        }
        case CLOSE -> node.payments.follow().close(gateway.merchant(node), number);
        case REFUND -> {
          if (known) {
            gateway.refund(node, number, refund, 150L * event.number());
          }
        }
        case REFUND_NOTICE -> {
          if (known) {
            gateway.refundNotice(node, number, refund);
          }
        }
        case LOOK -> node.payments.follow().find(gateway.merchant(node), number);
        case WORK -> gateway.work(node);
        case TIME_PASSES -> gateway.clock.advance(Duration.ofSeconds(20L * event.number()));
        case DIE -> {
          node.close();
          node = gateway.node(new Steps(event.number())::around);
        }
      }
    }

    /// Only once the first payment was heard of: the channel reports the last one alone.
    private void payAgain(String number) {
      var order = find(number).filter(one -> one.state().isPaid());
      if (order.isPresent()) {
        gateway.wechat.pay(number, "2" + number, order.get().total(), gateway.clock.instant());
        gateway.notice(node, number);
      }
    }

    private Optional<PaymentOrder> find(String number) {
      return gateway.first().payments.find(number).stream().findFirst();
    }

    @Override
    public void close() {
      node.close();
    }
  }
}
