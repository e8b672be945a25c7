package io.yunfu.gateway.payment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.operator.MasterKey;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The addresses at which channels report.
class NoticeAddressesTest {
  private static final NoticeAddress ADDRESS =
      new NoticeAddress(PayPlatform.WECHAT, ChannelNotice.Kind.PAYMENT, 71);

  private static final NoticeAddresses ADDRESSES = addresses("");

  private static NoticeAddresses addresses(String secret) {
    byte[] key = new byte[MasterKey.BYTES];
    System.arraycopy(secret.getBytes(UTF_8), 0, key, 0, secret.length());
    return new NoticeAddresses(URI.create("https://gw.example.test/in/"), MasterKey.of(key));
  }

  @Test
  void an_address_is_below_the_installation_s_and_is_read_again() {
    URI uri = ADDRESSES.of(ADDRESS);
    assertThat(uri.toString()).startsWith("https://gw.example.test/in/channel/wechat/payment/1z-");
    assertThat(uri.toString()).hasSizeLessThanOrEqualTo(256); // WeChat Pay's longest
    assertThat(ADDRESSES.parse(path(ADDRESSES, ADDRESS))).contains(ADDRESS);
  }

  @Test
  void every_node_with_the_same_master_key_makes_the_same_and_no_other_does() {
    assertThat(path(addresses(""), ADDRESS)).isEqualTo(path(ADDRESSES, ADDRESS));
    assertThat(addresses("another").parse(path(ADDRESSES, ADDRESS))).isEmpty();
  }

  @Test
  void what_makes_an_address_good_is_good_for_no_other() {
    String tag = path(ADDRESSES, ADDRESS).substring("/channel/wechat/payment/1z".length());
    assertThat(tag).hasSize(1 + 128 / 4);
    assertThat(ADDRESSES.parse("/channel/wechat/payment/20" + tag)).isEmpty();
    assertThat(ADDRESSES.parse("/channel/wechat/refund/1z" + tag)).isEmpty();
    assertThat(ADDRESSES.parse("/channel/alipay/payment/1z" + tag)).isEmpty();
    assertThat(ADDRESSES.parse("/channel/wechat/payment/01z" + tag)).isEmpty();
  }

  @Test
  void one_digit_that_is_wrong_makes_it_wrong() {
    String path = path(ADDRESSES, ADDRESS);
    for (int i = path.indexOf('-') + 1; i < path.length(); i++) {
      char other = path.charAt(i) == '0' ? '1' : '0';
      assertThat(ADDRESSES.parse(path.substring(0, i) + other + path.substring(i + 1))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/channel/",
        "/channel/wechat/payment/",
        "/channel/wechat/payment/1z",
        "/channel/wechat/payment/1z-",
        "/channel/wechat/payment/1z-0",
        "/channel/wechat/payment/1z-00000000000000000000000000000000",
        "/channel/wechat/payment/zzzzzzzzzzzzz-00000000000000000000000000000000",
      })
  void what_was_given_to_no_channel_is_none(String path) {
    assertThat(ADDRESSES.parse(path)).isEmpty();
  }

  @Test
  void capital_letters_and_what_follows_are_wrong() {
    String path = path(ADDRESSES, ADDRESS);
    assertThat(ADDRESSES.parse(path.toUpperCase(java.util.Locale.ROOT))).isEmpty();
    assertThat(ADDRESSES.parse(path + "/")).isEmpty();
    assertThat(ADDRESSES.parse(path + "0")).isEmpty();
    assertThat(ADDRESSES.parse("/in" + path)).isEmpty();
  }

  private static String path(NoticeAddresses addresses, NoticeAddress address) {
    return addresses.of(address).getPath().substring("/in".length());
  }
}
