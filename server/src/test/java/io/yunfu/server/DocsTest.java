package io.yunfu.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The documents of the project, as somebody reads them who follows their links.
class DocsTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  @Test
  void every_link_to_a_file_leads_to_one() throws IOException {
    var broken = new ArrayList<String>();
    int links = 0;
    for (Path page : pages()) {
      for (String target :
          LINK.matcher(Files.readString(page)).results().map(found -> found.group(1)).toList()) {
        if (target.matches("[a-z]+:.*") || target.startsWith("#")) {
          continue;
        }
        links++;
        if (!Files.exists(page.resolveSibling(target.replaceFirst("#.*", "")))) {
          broken.add(PROJECT.relativize(page) + " -> " + target);
        }
      }
    }
    assertThat(links).isGreaterThan(50);
    assertThat(broken).isEmpty();
  }

  @Test
  void every_page_of_the_operator_is_named_by_its_list() throws IOException {
    Path operating = PROJECT.resolve("docs").resolve("operating");
    requireListed(operating);
    requireListed(operating.resolve("alarms"));
  }

  private static void requireListed(Path folder) throws IOException {
    String list = Files.readString(folder.resolve("README.md"));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!name.equals("README.md")) {
          assertThat(list).contains("](" + name + ")");
        }
      }
    }
  }

  private static List<Path> pages() throws IOException {
    var pages = new ArrayList<Path>();
    try (Stream<Path> root = Files.list(PROJECT);
        Stream<Path> docs = Files.walk(PROJECT.resolve("docs"))) {
      Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    return pages;
  }
}
