package io.yunfu.channels;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;

/// The lines of a bill, one after the other, with bounded memory: CRLF or LF, with or without a
/// mark of the byte order, in UTF-8 or GBK. The first line that is not plain ASCII tells which: a
/// line that is UTF-8 by chance is not Chinese. What does not fit then only spoils the name that it
/// stands in, since numbers are ASCII in both. For connectors.
public final class BillLines {
  /// With a goods name and the merchant's own data; unit: bytes.
  public static final int LONGEST = 64 * 1024;

  private static final Charset GBK = Charset.forName("GBK");
  private static final byte[] MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final InputStream in;
  private final MessageDigest digest;
  private final Optional<String> frame;
  private final byte[] buffer = new byte[64 * 1024];
  private int from;
  private int to;
  private byte[] line = new byte[1024];
  private boolean begun;
  private Optional<Charset> charset = Optional.empty();

  /// @param digest is fed each line, without how it ends
  /// @param frame what lines begin with that the digest is not fed
  public BillLines(InputStream in, MessageDigest digest, Optional<String> frame) {
    this.in = in;
    this.digest = digest;
    this.frame = frame;
  }

  /// The next line, without its end; empty after the last.
  ///
  /// @throws Unreadable when it is longer than a line can be
  public Optional<String> next() throws IOException {
    int length = 0;
    boolean any = false;
    int b;
    while ((b = read()) >= 0) {
      any = true;
      if (b == '\n') {
        break;
      }
      if (length == LONGEST) {
        throw new Unreadable("a line is too long");
      }
      if (length == line.length) {
        line = Arrays.copyOf(line, line.length * 2);
      }
      line[length++] = (byte) b;
    }
    if (!any) {
      return Optional.empty();
    }
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    int start = begun || !marked(length) ? 0 : MARK.length;
    begun = true;
    String text = decoded(start, length - start);
    if (frame.isEmpty() || !text.startsWith(frame.get())) {
      digest.update(line, start, length - start);
      digest.update((byte) '\n');
    }
    return Optional.of(text);
  }

  private boolean marked(int length) {
    return length >= MARK.length && Arrays.equals(line, 0, MARK.length, MARK, 0, MARK.length);
  }

  private String decoded(int start, int length) {
    if (charset.isEmpty()) {
      boolean plain = true;
      for (int i = start; i < start + length; i++) {
        plain &= line[i] >= 0;
      }
      if (!plain) {
        charset = Optional.of(isUtf8(start, length) ? UTF_8 : GBK);
      }
    }
    return new String(line, start, length, charset.orElse(UTF_8));
  }

  private boolean isUtf8(int start, int length) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(line, start, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private int read() throws IOException {
    if (from == to) {
      to = in.read(buffer, 0, buffer.length);
      from = 0;
      if (to <= 0) {
        to = 0;
        return -1;
      }
    }
    return buffer[from++] & 0xff;
  }
}
