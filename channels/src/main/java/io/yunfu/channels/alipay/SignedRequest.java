package io.yunfu.channels.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.channels.Operation;
import io.yunfu.gateway.channel.ChannelAccount;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One request, ready to be sent: the common parameters and the signature in the query, the content
/// in the body, as Alipay's own packages do it. Source: `channels.md` section 4.1.
///
/// @param uri carries the merchant's token where there is one: never log it
record SignedRequest(URI uri, String body) {
  static final String CONTENT_TYPE = "application/x-www-form-urlencoded;charset=utf-8";

  /// @param gateway the URL of all calls
  static SignedRequest of(
      URI gateway,
      Operation operation,
      ChannelAccount.Alipay account,
      Credentials credentials,
      String content,
      Optional<URI> noticeUrl,
      Instant now) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("app_id", account.appId());
    parameters.put("method", Methods.of(operation));
    parameters.put("format", "JSON");
    parameters.put("charset", "utf-8");
    parameters.put("sign_type", Rsa2.SIGN_TYPE);
    parameters.put("timestamp", BeijingTime.of(now));
    parameters.put("version", "1.0");
    noticeUrl.ifPresent(url -> parameters.put("notify_url", url.toString()));
    account.appAuthToken().ifPresent(token -> parameters.put("app_auth_token", token.reveal()));
    if (credentials.trust() instanceof Credentials.Trust.Certified certified) {
      parameters.put("app_cert_sn", certified.applicationNumber());
      parameters.put("alipay_root_cert_sn", certified.rootNumbers());
    }
    Map<String, String> signed = new TreeMap<>(parameters);
    signed.put("biz_content", content);
    parameters.put("sign", credentials.sign(SignedText.ofRequest(signed)));
    return new SignedRequest(
        URI.create(gateway + "?" + form(parameters)), form(Map.of("biz_content", content)));
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(pair -> pair.getKey() + "=" + URLEncoder.encode(pair.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  /// Without what it says.
  @Override
  public String toString() {
    return "request to " + uri.getHost();
  }
}
