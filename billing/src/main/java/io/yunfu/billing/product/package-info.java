/// What can be ordered, and who makes it: the catalogue of products and the providers behind them.
/// Each cell has a copy, since its deals are joined with it.
@NullMarked
package io.yunfu.billing.product;

import org.jspecify.annotations.NullMarked;
