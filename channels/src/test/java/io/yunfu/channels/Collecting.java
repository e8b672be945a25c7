package io.yunfu.channels;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;

/// Asks a publisher for all it has.
final class Collecting implements Flow.Subscriber<ByteBuffer> {
  private final StringBuilder text = new StringBuilder();
  private boolean failed;

  String text() {
    return text.toString();
  }

  boolean failed() {
    return failed;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(ByteBuffer item) {
    text.append(UTF_8.decode(item));
  }

  @Override
  public void onError(Throwable throwable) {
    failed = true;
  }

  @Override
  public void onComplete() {}
}
