package io.yunfu.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.random.RandomGenerator;

/// A port that nobody listens on. For a server whose address has to be known before it listens;
/// whoever can, lets the system choose.
final class FreePort {
  // Below those that systems take for outgoing connections: one of them could take the port between
  // our look and the server's start. (Linux from 32768 on, macOS from 49152.)
  private static final int FIRST = 20_000;
  private static final int AFTER_LAST = 32_000;
  private static final int TRIES = 100;

  private FreePort() {}

  static int find() {
    var random = RandomGenerator.getDefault();
    for (int i = 0; i < TRIES; i++) {
      int port = random.nextInt(FIRST, AFTER_LAST);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException e) {
        // Somebody has it: the next one.
      }
    }
    throw new IllegalStateException("no port from %d on is free".formatted(FIRST));
  }
}
