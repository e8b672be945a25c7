package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/// [BareServer] in a Java machine of its own, with the options of the server that it is compared
/// with.
record BareProcess(JavaProgram program, InetSocketAddress address) implements Served {
  /// Starts it, and waits until it listens.
  ///
  /// @param directory for its keys and its output
  static BareProcess start(Path directory, Keys keys, List<String> javaOptions) {
    try {
      Path file = PrivateFile.write(directory.resolve("bare.keys"), keys.lines());
      JavaProgram program =
          JavaProgram.start(
              directory,
              javaOptions,
              directory.resolve("bare.log"),
              true,
              BareServer.class.getName(),
              List.of(file.toString()));
      boolean ready = false;
      try {
        String port =
            new BufferedReader(new InputStreamReader(program.process().getInputStream(), UTF_8))
                .readLine();
        if (port == null) {
          throw new IllegalStateException(
              "the bare handler does not start: " + program.lastWords());
        }
        var address =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
        ready = true;
        return new BareProcess(program, address);
      } finally {
        if (!ready) {
          program.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the bare handler", e);
    }
  }
}
