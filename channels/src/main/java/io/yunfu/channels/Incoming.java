package io.yunfu.channels;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/// What takes an answer as it comes, no more of it than it may have.
interface Incoming extends Response.CompleteListener {
  /// Waits for all of it.
  ///
  /// @throws ExecutionException when the exchange failed, with the reason as its cause
  /// @throws IOException when what came is not wanted
  Whole await() throws ExecutionException, InterruptedException, IOException, TimeoutException;

  /// An answer of which nothing is missing.
  ///
  /// @param contentEncoding what the body is packed with, or empty
  /// @param body empty where it went to a file, which is as it came
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Whole(int status, String contentType, String contentEncoding, byte[] body) {
    static Whole of(Response response, String encoding, byte[] body) {
      return new Whole(response.getStatus(), header(response, "Content-Type"), encoding, body);
    }

    static String header(Response response, String header) {
      String value = response.getHeaders().get(header);
      return value == null ? "" : value;
    }
  }

  /// Into memory. Nothing here blocks, since one thread reads all answers.
  final class InMemory implements Incoming, Response.ContentSourceListener {
    private final CompletableFuture<Result> done = new CompletableFuture<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final int most;

    /// @param most unit: bytes
    InMemory(int most) {
      this.most = most;
    }

    @Override
    public void onContentSource(Response response, Content.Source source) {
      while (true) {
        Content.Chunk chunk = source.read();
        if (chunk == null) {
          source.demand(
              Invocable.from(InvocationType.NON_BLOCKING, () -> onContentSource(response, source)));
          return;
        }
        if (Content.Chunk.isFailure(chunk)) {
          var _ = response.abort(chunk.getFailure());
          return;
        }
        boolean last = chunk.isLast();
        boolean fits = chunk.remaining() <= most - body.size();
        if (fits) {
          byte[] bytes = new byte[chunk.remaining()];
          chunk.getByteBuffer().get(bytes);
          body.writeBytes(bytes);
        }
        chunk.release();
        if (!fits) {
          var _ = response.abort(new IOException("the answer is too long"));
        }
        if (last || !fits) {
          return;
        }
      }
    }

    @Override
    public void onComplete(Result result) {
      done.complete(result);
    }

    /// Without a time of its own, which would cost a waiting virtual thread more than all the rest:
    /// the client ends each exchange when its time is over, whatever it is at.
    @Override
    public Whole await() throws ExecutionException, InterruptedException {
      Result result = done.get();
      if (result.isFailed()) {
        throw new ExecutionException(result.getFailure());
      }
      Response response = result.getResponse();
      return Whole.of(response, Whole.header(response, "Content-Encoding"), body.toByteArray());
    }
  }

  /// Into a file, which whoever waits writes.
  final class InFile extends InputStreamResponseListener implements Incoming {
    private final Path into;
    private final long most;
    private final Deadline deadline;

    /// @param most unit: bytes
    InFile(Path into, long most, Deadline deadline) {
      this.into = into;
      this.most = most;
      this.deadline = deadline;
    }

    @Override
    public Whole await()
        throws ExecutionException, InterruptedException, IOException, TimeoutException {
      Response response = get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
      try (InputStream in = getInputStream();
          OutputStream out = Files.newOutputStream(into)) {
        copy(in, out);
      }
      return Whole.of(response, "", new byte[0]);
    }

    private void copy(InputStream in, OutputStream out) throws IOException {
      byte[] piece = new byte[16 * 1024];
      long written = 0;
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        written += read;
        if (written > most) {
          throw new IOException("the answer is too long");
        }
        out.write(piece, 0, read);
      }
    }
  }
}
