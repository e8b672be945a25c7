package io.yunfu.operator;

import static io.yunfu.testkit.Property.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MasterKeyTest {
  private static final byte[] BYTES =
      HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

  private final MasterKey key = MasterKey.of(BYTES);

  @Test
  void what_is_sealed_opens_again() {
    forAll(
        random -> random.ints(random.nextInt(200), 32, 0x3000),
        characters -> {
          var secret = new StringBuilder();
          characters.forEach(secret::appendCodePoint);
          var sealed = key.seal("AKID1", secret.toString());
          assertThat(key.open("AKID1", sealed)).isEqualTo(secret.toString());
        });
  }

  @Test
  void the_same_secret_is_sealed_differently_each_time() {
    assertThat(key.seal("AKID1", "secret").ciphertext())
        .isNotEqualTo(key.seal("AKID1", "secret").ciphertext());
  }

  @Test
  void a_ciphertext_that_is_moved_to_another_key_does_not_open() {
    var sealed = key.seal("AKID1", "secret");
    assertThatThrownBy(() -> key.open("AKID2", sealed)).isInstanceOf(MasterKey.DoesNotFit.class);
  }

  @Test
  void one_changed_bit_is_noticed() {
    var sealed = key.seal("AKID1", "secret");
    sealed.ciphertext()[0] ^= 1;
    assertThatThrownBy(() -> key.open("AKID1", sealed)).isInstanceOf(MasterKey.DoesNotFit.class);
  }

  @Test
  void another_key_does_not_open_it() {
    var sealed = key.seal("AKID1", "secret");
    assertThatThrownBy(() -> MasterKey.parse(MasterKey.generate()).open("AKID1", sealed))
        .isInstanceOf(MasterKey.DoesNotFit.class);
  }

  @Test
  void it_is_read_as_hexadecimal_and_as_base64_with_blanks_around() {
    var sealed = key.seal("AKID1", "secret");
    var base64 = Base64.getEncoder().encodeToString(BYTES);
    var urlSafe = Base64.getUrlEncoder().withoutPadding().encodeToString(BYTES);
    for (String text :
        new String[] {
          HexFormat.of().formatHex(BYTES),
          HexFormat.of().withUpperCase().formatHex(BYTES) + "\n",
          "  " + base64 + "\n",
          urlSafe
        }) {
      assertThat(MasterKey.parse(text).open("AKID1", sealed)).isEqualTo("secret");
    }
  }

  @Test
  void any_other_text_is_refused_and_not_repeated() {
    for (String text :
        new String[] {"", "short", "zz".repeat(32), "A".repeat(42), "A".repeat(45)}) {
      assertThatThrownBy(() -> MasterKey.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a master key is 32 bytes, written as 64 hexadecimal digits or as Base64");
    }
  }

  @Test
  void nothing_of_it_is_printed() {
    var sealed = key.seal("AKID1", "secret");
    assertThat(key + " " + sealed).isEqualTo("MasterKey[hidden] Sealed[hidden]");
  }

  /// Source: RFC 5869, section 2.3; reckoned with another program.
  @Test
  void a_derived_key_is_the_one_of_the_standard_and_another_for_each_purpose() {
    var hex = HexFormat.of();
    var other =
        MasterKey.of(
            hex.parseHex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"));
    // HMAC-SHA256(key, "yunfu" and a byte of 1)
    assertThat(hex.formatHex(other.derive("yunfu")))
        .isEqualTo("a9188d99729cdba8bd0e88f140bbf3ddfd542218cabc4b329ff24003286718da");
    assertThat(key.derive("one")).isNotEqualTo(key.derive("another")).hasSize(MasterKey.BYTES);
  }

  @Test
  void bytes_that_are_no_text_come_out_as_they_went_in() {
    byte[] bytes = {0, (byte) 0xFF, (byte) 0xFE, 'a'};
    assertThat(key.openBytes("AKID1", key.seal("AKID1", bytes))).isEqualTo(bytes);
  }
}
