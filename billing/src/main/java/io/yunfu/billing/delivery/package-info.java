/// What happens to a deal once it is paid: a durable queue hands it to the built-in provider or to
/// the HTTP provider of its product, until it is delivered or stands in a list that the operator
/// sees. Begins after the payment has committed and never undoes it.
@NullMarked
package io.yunfu.billing.delivery;

import org.jspecify.annotations.NullMarked;
