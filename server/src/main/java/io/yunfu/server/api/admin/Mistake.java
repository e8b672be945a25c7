package io.yunfu.server.api.admin;

/// What is wrong with one field.
///
/// @param field its path, such as `bigDeals[0].deals[2].quantity`; empty for the body as a whole
record Mistake(String field, Text text) {}
