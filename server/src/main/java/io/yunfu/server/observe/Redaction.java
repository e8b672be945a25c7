package io.yunfu.server.observe;

import java.util.regex.Pattern;

/// Takes secrets out of text that goes into a log. The second fence: the first is that nobody logs
/// one. It knows the forms in which the wires and our settings carry secrets.
final class Redaction {
  private static final String GONE = "***";

  /// A name, maybe in quotes, then `=` or `:`, then the value up to where it can end.
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)((?:authorization|signature|tokens?|x-tc-token|secret-?_?key|password|passwd|pwd"
              + "|master-?_?key|private-?_?key|cookie)[\"']?\\s*[=:]\\s*[\"']?)"
              + "(?:(?:bearer|basic|tc3-hmac-sha256)\\s+)?[^\\s\"',;&}\\])]+");

  private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic)\\s+[\\w.~+/=-]{6,}");

  /// What `Authorization` of API 3.0 looks like; the credential's id may be shown, the rest not.
  private static final Pattern TC3 =
      Pattern.compile("(?i)(TC3-HMAC-SHA256\\s+Credential=[^/\\s,]+)[^\"\\r\\n]*");

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(-----END [A-Z ]*-----)?");

  private Redaction() {}

  static String clean(String text) {
    if (!mayHoldSecret(text)) {
      return text;
    }
    String clean = TC3.matcher(text).replaceAll("$1 " + GONE);
    clean = BEARER.matcher(clean).replaceAll("$1 " + GONE);
    clean = NAMED.matcher(clean).replaceAll("$1" + GONE);
    return PEM.matcher(clean).replaceAll("-----BEGIN PRIVATE KEY----- " + GONE);
  }

  /// Nearly all text has none of the marks that a secret needs before it: `=` or `:` after a name,
  /// a blank after `bearer` or `basic`, the dashes of a PEM.
  private static boolean mayHoldSecret(String text) {
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter == '=' || letter == ':' || (letter == '-' && text.startsWith("----", i))) {
        return true;
      }
      if (i > 0 && Character.isWhitespace(letter)) {
        char before = text.charAt(i - 1);
        if (before == 'r' || before == 'R' || before == 'c' || before == 'C') {
          return true;
        }
      }
    }
    return false;
  }
}
