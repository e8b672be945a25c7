package io.yunfu.server.console;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Response;
import io.yunfu.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The files of the console, read once at start. They hold nothing that is secret and know no data:
/// whoever opens them without a token of the admin API sees a field for one.
///
/// The browser is told to run nothing but these files, and to send nothing anywhere else.
public final class ConsolePages {
  /// Where the console begins.
  public static final String PATH = "/console/";

  private static final String FOLDER = "/io/yunfu/console/";

  private static final Map<String, String> FILES = new LinkedHashMap<>();

  static {
    FILES.put("index.html", "text/html; charset=utf-8");
    FILES.put("console.css", "text/css; charset=utf-8");
    for (String script : List.of("console.js", "api.js", "form.js", "show.js", "words.js")) {
      FILES.put(script, "text/javascript; charset=utf-8");
    }
  }

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private ConsolePages() {}

  /// One route per file, and one that leads to the first page.
  public static List<Route> routes() {
    var routes = new ArrayList<Route>();
    Response forward = Response.empty(308).with("Location", PATH);
    routes.add(Route.page("/console", request -> forward));
    FILES.forEach((name, type) -> {
      Response file = file(name, type);
      routes.add(Route.page(PATH + (name.equals("index.html") ? "" : name), request -> file));
    });
    return routes;
  }

  private static Response file(String name, String type) {
    try (InputStream file = ConsolePages.class.getResourceAsStream(FOLDER + name)) {
      ensure(file != null, "the console has no %s", name);
      return new Response(200, Headers.of("Content-Type", type), file.readAllBytes())
          .with("Content-Security-Policy", POLICY)
          .with("X-Content-Type-Options", "nosniff")
          .with("Referrer-Policy", "no-referrer")
          // So that an upgrade is seen at once; the files are small.
          .with("Cache-Control", "no-cache");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
