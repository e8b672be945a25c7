package io.yunfu.simulator.http;

/// The five addresses of a simulator.
public enum Port {
  WX_HTTP("wx-http", false),
  WX_HTTPS("wx-https", true),
  ALI_HTTP("ali-http", false),
  ALI_HTTPS("ali-https", true),
  ADMIN("admin", false);

  private final String label;
  private final boolean secure;

  Port(String label, boolean secure) {
    this.label = label;
    this.secure = secure;
  }

  /// As in the settings and in the line that is printed at the start.
  public String label() {
    return label;
  }

  public boolean secure() {
    return secure;
  }

  @Override
  public String toString() {
    return label;
  }
}
