/// The vendor's API 3.0 on the wire: signatures v3 and v1, the five request modes, typed
/// parameters, the error list and the response envelope. Pure functions over bytes, for our server
/// and our own clients: no socket, no clock, no database.
///
/// The server's pipeline, in the order of "Gateway check order" (billing 2018-07-09, section 1.11):
/// [DecodedRequest#of] is steps 1 to 3, [DecodedRequest#call] 4, [ApiCall#requireVersion] 5,
/// [ApiCall#credentials] 7, [ApiCall#requireFresh] 9, [Credentials.Signed#requireSignedWith] 10,
/// [ApiCall#requireToken] 11, [Parameters#read] 13. What fails throws [ApiRefused].
@NullMarked
package io.yunfu.wire.tc3;

import org.jspecify.annotations.NullMarked;
