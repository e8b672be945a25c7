/// How a channel plugs in, and the way that every request takes.
///
/// A channel is a [Channel]: `wechat` and `alipay` are packages beside this one, each with a class
/// that implements it, and `Sandbox` lists them. A channel reads a request into a [Call] (outside
/// of the timeline), performs it (in a step of the timeline, together with whatever a fault does to
/// it) and encodes the answer (outside again). All it needs of the world is in [Surroundings]: ids
/// from the seed, users from the people, money from the ledger, timers from the timeline.
///
/// Faults come in three ways. The [Gate] applies what happens on the transport. What concerns the
/// content of an answer reaches the channel as [Twists]. At the other stages the channel asks by
/// itself: `faults.take(new Occasion(Stage.PAY, …))` when a user pays, `REFUND` when a refund is
/// accepted, `NOTICE` when a notice is drafted (it changes the content itself and passes all
/// effects on in the draft, since `Notices` applies those on the delivery), `BILL` when a bill is
/// drawn up.
@NullMarked
package io.yunfu.simulator.channel;

import org.jspecify.annotations.NullMarked;
