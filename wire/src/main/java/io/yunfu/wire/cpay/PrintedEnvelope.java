package io.yunfu.wire.cpay;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the envelope as the published examples print it: the text of `request_content` stands
/// between its quotes with raw line breaks and bare quotes, so that the whole is no JSON. For
/// tutorials that post this form. The text is then what stands between the quotes, and is verified
/// like any other. Source: `cloudpay.md` section 7.2, `lenient_envelope`.
final class PrintedEnvelope {
  private static final String SPACE = "[\\s\\u00A0\\u3000\\uFEFF]*+";
  private static final Pattern BEGIN =
      Pattern.compile(
          "^" + SPACE + "\\{" + SPACE + "\"request_content\"" + SPACE + ":" + SPACE + "\"");
  private static final Pattern REST =
      Pattern.compile("\"" + SPACE + "," + SPACE + "(\"authen_info\")");

  private PrintedEnvelope() {}

  static Optional<ReceivedCall.Envelope> read(String body) {
    Matcher begin = BEGIN.matcher(body);
    if (!begin.find()) {
      return Optional.empty();
    }
    int end = -1;
    int rest = -1;
    Matcher last = REST.matcher(body).region(begin.end(), body.length());
    while (last.find()) {
      end = last.start();
      rest = last.start(1);
    }
    if (end < 0) {
      return Optional.empty();
    }
    String text = body.substring(begin.end(), end);
    return Json.parse("{" + body.substring(rest))
        .filter(Json.Fields.class::isInstance)
        .map(outer ->
            new ReceivedCall.Envelope(text, ((Json.Fields) outer).members().get("authen_info")));
  }
}
