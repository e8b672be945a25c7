/// Reads the JSON of people (configuration, admin API) strictly, with the path of what is wrong in
/// each complaint, and writes the JSON that they get.
@NullMarked
package io.yunfu.simulator.json;

import org.jspecify.annotations.NullMarked;
