package io.yunfu.server.api.cpay;

import io.yunfu.wire.cpay.Payload;
import io.yunfu.wire.cpay.Result;
import io.yunfu.wire.cpay.Results;

/// What a call answers, to be signed: the result for the head, and the payload.
record Told(Result result, Payload payload) {
  static Told done(Payload payload) {
    return new Told(Results.OK.with(), payload);
  }
}
