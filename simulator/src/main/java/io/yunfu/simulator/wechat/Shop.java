package io.yunfu.simulator.wechat;

import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.seed.Seed;
import java.time.Instant;

/// What all parts of the channel work on.
final class Shop {
  private final Surroundings world;
  private final Merchants merchants;
  private final OrderBook book = new OrderBook();
  private Behaviour behaviour = Behaviour.DEFAULT;

  Shop(Surroundings world) {
    this.world = world;
    this.merchants = new Merchants(world);
  }

  Surroundings world() {
    return world;
  }

  Merchants merchants() {
    return merchants;
  }

  OrderBook book() {
    return book;
  }

  Behaviour behaviour() {
    return behaviour;
  }

  void behaviour(Behaviour changed) {
    behaviour = changed;
  }

  Instant now() {
    return world.timeline().now();
  }

  Seed seed() {
    return world.seed();
  }

  String nonce() {
    return seed().of("wechat nonce").alphanumerics(32);
  }
}
