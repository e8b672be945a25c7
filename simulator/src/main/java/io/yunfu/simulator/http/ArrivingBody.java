package io.yunfu.simulator.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;

/// The body of a request, taken as it arrives. What is there already is taken at once, on the
/// thread that asks; while more is on its way, no thread waits for it.
final class ArrivingBody implements Runnable {
  private final Content.Source source;
  private final int most;
  private final Consumer<byte[]> whole;
  private final Consumer<Throwable> broken;
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream(2048);

  /// @param most bytes; a longer one is given up, and handed over with at least one byte more
  /// @param whole is told of the body
  /// @param broken is told instead, when the client broke off
  ArrivingBody(
      Content.Source source, int most, Consumer<byte[]> whole, Consumer<Throwable> broken) {
    this.source = source;
    this.most = most;
    this.whole = whole;
    this.broken = broken;
  }

  @Override
  public void run() {
    while (true) {
      Content.Chunk chunk = source.read();
      if (chunk == null) {
        source.demand(this);
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        broken.accept(chunk.getFailure());
        return;
      }
      take(chunk.getByteBuffer());
      boolean last = chunk.isLast();
      chunk.release();
      if (last || taken.size() > most) {
        whole.accept(taken.toByteArray());
        return;
      }
    }
  }

  private void take(ByteBuffer arrived) {
    if (arrived.hasRemaining()) {
      byte[] bytes = new byte[arrived.remaining()];
      arrived.get(bytes);
      taken.writeBytes(bytes);
    }
  }
}
