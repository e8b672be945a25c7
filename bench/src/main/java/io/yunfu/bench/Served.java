package io.yunfu.bench;

import java.net.InetSocketAddress;
import java.time.Duration;

/// A server in a process of its own that can be put under load.
interface Served extends AutoCloseable {
  InetSocketAddress address();

  /// Its process.
  JavaProgram program();

  default boolean isAlive() {
    return program().isAlive();
  }

  /// Processor time so far.
  default Duration cpuTime() {
    return program().cpuTime();
  }

  /// The end of what it printed.
  default String lastWords() {
    return program().lastWords();
  }

  @Override
  default void close() {
    program().close();
  }

  /// What clients put into the `Host` header.
  default String host() {
    return address().getAddress().getHostAddress() + ":" + address().getPort();
  }
}
