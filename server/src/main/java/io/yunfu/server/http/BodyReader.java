package io.yunfu.server.http;

import io.yunfu.server.config.DataSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;

/// Reads bodies into memory, within bounds: each body's size, its time, and the memory of all
/// together. Without the last, as many large bodies as there are connections would fill the heap
/// before a single signature has been checked.
final class BodyReader {
  /// Bodies up to here take no part in the sharing of memory, so that common requests never wait.
  private static final int SMALL = 64 * 1024;

  /// Of a body that is too large, how much is still read (and dropped) so that the client gets to
  /// read the answer instead of a broken connection.
  private static final long DISCARDED_BYTES = 16 << 20;

  private static final Duration DISCARDING = Duration.ofSeconds(2);

  private final Semaphore memory;
  private final int kibibytes;

  BodyReader(DataSize memory) {
    this.kibibytes = (int) Math.min(memory.bytes() / 1024, Integer.MAX_VALUE);
    this.memory = new Semaphore(kibibytes, true);
  }

  /// What reading came to.
  sealed interface Body {
    /// All of it.
    ///
    /// @param kibibytes of the shared memory, to be given back when the bytes are no longer used
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Whole(byte[] bytes, int kibibytes) implements Body {}

    record TooLarge() implements Body {}

    /// The memory of all bodies was taken for as long as the request may last.
    record NoRoom() implements Body {}
  }

  /// @param length as declared, or -1
  /// @param deadline in terms of `System.nanoTime()`
  /// @throws TimeoutException when the deadline passes first
  /// @throws IOException when the client breaks off or breaks the rules
  Body read(Content.Source source, long length, DataSize limit, long deadline)
      throws IOException, TimeoutException, InterruptedException {
    if (length > limit.bytes()) {
      return new Body.TooLarge();
    }
    int most = limit.asInt();
    int room = length >= 0 ? (int) length : Math.min(most, SMALL);
    int taken = 0;
    if (room > SMALL) {
      taken = shareOf(room);
      if (!take(taken, deadline)) {
        return new Body.NoRoom();
      }
    }
    boolean kept = false;
    try {
      byte[] bytes = new byte[room];
      int size = 0;
      while (true) {
        Content.Chunk chunk = next(source, deadline);
        try {
          ByteBuffer arrived = chunk.getByteBuffer();
          int count = arrived.remaining();
          if (count > most - size) {
            return new Body.TooLarge();
          }
          if (size + count > bytes.length) { // of unknown length
            if (taken == 0 && size + count > SMALL) {
              taken = shareOf(most);
              if (!take(taken, deadline)) {
                taken = 0;
                return new Body.NoRoom();
              }
            }
            bytes = Arrays.copyOf(bytes, Math.min(most, Math.max(2 * bytes.length, size + count)));
          }
          arrived.get(bytes, size, count);
          size += count;
          if (chunk.isLast()) {
            kept = true;
            return new Body.Whole(size == bytes.length ? bytes : Arrays.copyOf(bytes, size), taken);
          }
        } finally {
          chunk.release();
        }
      }
    } finally {
      if (!kept) {
        memory.release(taken);
      }
    }
  }

  void giveBack(Body.Whole body) {
    memory.release(body.kibibytes());
  }

  /// Reads on and drops what comes, within bounds, after the answer was sent.
  void discard(Content.Source source) {
    long deadline = System.nanoTime() + DISCARDING.toNanos();
    long left = DISCARDED_BYTES;
    try {
      while (left > 0) {
        Content.Chunk chunk = next(source, deadline);
        left -= chunk.remaining();
        boolean last = chunk.isLast();
        chunk.release();
        if (last) {
          return;
        }
      }
    } catch (IOException | TimeoutException e) {
      // The connection closes in either case: there is nothing to add.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Content.Chunk next(Content.Source source, long deadline)
      throws IOException, TimeoutException, InterruptedException {
    while (true) {
      Content.Chunk chunk = source.read();
      if (chunk == null) {
        var ready = new CountDownLatch(1);
        source.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, ready::countDown));
        if (!ready.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new TimeoutException("the body did not arrive in time");
        }
      } else if (Content.Chunk.isFailure(chunk)) {
        throw new IOException("the body broke off", chunk.getFailure());
      } else {
        return chunk;
      }
    }
  }

  private int shareOf(int bytes) {
    return Math.min(kibibytes, (bytes + 1023) / 1024);
  }

  private boolean take(int share, long deadline) throws InterruptedException {
    return memory.tryAcquire(share, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
  }
}
