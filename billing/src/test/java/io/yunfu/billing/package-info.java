/// What the tests of this module, and of those above it, start from.
@NullMarked
package io.yunfu.billing;

import org.jspecify.annotations.NullMarked;
