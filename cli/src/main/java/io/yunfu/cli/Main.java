package io.yunfu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Where `yunfu admin` starts.
public final class Main {
  /// 128 bits: no two commands ever have the same.
  private static final int KEY_BYTES = 16;

  private Main() {}

  public static void main(String[] words) {
    int status =
        new Cli(
                Document.bundled(),
                System.getenv(),
                System.in,
                new PrintWriter(System.out, false, UTF_8),
                new PrintWriter(System.err, true, UTF_8),
                Boolean.getBoolean("yunfu.terminal"), // the script knows
                Main::key)
            .run(words);
    System.exit(status);
  }

  private static String key() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return "cli-" + HexFormat.of().formatHex(key);
  }
}
