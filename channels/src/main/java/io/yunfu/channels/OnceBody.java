package io.yunfu.channels;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.io.Content;

/// The content of a request, handed out once at most. The client asks for it when the connection
/// stands, TLS included, and before it writes the first byte: content that was never asked for has
/// never left, and nothing before it either. Whoever wants it a second time, to repeat the request,
/// gets an error.
final class OnceBody implements Request.Content {
  private enum State {
    HERE,
    HANDED_OUT,
    WITHHELD
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.HERE);
  private final String type;
  private final byte[] bytes;

  OnceBody(String type, byte[] bytes) {
    this.type = type;
    this.bytes = bytes.clone();
  }

  /// Whether it has not left, and from now on never will.
  boolean withhold() {
    return state.compareAndSet(State.HERE, State.WITHHELD) || state.get() == State.WITHHELD;
  }

  @Override
  public String getContentType() {
    return type;
  }

  @Override
  public long getLength() {
    return bytes.length;
  }

  @Override
  public Content.Chunk read() {
    return state.compareAndSet(State.HERE, State.HANDED_OUT)
        ? Content.Chunk.from(ByteBuffer.wrap(bytes), true)
        : Content.Chunk.from(new IOException("a request is sent once"), true);
  }

  /// All of it is there at any time.
  @Override
  public void demand(Runnable ready) {
    ready.run();
  }

  @Override
  public void fail(Throwable failure) {
    boolean _ = withhold();
  }
}
