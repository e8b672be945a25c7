/// Measurements: the load generator, the baselines, and the tables that
/// docs/operating/performance.md quotes.
@NullMarked
package io.yunfu.bench;

import org.jspecify.annotations.NullMarked;
