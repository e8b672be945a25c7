/// What the machine says of a run: the processor time of processes, and what kind of machine it is.
@NullMarked
package io.yunfu.bench.machine;

import org.jspecify.annotations.NullMarked;
