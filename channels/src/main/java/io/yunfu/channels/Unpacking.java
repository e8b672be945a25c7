package io.yunfu.channels;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// What comes out of a packed bill, as long as that is in proportion to what went in: a bomb is
/// refused before it goes off. Source: `channels.md` section 9 (S22). For connectors.
public final class Unpacking extends FilterInputStream {
  /// Text of amounts and numbers packs to a tenth.
  private static final long MOST_RATIO = 100;

  /// What is not worth a look at the ratio; unit: bytes.
  private static final long SMALL = 4L * 1024 * 1024;

  /// Unit: bytes.
  private static final long LONGEST = 8L * 1024 * 1024 * 1024;

  private long left;

  /// @param packed of the whole file; unit: bytes
  public Unpacking(InputStream in, long packed) {
    super(in);
    this.left = Math.min(LONGEST, Math.max(SMALL, packed * MOST_RATIO));
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    if (read >= 0) {
      count(1);
    }
    return read;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read = super.read(bytes, from, length);
    if (read > 0) {
      count(read);
    }
    return read;
  }

  @Override
  public long skip(long n) throws IOException {
    long skipped = super.skip(n);
    count(skipped);
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(long bytes) {
    left -= bytes;
    if (left < 0) {
      throw new Unreadable("it unpacks to more than a bill has");
    }
  }
}
