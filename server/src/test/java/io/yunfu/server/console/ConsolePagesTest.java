package io.yunfu.server.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import io.yunfu.server.http.Route;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ConsolePagesTest {
  private final Map<String, Response> files =
      ConsolePages.routes().stream().collect(Collectors.toMap(Route::path, ConsolePagesTest::ask));

  private static Response ask(Route route) {
    return route.handler().handle(Request.get(route.path(), Headers.NONE));
  }

  @Test
  void the_page_may_run_nothing_but_the_consoles_own_files() {
    var page = files.get("/console/");
    assertThat(page.headers().first("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'")
        .contains("script-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().first("X-Content-Type-Options")).contains("nosniff");
  }

  @Test
  void every_file_that_a_file_names_is_served() {
    files.forEach((path, file) ->
        Pattern.compile("(?:src|href)=\"([\\w./]+)\"|from '\\./([\\w.]+)'")
            .matcher(text(file))
            .results()
            .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
            .forEach(named ->
                assertThat(files).as("%s names it", path).containsKey("/console/" + named)));
    assertThat(text(files.get("/console/"))).contains("src=\"console.js\"", "href=\"console.css\"");
  }

  @Test
  void what_the_api_answers_can_never_become_markup() {
    files.forEach((path, file) ->
        assertThat(text(file))
            .as(path)
            .doesNotContain("innerHTML")
            .doesNotContain("outerHTML")
            .doesNotContain("insertAdjacentHTML")
            .doesNotContain("document.write")
            .doesNotContain("eval("));
  }

  @Test
  void nothing_is_loaded_from_elsewhere() {
    files.forEach((path, file) -> assertThat(text(file)).as(path).doesNotContain("://"));
  }

  @Test
  void the_short_address_leads_to_the_page() {
    assertThat(files.get("/console").status()).isEqualTo(308);
    assertThat(files.get("/console").headers().first("Location")).contains("/console/");
  }

  private static String text(Response file) {
    return new String(file.body(), UTF_8);
  }
}
