package io.yunfu.gateway.merchant;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/// The files were made by `channels/src/test/resources/alipay/generate.sh`.
class KeyFilesTest {
  @Test
  void alipay_s_roots_are_read_although_one_of_them_is_sm2() {
    var roots = KeyFiles.certificates(file("roots.pem"));
    assertThat(roots)
        .extracting(root -> root.getSubjectX500Principal().getName().split(",", -1)[0])
        .containsExactly("CN=Test Authority R1", "CN=Test Authority E1", "CN=Test Authority R2");
  }

  @Test
  void a_chain_is_read_whole_or_not_at_all() {
    String chain = file("alipay.pem");
    assertThat(KeyFiles.certificates(chain)).hasSize(2);
    assertThat(KeyFiles.certificates(chain + chain.replaceFirst("MII", "MIA"))).isEmpty();
    assertThat(KeyFiles.certificates("none")).isEmpty();
  }

  private static String file(String name) {
    try (InputStream file = KeyFilesTest.class.getResourceAsStream("/alipay/" + name)) {
      return new String(file.readAllBytes(), US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
