/// The vendor's API 3.0 on the wire: signatures v3 and v1, the five request modes, the response
/// envelope. Pure functions over bytes, for our server and our own clients.
@NullMarked
package io.yunfu.wire.tc3;

import org.jspecify.annotations.NullMarked;
