/// The simulator's own API and pages, under `/_sim/`: all that a test, a developer or a user at the
/// cashier does to the simulated world.
@NullMarked
package io.yunfu.simulator.admin;

import org.jspecify.annotations.NullMarked;
