/// What an operator sees of a running node: log lines, figures, traces, and whether it is well.
@NullMarked
package io.yunfu.server.observe;

import org.jspecify.annotations.NullMarked;
