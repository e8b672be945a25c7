/// Listens on the five ports, with TLS by an authority of its own, and sends answers well or, if a
/// fault asks for it, badly. The only package that knows the HTTP library.
@NullMarked
package io.yunfu.simulator.http;

import org.jspecify.annotations.NullMarked;
