/// The load generator: many connections from few threads, a closed loop or an open model, every
/// answer judged, and its own cost known. It knows HTTP, but nothing of what is asked.
@NullMarked
package io.yunfu.bench.load;

import org.jspecify.annotations.NullMarked;
