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
      assertThat(nonce).matches("[0-9A-V]{32}");
      nonce.chars().forEach(letters::add);
      assertThat(seen.add(nonce)).isTrue();
    }
    assertThat(letters).hasSize(32);
  }

  @Test
  void each_has_160_random_bits_of_its_own() {
    var counting =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            throw new UnsupportedOperationException("bytes are drawn");
          }

          @Override
          public void nextBytes(byte[] bytes) {
            for (int i = 0; i < bytes.length; i++) {
              bytes[i] = (byte) (i * 7);
            }
          }
        };
    var nonces = new Nonces(counting);
    // python3 -c "import base64; print(base64.b32hexencode(bytes(i * 7 % 256 for i in range(40))))"
    assertThat(nonces.get() + nonces.get())
        .isEqualTo("003GS58S4CL32E1V8P6L8MR2D5O7EVK5HI9PL8D8LURBRH6BQBCU1PVEUNU062GH");
  }
}
