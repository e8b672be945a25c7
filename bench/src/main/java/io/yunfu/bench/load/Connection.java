package io.yunfu.bench.load;

import static io.yunfu.kernel.Check.ensure;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/// One connection with one request under way at most. Belongs to one thread.
final class Connection {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Buffers buffers;
  private final Answer answer = new Answer();
  private ByteBuffer unsent = NOTHING;
  private Optional<Call> underWay = Optional.empty();
  private long since;

  /// What all connections of a thread send from and receive into, one after the other. Buffers of
  /// their own would be out of the processor's caches whenever their turn comes.
  static final class Buffers {
    /// Larger than any request to one payment.
    private static final int SIZE = 8192;

    private final ByteBuffer out = ByteBuffer.allocateDirect(SIZE);
    private final ByteBuffer in = ByteBuffer.allocateDirect(SIZE);
  }

  private Connection(SocketChannel channel, Selector selector, Buffers buffers) throws IOException {
    this.channel = channel;
    this.buffers = buffers;
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    this.key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  static Connection open(InetSocketAddress server, Selector selector, Buffers buffers)
      throws IOException {
    SocketChannel channel = SocketChannel.open(server);
    try {
      return new Connection(channel, selector, buffers);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /// Sends a request.
  ///
  /// @param due the moment from which its answer's time counts
  void send(Call call, long due, long epochSecond) throws IOException {
    ensure(underWay.isEmpty(), "a connection carries one request at a time");
    underWay = Optional.of(call);
    since = due;
    answer.clear();
    ByteBuffer out = buffers.out.clear();
    call.write(out, epochSecond);
    channel.write(out.flip());
    if (out.hasRemaining()) {
      unsent = ByteBuffer.allocate(out.remaining()).put(out).flip();
      key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }
  }

  /// Sends what the network has not taken yet.
  void flush() throws IOException {
    channel.write(unsent);
    if (!unsent.hasRemaining()) {
      unsent = NOTHING;
      key.interestOps(SelectionKey.OP_READ);
    }
  }

  /// Takes what has arrived.
  ///
  /// @return whether the answer is complete
  boolean receive() throws IOException {
    ByteBuffer in = buffers.in.clear();
    if (channel.read(in) < 0) {
      throw new EOFException("the server closed the connection");
    }
    in.flip();
    if (!in.hasRemaining()) {
      return false;
    }
    if (underWay.isEmpty()) {
      throw new Answer.Malformed("bytes that nobody asked for");
    }
    return answer.take(in);
  }

  /// Judges the complete answer; the connection is free afterwards.
  Verdict judge() {
    Call call = underWay.orElseThrow();
    underWay = Optional.empty();
    return call.judge(answer);
  }

  boolean isLast() {
    return answer.isLast();
  }

  /// The moment from which the answer's time counts.
  long since() {
    return since;
  }

  boolean isBusy() {
    return underWay.isPresent();
  }

  boolean isWritePending() {
    return unsent.hasRemaining();
  }

  void close() {
    key.cancel();
    try {
      channel.close();
    } catch (IOException e) {
      // It is given up anyway.
    }
  }
}
