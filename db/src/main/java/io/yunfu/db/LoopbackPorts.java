package io.yunfu.db;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/// Ports of 127.0.0.1 at which nothing listens, for programs that are told where to listen.
///
/// They lie below those that a system gives to connections by itself (Linux from 32,768, macOS from
/// 49,152): another program's connection would take such a one between two starts.
public final class LoopbackPorts {
  /// Those of the embedded database are above.
  private static final int FIRST = 10_000;

  private static final int COUNT = 10_000;

  private static final SecureRandom random = new SecureRandom();

  private LoopbackPorts() {}

  /// Any one that is free.
  ///
  /// @throws IllegalStateException when none is
  public static int free() {
    return free(FIRST, COUNT);
  }

  /// One of `count` ports from `first` on.
  static int free(int first, int count) {
    int start = random.nextInt(count);
    for (int tries = 0; tries < count; tries++) {
      int port = first + (start + tries) % count;
      if (isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no port of 127.0.0.1 from %d to %d is free".formatted(first, first + count - 1));
  }

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as those do who will listen there
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
