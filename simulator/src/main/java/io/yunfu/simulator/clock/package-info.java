/// The time of the simulated world: it may run with the wall clock, faster, or stand still until it
/// is moved. All that changes the world happens in a step of the timeline, one after the other.
@NullMarked
package io.yunfu.simulator.clock;

import org.jspecify.annotations.NullMarked;
