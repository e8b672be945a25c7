/// Remembers every request as it came, and what the simulator made of it.
@NullMarked
package io.yunfu.simulator.record;

import org.jspecify.annotations.NullMarked;
