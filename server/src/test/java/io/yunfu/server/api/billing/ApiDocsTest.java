package io.yunfu.server.api.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.testkit.Golden;
import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.ErrorTemplate;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The pages of `docs/api` about the billing API say what the code does: examples are recorded
/// exchanges, and no code is left out. `-Dgolden.update=true` copies the exchanges anew.
class ApiDocsTest {
  private static final Path FIXTURES = Golden.fixtures("billing");

  /// A recorded file's name in a comment, and the block after it.
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- (fixtures/\\S+) -->\n```(\\w+)\n(.*?)```", Pattern.DOTALL);

  private static final Pattern CODE = Pattern.compile("\"Code\": \"([^\"]+)\"");

  /// Codes of the common list that a PayDeals exchange may have besides the business ones.
  private static final Set<String> COMMON = Set.of("MissingParameter", "UnknownParameter");

  private static List<String> pages() {
    return List.of(
        "PayDeals",
        "DescribeDealsByCond",
        "DescribeAccountBalance",
        "DescribeVoucherInfo",
        "DescribeVoucherUsageDetails",
        "protocol",
        "errors");
  }

  private static Path file(String page) {
    return Golden.source("docs/api/" + page + ".md");
  }

  @ParameterizedTest
  @MethodSource("pages")
  void every_example_is_a_recorded_exchange(String page) {
    String text = Golden.read(file(page));
    if (Golden.isUpdating()) {
      text = EXAMPLE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(copied(found)));
      Golden.write(file(page), text);
    }
    long examples =
        EXAMPLE
            .matcher(text)
            .results()
            .peek(found -> assertThat(found.group(3)).isEqualTo(recorded(found.group(1))))
            .count();
    assertThat(examples).isEqualTo(text.split("<!-- fixtures/", -1).length - 1L).isPositive();
    // Nothing that looks like an exchange stands there without a source.
    assertThat(text.split("```(http|json)\n", -1).length - 1L).isEqualTo(examples);
  }

  private static String copied(MatchResult found) {
    return "<!-- %s -->\n```%s\n%s```"
        .formatted(found.group(1), found.group(2), recorded(found.group(1)));
  }

  private static String recorded(String name) {
    String text = Golden.read(Golden.source(name));
    return text.endsWith("\n") ? text : text + "\n";
  }

  @Test
  void every_action_has_a_page_with_a_call_and_an_answer() {
    for (String action : Actions.NAMES) {
      assertThat(Golden.read(file(action)))
          .startsWith("# " + action + "\n")
          .contains("X-TC-Action: " + action + "\n")
          .contains("\"RequestId\": ");
      assertThat(Golden.read(file("README"))).contains("(" + action + ".md)");
    }
  }

  @Test
  void every_common_code_is_listed_with_its_sentences() {
    String page = Golden.read(file("errors"));
    for (ErrorTemplate error : CommonErrors.ALL) {
      assertThat(page).contains("| `" + error.code() + "` | ");
      assertThat(page)
          .contains(" | " + shown(error.english()) + " | " + shown(error.chinese()) + " |\n");
    }
  }

  private static String shown(String template) {
    return template.replaceAll("\\{\\d}", "…");
  }

  @ParameterizedTest
  @ValueSource(strings = {"china", "intl"})
  void every_code_that_pay_deals_documents_is_recorded_and_no_other(String edition) {
    var recorded = new TreeSet<String>();
    for (Path folder : Golden.cases(FIXTURES.resolve("PayDeals"), "response.json")) {
      if (folder.getFileName().toString().startsWith(edition)) {
        CODE.matcher(Golden.read(folder.resolve("response.json")))
            .results()
            .map(found -> found.group(1))
            .filter(code -> !COMMON.contains(code))
            .forEach(recorded::add);
      }
    }
    assertThat(recorded).isEqualTo(documented(edition.equals("china") ? 2 : 3));
    assertThat(recorded).hasSize(edition.equals("china") ? 12 : 14);
  }

  /// The codes with a tick in a column of the page's table.
  private static Set<String> documented(int column) {
    var codes = new TreeSet<String>();
    Golden.read(file("PayDeals"))
        .lines()
        .map(line -> List.of(line.split("\\|", -1)))
        .filter(cells -> cells.size() == 6 && cells.get(1).matches(" `[A-Z][A-Za-z.]+` "))
        .filter(cells -> cells.get(column).strip().equals("✓"))
        .forEach(cells -> codes.add(cells.get(1).strip().replace("`", "")));
    return codes;
  }
}
