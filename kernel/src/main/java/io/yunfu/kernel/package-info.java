/// Values everyone shares: money, identifiers and where they come from, pages of a list, and the
/// two checks that guard every constructor. Knows nothing of databases, wires or products.
@NullMarked
package io.yunfu.kernel;

import org.jspecify.annotations.NullMarked;
