package io.yunfu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class NoncesTest {
  @Test
  void they_are_long_and_do_not_come_twice() {
    var nonces = new Nonces(new SecureRandom());
    Set<String> seen = new HashSet<>();
    var letters = new HashSet<Integer>();
    for (int i = 0; i < 10_000; i++) {
      String nonce = nonces.get();
      assertThat(nonce).matches("[0-9A-Za-z]{32}");
      nonce.chars().forEach(letters::add);
      assertThat(seen.add(nonce)).isTrue();
    }
    assertThat(letters).hasSize(62);
  }

  @Test
  void bytes_that_hold_too_few_letters_are_followed_by_more() {
    var draws =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            throw new UnsupportedOperationException("bytes are drawn");
          }

          @Override
          public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
              bytes[i] = (byte) (i % 2 == 0 ? 63 : 1 + i / 40); // every other one is no letter
            }
          }
        };
    assertThat(new Nonces(draws).get()).isEqualTo("1".repeat(20) + "2".repeat(12));
  }
}
