package io.yunfu.gateway.merchant;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.OldKey;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.merchant.ChannelCredentials.WechatProvider;
import io.yunfu.gateway.merchant.ChannelCredentials.WechatSubMerchant;
import io.yunfu.kernel.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// While one API v2 key takes another's place. Source: `channels.md` section 11, O-12.
class OldKeyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00.123456Z");
  private static final Duration TWO_DAYS = Duration.ofDays(2);
  private static final Instant END = NOW.plus(TWO_DAYS);
  private static final String A = "TESTKEY0000000000000000000000001";
  private static final String B = "TESTKEY0000000000000000000000002";
  private static final String C = "TESTKEY0000000000000000000000003";

  @Test
  void a_first_key_takes_no_place() {
    assertThat(with(A).replacing(Optional.empty(), NOW, TWO_DAYS).oldKey()).isEmpty();
  }

  @Test
  void the_key_before_verifies_for_a_while() {
    var changed = with(B).replacing(Optional.of(with(A)), NOW, TWO_DAYS);
    assertThat(changed.apiKey()).isEqualTo(Secret.of(B));
    assertThat(changed.oldKey()).contains(new OldKey(Secret.of(A), END));
  }

  @Test
  void a_change_of_something_else_leaves_the_old_key_and_its_end() {
    var changed = with(B).replacing(Optional.of(with(A)), NOW, TWO_DAYS);
    var again = with(B).replacing(Optional.of(changed), NOW.plusSeconds(1), TWO_DAYS);
    assertThat(again.oldKey()).isEqualTo(changed.oldKey());
    var atTheEnd = with(B).replacing(Optional.of(changed), END, TWO_DAYS);
    assertThat(atTheEnd.oldKey()).as("an old key that has ended is forgotten").isEmpty();
  }

  @Test
  void a_third_key_ends_the_first() {
    var changed = with(B).replacing(Optional.of(with(A)), NOW, TWO_DAYS);
    var third = with(C).replacing(Optional.of(changed), NOW.plusSeconds(1), TWO_DAYS);
    assertThat(third.oldKey()).contains(new OldKey(Secret.of(B), END.plusSeconds(1)));
  }

  @Test
  void without_an_overlap_no_old_key_is_left() {
    var changed = with(B).replacing(Optional.of(with(A)), NOW, Duration.ZERO);
    assertThat(changed.oldKey()).isEmpty();
    var both = with(B).replacing(Optional.of(with(A)), NOW, TWO_DAYS);
    assertThat(with(B).replacing(Optional.of(both), NOW, Duration.ZERO).oldKey()).isEmpty();
  }

  @Test
  void the_key_of_another_merchant_number_never_verifies() {
    var elsewhere =
        new WechatProvider(
            "1900000002", List.of("wx1"), Secret.of(A), SignType.MD5, Optional.empty());
    assertThat(with(B).replacing(Optional.of(elsewhere), NOW, TWO_DAYS).oldKey()).isEmpty();
  }

  @Test
  void the_account_has_both_keys_until_the_end() {
    var changed = with(B).replacing(Optional.of(with(A)), NOW, TWO_DAYS);
    var account =
        (ChannelAccount.Wechat)
            ChannelCredentials.together(changed, new WechatSubMerchant("1", List.of()))
                .orElseThrow();
    assertThat(account.apiKey()).isEqualTo(Secret.of(B));
    assertThat(account.keysAt(END.minusNanos(1))).containsExactly(Secret.of(B), Secret.of(A));
    assertThat(account.keysAt(END)).containsExactly(Secret.of(B));
  }

  @Test
  void at_rest_the_old_key_is_among_the_secrets_and_its_end_is_not() {
    var changed = with(B).replacing(Optional.of(with(A)), NOW, TWO_DAYS);
    var parts = CredentialsJson.write(changed);
    assertThat(parts.settings()).contains("2026-03-03T00:00:00.123456Z").doesNotContain(A);
    assertThat(parts.secrets()).contains(A, B);
    assertThat(CredentialsJson.read(parts)).isEqualTo(changed);
  }

  @Test
  void a_document_from_before_there_were_old_keys_reads_as_ever() {
    var parts =
        new CredentialsJson.Parts(
            """
            {"kind":"wechat-provider","merchantNumber":"1900000001","appIds":["wx1"],"signType":"MD5"}\
            """,
            "{\"apiKey\":\"" + A + "\"}");
    assertThat(CredentialsJson.read(parts)).isEqualTo(with(A));
    assertThat(CredentialsJson.write(with(A))).isEqualTo(parts);
  }

  private static WechatProvider with(String key) {
    return new WechatProvider(
        "1900000001", List.of("wx1"), Secret.of(key), SignType.MD5, Optional.empty());
  }
}
