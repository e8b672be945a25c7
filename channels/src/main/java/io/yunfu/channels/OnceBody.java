package io.yunfu.channels;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicReference;

/// The content of a request, handed out once at most. The JDK's client asks for it when the
/// connection stands, TLS included: content that was never asked for has never left. Whoever wants
/// it a second time, to repeat the request, gets an error.
final class OnceBody implements BodyPublisher {
  private enum State {
    HERE,
    HANDED_OUT,
    WITHHELD
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.HERE);
  private final byte[] bytes;

  OnceBody(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /// Whether it has not left, and from now on never will.
  boolean withhold() {
    return state.compareAndSet(State.HERE, State.WITHHELD) || state.get() == State.WITHHELD;
  }

  @Override
  public long contentLength() {
    return bytes.length;
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuffer> subscriber) {
    if (state.compareAndSet(State.HERE, State.HANDED_OUT)) {
      BodyPublishers.ofByteArray(bytes).subscribe(subscriber);
    } else {
      subscriber.onSubscribe(
          new Subscription() {
            @Override
            public void request(long n) {}

            @Override
            public void cancel() {}
          });
      subscriber.onError(new IOException("a request is sent once"));
    }
  }
}
