/// What happens to a deal once it is paid: a durable queue hands it to the built-in provider or to
/// the HTTP provider of its product, until it is delivered or stands in a list that the operator
/// sees. Never undoes a payment. Begins after it has committed, but for purchases that the built-in
/// provider delivers in the payment's own transaction ([AtOnce]).
@NullMarked
package io.yunfu.billing.delivery;

import org.jspecify.annotations.NullMarked;
