package io.yunfu.channels.alipay;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.Evidence;
import io.yunfu.kernel.Secret;
import java.util.regex.Pattern;

/// Takes out of a raw answer what nobody needs to see: signatures, tokens, who the payer is. Alipay
/// repeats our request inside some refusals, so all spellings are looked for: JSON, JSON inside
/// JSON, and `name=value`.
final class Masks {
  private static final String HIDDEN = "***";

  private static final String NAMES =
      "(?:sign|app_auth_token|auth_token|auth_code|buyer_id|buyer_user_id|buyer_open_id|open_id"
          + "|buyer_logon_id|buyer_user_name|user_id|bill_download_url)";

  /// The value ends at the next quotation mark, so that a backslash before it may go with the
  /// value.
  private static final Pattern JSON =
      Pattern.compile("((?<![A-Za-z_])" + NAMES + "\\\\*\"\\s*:\\s*\\\\*\")[^\"]*");

  private static final Pattern PAIR =
      Pattern.compile("((?<![A-Za-z_])" + NAMES + "=)[^&\"\\s\\\\]*");

  private Masks() {}

  /// Masked, and then cut: a name must not lose its mask to the cut.
  static String evidence(String text, ChannelAccount.Alipay account) {
    return cut(masked(text, account), Evidence.LONGEST);
  }

  /// One line for a caller, of at most so many characters.
  static String line(String text, ChannelAccount.Alipay account, int longest) {
    return cut(masked(text, account).replaceAll("\\p{Cntrl}+", " ").strip(), longest);
  }

  /// The first characters, and no half of one.
  static String cut(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest));
  }

  private static String masked(String text, ChannelAccount.Alipay account) {
    String masked = text;
    if (account.appAuthToken().isPresent()) {
      Secret token = account.appAuthToken().get();
      masked = masked.replace(token.reveal(), HIDDEN);
    }
    return masked(masked);
  }

  /// Of a text that cannot hold an account's token.
  static String masked(String text) {
    String masked = JSON.matcher(text).replaceAll("$1" + HIDDEN);
    return PAIR.matcher(masked).replaceAll("$1" + HIDDEN);
  }
}
