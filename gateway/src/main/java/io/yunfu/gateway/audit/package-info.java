/// What must always be true of orders, refunds and notices, beside the books: the rules that
/// `./yunfu verify` asks about.
@NullMarked
package io.yunfu.gateway.audit;

import org.jspecify.annotations.NullMarked;
