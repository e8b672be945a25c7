package io.yunfu.server.api.notice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.ChannelNotice.Acknowledgement;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.payment.HearNotice.Heard;
import io.yunfu.gateway.payment.NoticeAddress;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import io.yunfu.server.observe.Answered;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The door alone: what is heard behind it is written for the test.
class ChannelNoticesTest {
  private static final String URL = "/channel/wechat/payment/1z";

  private static final Pattern PATH =
      Pattern.compile("/channel/(wechat|alipay)/(payment|refund)/([0-9a-z]+)");

  private final List<Answered> log = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private final ChannelNotices door =
      new ChannelNotices(
          ChannelNoticesTest::read, this::hear, this::refuse, 2, () -> "id", nanos::get, log::add);

  private static Optional<NoticeAddress> read(String path) {
    Matcher found = PATH.matcher(path);
    return found.matches()
        ? Optional.of(
            new NoticeAddress(
                PayPlatform.valueOf(found.group(1).toUpperCase(Locale.ROOT)),
                ChannelNotice.Kind.valueOf(found.group(2).toUpperCase(Locale.ROOT)),
                Long.parseLong(found.group(3), 36)))
        : Optional.empty();
  }

  private Optional<Heard> hear(NoticeAddress address, byte[] body) {
    String text = new String(body, UTF_8);
    heard.add(address + text);
    if (text.equals("bug")) {
      throw new IllegalStateException("a bug");
    }
    if (address.platform() == PayPlatform.ALIPAY) {
      return Optional.empty();
    }
    String why = text.equals("genuine") ? "" : "the signature is wrong";
    return Optional.of(
        new Heard(
            new Acknowledgement("text/xml", why.isEmpty() ? "<ok/>" : why), why.isEmpty(), why));
  }

  private Optional<Acknowledgement> refuse(NoticeAddress address, String why) {
    return address.platform() == PayPlatform.ALIPAY
        ? Optional.empty()
        : Optional.of(new Acknowledgement("text/xml", "<fail/>" + why));
  }

  private Response post(String url, String body) {
    return door.handle(
        Request.of("POST", url, Headers.of("User-Agent", "ua"), body.getBytes(UTF_8)));
  }

  @Test
  void a_genuine_notice_is_acknowledged_in_the_channels_words() {
    Response response = post(URL, "genuine");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.headers().first("Content-Type")).contains("text/xml");
    assertThat(new String(response.body(), UTF_8)).isEqualTo("<ok/>");
    assertThat(log)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.action()).isEqualTo("wechat-payment");
          assertThat(line.code()).isEqualTo(Answered.OK);
          assertThat(line.user()).isEqualTo(Long.toString(Long.parseLong("1z", 36)));
        });
  }

  @Test
  void a_forged_one_is_refused_with_status_200_and_not_with_one_that_asks_for_more() {
    Response response = post(URL, "forged");
    assertThat(response.status()).isEqualTo(200);
    assertThat(new String(response.body(), UTF_8)).isEqualTo("the signature is wrong");
    assertThat(log).extracting(Answered::code).containsExactly("refused");
  }

  @Test
  void what_a_fault_of_ours_kept_from_being_heard_is_refused_so_that_it_comes_again() {
    Response response = post(URL, "bug");
    assertThat(response.status()).isEqualTo(200);
    assertThat(new String(response.body(), UTF_8)).isEqualTo("<fail/>fault");
    assertThat(log)
        .singleElement()
        .satisfies(line -> {
          assertThat(line.fault()).hasMessage("a bug");
          assertThat(line.expected()).isFalse();
        });
  }

  @Test
  void a_body_that_is_too_large_is_refused_and_not_heard() {
    var request =
        new Request("POST", URL, null, Headers.NONE, new byte[0], true, "192.0.2.1", true);
    assertThat(new String(door.handle(request).body(), UTF_8)).isEqualTo("<fail/>too large");
    assertThat(heard).isEmpty();
  }

  @Test
  void who_sends_more_than_a_channel_would_is_refused_before_anything_is_looked_at() {
    post(URL, "forged");
    post("/channel/wechat/refund/2z", "forged");
    assertThat(new String(post(URL, "genuine").body(), UTF_8)).isEqualTo("<fail/>too many");
    assertThat(heard).hasSize(2);
    var another =
        new Request("POST", URL, null, Headers.NONE, new byte[0], false, "192.0.2.1", true);
    door.handle(another);
    assertThat(heard).hasSize(3);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertThat(new String(post(URL, "genuine").body(), UTF_8)).isEqualTo("<ok/>");
  }

  @Test
  void while_it_stops_every_notice_is_refused_and_not_heard() {
    door.close();
    assertThat(new String(post(URL, "genuine").body(), UTF_8)).isEqualTo("<fail/>stopping");
    assertThat(heard).isEmpty();
  }

  @Test
  void a_path_that_is_none_of_ours_is_not_found_and_leaves_no_line_of_its_own() {
    assertThat(post("/channel/wechat/pay/1", "genuine").status()).isEqualTo(404);
    assertThat(heard).isEmpty();
    assertThat(log).isEmpty();
  }

  @Test
  void who_guesses_addresses_is_told_to_stop_and_keeps_no_notice_away() {
    post("/channel/wechat/pay/1", "genuine");
    post("/channel/wechat/pay/2", "genuine");
    assertThat(post("/channel/wechat/pay/3", "genuine").status()).isEqualTo(429);
    assertThat(new String(post(URL, "genuine").body(), UTF_8)).isEqualTo("<ok/>");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
    assertThat(post("/channel/wechat/pay/4", "genuine").status()).isEqualTo(404);
  }

  @Test
  void a_channel_that_nobody_here_speaks_to_is_not_found() {
    assertThat(post("/channel/alipay/payment/1", "genuine").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({"GET", "PUT", "HEAD"})
  void only_post_is_heard(String method) {
    Response response = door.handle(Request.of(method, URL, Headers.NONE, new byte[0]));
    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers().first("Allow")).contains("POST");
  }

  @Test
  void neither_body_nor_query_is_on_the_line() {
    door.handle(
        Request.of("POST", URL + "?token=t0ken", Headers.NONE, "sign=s1gnature".getBytes(UTF_8)));
    assertThat(log.toString()).doesNotContain("t0ken").doesNotContain("s1gnature");
  }
}
