/// The merchant of the demo: a small shop with a page and a back end, written as an integration
/// from outside. It speaks the public wires over HTTP and knows nothing else of the server.
@NullMarked
package io.yunfu.demo.shop;

import org.jspecify.annotations.NullMarked;
