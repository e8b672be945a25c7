/// HTTP as our handlers see it: a request with the bytes that arrived, a response with the bytes
/// that leave, a handler between them, and how often each caller is let in. Jetty stays inside this
/// package.
@NullMarked
package io.yunfu.server.http;

import org.jspecify.annotations.NullMarked;
