package io.yunfu.simulator.alipay;

import io.yunfu.simulator.channel.Answer;
import io.yunfu.simulator.channel.Call;
import io.yunfu.simulator.channel.Encoder;
import io.yunfu.simulator.channel.Twists;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.http.Reply;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The second half of fetching a bill: a plain GET, which nobody signs.
final class BillDownload implements Call {
  private final Bills bills;
  private final String token;

  BillDownload(Bills bills, String token) {
    this.bills = bills;
    this.token = token;
  }

  @Override
  public String op() {
    return "bill.download";
  }

  @Override
  public @Nullable String number() {
    return null;
  }

  @Override
  public List<String> merchants() {
    return List.of();
  }

  @Override
  public @Nullable String signText() {
    return null;
  }

  @Override
  public Encoder perform(Twists twists) {
    Optional<byte[]> file = bills.file(token);
    return _ ->
        file.map(bytes ->
                new Answer(
                    Reply.of(200, "application/zip", bytes)
                        .with("Content-Disposition", "attachment; filename=bill.zip"),
                    "OK"))
            .orElseGet(() -> gone("EXPIRED"));
  }

  @Override
  public Encoder failing(Effect.Failure failure) {
    return _ -> gone(failure.code());
  }

  private static Answer gone(String verdict) {
    return new Answer(
        Reply.of(403, "text/html;charset=utf-8", "<html><body>下载链接已失效</body></html>"), verdict);
  }
}
