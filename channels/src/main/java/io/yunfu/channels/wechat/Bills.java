package io.yunfu.channels.wechat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.channels.BillFile;
import io.yunfu.channels.Unpacking;
import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/// What WeChat Pay sends when it is asked for a bill: the bill, packed or not, or XML that says why
/// there is none. Nothing of it is signed. The first character tells: no bill begins with `<`.
/// Source: `channels.md` section 2.12.
final class Bills {
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;

  /// More than blanks and a mark before the first character; unit: bytes.
  private static final int LOOK_AHEAD = 256;

  private static final int LONGEST_FAILURE = 64 * 1024;

  private Bills() {}

  /// What it came to.
  sealed interface Came {
    record Whole(Bill.Statement statement) implements Came {}

    /// There is none.
    ///
    /// @param code `error_code`, or what stands in its place
    /// @param text as it came
    record Failed(String code, String message, String text) implements Came {}
  }

  /// Reads what came.
  ///
  /// @throws Unreadable when it is neither
  static Came read(BillFile file, String merchantNumber, LocalDate day, Consumer<BillRow> rows) {
    try (InputStream raw = file.open()) {
      var in = new BufferedInputStream(isPacked(raw) ? unpacked(raw, file.size()) : raw);
      return isXml(in)
          ? failure(in.readNBytes(LONGEST_FAILURE))
          : new Came.Whole(BillText.read(in, merchantNumber, day, rows));
    } catch (IOException e) {
      throw new Unreadable("the bill does not unpack");
    }
  }

  private static InputStream unpacked(InputStream raw, long size) throws IOException {
    return new Unpacking(new GZIPInputStream(raw), size);
  }

  private static boolean isPacked(InputStream in) throws IOException {
    in.mark(2);
    boolean packed = in.read() == GZIP_FIRST && in.read() == GZIP_SECOND;
    in.reset();
    return packed;
  }

  private static boolean isXml(InputStream in) throws IOException {
    in.mark(LOOK_AHEAD);
    String start = new String(in.readNBytes(LOOK_AHEAD), UTF_8);
    in.reset();
    return (start.startsWith("\uFEFF") ? start.substring(1) : start).stripLeading().startsWith("<");
  }

  private static Came failure(byte[] xml) {
    var fields = new Fields(Xml.read(xml, Xml.MESSAGE));
    return new Came.Failed(
        fields.text("error_code").or(() -> fields.text("err_code")).orElse(""),
        fields.any("return_msg"),
        new String(xml, UTF_8));
  }
}
