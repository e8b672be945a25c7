package io.yunfu.server.api.cpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.testkit.Golden;
import io.yunfu.wire.cpay.ResultTemplate;
import io.yunfu.wire.cpay.Results;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The pages of `docs/api/cloudpay` say what the code does.
class CpayDocsTest {
  @Test
  void every_result_is_listed_with_its_numbers_and_its_sentences_and_no_other_is() {
    String page = Golden.read(Golden.source("docs/api/cloudpay/errors.md"));
    for (ResultTemplate result : Results.ALL) {
      assertThat(page)
          .containsPattern(
              "(?m)^\\| %d \\| %d \\| .* \\| \\Q%s\\E \\| \\Q%s\\E \\|$"
                  .formatted(
                      result.status().number(),
                      result.internalStatus(),
                      shown(result.english()),
                      shown(result.chinese())));
    }
    List<String> rows =
        page.lines().filter(line -> line.matches("\\| \\d+ \\| \\d+ \\| .*")).toList();
    assertThat(rows).hasSameSizeAs(Results.ALL);
  }

  private static String shown(String template) {
    return template.replaceAll("\\{\\d}", "…");
  }
}
