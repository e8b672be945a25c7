/// The operator's HTTP API, `/admin/v1`: every operation is declared once, in an area; routing,
/// validation and the OpenAPI document come from the declaration.
@NullMarked
package io.yunfu.server.api.admin;

import org.jspecify.annotations.NullMarked;
