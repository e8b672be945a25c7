package io.yunfu.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrerequisiteTest {
  @TempDir Path folder;

  @Test
  void a_test_whose_program_is_missing_fails_and_says_what_to_install() throws IOException {
    assertThatThrownBy(() -> Prerequisite.CHROMIUM.need(folder.toString()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("apt install chromium")
        .hasMessageContaining("TESTS_WITHOUT=chromium");
    program("node");
    assertThatThrownBy(() -> Prerequisite.NODE.need(folder.toString()))
        .as("Node without npm")
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("apt install nodejs npm");
  }

  @Test
  void a_program_is_found_wherever_the_path_leads_and_under_each_of_its_names() throws IOException {
    Path node = program("node");
    program("npm");
    assertThat(Prerequisite.NODE.need("/nowhere:" + folder)).isEqualTo(node);
    Path chrome = program("google-chrome");
    assertThat(Prerequisite.CHROMIUM.need(folder.toString())).isEqualTo(chrome);
  }

  @Test
  void only_who_names_it_goes_without() {
    assertThat(Prerequisite.NODE.leftOut("")).isEmpty();
    assertThat(Prerequisite.NODE.leftOut("chromium")).isEmpty();
    assertThat(Prerequisite.NODE.leftOut("nodes")).isEmpty();
    assertThat(Prerequisite.NODE.leftOut("chromium,node"))
        .contains("left out by TESTS_WITHOUT=chromium,node");
  }

  private Path program(String name) throws IOException {
    var all = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));
    return Files.createFile(folder.resolve(name), all);
  }
}
