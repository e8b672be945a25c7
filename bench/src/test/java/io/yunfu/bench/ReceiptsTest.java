package io.yunfu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReceiptsTest {
  @Test
  void what_was_asked_and_what_was_acknowledged_are_kept_apart() {
    var receipts = new Receipts(1_000_000_001, 200);
    receipts.ask(1_000_000_001);
    receipts.ask(1_000_000_200);
    receipts.acknowledge(1_000_000_200);
    assertThat(receipts.isAsked(1_000_000_001)).isTrue();
    assertThat(receipts.isAcknowledged(1_000_000_001)).isFalse();
    assertThat(receipts.isAcknowledged(1_000_000_200)).isTrue();
    assertThat(receipts.isAsked(1_000_000_065)).isFalse();
    assertThat(receipts.acknowledged()).isOne();
  }

  @Test
  void threads_do_not_undo_each_others_notes() throws InterruptedException {
    var receipts = new Receipts(0, 64_000);
    var threads = new Thread[4];
    for (int i = 0; i < threads.length; i++) {
      int own = i;
      threads[i] =
          Thread.ofPlatform()
              .start(() -> {
                for (int number = own; number < 64_000; number += threads.length) {
                  receipts.acknowledge(number);
                }
              });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(receipts.acknowledged()).isEqualTo(64_000);
  }
}
