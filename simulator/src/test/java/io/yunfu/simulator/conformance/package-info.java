/// Client libraries that others have written, against the simulator. Source: channels.md, section
/// 7.9.
@NullMarked
package io.yunfu.simulator.conformance;

import org.jspecify.annotations.NullMarked;
