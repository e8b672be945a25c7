/// What must always be true of deals, vouchers and deliveries beside the books: the rules that
/// `./yunfu verify` asks about.
@NullMarked
package io.yunfu.billing.audit;

import org.jspecify.annotations.NullMarked;
