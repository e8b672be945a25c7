package io.yunfu.demo;

/// Where `yunfu demo` starts.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    io.yunfu.server.Main.execute(new Demo(), args);
  }
}
