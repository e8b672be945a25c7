package io.yunfu.channels.wechat;

import io.yunfu.channels.Meaning;
import io.yunfu.channels.Operation;
import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import java.time.Instant;

/// What WeChat Pay says in one answer: its signature is checked, it is about us, its code is looked
/// up.
///
/// An answer that fails at the level of communication is not signed, so it is only the channel's
/// word for it: [Unreadable], with what it says. Nothing is concluded from it, not even that it
/// refuses. Source: `channels.md` sections 2.2 and 2.4.
///
/// @param listed whether the code stands in our tables; if not, the meaning is on the safe side
/// @param code `err_code`, or `SUCCESS`
/// @param message what WeChat Pay says to the code; not for callers as it is
record Said(Meaning meaning, boolean listed, String code, String message, Fields fields) {
  private static final String SUCCESS = "SUCCESS";
  private static final String FAIL = "FAIL";

  /// @param type what our request was signed with
  /// @param now for the keys that count
  /// @throws Unreadable for everything that proves nothing
  static Said read(
      Operation operation,
      ChannelAccount.Wechat account,
      SignType type,
      Instant now,
      int httpStatus,
      byte[] body) {
    if (httpStatus != 200) {
      throw new Unreadable("HTTP " + httpStatus);
    }
    var fields = new Fields(Xml.read(body, Xml.MESSAGE));
    if (fields.says("return_code", FAIL)) {
      throw Unreadable.atTheDoor(fields.any("err_code"), fields.any("return_msg"));
    }
    if (!fields.says("return_code", SUCCESS)) {
      throw new Unreadable("return_code is none that we know");
    }
    if (!Signing.verifies(fields.texts(), type, account.keysAt(now))) {
      throw Unreadable.notVerified("the answer is not signed by WeChat Pay");
    }
    needOurs(operation, account, fields);
    if (fields.says("result_code", SUCCESS)) {
      return new Said(Meaning.DONE, true, SUCCESS, "", fields);
    }
    if (!fields.says("result_code", FAIL)) {
      throw new Unreadable("result_code is none that we know");
    }
    String code = fields.need("err_code");
    Meaning inTable = Codes.meaning(operation, code);
    boolean listed = inTable != Meaning.UNLISTED;
    return new Said(
        listed ? inTable : Codes.onTheSafeSide(operation),
        listed,
        code,
        fields.any("err_code_des"),
        fields);
  }

  /// Some answers leave the sub-merchant out; none may name another.
  private static void needOurs(Operation operation, ChannelAccount.Wechat account, Fields fields) {
    fields.needOurs("appid", account.appId());
    fields.needOurs("mch_id", account.merchantNumber());
    boolean maySkip = operation == Operation.CLOSE || fields.says("result_code", FAIL);
    if (!maySkip) {
      fields.needOurs("sub_mch_id", account.subMerchantNumber());
    }
    fields.allowOurs("sub_mch_id", account.subMerchantNumber());
    account.subAppId().ifPresent(ours -> fields.allowOurs("sub_appid", ours));
  }
}
