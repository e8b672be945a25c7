/// Delivers the notices of the channels to the merchants' servers: schedules, attempts, strict
/// acknowledgement.
@NullMarked
package io.yunfu.simulator.notice;

import org.jspecify.annotations.NullMarked;
