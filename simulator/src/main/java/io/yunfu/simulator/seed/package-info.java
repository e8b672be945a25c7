/// Everything that looks random in the simulator comes from one seed, in streams by purpose, so
/// that a run can be repeated byte for byte.
@NullMarked
package io.yunfu.simulator.seed;

import org.jspecify.annotations.NullMarked;
