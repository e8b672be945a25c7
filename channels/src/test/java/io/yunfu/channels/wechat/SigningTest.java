package io.yunfu.channels.wechat;

import static io.yunfu.gateway.channel.ChannelAccount.SignType.HMAC_SHA256;
import static io.yunfu.gateway.channel.ChannelAccount.SignType.MD5;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.kernel.Secret;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SigningTest {
  private static final Secret KEY = Secret.of("TESTKEY0000000000000000000000001");
  private static final Map<String, String> FIELDS = Map.of("total_fee", "101", "attach", "");

  @ParameterizedTest
  @EnumSource(SignType.class)
  void what_is_signed_verifies_and_what_is_changed_does_not(SignType type) {
    var signed = signed(type);
    assertThat(Signing.verifies(signed, type, KEY)).isTrue();
    signed.put("attach", "x");
    assertThat(Signing.verifies(signed, type, KEY)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void unknown_fields_take_part(SignType type) {
    var fields = new HashMap<>(FIELDS);
    fields.put("a_field_of_next_year", "1");
    String sign = Signing.sign(fields, type, KEY);
    assertThat(sign).isNotEqualTo(Signing.sign(FIELDS, type, KEY));
  }

  @Test
  void names_are_ordered_by_their_bytes_so_that_capitals_come_first() {
    var fields = Map.of("a", "1", "B", "2", "a_b", "3", "aB", "4");
    // printf 'B=2&a=1&aB=4&a_b=3&key=TESTKEY0000000000000000000000001' | md5sum
    assertThat(Signing.sign(fields, MD5, KEY)).isEqualTo("BAB66BA5BB84054F237EFA1591E19226");
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void a_message_without_a_signature_does_not_verify(SignType type) {
    assertThat(Signing.verifies(FIELDS, type, KEY)).isFalse();
  }

  @Test
  void the_other_algorithm_does_not_verify_though_the_message_says_so() {
    var weak = new HashMap<>(FIELDS);
    weak.put("sign_type", "MD5");
    weak.put("sign", Signing.sign(weak, MD5, KEY));
    assertThat(Signing.verifies(weak, HMAC_SHA256, KEY)).isFalse();
    var strong = signed(HMAC_SHA256);
    assertThat(Signing.verifies(strong, MD5, KEY)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void another_key_does_not_verify(SignType type) {
    assertThat(Signing.verifies(signed(type), type, Secret.of("x".repeat(32)))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(SignType.class)
  void a_signature_has_one_spelling(SignType type) {
    var signed = signed(type);
    String sign = signed.get("sign");
    for (String other :
        new String[] {
          sign.toLowerCase(Locale.ROOT), sign + "0", sign.substring(1), " " + sign, sign + "\n"
        }) {
      signed.put("sign", other);
      assertThat(Signing.verifies(signed, type, KEY)).as(other).isFalse();
    }
  }

  private static Map<String, String> signed(SignType type) {
    var fields = new HashMap<>(FIELDS);
    fields.put("sign", Signing.sign(fields, type, KEY));
    return fields;
  }
}
