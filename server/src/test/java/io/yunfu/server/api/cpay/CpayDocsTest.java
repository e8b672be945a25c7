package io.yunfu.server.api.cpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.testkit.Golden;
import io.yunfu.wire.cpay.ResultTemplate;
import io.yunfu.wire.cpay.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The pages of `docs/api/cloudpay` say what the code does.
class CpayDocsTest {
  private static final Pattern NUMBERS = Pattern.compile("\\b\\d{1,3} / \\d{1,5}\\b");

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

  @Test
  void every_result_that_a_page_of_a_call_names_is_one_that_there_is() throws IOException {
    var known =
        Results.ALL.stream()
            .map(result -> result.status().number() + " / " + result.internalStatus())
            .toList();
    var pages = new TreeSet<String>();
    try (var files = Files.list(Golden.source("docs/api/cloudpay"))) {
      for (Path file : files.toList()) {
        NUMBERS
            .matcher(Files.readString(file))
            .results()
            .forEach(found -> {
              assertThat(known).as(file.toString()).contains(found.group());
              pages.add(file.getFileName().toString());
            });
      }
    }
    assertThat(pages).hasSizeGreaterThan(4);
  }

  @Test
  void every_call_has_a_page_that_the_list_names() {
    String list = Golden.read(Golden.source("docs/api/cloudpay/README.md"));
    for (String call : CpayCalls.NAMES) {
      assertThat(list).contains("[`%s`](%s.md)".formatted(call, call));
      assertThat(Golden.source("docs/api/cloudpay/" + call + ".md")).isRegularFile();
    }
  }

  private static String shown(String template) {
    return template.replaceAll("\\{\\d}", "…");
  }
}
