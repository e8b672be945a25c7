/// Black-box tests: they run what `dist` has packaged, as an operator, a caller or a reader of the
/// README would.
@NullMarked
package io.yunfu.acceptance;

import org.jspecify.annotations.NullMarked;
