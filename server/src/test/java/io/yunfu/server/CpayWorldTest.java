package io.yunfu.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/// One world for all tests of a class. None hears what was told to the one before, and after each
/// the channels' books are in order.
abstract class CpayWorldTest {
  static CpayWorld world;

  @BeforeAll
  static void start() throws Exception {
    world = new CpayWorld();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  final void nothing_has_been_heard() {
    world.heard.clear();
    world.refusals.set(0);
  }

  @AfterEach
  final void the_books_of_the_channels_are_in_order() {
    assertThat(world.sandbox.proof().holds()).isTrue();
  }
}
