/// The double entry book of the simulated world. It knows nothing of channels: they say who pays
/// whom.
@NullMarked
package io.yunfu.simulator.ledger;

import org.jspecify.annotations.NullMarked;
