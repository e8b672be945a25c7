package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Evidence;
import io.yunfu.gateway.channel.Prepaid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the steps of orders cost the database. Source: `docs/decisions/0030`.
class OrderBatchIT {
  private static final int SEVERAL_PAGES = 100;

  /// As long as WeChat Pay's to `unifiedorder`; unit: characters.
  private static final int LENGTH_OF_ANSWER = 600;

  @Test
  void what_the_channel_said_writes_no_index_of_its_order_nor_of_its_attempt() {
    try (var gateway = new TestGateway(Optional.empty())) {
      gateway.wechat.fallSilent(true);
      var answers = new ArrayList<OrderStep>();
      for (int i = 0; i < SEVERAL_PAGES; i++) {
        String number = "gz0200abcd2026030100%04d".formatted(i);
        gateway.place(gateway.first(), number, 100);
        answers.add(answered(gateway, number));
      }
      gateway
          .cell
          .database()
          .execute(tx -> {
            List<Long> before = changes(tx);
            new OrderBatch().run(tx, answers);
            assertThat(changes(tx)).containsExactlyElementsOf(plus(before, answers.size()));
          });
    }
  }

  private static OrderStep answered(TestGateway gateway, String number) {
    long order = gateway.order(number).id();
    long question =
        gateway
            .cell
            .database()
            .read(tx -> new AttemptStore().list(tx, order, Long.MAX_VALUE, 1))
            .getFirst()
            .id();
    var evidence =
        new Evidence(
            "unifiedorder",
            "api.mch.weixin.qq.com",
            200,
            true,
            "x".repeat(LENGTH_OF_ANSWER),
            1,
            Duration.ofMillis(9));
    var answer = new Answer.Done<>(new Prepaid("wx0100"), evidence);
    return new OrderStep.End(
        new AttemptStore.Ended(question, answer, TestGateway.NOW),
        Optional.of(new PaymentStore.Known(order, "wx0100", Optional.empty(), TestGateway.NOW)));
  }

  /// Rows of both tables that were changed, and those of them that no index was told of.
  private static List<Long> changes(Transaction tx) {
    return Stream.of("payment", "channel_attempt")
        .flatMap(table -> Stream.of("updated", "hot_updated").map(how -> count(tx, table, how)))
        .toList();
  }

  private static long count(Transaction tx, String table, String how) {
    return tx.query(
            "select pg_stat_get_xact_tuples_%s('%s'::regclass) as rows".formatted(how, table),
            row -> row.longAt("rows"))
        .getFirst();
  }

  private static List<Long> plus(List<Long> numbers, long more) {
    return numbers.stream().map(number -> number + more).toList();
  }
}
