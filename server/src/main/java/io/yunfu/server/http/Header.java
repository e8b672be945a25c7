package io.yunfu.server.http;

import static io.yunfu.kernel.Check.require;

/// One header field, spelled as it arrived or as it shall leave. Bytes outside ASCII stand as the
/// characters 128 to 255 (ISO-8859-1), as HTTP carries them.
public record Header(String name, String value) {
  public Header {
    require(!name.isEmpty(), "a header has a name");
    require(value.indexOf('\r') < 0 && value.indexOf('\n') < 0, "header %s has a line end", name);
  }
}
