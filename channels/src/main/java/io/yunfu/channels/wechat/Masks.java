package io.yunfu.channels.wechat;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.Evidence;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes out of a raw answer what nobody needs to see: signatures, who the payer is, what opens the
/// cashier, and the keys, should anybody ever send them back. Both spellings are looked for: XML,
/// and `name=value`, in which errors repeat what was signed.
final class Masks {
  private static final String HIDDEN = "***";

  private static final String NAMES =
      "(?:sign|paySign|key|openid|sub_openid|auth_code|prepay_id|req_info)";

  /// What these begin with: a look at one letter spares most elements the pattern.
  private static final String INITIALS = "spkoar";

  private static final Pattern ELEMENT =
      Pattern.compile("(<" + NAMES + "\\s*>\\s*(?:<!\\[CDATA\\[)?)[^<\\]]*");

  private static final Pattern PAIR = Pattern.compile("((?<![A-Za-z_])" + NAMES + "=)[^&\"\\s<]*");

  private Masks() {}

  /// Masked, and then cut: a name must not lose its mask to the cut.
  static String evidence(String text, ChannelAccount.Wechat account) {
    return cut(masked(text, account), Evidence.LONGEST);
  }

  /// One line for a caller, of at most so many characters.
  static String line(String text, ChannelAccount.Wechat account, int longest) {
    return cut(masked(text, account).replaceAll("\\p{Cntrl}+", " ").strip(), longest);
  }

  /// The first characters, and no half of one.
  static String cut(String text, int longest) {
    return text.codePointCount(0, text.length()) <= longest
        ? text
        : text.substring(0, text.offsetByCodePoints(0, longest));
  }

  private static String masked(String text, ChannelAccount.Wechat account) {
    String masked = text.replace(account.apiKey().reveal(), HIDDEN);
    if (account.oldKey().isPresent()) {
      masked = masked.replace(account.oldKey().get().key().reveal(), HIDDEN);
    }
    return masked(masked);
  }

  /// Of a text that cannot hold an account's keys.
  static String masked(String text) {
    String masked = maskedElements(text);
    return masked.indexOf('=') < 0 ? masked : PAIR.matcher(masked).replaceAll("$1" + HIDDEN);
  }

  /// Looks only where an element can begin.
  private static String maskedElements(String text) {
    var masked = new StringBuilder(text.length());
    Matcher element = ELEMENT.matcher(text);
    int copied = 0;
    for (int at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
      boolean possible = at + 1 < text.length() && INITIALS.indexOf(text.charAt(at + 1)) >= 0;
      if (possible && element.region(at, text.length()).lookingAt()) {
        masked.append(text, copied, element.end(1)).append(HIDDEN);
        copied = element.end();
        at = copied;
      } else {
        at++;
      }
    }
    return masked.append(text, copied, text.length()).toString();
  }
}
