package io.yunfu.channels.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.channels.Meaning;
import io.yunfu.channels.Operation;
import io.yunfu.channels.Unreadable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Set;
import tools.jackson.core.JacksonException;

/// What Alipay says in one answer: its signature is checked, its code looked up.
///
/// @param listed whether the code stands in our tables; if not, the meaning is on the safe side
/// @param code the sub code where there is one
/// @param message what Alipay says to the code; not for callers as it is
/// @param verified whether it is signed; if not, it is only believed where that can do no harm
record Said(
    Meaning meaning, boolean listed, String code, String message, Fields fields, boolean verified) {
  /// Refusals in front of all business, which Alipay does not always sign: it may not even know for
  /// whom.
  private static final Set<String> AT_THE_DOOR =
      Set.of("20001", "40001", "40002", "40003", "40005", "40006");

  /// @throws Unreadable for everything that proves nothing
  static Said read(Operation operation, Credentials credentials, int httpStatus, byte[] body) {
    if (httpStatus != 200) {
      throw new Unreadable("HTTP " + httpStatus);
    }
    var text = AnswerText.of(utf8(body), Methods.of(operation));
    boolean signed = text.sign().isPresent();
    if (signed
        && !credentials.verifies(
            text.node().getBytes(UTF_8), text.sign().get(), text.certificateNumber())) {
      throw Unreadable.notVerified("the answer is not signed by Alipay");
    }
    Fields fields = fields(text.node());
    String code = fields.need("code");
    String subCode = fields.text("sub_code").orElse("");
    Meaning inTable = Codes.meaning(operation, code, subCode);
    boolean listed = inTable != Meaning.UNLISTED;
    Meaning meaning = listed ? inTable : Codes.onTheSafeSide(operation, code);
    if (!signed && !isHarmless(meaning, code)) {
      throw Unreadable.notVerified("the answer has no signature");
    }
    return new Said(
        meaning,
        listed,
        subCode.isEmpty() ? code : subCode,
        fields.text("sub_msg", "msg").orElse(""),
        fields,
        signed);
  }

  /// "Send it again" and "ask" claim nothing. A refusal at the door ends an order that no payer has
  /// seen yet, and leaves a refund as it is.
  private static boolean isHarmless(Meaning meaning, String code) {
    return switch (meaning) {
      case REPEAT, ASK -> true;
      case LATER, ALERT -> AT_THE_DOOR.contains(code);
      case DONE,
          ASK_ELSE_ACT,
          ASK_ELSE_NEW_NUMBER,
          ABSENT,
          NEW_NUMBER,
          WRONG,
          ACT,
          ACT_THEN_REPEAT,
          SILENT,
          UNLISTED ->
          false;
    };
  }

  private static Fields fields(String node) {
    try {
      return Fields.of(Json.MAPPER.readTree(node));
    } catch (JacksonException e) {
      throw new Unreadable("the answer is not JSON");
    }
  }

  /// Strictly, so that the text stands for exactly these bytes.
  private static String utf8(byte[] body) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw new Unreadable("the answer is not UTF-8");
    }
  }
}
