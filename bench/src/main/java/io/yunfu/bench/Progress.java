package io.yunfu.bench;

import com.google.errorprone.annotations.FormatMethod;
import java.io.PrintWriter;

/// Tells those who wait how far it is.
record Progress(PrintWriter out) {
  @FormatMethod
  void say(String message, Object... arguments) {
    out.println(message.formatted(arguments));
    out.flush();
  }
}
